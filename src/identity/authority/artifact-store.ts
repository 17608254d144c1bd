import { hash } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { InvalidClientAuth, InvalidGrant } from 'oidc-provider/lib/helpers/errors.js';
import type { Instant, PrincipalId } from '../../kernel/index.ts';
import type { Clock, Queryable } from '../../platform/index.ts';

/** Kinds whose id alone opens something: it is kept as its SHA-256, so that a backup opens nothing. */
const BEARER_MODELS = new Set(['Session', 'RefreshToken', 'AuthorizationCode', 'AccessToken']);
/** Kinds that are used once, by whoever comes first. */
const SINGLE_USE = new Set(['AuthorizationCode', 'DeviceCode']);
/**
 * Milliseconds for which a refresh token can be used again after it was: two processes of one person
 * often refresh at the same time, and neither is a thief.
 */
const REUSE_GRACE_MS = 60_000;
const FALLBACK_SECONDS = 3_600;
const MS_PER_SECOND = 1_000;
/** Nothing lives longer, whatever the library was told: what a caller wrote must not overflow a time. */
const LONGEST_SECONDS = 90 * 24 * 3_600;
/** Rows that one statement sweeps away: locks are held briefly, whoever has filled the table. */
const SWEPT_AT_ONCE = 5_000;

interface ArtifactRow {
  readonly payload: AdapterPayload;
  readonly consumed_at: Instant | null;
}

/** What the library keeps of one kind, such as `Session` or `RefreshToken`, in the database. */
export function createArtifactStore(db: Queryable, clock: Clock, model: string): Adapter {
  const key = (id: string): string =>
    BEARER_MODELS.has(model) ? hash('sha256', id, 'base64url') : id;

  function fromRow(row: ArtifactRow | undefined, id?: string): AdapterPayload | undefined {
    if (row === undefined) return undefined;
    const { payload, consumed_at: consumed } = row;
    const since =
      consumed === null ? 0 : clock.now().epochMilliseconds - consumed.epochMilliseconds;
    const counts = consumed !== null && (model !== 'RefreshToken' || since >= REUSE_GRACE_MS);
    return {
      ...payload,
      ...(id !== undefined && { jti: id }),
      ...(counts && { consumed: Math.floor(consumed.epochMilliseconds / MS_PER_SECOND) }),
    };
  }

  async function findBy(column: 'id' | 'user_code' | 'uid', value: string, id?: string) {
    // Callers make ids up, and the database fails at a text with this character.
    if (value.includes('\0')) return undefined;
    const { rows } = await db.query<ArtifactRow>({
      name: `authority-artifact-${column}`,
      text: `select payload, consumed_at from authority_artifact where model = $1 and ${column} = $2`,
      values: [model, value],
    });
    return fromRow(rows[0], id);
  }

  return {
    upsert: async (id, payload, expiresIn = FALLBACK_SECONDS) => {
      const seconds = Math.min(LONGEST_SECONDS, Math.max(1, Math.ceil(expiresIn)));
      const expires = clock.now().add({ seconds });
      const { rowCount } = await db.query(
        model === 'ReplayDetection' ? `${INSERT} do nothing` : `${INSERT} ${UPDATE}`,
        [
          model,
          key(id),
          JSON.stringify(withoutSecrets(model, payload)),
          payload.grantId ?? null,
          payload.userCode ?? null,
          payload.uid ?? null,
          expires.toString(),
        ],
      );
      // Two servers were shown the same assertion in the same moment.
      if (rowCount === 0) throw new InvalidClientAuth('the assertion was used before');
    },
    find: async (id) => findBy('id', key(id), id),
    findByUserCode: async (userCode) => findBy('user_code', userCode),
    findByUid: async (uid) => findBy('uid', uid),
    consume: async (id) => {
      const { rowCount } = await db.query(
        // The first use counts: the grace would never end for one that is used once a minute.
        `update authority_artifact set consumed_at = coalesce(consumed_at, $3)
         where model = $1 and id = $2 and (consumed_at is null or not $4)`,
        [model, key(id), clock.now().toString(), SINGLE_USE.has(model)],
      );
      if (rowCount === 0) throw new InvalidGrant('it was used before');
    },
    destroy: async (id) => {
      await db.query('delete from authority_artifact where model = $1 and id = $2', [
        model,
        key(id),
      ]);
    },
    revokeByGrantId: async (grantId) => {
      await db.query('delete from authority_artifact where model = $1 and grant_id = $2', [
        model,
        grantId,
      ]);
    },
  };
}

const INSERT = `insert into authority_artifact (model, id, payload, grant_id, user_code, uid, expires_at)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict (model, id)`;
const UPDATE = `do update set payload = excluded.payload, grant_id = excluded.grant_id,
  user_code = excluded.user_code, uid = excluded.uid, expires_at = excluded.expires_at`;

function withoutSecrets(model: string, payload: AdapterPayload): AdapterPayload {
  const { jti, session, ...rest } = payload;
  // An interaction notes the cookie of the session that it belongs to; the session's uid is enough.
  const { cookie: _cookie, ...sessionRest } = session ?? {};
  return {
    ...rest,
    ...(!BEARER_MODELS.has(model) && jti !== undefined && { jti }),
    ...(session !== undefined && { session: sessionRest }),
  };
}

/** Lets another person go on in a browser session, without what the one before had granted in it. */
export async function switchSession(
  db: Queryable,
  sessionUid: string,
  accountId: PrincipalId,
): Promise<void> {
  await db.query(
    `update authority_artifact
        set payload = (payload - 'authorizations') || jsonb_build_object('accountId', $2::text)
      where model = 'Session' and uid = $1`,
    [sessionUid, accountId],
  );
}

/**
 * Forgets what has ended, in portions. Ended things are refused without that; this keeps the table
 * small.
 *
 * @returns how many there were
 */
export async function sweepArtifacts(db: Queryable, clock: Clock): Promise<number> {
  // An hour late: a device that polls is told that its code has expired, not that there never was one.
  const end = clock.now().subtract({ hours: 1 }).toString();
  let swept = 0;
  for (;;) {
    const { rowCount } = await db.query(
      `delete from authority_artifact where (model, id) in
         (select model, id from authority_artifact where expires_at < $1 limit $2)`,
      [end, SWEPT_AT_ONCE],
    );
    const portion = rowCount ?? 0;
    swept += portion;
    if (portion < SWEPT_AT_ONCE) return swept;
  }
}

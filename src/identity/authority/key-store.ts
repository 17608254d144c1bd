import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { appendAudit } from '../../audit/index.ts';
import type { Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { Changing } from '../changing.ts';

export const ALGORITHM = 'RS256';
const MODULUS_BITS = 2048;
/** How long everybody has to learn of a new key before it signs. */
const NOTICE_HOURS = 24;
/** How long a key stays published after its last token was signed: an hour, and a day to spare. */
const AFTERLIFE_HOURS = 25;
const ROTATE_AFTER_HOURS = 90 * 24;

const RsaPrivateKey = Type.Object({
  kty: Type.Literal('RSA'),
  n: Type.String(),
  e: Type.String(),
  d: Type.String(),
  p: Type.String(),
  q: Type.String(),
  dp: Type.String(),
  dq: Type.String(),
  qi: Type.String(),
});
const KeyText = Compile(RsaPrivateKey);

/** A key of the authority without its secret part. */
export interface AuthorityKey {
  readonly kid: string;
  readonly createdAt: Instant;
  /** From then on new tokens are signed with it, until a newer one takes over. */
  readonly signsFrom: Instant;
  /** From then on it is no longer published; undefined while no other follows it. */
  readonly retiredAt: Instant | undefined;
}

/** A key of the authority with its secret part. */
export interface PrivateAuthorityKey extends AuthorityKey {
  readonly privateJwk: Static<typeof RsaPrivateKey>;
}

interface KeyRow {
  readonly kid: string;
  readonly private_jwk: string;
  readonly created_at: Instant;
  readonly signs_from: Instant;
  readonly retired_at: Instant | null;
}

function fromRow(row: KeyRow): PrivateAuthorityKey {
  const privateJwk: unknown = JSON.parse(row.private_jwk);
  if (!KeyText.Check(privateJwk)) throw new TypeError(`The key ${row.kid} is not an RSA key.`);
  return {
    kid: row.kid,
    privateJwk,
    createdAt: row.created_at,
    signsFrom: row.signs_from,
    retiredAt: row.retired_at ?? undefined,
  };
}

/** The keys that are published at that time, the newest first. */
export async function loadKeys(db: Queryable, now: Instant): Promise<PrivateAuthorityKey[]> {
  const { rows } = await db.query<KeyRow>({
    name: 'authority-keys',
    text: `select * from authority_key where retired_at is null or retired_at > $1
           order by created_at desc, retired_at desc nulls first, kid`,
    values: [now.toString()],
  });
  return rows.map(fromRow);
}

/** Which of the keys, the newest first, signs at that time. */
export function signingKey<Key extends AuthorityKey>(
  keys: readonly Key[],
  now: Instant,
): Key | undefined {
  const begun = keys.find((key) => Temporal.Instant.compare(key.signsFrom, now) <= 0);
  return begun ?? keys.at(-1);
}

/** Processes that make a key at the same time make one. */
async function lockKeys(tx: Queryable): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('authority_key'))");
}

/** Makes the first key, which signs at once. @returns whether there was none */
export async function ensureKey(tx: Queryable, changing: Changing): Promise<boolean> {
  await lockKeys(tx);
  const { rows } = await tx.query('select from authority_key limit 1');
  if (rows.length > 0) return false;
  await insertKey(tx, changing, changing.clock.now());
  return true;
}

/**
 * Makes a new key. It is published at once and signs after a day, when everybody who checks tokens
 * knows it; the keys before it stay published until the last token that they signed is over.
 *
 * @param options.now for a key that somebody may have seen: the new one signs at once and all others
 * are withdrawn, which ends the tokens that they signed
 */
export async function rotateKeys(
  tx: Queryable,
  changing: Changing,
  options: { readonly now?: boolean } = {},
): Promise<AuthorityKey> {
  await lockKeys(tx);
  const now = changing.clock.now();
  if (options.now === true) {
    await retireKeys(tx, changing, now);
    return insertKey(tx, changing, now);
  }
  const signsFrom = now.add({ hours: NOTICE_HOURS });
  await retireKeys(tx, changing, signsFrom.add({ hours: AFTERLIFE_HOURS }));
  return insertKey(tx, changing, signsFrom);
}

/**
 * Makes a new key when the newest one is 90 days old, and forgets those that are no longer
 * published.
 *
 * @returns the new key, if it was time for one
 */
export async function rotateKeysWhenDue(
  tx: Queryable,
  changing: Changing,
): Promise<AuthorityKey | undefined> {
  await lockKeys(tx);
  const now = changing.clock.now();
  const { rows } = await tx.query<{ kid: string }>(
    'delete from authority_key where retired_at <= $1 returning kid',
    [now.toString()],
  );
  for (const { kid } of rows) await tell(tx, changing, kid, { change: 'deleted' });
  const [newest] = await loadKeys(tx, now);
  const due = newest?.createdAt.add({ hours: ROTATE_AFTER_HOURS });
  if (due !== undefined && Temporal.Instant.compare(due, now) > 0) return undefined;
  return rotateKeys(tx, changing);
}

/** Publishes the keys that there are until then, or until the earlier time they were given before. */
async function retireKeys(tx: Queryable, changing: Changing, retiredAt: Instant): Promise<void> {
  const until = retiredAt.toString();
  const { rows } = await tx.query<{ kid: string }>(
    `update authority_key set retired_at = $1 where retired_at is null or retired_at > $1
     returning kid`,
    [until],
  );
  for (const { kid } of rows) {
    await tell(tx, changing, kid, { change: 'retired', retiredAt: until });
  }
}

async function insertKey(
  tx: Queryable,
  changing: Changing,
  signsFrom: Instant,
): Promise<AuthorityKey> {
  const pair = await generateKeyPair(ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true });
  const privateJwk = await exportJWK(pair.privateKey);
  const kid = await calculateJwkThumbprint(privateJwk);
  const createdAt = changing.clock.now();
  await tx.query(
    'insert into authority_key (kid, private_jwk, created_at, signs_from) values ($1, $2, $3, $4)',
    [kid, JSON.stringify(privateJwk), createdAt.toString(), signsFrom.toString()],
  );
  await tell(tx, changing, kid, { change: 'added', signsFrom: signsFrom.toString() });
  return { kid, createdAt, signsFrom, retiredAt: undefined };
}

async function tell(
  tx: Queryable,
  { clock, actor }: Changing,
  kid: string,
  detail: Readonly<Record<string, string>>,
): Promise<void> {
  const action = 'Stackmeter.Identity/authorityKeys/write';
  await appendAudit(tx, clock, { actor, action, target: `/authority/keys/${kid}`, detail });
}

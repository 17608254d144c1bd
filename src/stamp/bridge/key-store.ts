import { randomUUID } from 'node:crypto';
import { isJsonObject, type Instant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import { newStampKey, readPublicJwk, type SigningKey } from '../../reporting/index.ts';

/** A key with which the stamp proves itself. */
export interface BridgeKey extends SigningKey {
  readonly keyId: string;
  /**
   * pending: stated to commerce, as far as is known without success yet;
   * retired: replaced, and kept until commerce has ended it too
   */
  readonly state: 'pending' | 'active' | 'retired';
}

interface KeyRow {
  readonly key_id: string;
  readonly state: BridgeKey['state'];
  readonly private_jwk: string;
  readonly public_jwk: string;
  readonly thumbprint: string;
}

function keyFrom(row: KeyRow): BridgeKey {
  const publicJwk = readPublicJwk(JSON.parse(row.public_jwk));
  const privateJwk: unknown = JSON.parse(row.private_jwk);
  if (publicJwk === undefined || !isTexts(privateJwk)) {
    throw new TypeError('a key of the bridge is not as it was written');
  }
  return { keyId: row.key_id, state: row.state, kid: row.thumbprint, privateJwk, publicJwk };
}

function isTexts(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((text) => typeof text === 'string');
}

/** Makes whoever needs the identity or a key wait for whoever makes it. */
export async function lockKeys(tx: Tx): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('bridge_key'))");
}

/** The id by which commerce tells this stamp from all others; made when it is first needed. */
export async function ensureCloudId(db: Queryable): Promise<string> {
  await db.query(
    'insert into stamp_identity (cloud_id) values ($1) on conflict (singleton) do nothing',
    [randomUUID()],
  );
  const { rows } = await db.query<{ cloud_id: string }>('select cloud_id from stamp_identity');
  return rows[0]!.cloud_id;
}

/** The id by which commerce tells this stamp from all others; undefined while none was needed. */
export async function findCloudId(db: Queryable): Promise<string | undefined> {
  const { rows } = await db.query<{ cloud_id: string }>('select cloud_id from stamp_identity');
  return rows[0]?.cloud_id;
}

/** Keys that may prove the stamp: the active one, then those that are pending, newest first. */
export async function listUsableKeys(db: Queryable): Promise<BridgeKey[]> {
  const { rows } = await db.query<KeyRow>(
    `select * from bridge_key where state <> 'retired' order by state, created_at desc, key_id`,
  );
  return rows.map(keyFrom);
}

export async function findKeyByThumbprint(
  db: Queryable,
  thumbprint: string,
): Promise<BridgeKey | undefined> {
  const { rows } = await db.query<KeyRow>('select * from bridge_key where thumbprint = $1', [
    thumbprint,
  ]);
  return rows[0] && keyFrom(rows[0]);
}

export async function addPendingKey(db: Queryable, now: Instant): Promise<BridgeKey> {
  const key = newStampKey();
  const keyId = randomUUID();
  await db.query(
    `insert into bridge_key (key_id, state, private_jwk, public_jwk, thumbprint, created_at)
     values ($1, 'pending', $2, $3, $4, $5)`,
    [keyId, JSON.stringify(key.privateJwk), JSON.stringify(key.publicJwk), key.kid, now.toString()],
  );
  return { ...key, keyId, state: 'pending' };
}

/** Whether there are keys that were replaced, and that commerce is not known to have forgotten. */
export async function hasRetiredKeys(db: Queryable): Promise<boolean> {
  const { rowCount } = await db.query(`select from bridge_key where state = 'retired' limit 1`);
  return rowCount === 1;
}

/**
 * Forgets the keys that were replaced by this one, which commerce has confirmed to be the only one.
 * @returns false when another key is active by now, and nothing was forgotten
 */
export async function forgetRetiredKeys(tx: Tx, keyId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `delete from bridge_key where state = 'retired'
       and exists (select from bridge_key where key_id = $1 and state = 'active')`,
    [keyId],
  );
  return rowCount !== null && rowCount > 0;
}

/** Makes a key the one that proves the stamp; the one before, and those that are older, are retired. */
export async function activateKey(tx: Tx, keyId: string): Promise<void> {
  await tx.query(
    `update bridge_key set state = 'retired'
     where key_id <> $1 and (state = 'active'
       or (state = 'pending' and created_at <= (select created_at from bridge_key where key_id = $1)))`,
    [keyId],
  );
  await tx.query(`update bridge_key set state = 'active' where key_id = $1`, [keyId]);
}

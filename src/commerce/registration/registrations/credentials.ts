import { fail, type DirectoryTenantId, type PrincipalId } from '../../../kernel/index.ts';
import {
  addClientCertificate,
  addKeyClient,
  findPrincipal,
  listClientCredentials,
  removeClientCredential,
  type Changing,
} from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { thumbprintOf, type CheckedRegistrationToken } from '../../../reporting/index.ts';

/** What a token proves itself with, as credentials of clients are kept. */
export interface StampKey {
  /** JSON text. */
  readonly publicJwk: string;
  /** SHA-256 of the key in hexadecimal digits. */
  readonly thumbprint: string;
}

/** The key that a stamp stated in its token, as {@link addClientCertificate} takes it. */
export function stampKeyOf({ publicJwk }: Pick<CheckedRegistrationToken, 'publicJwk'>): StampKey {
  return {
    publicJwk: JSON.stringify(publicJwk),
    thumbprint: Buffer.from(thumbprintOf(publicJwk), 'base64url').toString('hex'),
  };
}

/** Makes the client as which a stamp reports. It has no role: what it may do follows from its registration. */
export async function addStampClient(
  tx: Queryable,
  token: CheckedRegistrationToken,
  homeTenantId: DirectoryTenantId,
  changing: Changing,
): Promise<PrincipalId> {
  const client = { name: `stamp ${token.cloudId}`, tenantId: homeTenantId };
  return addKeyClient(tx, client, stampKeyOf(token), changing);
}

/**
 * Lets the client of a stamp sign in with the key of the token and with no other. One that was removed
 * meanwhile is made anew.
 *
 * @returns the client, which is another one then
 * @throws Conflict when somebody has disabled it
 */
export async function changeStampKey(
  tx: Queryable,
  principalId: PrincipalId,
  token: CheckedRegistrationToken,
  homeTenantId: DirectoryTenantId,
  changing: Changing,
): Promise<PrincipalId> {
  const client = await findPrincipal(tx, principalId);
  if (client === undefined) return addStampClient(tx, token, homeTenantId, changing);
  if (client.disabledAt !== undefined) {
    throw fail('Conflict', { reason: `the client ${principalId} of the stamp is disabled` });
  }
  const key = stampKeyOf(token);
  const credentials = await listClientCredentials(tx, principalId);
  const others = credentials.filter(({ thumbprint }) => thumbprint !== key.thumbprint);
  if (others.length === credentials.length) {
    await addClientCertificate(tx, principalId, { name: 'registration', ...key }, changing);
  }
  for (const { credentialId } of others) {
    await removeClientCredential(tx, principalId, credentialId, changing);
  }
  return principalId;
}

/** The thumbprints of the keys with which the client may sign in, in hexadecimal digits. */
export async function heldKeys(db: Queryable, principalId: PrincipalId): Promise<string[]> {
  const credentials = await listClientCredentials(db, principalId);
  return credentials.flatMap(({ thumbprint }) => thumbprint ?? []);
}

/** Of the key that the client got last, in base64url as stamps have it; undefined when it has none. */
export async function newestThumbprint(
  db: Queryable,
  principalId: PrincipalId,
): Promise<string | undefined> {
  const newest = (await heldKeys(db, principalId)).at(-1);
  return newest && Buffer.from(newest, 'hex').toString('base64url');
}

import { randomUUID } from 'node:crypto';
import {
  parsePrincipalId,
  type DirectoryTenantId,
  type Instant,
  type PrincipalId,
} from '../kernel/index.ts';
import type { Queryable } from '../platform/index.ts';
import type { Changing } from './changing.ts';
import type { PrincipalRef } from './principal.ts';
import { insertPrincipal, tell } from './principal-store.ts';
import { addRoleAssignment, type RoleOnScope } from './role-assignment.ts';
import { hashSecret, newSecret, secretMatches } from './secret.ts';

/** What a client is made from: a name, and a role unless it gets none yet. */
export interface NewClient extends RoleOnScope {
  readonly name: string;
  /** Directory tenant that it belongs to; the stamp's home tenant unless given. */
  readonly tenantId?: DirectoryTenantId | undefined;
}

/** What changes of clients need to know. */
export interface ChangingStamp extends Changing {
  readonly homeTenantId: DirectoryTenantId;
}

/**
 * Makes a client with one role. The secret is in the answer and nowhere else.
 *
 * @throws InvalidProperty for a name, providers, scope or tenant that cannot be
 */
export async function addClient(
  tx: Queryable,
  client: NewClient,
  stamp: ChangingStamp,
): Promise<{
  readonly clientId: PrincipalId;
  readonly clientSecret: string;
  readonly tenantId: DirectoryTenantId;
}> {
  const { tenantId = stamp.homeTenantId, name, role, scope, providers } = client;
  const principalId = await insertPrincipal(tx, { kind: 'client', name, tenantId }, stamp);
  const { secret } = await addClientSecret(tx, principalId, { name: 'first' }, stamp);
  await addRoleAssignment(
    tx,
    {
      principalId,
      principalTenantId: tenantId,
      principalType: 'ServicePrincipal',
      role,
      scope,
      providers,
    },
    stamp,
  );
  return { clientId: principalId, clientSecret: secret, tenantId };
}

/**
 * Makes a client without a role and without a secret: it proves itself with a private key that it
 * has already.
 *
 * @param key.publicJwk the public key as a JSON Web Key, in JSON text
 * @param key.thumbprint SHA-256 of the key in hexadecimal digits
 * @throws InvalidProperty for a name or tenant that cannot be
 */
export async function addKeyClient(
  tx: Queryable,
  client: { readonly name: string; readonly tenantId: DirectoryTenantId },
  key: { readonly publicJwk: string; readonly thumbprint: string },
  changing: Changing,
): Promise<PrincipalId> {
  const principalId = await insertPrincipal(tx, { kind: 'client', ...client }, changing);
  await addClientCertificate(tx, principalId, { name: 'first', ...key }, changing);
  return principalId;
}

/** Something that a client proves itself with, as it is listed: never the secret itself. */
export interface ClientCredential {
  /** A GUID. */
  readonly credentialId: string;
  readonly kind: 'secret' | 'certificate';
  readonly name: string;
  /** SHA-256 of the certificate in hexadecimal digits; undefined for a secret. */
  readonly thumbprint: string | undefined;
  readonly createdAt: Instant;
  /** Undefined means never. */
  readonly expiresAt: Instant | undefined;
}

/** What a credential is made from, besides itself. */
export interface CredentialTerms {
  readonly name: string;
  readonly expiresAt?: Instant | undefined;
}

/** Gives a client a further secret. It is in the answer and nowhere else. */
export async function addClientSecret(
  tx: Queryable,
  principalId: PrincipalId,
  terms: CredentialTerms,
  changing: Changing,
): Promise<{ readonly credentialId: string; readonly secret: string }> {
  const secret = newSecret();
  const credentialId = await insertCredential(tx, principalId, terms, changing, {
    kind: 'secret',
    secretHash: hashSecret(secret),
  });
  return { credentialId, secret };
}

/**
 * Lets a client prove itself with the private key of a certificate.
 *
 * @param certificate.publicJwk the public key as a JSON Web Key, in JSON text
 * @param certificate.thumbprint SHA-256 of the certificate in hexadecimal digits
 */
export async function addClientCertificate(
  tx: Queryable,
  principalId: PrincipalId,
  certificate: CredentialTerms & { readonly publicJwk: string; readonly thumbprint: string },
  changing: Changing,
): Promise<string> {
  const { publicJwk, thumbprint } = certificate;
  return insertCredential(tx, principalId, certificate, changing, {
    kind: 'certificate',
    publicJwk,
    thumbprint,
  });
}

type Proof =
  | { readonly kind: 'secret'; readonly secretHash: Buffer }
  | { readonly kind: 'certificate'; readonly publicJwk: string; readonly thumbprint: string };

async function insertCredential(
  tx: Queryable,
  principalId: PrincipalId,
  { name, expiresAt }: CredentialTerms,
  changing: Changing,
  proof: Proof,
): Promise<string> {
  const credentialId = randomUUID();
  const certificate = proof.kind === 'certificate' ? proof : undefined;
  await tx.query(
    `insert into client_credential (credential_id, principal_id, kind, name, secret_hash, public_jwk, thumbprint,
       created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      credentialId,
      principalId,
      proof.kind,
      name,
      proof.kind === 'secret' ? proof.secretHash : null,
      certificate?.publicJwk ?? null,
      certificate?.thumbprint ?? null,
      changing.clock.now().toString(),
      expiresAt?.toString() ?? null,
    ],
  );
  const { kind } = proof;
  await tell(tx, changing, principalId, { change: 'credential added', kind, name, credentialId });
  return credentialId;
}

/** The credentials of a client, by age. */
export async function listClientCredentials(
  db: Queryable,
  principalId: PrincipalId,
): Promise<ClientCredential[]> {
  const { rows } = await db.query<
    Omit<ClientCredential, 'thumbprint' | 'expiresAt'> & {
      thumbprint: string | null;
      expiresAt: Instant | null;
    }
  >(
    `select credential_id as "credentialId", kind, name, thumbprint, created_at as "createdAt",
            expires_at as "expiresAt"
     from client_credential where principal_id = $1 order by created_at, credential_id`,
    [principalId],
  );
  return rows.map((row) => ({
    ...row,
    thumbprint: row.thumbprint ?? undefined,
    expiresAt: row.expiresAt ?? undefined,
  }));
}

/**
 * Takes a credential away.
 *
 * @param credentialId a GUID
 * @returns whether the client had it
 */
export async function removeClientCredential(
  tx: Queryable,
  principalId: PrincipalId,
  credentialId: string,
  changing: Changing,
): Promise<boolean> {
  const { rows } = await tx.query(
    `delete from client_credential where principal_id = $1 and credential_id = $2
     returning credential_id`,
    [principalId, credentialId],
  );
  if (rows.length === 0) return false;
  await tell(tx, changing, principalId, { change: 'credential removed', credentialId });
  return true;
}

/** A client that is not disabled, with what it can prove itself with now. */
export interface ActiveClient extends PrincipalRef {
  readonly kind: 'client';
  readonly name: string;
  readonly secretHashes: readonly Buffer[];
  /** Public keys of its certificates as JSON Web Keys, in JSON text. */
  readonly publicJwks: readonly string[];
}

/** @param now credentials that have expired by then are left out */
export async function findActiveClient(
  db: Queryable,
  id: string,
  now: Instant,
): Promise<ActiveClient | undefined> {
  const principalId = parsePrincipalId(id);
  if (principalId === undefined) return undefined;
  const { rows } = await db.query<{
    tenantId: DirectoryTenantId;
    name: string;
    secretHash: Buffer | null;
    publicJwk: string | null;
  }>({
    name: 'identity-active-client',
    text: `select p.tenant_id as "tenantId", p.name, c.secret_hash as "secretHash", c.public_jwk as "publicJwk"
             from principal p
             left join client_credential c
               on c.principal_id = p.principal_id and (c.expires_at is null or c.expires_at > $2)
            where p.principal_id = $1 and p.kind = 'client' and p.disabled_at is null`,
    values: [principalId, now.toString()],
  });
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    kind: 'client',
    principalId,
    tenantId: first.tenantId,
    name: first.name,
    secretHashes: rows.flatMap(({ secretHash }) => secretHash ?? []),
    publicJwks: rows.flatMap(({ publicJwk }) => publicJwk ?? []),
  };
}

/** Client id and secret, as they came. */
export interface ClientKey {
  readonly id: string;
  readonly secret: string;
}

/**
 * The client whose secret this is; undefined for an unknown or disabled client and a wrong or
 * expired secret alike.
 */
export async function findByKey(
  find: (id: string) => Promise<ActiveClient | undefined>,
  { id, secret }: ClientKey,
): Promise<ActiveClient | undefined> {
  const client = await find(id.toLowerCase());
  return secretMatches(secret, client?.secretHashes ?? []) ? client : undefined;
}

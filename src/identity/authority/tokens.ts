import type {
  AccessToken,
  ClientCredentials,
  JWTStructured,
  KoaContextWithOIDC,
} from 'oidc-provider';
import { parseDirectoryTenantId, parsePrincipalId } from '../../kernel/index.ts';
import type { Clock } from '../../platform/index.ts';
import { callOf } from './calls.ts';
import { accessTokenClaims, type TokenSubject, type UserAccount } from './claims.ts';
import type { ActiveUser } from './user-store.ts';

/** Replaces the claims that the library wrote into an access token by ours. */
export function writeAccessToken(
  ctx: KoaContextWithOIDC,
  token: AccessToken | ClientCredentials,
  jwt: JWTStructured,
  clock: Clock,
): void {
  const { aud } = jwt.payload;
  if (typeof aud !== 'string') throw new TypeError('An access token is for one audience.');
  const subject = token.kind === 'AccessToken' ? userSubject(ctx) : clientSubject(ctx);
  const { issuer } = callOf(ctx.req).issuer;
  jwt.payload = accessTokenClaims(subject, { issuer, audience: aud }, clock);
}

/** The person for whom tokens are issued in this request. */
export function userOf(ctx: KoaContextWithOIDC): ActiveUser | undefined {
  const account: Partial<UserAccount> | undefined = ctx.oidc.account;
  return account?.user;
}

function userSubject(ctx: KoaContextWithOIDC): TokenSubject {
  const user = userOf(ctx);
  const clientId = ctx.oidc.client?.clientId;
  if (user === undefined || clientId === undefined) throw new TypeError('Whose token is this?');
  return { kind: 'user', user, clientId };
}

function clientSubject(ctx: KoaContextWithOIDC): TokenSubject {
  const { client } = ctx.oidc;
  const clientId = parsePrincipalId(client?.clientId ?? '');
  const tenant = client?.['tenant_id'];
  const tenantId = typeof tenant === 'string' ? parseDirectoryTenantId(tenant) : undefined;
  if (clientId === undefined || tenantId === undefined) throw new TypeError('Whose token is this?');
  return { kind: 'client', clientId, tenantId, name: client?.clientName ?? clientId };
}

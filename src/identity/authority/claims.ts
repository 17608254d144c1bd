import { randomUUID } from 'node:crypto';
import type { Account } from 'oidc-provider';
import type { DirectoryTenantId, PrincipalId } from '../../kernel/index.ts';
import type { Clock } from '../../platform/index.ts';
import { ACT_FOR_USER } from './parameters.ts';
import type { ActiveUser } from './user-store.ts';

/** Seconds from issue to end of an access token. */
export const TOKEN_SECONDS = 3_600;
const VERSION = '1.0';

/** Claims of a person in an ID token, all of them with the scope `openid`. */
export const ID_CLAIMS = ['sub', 'oid', 'tid', 'upn', 'preferred_username', 'name', 'ver'] as const;

/** A person as the library sees it. */
export interface UserAccount extends Account {
  readonly user: ActiveUser;
}

export function accountOf(user: ActiveUser): UserAccount {
  const { principalId, tenantId, name, userName } = user;
  return {
    accountId: principalId,
    user,
    claims: () => ({
      sub: principalId,
      oid: principalId,
      tid: tenantId,
      upn: userName,
      preferred_username: userName,
      name,
      ver: VERSION,
    }),
  };
}

/** Whom an access token is for. */
export type TokenSubject =
  | { readonly kind: 'user'; readonly user: ActiveUser; readonly clientId: string }
  | {
      readonly kind: 'client';
      readonly clientId: PrincipalId;
      readonly tenantId: DirectoryTenantId;
      readonly name: string;
    };

/** The claims of an access token that is valid from now on for an hour. */
export function accessTokenClaims(
  subject: TokenSubject,
  token: { readonly issuer: string; readonly audience: string },
  clock: Clock,
): Record<string, string | number> {
  const now = Math.floor(clock.now().epochMilliseconds / 1_000);
  const isUser = subject.kind === 'user';
  const id = isUser ? subject.user.principalId : subject.clientId;
  return {
    iss: token.issuer,
    aud: token.audience,
    sub: id,
    oid: id,
    appid: subject.clientId,
    tid: isUser ? subject.user.tenantId : subject.tenantId,
    ver: VERSION,
    idtyp: isUser ? 'user' : 'app',
    ...(isUser
      ? { upn: subject.user.userName, name: subject.user.name, scp: ACT_FOR_USER }
      : { app_displayname: subject.name }),
    jti: randomUUID(),
    iat: now,
    nbf: now,
    exp: now + TOKEN_SECONDS,
  };
}

/** What clients of Microsoft's libraries know a person by. */
export function clientInfo({ principalId, tenantId }: ActiveUser): string {
  return Buffer.from(JSON.stringify({ uid: principalId, utid: tenantId })).toString('base64url');
}

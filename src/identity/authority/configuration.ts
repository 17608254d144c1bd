import type { Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { InvalidClientAuth, InvalidTarget } from 'oidc-provider/lib/helpers/errors.js';
import { base, Check } from 'oidc-provider/lib/helpers/interaction_policy/index.js';
import type { Clock, Queryable } from '../../platform/index.ts';
import { createAdapters } from './adapter.ts';
import { callOf } from './calls.ts';
import { accountOf, ID_CLAIMS, TOKEN_SECONDS } from './claims.ts';
import { builtInClients, CLIENT_PROPERTIES } from './clients.ts';
import { cookieNames } from './cookies.ts';
import { loadGrant } from './grants.ts';
import type { Keys } from './key-ring.ts';
import { ALGORITHM } from './key-store.ts';
import { isOwnAudience, type Issuer } from './layout.ts';
import { devicePages, renderError, signOutPages } from './pages.ts';
import { ACT_FOR_USER, IDENTITY_SCOPES } from './parameters.ts';
import { writeAccessToken } from './tokens.ts';
import type { Throttle } from './throttle.ts';
import { findActiveUser } from './user-store.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** An assertion that a client signs is remembered until it ends, so that it is used once. */
const LONGEST_ASSERTION = DAY;
/** A browser session, from its sign-in. */
const SESSION = 8 * HOUR;
/** Refresh tokens end when they were not used for so long. */
const UNUSED = 14 * DAY;
/** What was signed in once ends after this at the latest. */
const LONGEST_SIGN_IN = 90 * DAY;

/** What one provider of the library is made from. */
export interface ProviderParts {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly issuer: Issuer;
  readonly keys: Keys;
  readonly deviceGuesses: Throttle;
}

/** The settings of the library. Every default that would print a notice is replaced. */
export function configurationOf(parts: ProviderParts): Configuration {
  const { db, clock, issuer, keys } = parts;
  const { endpoints } = issuer;
  return {
    adapter: createAdapters(parts),
    clients: builtInClients(issuer.origin),
    jwks: { keys: signingFirst(keys) },
    findAccount: async (_ctx, id) => {
      const user = await findActiveUser(db, id);
      const mayUse = issuer.tenantId === undefined || issuer.tenantId === user?.tenantId;
      return user !== undefined && mayUse ? accountOf(user) : undefined;
    },
    loadExistingGrant: loadGrant,
    interactions: {
      policy: policy(),
      url: (ctx, { uid }) =>
        ctx.oidc.urlFor('authorization').replace(/authorize$/, `signin/${uid}`),
    },
    features: features(parts),
    formats: {
      customizers: { jwt: (ctx, token, jwt) => writeAccessToken(ctx, token, jwt, clock) },
    },
    routes: {
      authorization: `${endpoints}/authorize`,
      token: `${endpoints}/token`,
      device_authorization: `${endpoints}/devicecode`,
      code_verification: `${endpoints}/deviceauth`,
      end_session: `${endpoints}/logout`,
      revocation: `${endpoints}/revoke`,
      userinfo: `${endpoints}/userinfo`,
      jwks: '/discovery/keys',
    },
    ...LIMITS,
    ttl: lifetimes(clock),
    assertJwtClientAuthClaimsAndHeader: async (_ctx, { exp }) => checkAssertionEnd(exp, clock),
    renderError,
    clientBasedCORS: (_ctx, origin) => origin === issuer.origin,
    extraClientMetadata: { properties: [...CLIENT_PROPERTIES], validator: () => undefined },
  };
}

const LIMITS = {
  scopes: IDENTITY_SCOPES,
  claims: { openid: [...ID_CLAIMS], profile: [], email: [] },
  responseTypes: ['code'],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256'] },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  expiresWithSession: async () => false,
  clockTolerance: MINUTE,
  cookies: {
    names: {
      session: cookieNames.session,
      interaction: cookieNames.interaction,
      resume: cookieNames.resume,
    },
    long: { httpOnly: true, sameSite: 'lax', secure: true },
    short: { httpOnly: true, sameSite: 'lax', secure: true },
  },
} as const satisfies Configuration;

function signingFirst({ signing, all }: Keys) {
  return [signing, ...all.filter(({ kid }) => kid !== signing.kid)].map(({ kid, privateJwk }) => ({
    ...privateJwk,
    kid,
    alg: ALGORITHM,
    use: 'sig',
  }));
}

/** Sign in, and nothing else to be asked: the clients here are first-party. */
function policy() {
  const prompts = base();
  prompts.get('login')?.checks.add(
    new Check('account_gone', 'the account of this session cannot be used here', (ctx) => {
      const { session, account } = ctx.oidc;
      return session?.accountId !== undefined && account === undefined;
    }),
  );
  const consent = prompts.get('consent');
  consent?.checks.remove('consent_prompt');
  consent?.checks.remove('native_client_prompt');
  return prompts;
}

function features({ deviceGuesses }: ProviderParts): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    pushedAuthorizationRequests: { enabled: false },
    clientCredentials: { enabled: true },
    userinfo: { enabled: true },
    // A client ends what it was given, and nobody else's: RFC 7009, section 2.1.
    revocation: {
      enabled: true,
      allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
    },
    deviceFlow: {
      enabled: true,
      charset: 'base-20',
      mask: '****-****',
      deviceInfo: () => ({}),
      ...devicePages(deviceGuesses),
    },
    rpInitiatedLogout: { enabled: true, ...signOutPages },
    resourceIndicators: {
      enabled: true,
      defaultResource: async (_ctx, _client, granted) => firstOf(granted),
      useGrantedResource: async () => true,
      getResourceServerInfo: async (ctx, audience) => resourceServer(ctx, audience),
    },
  };
}

function firstOf(granted: string | readonly string[] | undefined): string | undefined {
  return typeof granted === 'string' ? granted : granted?.[0];
}

function resourceServer(ctx: KoaContextWithOIDC, audience: string) {
  if (!isOwnAudience(callOf(ctx.req).request, audience)) {
    throw new InvalidTarget('no tokens are issued here for this resource');
  }
  return {
    scope: ACT_FOR_USER,
    audience,
    accessTokenTTL: TOKEN_SECONDS,
    accessTokenFormat: 'jwt' as const,
    jwt: { sign: { alg: ALGORITHM } as const },
  };
}

function checkAssertionEnd(exp: unknown, clock: Clock): void {
  const longest = clock.now().epochMilliseconds / 1_000 + LONGEST_ASSERTION + MINUTE;
  if (typeof exp === 'number' && exp <= longest) return;
  throw new InvalidClientAuth('the assertion lives longer than a day');
}

function lifetimes(clock: Clock): Configuration['ttl'] {
  const now = (): number => Math.floor(clock.now().epochMilliseconds / 1_000);
  return {
    AccessToken: TOKEN_SECONDS,
    ClientCredentials: TOKEN_SECONDS,
    IdToken: TOKEN_SECONDS,
    AuthorizationCode: 5 * MINUTE,
    DeviceCode: 15 * MINUTE,
    Interaction: 30 * MINUTE,
    Grant: LONGEST_SIGN_IN,
    RefreshToken: UNUSED,
    Session: (_ctx, session) => {
      // Visitors who are not signed in leave a row each.
      if (session.accountId === undefined || session.loginTs === undefined) return HOUR;
      return Math.max(1, session.loginTs + SESSION - now());
    },
  };
}

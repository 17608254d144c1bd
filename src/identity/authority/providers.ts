import type { EventEmitter } from 'node:events';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { Provider } from 'oidc-provider/lib/provider.js';
import { isJsonObject } from '../../kernel/index.ts';
import type { Clock, Log, Queryable } from '../../platform/index.ts';
import { secretMatches } from '../secret.ts';
import { callOf } from './calls.ts';
import { clientInfo } from './claims.ts';
import { configurationOf } from './configuration.ts';
import type { KeyRing } from './key-ring.ts';
import type { Issuer } from './layout.ts';
import { UNKNOWN_CLIENT } from './oauth-error.ts';
import { isShown, showOtherPerson, showSignOut } from './pages.ts';
import type { Throttle } from './throttle.ts';
import { userOf } from './tokens.ts';

/** An issuer costs about 30 KiB and a third of a millisecond to make anew. */
const MAX_PROVIDERS = 200;
const POLL_SECONDS = 5;

export interface ProvidersOptions {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly log: Log;
  readonly ring: KeyRing;
  readonly deviceGuesses: Throttle;
}

/** The library's instance for each issuer, made when it is first asked for. */
export interface Providers {
  of(issuer: Issuer): Promise<Provider>;
}

/**
 * The library has one issuer for each instance, and we have one for each address that clients know
 * us by. The least recently used go when there are many, all of them when the keys change; what has
 * to last is in the database.
 */
export function createProviders(options: ProvidersOptions): Providers {
  const { db, clock, log, ring, deviceGuesses } = options;
  const known = new Map<string, Provider>();
  let version = '';
  return {
    of: async (issuer) => {
      const keys = await ring.current();
      if (keys.version !== version) known.clear();
      version = keys.version;
      const found = known.get(issuer.issuer);
      const parts = { db, clock, issuer, keys, deviceGuesses };
      const provider = found ?? createProvider(parts, log);
      known.delete(issuer.issuer);
      known.set(issuer.issuer, provider);
      const [oldest] = known.keys();
      if (known.size > MAX_PROVIDERS && oldest !== undefined) known.delete(oldest);
      return provider;
    },
  };
}

function createProvider(parts: Parameters<typeof configurationOf>[0], log: Log): Provider {
  const provider = new Provider(parts.issuer.issuer, configurationOf(parts));
  // Without listeners the library's framework prints to the console.
  const events: EventEmitter = provider;
  events.on('error', (err: unknown) => log.error({ err }, 'the authority failed'));
  provider.on('server_error', (_ctx, err: Error) => log.error({ err }, 'the authority failed'));
  // A client may have several secrets, of which only hashes are known here.
  Object.defineProperty(provider.Client.prototype, 'compareClientSecret', {
    value: function compareClientSecret(this: unknown, secret: string): boolean {
      return secretMatches(secret, secretHashes(this));
    },
  });
  provider.use<object, Pick<KoaContextWithOIDC, 'oidc'>>(async (ctx, next) => {
    await next();
    if ('oidc' in ctx) completeAnswer(ctx);
  });
  return provider;
}

function secretHashes(client: unknown): Buffer[] {
  const isClient = typeof client === 'object' && client !== null && 'secret_hashes' in client;
  if (!isClient || !Array.isArray(client.secret_hashes)) return [];
  const hashes: readonly unknown[] = client.secret_hashes;
  return hashes.flatMap((hash) => (typeof hash === 'string' ? Buffer.from(hash, 'base64url') : []));
}

/** Adds what Microsoft's clients need beyond the standards, and takes out what confuses them. */
function completeAnswer(ctx: KoaContextWithOIDC): void {
  const { request } = callOf(ctx.req);
  const { route, client } = ctx.oidc;
  const body: unknown = ctx.body;
  if (isJsonObject(body) && 'error' in body) {
    const refused = body['error'] === 'invalid_client';
    ctx.body = {
      ...body,
      ...(refused && { error_description: UNKNOWN_CLIENT }),
      correlation_id: request.id,
    };
  } else if (isJsonObject(body)) {
    request.caller = userOf(ctx)?.principalId ?? client?.clientId ?? '';
    ctx.body = completed(ctx, route, body);
  } else if (ctx.status === 200 && !isShown(ctx)) {
    // Forms of the library that a script sends.
    if (route === 'end_session') showSignOut(ctx);
    if (route === 'resume' || route === 'device_resume') showOtherPerson(ctx);
  }
}

type Body = Readonly<Record<string, unknown>>;

function completed(ctx: KoaContextWithOIDC, route: string, body: Body): Body {
  const { issuer } = callOf(ctx.req);
  switch (route) {
    case 'discovery':
      return {
        ...body,
        // All issuers have the same keys, so that clients fetch them once.
        jwks_uri: `${issuer.origin}/adfs/discovery/keys`,
        response_modes_supported: ['query', 'fragment'],
      };
    case 'device_authorization':
      return { ...body, interval: POLL_SECONDS, message: deviceMessage(body) };
    case 'token': {
      // Clients keep a token under the scope of the answer, and find it under the one they asked for.
      const { scope: _scope, ...rest } = body;
      const user = userOf(ctx);
      return {
        ...rest,
        ext_expires_in: body['expires_in'],
        ...(user !== undefined && { client_info: clientInfo(user) }),
      };
    }
    default:
      return body;
  }
}

function deviceMessage(body: Body): string {
  return (
    `To sign in, use a web browser to open the page ${String(body['verification_uri'])} ` +
    `and enter the code ${String(body['user_code'])}.`
  );
}

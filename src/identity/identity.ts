import type { FastifyInstance } from 'fastify';
import type { DirectoryTenantId } from '../kernel/index.ts';
import { isOwnOrigin, type Clock, type Database, type Log } from '../platform/index.ts';
import { createAuthenticate, type Authenticate, type IsSubscription } from './authenticate.ts';
import { createAuthority } from './authority/index.ts';
import { createTrustedIssuers, readTrustedIssuers, type TrustedIssuers } from './issuers/index.ts';

/** Who is calling: the built-in authority, the issuers trusted beside it, and the check of tokens. */
export interface Identity {
  /**
   * Finds out who is calling, and what it may do as of now.
   *
   * @throws AuthenticationFailed without credentials, or with a client secret that is wrong or not
   * taken here
   * @throws InvalidAuthenticationToken with a token that is not of an issuer known here, not valid
   * now, or of a principal that was removed or disabled
   * @throws TooManyRequests when the caller has spent its budget
   */
  readonly authenticate: Authenticate;
  /** Adds discovery, published keys, tokens and the pages of the sign-in to the app. */
  addRoutes(app: FastifyInstance): void;
  readonly trusted: TrustedIssuers;
}

/**
 * Starts the built-in authority, making its keys in the database at the first start.
 *
 * @throws ConfigurationInvalid when the file of trusted issuers cannot be used
 */
export async function createIdentity(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** The directory tenant of the stamp itself, which challenges name. */
  readonly homeTenantId: DirectoryTenantId;
  readonly isSubscription: IsSubscription;
  /** The file of trusted issuers; undefined for none. */
  readonly trustedIssuers?: string | undefined;
}): Promise<Identity> {
  const { database, clock, log, homeTenantId } = options;
  const authority = await createAuthority({ database, clock, log });
  const trusted = createTrustedIssuers({
    issuers: await readTrustedIssuers(options.trustedIssuers),
    clock,
    log,
    // Not the address of the public cloud, as with our own tokens: a token that its directory issued for that one
    // would be taken here, and one that came here could be used there.
    isOwnAudience: isOwnOrigin,
  });
  return {
    authenticate: createAuthenticate({
      db: database.pool,
      clock,
      issuers: [authority, trusted],
      homeTenantId,
      isSubscription: options.isSubscription,
    }),
    addRoutes: (app) => authority.addRoutes(app),
    trusted,
  };
}

import type { FastifyInstance } from 'fastify';
import type { DirectoryTenantId } from '../kernel/index.ts';
import type { Clock, Queryable } from '../platform/index.ts';
import { createAuthenticate, type Authenticate } from './authenticate.ts';
import { loadSigningKeys } from './keys.ts';
import { identityRoutes } from './routes.ts';

/** Who is calling: the built-in authority and the check of its tokens. */
export interface Identity {
  /**
   * Finds out who is calling, and what it may do as of now.
   *
   * @throws AuthenticationFailed without credentials, or with a client secret that is wrong or not
   * taken here
   * @throws InvalidAuthenticationToken with a token that is not ours, not valid now, or of a client
   * that was removed or disabled
   */
  readonly authenticate: Authenticate;
  /** Adds discovery, published keys and token endpoints to the app. */
  addRoutes(app: FastifyInstance): void;
}

/** Starts the built-in authority, making its keys in `<data>/authority` at the first start. */
export async function createIdentity(options: {
  readonly db: Queryable;
  readonly clock: Clock;
  /** The data folder. */
  readonly data: string;
  /** The directory tenant of the stamp itself, which challenges name. */
  readonly homeTenantId: DirectoryTenantId;
}): Promise<Identity> {
  const { db, clock, homeTenantId } = options;
  const keys = await loadSigningKeys(options);
  return {
    authenticate: createAuthenticate({ db, clock, keys, homeTenantId }),
    addRoutes: (app) => identityRoutes(app, { db, clock, keys }),
  };
}

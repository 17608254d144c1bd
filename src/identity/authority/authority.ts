import type { FastifyInstance, FastifyRequest } from 'fastify';
import { SYSTEM } from '../../audit/index.ts';
import type { Clock, Database, Log } from '../../platform/index.ts';
import type { CheckToken } from '../checked-token.ts';
import { createTokenChecker } from './check-token.ts';
import { createGuesses } from './guesses.ts';
import { createKeyRing } from './key-ring.ts';
import { ensureKey } from './key-store.ts';
import { isOwnIssuer } from './layout.ts';
import { authorityRoutes } from './routes.ts';
import { createThrottle } from './throttle.ts';

/** By network; of 25 billion codes some few are valid at a time. */
const DEVICE_GUESSES = { free: 10, longestWait: 60 };

/** By network, in an hour: each is a row or two until it ends, whoever began it. */
const BEGUN = { free: 1_000, longestWait: 60 };

/** The built-in directory: signs people and clients in, and knows its own tokens again. */
export interface Authority {
  /** Adds discovery, published keys, tokens and the pages of the sign-in to the app. */
  addRoutes(app: FastifyInstance): void;
  /** Checks an access token of an issuer that it knows. */
  readonly checkToken: CheckToken;
  /** Whether tokens that name this issuer are its own, seen from the request. */
  knows(request: FastifyRequest, issuer: string): boolean;
}

/** Starts the authority on this database, making its first key when there is none. */
export async function createAuthority(options: {
  readonly database: Pick<Database, 'pool' | 'transaction'>;
  readonly clock: Clock;
  readonly log: Log;
}): Promise<Authority> {
  const { database, clock, log } = options;
  const db = database.pool;
  await database.transaction((tx) => ensureKey(tx, { clock, actor: SYSTEM }));
  // Loaded here and no sooner: most commands of the command line do without the library.
  const { createProviders } = await import('./providers.ts');
  const ring = createKeyRing({ db, clock, log });
  const deviceGuesses = createThrottle(clock, DEVICE_GUESSES);
  const tools = {
    db,
    ring,
    deviceGuesses,
    providers: createProviders({ db, clock, log, ring, deviceGuesses }),
    guesses: createGuesses(clock),
    begun: createThrottle(clock, BEGUN),
  };
  return {
    addRoutes: (app) => authorityRoutes(app, tools),
    checkToken: createTokenChecker(ring, clock),
    knows: isOwnIssuer,
  };
}

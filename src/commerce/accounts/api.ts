import type { HourNumber } from '../../kernel/index.ts';
import type { Authenticate } from '../../identity/index.ts';
import type { Clock, Database, Queryable } from '../../platform/index.ts';

/** What the routes of billing accounts need. */
export interface AccountsApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** The first hour of usage that has not been rated yet; undefined while nothing has. */
  readonly ratedUpTo: (db: Queryable) => Promise<HourNumber | undefined>;
  /** Rates anew what changes of prices that are queued ask for. What it does not come to, the next run of rating does. */
  readonly followPriceChanges: () => Promise<void>;
}

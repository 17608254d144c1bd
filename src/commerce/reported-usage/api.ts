import type { Authenticate } from '../../identity/index.ts';
import type { Clock, Database, Metrics } from '../../platform/index.ts';

/** What the routes of reported usage need. */
export interface ReportedUsageApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** Where refusals are counted; nowhere unless given. */
  readonly metrics?: Metrics;
}

import type { Authenticate } from '../../identity/index.ts';
import type { Clock, Database } from '../../platform/index.ts';

/** What the usage interfaces of commerce need. */
export interface CommerceUsageApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

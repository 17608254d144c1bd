import type { Authenticate } from '../../identity/index.ts';
import type { Clock, Database } from '../../platform/index.ts';

/** What the routes of the bridge work with. */
export interface BridgeApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** The name of the stamp's region, which the activation carries as its location. */
  readonly region: string;
}

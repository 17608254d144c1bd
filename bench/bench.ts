import type { Clock, Database } from '../src/platform/index.ts';
import type { Report } from './figures.ts';
import type { MeasuredServer, Sender } from './processes.ts';

/** What each measurement works with. */
export interface Bench {
  readonly report: Report;
  readonly quick: boolean;
  /** the data folder of the server */
  readonly data: string;
  readonly server: MeasuredServer;
  readonly sender: Sender;
  /** the same database, opened by the bench itself */
  readonly database: Database;
  /** the clock of the server */
  readonly clock: Clock & { shift(ms: number): Promise<void> };
}

import type { Clock, Database, Log } from '../../../platform/index.ts';
import type { PriceMemory } from './price-items.ts';

/** What invoicing works with. */
export interface BillingRoom {
  readonly database: Database;
  readonly clock: Clock;
}

/** What a run over many accounts works with. */
export interface BillingRun extends BillingRoom {
  readonly log: Log;
}

/** Shared by the invoices of one run. */
export interface IssueOptions {
  readonly memory?: PriceMemory;
  /** Issue it although its usage is not complete, its review is not over, or it is held. */
  readonly early?: boolean;
  /** Of a note: only what the next invoice of the account cannot have, since other taxes stand apart from it. */
  readonly apart?: boolean;
}

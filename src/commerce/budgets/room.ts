import type { Clock, Database, Log } from '../../platform/index.ts';

/** What looking at budgets works with. */
export interface BudgetRoom {
  readonly database: Database;
  readonly clock: Clock;
}

/** What a run over all budgets works with. */
export interface BudgetRun extends BudgetRoom {
  readonly log: Log;
  /** Called when mail or webhooks have become due; they are sent a little later anyway. */
  readonly wake?: () => void;
}

import { hourOf, StackmeterError } from '../../kernel/index.ts';
import { isTransient } from '../../platform/index.ts';
import type { BillingAccount } from '../accounts/index.ts';
import type { Budget, BudgetStatus } from './budget.ts';
import { readFigures } from './costs.ts';
import type { BudgetRoom } from './room.ts';
import { spanAt } from './spans.ts';

/** How a budget stands now, or why nobody can say. */
export async function readStatus(
  room: BudgetRoom,
  budget: Budget,
  account: BillingAccount,
): Promise<BudgetStatus> {
  const now = room.clock.now();
  const span = await spanAt(room.database.pool, budget, account, hourOf(now));
  const status = { evaluatedAt: now, span };
  try {
    const figures = await readFigures(room, budget, account, span);
    return { ...status, figures, problem: undefined };
  } catch (error) {
    if (!(error instanceof StackmeterError) || isTransient(error)) throw error;
    return { ...status, figures: undefined, problem: error.message };
  }
}

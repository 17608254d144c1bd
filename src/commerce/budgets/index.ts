export type { Budget, BudgetStatus } from './budget.ts';
export { budgetNotFound, MOST_BUDGETS, putBudget, removeBudget } from './change.ts';
export { readStatus } from './evaluate.ts';
export { readBudgetChange } from './fields.ts';
export { listFirings } from './firing-store.ts';
export { budgetRoutes } from './routes.ts';
export { findBudget, listBudgets, type StoredBudget } from './store.ts';
export { watchBudgets } from './watch.ts';
export { toWireBudget, toWireFiring } from './wire.ts';

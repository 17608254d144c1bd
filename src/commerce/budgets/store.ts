import { hourNumber, isJsonObject, parseCurrency, type Instant } from '../../kernel/index.ts';
import { decimalOf, isKeepable, type Queryable } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { Money } from '../cost-analysis/index.ts';
import type { Budget, BudgetFigures, BudgetGrain, BudgetSpan, BudgetStatus } from './budget.ts';
import { readBudgetChange } from './fields.ts';
import { toWireAlert, toWireMoney } from './wire.ts';

interface BudgetRow {
  readonly budget_id: string;
  readonly account_id: AccountId;
  readonly name: string;
  readonly amount: string;
  readonly grain: BudgetGrain;
  readonly view: Budget['view'];
  readonly filters: string;
  readonly alerts: string;
  readonly alert_since: readonly Instant[];
  readonly version: number;
  readonly etag: string;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly evaluated_at: Instant | null;
  readonly evaluated_version: number | null;
  readonly from_hour: number | null;
  readonly to_hour: number | null;
  readonly spent: string | null;
  readonly unpriced: number | null;
  readonly forecast: string | null;
  readonly forecast_low: string | null;
  readonly forecast_high: string | null;
  readonly other_currencies: string | null;
  readonly problem: string | null;
}

/** A budget, and how it stood when somebody looked last. */
export interface StoredBudget {
  readonly budget: Budget;
  readonly status: BudgetStatus | undefined;
}

function fromRow(row: BudgetRow): StoredBudget {
  const parts: unknown = JSON.parse(`{"filters":${row.filters},"alerts":${row.alerts}}`);
  const { filters = {}, alerts = [] } = readBudgetChange({ ...toObject(parts) });
  const budget: Budget = {
    budgetId: row.budget_id,
    accountId: row.account_id,
    name: row.name,
    amount: decimalOf(row.amount),
    grain: row.grain,
    view: row.view,
    filters,
    alerts: alerts.map((alert, at) => ({ ...alert, since: row.alert_since[at]! })),
    version: row.version,
    etag: row.etag,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
  return { budget, status: statusOf(row) };
}

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** What was found of terms that have changed since says nothing of the new ones. */
function statusOf(row: BudgetRow): BudgetStatus | undefined {
  const { evaluated_at: at, evaluated_version: version, from_hour: from, to_hour: to } = row;
  if (at === null || version !== row.version) return undefined;
  const span =
    from === null || to === null
      ? undefined
      : { fromHour: hourNumber(from), toHour: hourNumber(to) };
  return {
    evaluatedAt: at,
    span,
    figures: figuresOf(row),
    problem: row.problem ?? undefined,
  };
}

function figuresOf(row: BudgetRow): BudgetFigures | undefined {
  const { spent, forecast, forecast_low: low, forecast_high: high } = row;
  if (spent === null) return undefined;
  return {
    spent: decimalOf(spent),
    unpriced: row.unpriced ?? 0,
    forecast:
      forecast === null || low === null || high === null
        ? undefined
        : { amount: decimalOf(forecast), low: decimalOf(low), high: decimalOf(high) },
    otherCurrencies: moneysOf(row.other_currencies),
  };
}

/** Written by {@link noteEvaluation}, read as anything from outside is. */
function moneysOf(text: string | null): Money[] {
  const list: unknown = text === null ? [] : JSON.parse(text);
  if (!Array.isArray(list)) return [];
  return list.filter(isJsonObject).flatMap(({ amount, currency: code }) => {
    const currency = typeof code === 'string' ? parseCurrency(code) : undefined;
    if (currency === undefined || typeof amount !== 'string') return [];
    return [{ amount: decimalOf(amount), currency }];
  });
}

/** The budgets of an account, by name; of all accounts where none is given. */
export async function listBudgets(
  db: Queryable,
  { accountId, limit }: { readonly accountId?: AccountId | undefined; readonly limit: number },
): Promise<StoredBudget[]> {
  const { rows } = await db.query<BudgetRow>(
    `select * from budget where $1::uuid is null or account_id = $1
     order by account_id, lower(name) limit $2`,
    [accountId ?? null, limit],
  );
  return rows.map(fromRow);
}

/** A budget by its name, in any case. @param lock holds the row until the transaction ends */
export async function findBudget(
  db: Queryable,
  accountId: AccountId,
  name: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<StoredBudget | undefined> {
  if (!isKeepable(name)) return undefined;
  const { rows } = await db.query<BudgetRow>(
    `select * from budget where account_id = $1 and lower(name) = lower($2)${lock ? ' for update' : ''}`,
    [accountId, name],
  );
  return rows[0] && fromRow(rows[0]);
}

/** How many budgets an account has; nobody makes another until the transaction ends. */
export async function countBudgets(tx: Queryable, accountId: AccountId): Promise<number> {
  await tx.query('select from billing_account where account_id = $1 for no key update', [
    accountId,
  ]);
  const { rows } = await tx.query<{ count: number }>(
    'select count(*)::integer as count from budget where account_id = $1',
    [accountId],
  );
  return rows[0]?.count ?? 0;
}

/** Writes a budget that is new, or anew. */
export async function writeBudget(tx: Queryable, one: Budget): Promise<void> {
  await tx.query(
    `insert into budget (budget_id, account_id, name, amount, grain, view, filters, alerts, alert_since, version, etag,
       created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz[], $10, $11, $12, $13)
     on conflict (budget_id) do update set amount = excluded.amount, grain = excluded.grain, view = excluded.view,
       filters = excluded.filters, alerts = excluded.alerts,
       alert_since = excluded.alert_since, version = excluded.version, etag = excluded.etag, updated_at = excluded.updated_at, evaluated_at = null`,
    [
      one.budgetId,
      one.accountId,
      one.name,
      one.amount.toText(),
      one.grain,
      one.view,
      JSON.stringify(one.filters),
      JSON.stringify(one.alerts.map(toWireAlert)),
      one.alerts.map(({ since }) => since.toString()),
      one.version,
      one.etag,
      one.createdAt.toString(),
      one.updatedAt.toString(),
    ],
  );
}

/** Forgets a budget and what it told. */
export async function deleteBudget(tx: Queryable, budgetId: string): Promise<void> {
  await tx.query('delete from budget where budget_id = $1', [budgetId]);
}

/** Which budgets are due. */
export interface DueBudgets {
  /** The last run of rating. */
  readonly run: bigint;
  readonly hour: number;
  /** Those that were looked at before are due in any case. */
  readonly since: Instant;
  /** Those that could not be looked at since are not tried again yet. */
  readonly failedSince: Instant;
  readonly limit: number;
}

/**
 * Budgets to be looked at: what was rated since may have changed them, they were changed, their stretch is over,
 * it did not work out, or it is a while ago. Those that were not looked at for longest come first.
 */
export async function dueBudgets(
  db: Queryable,
  { run, hour, since, failedSince, limit }: DueBudgets,
): Promise<StoredBudget[]> {
  const { rows } = await db.query<BudgetRow>(
    `select * from budget
     where evaluated_at is null or evaluated_run is distinct from $1 or to_hour is null or to_hour <= $2
        or evaluated_at < $3 or (problem is not null and evaluated_at < $4)
     order by evaluated_at nulls first, budget_id limit $5`,
    [run, hour, since.toString(), failedSince.toString(), limit],
  );
  return rows.map(fromRow);
}

/** The last run of rating: what it changed may have changed any budget. */
export interface LastRating {
  readonly run: bigint;
  /** Whether all that was rated is in the sums of costs, by which budgets are looked at. */
  readonly isSummed: boolean;
}

/** Of one moment: what is rated later is of a later run. */
export async function lastRating(db: Queryable): Promise<LastRating> {
  const { rows } = await db.query<LastRating>(
    `select (select coalesce(max(run), 0) from rating_run) as run,
            not exists (select from rated_change) as "isSummed"`,
  );
  return rows[0] ?? { run: 0n, isSummed: true };
}

/** What came of looking at a budget. */
export interface Evaluation {
  /** The last run of rating that is in the figures; undefined: not all of it is, so that the budget is due again. */
  readonly run: bigint | undefined;
  readonly at: Instant;
  readonly span: BudgetSpan;
  readonly figures: BudgetFigures | undefined;
  readonly problem: string | undefined;
}

/** Of a budget that was changed meanwhile nothing is noted: it is due again. */
export async function noteEvaluation(
  db: Queryable,
  { budgetId, updatedAt }: Pick<Budget, 'budgetId' | 'updatedAt'>,
  { run, at, span, figures, problem }: Evaluation,
): Promise<void> {
  const { forecast, otherCurrencies: others = [] } = figures ?? {};
  await db.query(
    `update budget set evaluated_at = $3, evaluated_version = version, evaluated_run = $4, from_hour = $5, to_hour = $6,
       spent = $7, unpriced = $8, forecast = $9, forecast_low = $10, forecast_high = $11, problem = $12,
       other_currencies = $13
     where budget_id = $1 and updated_at = $2`,
    [
      budgetId,
      updatedAt.toString(),
      at.toString(),
      run ?? null,
      span.fromHour,
      span.toHour,
      figures?.spent.toText() ?? null,
      figures?.unpriced ?? null,
      forecast?.amount.toText() ?? null,
      forecast?.low.toText() ?? null,
      forecast?.high.toText() ?? null,
      problem ?? null,
      others.length === 0 ? null : JSON.stringify(others.map(toWireMoney)),
    ],
  );
}

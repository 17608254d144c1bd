import { hourNumber, type Instant } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import type { Budget, BudgetFiring } from './budget.ts';

interface FiringRow {
  readonly from_hour: number;
  readonly to_hour: number;
  readonly of: BudgetFiring['of'];
  readonly unit: BudgetFiring['unit'];
  readonly threshold: string;
  readonly amount: string;
  readonly spent: string;
  readonly forecast: string | null;
  readonly mails: number;
  readonly mails_withheld: number;
  readonly webhook: boolean;
  readonly fired_at: Instant;
}

function fromRow(row: FiringRow): BudgetFiring {
  return {
    fromHour: hourNumber(row.from_hour),
    toHour: hourNumber(row.to_hour),
    of: row.of,
    unit: row.unit,
    threshold: decimalOf(row.threshold),
    amount: decimalOf(row.amount),
    spent: decimalOf(row.spent),
    forecast: row.forecast === null ? undefined : decimalOf(row.forecast),
    mails: row.mails,
    mailsWithheld: row.mails_withheld,
    webhook: row.webhook,
    firedAt: row.fired_at,
  };
}

/** The alerts of a budget that went out, the newest first. */
export async function listFirings(
  db: Queryable,
  budgetId: string,
  limit: number,
): Promise<BudgetFiring[]> {
  const { rows } = await db.query<FiringRow>(
    `select * from budget_firing where budget_id = $1
     order by fired_at desc, version desc, from_hour desc, of, unit, threshold desc limit $2`,
    [budgetId, limit],
  );
  return rows.map(fromRow);
}

/** Keys of the alerts that went out in a stretch, as `keyOfAlert` writes them. */
export async function firedKeys(
  db: Queryable,
  { budgetId, version }: Pick<Budget, 'budgetId' | 'version'>,
  fromHour: number,
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ of: string; unit: string; threshold: string }>(
    'select of, unit, threshold from budget_firing where budget_id = $1 and version = $2 and from_hour = $3',
    [budgetId, version, fromHour],
  );
  return new Set(
    rows.map(({ of, unit, threshold }) => `${of} ${unit} ${decimalOf(threshold).toText()}`),
  );
}

/**
 * Notes that an alert goes out, in the transaction that tells it.
 *
 * @returns false when it went out before, or the budget was changed or removed meanwhile
 */
export async function noteFiring(
  tx: Queryable,
  { budgetId, version, updatedAt }: Pick<Budget, 'budgetId' | 'version' | 'updatedAt'>,
  firing: BudgetFiring,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with present as (select budget_id, version from budget where budget_id = $1 and version = $2 and updated_at = $3
                      for no key update)
     insert into budget_firing (budget_id, version, from_hour, to_hour, of, unit, threshold, amount, spent, forecast,
       mails, mails_withheld, webhook, fired_at)
     select budget_id, version, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15 from present
     on conflict do nothing`,
    [
      budgetId,
      version,
      updatedAt.toString(),
      firing.fromHour,
      firing.toHour,
      firing.of,
      firing.unit,
      firing.threshold.toText(),
      firing.amount.toText(),
      firing.spent.toText(),
      firing.forecast?.toText() ?? null,
      firing.mails,
      firing.mailsWithheld,
      firing.webhook,
      firing.firedAt.toString(),
    ],
  );
  return rowCount === 1;
}

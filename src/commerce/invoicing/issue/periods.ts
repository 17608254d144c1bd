import type { Queryable, Tx } from '../../../platform/index.ts';
import {
  holdPeriod,
  listPeriods,
  type AccountId,
  type BillingPeriod,
} from '../../accounts/index.ts';

/** A period that is to be invoiced, and those that have been and have changed since; all held. */
export interface HeldPeriods {
  /** Undefined where only corrections are wanted. */
  readonly own: BillingPeriod | undefined;
  readonly corrected: readonly BillingPeriod[];
}

/**
 * Holds a period of an account and the invoiced ones of which charges have changed, until the
 * transaction ends. In the order of their numbers, as rating takes them: neither waits for the other
 * in a circle.
 */
export async function holdPeriods(
  tx: Tx,
  accountId: AccountId,
  own: number | undefined,
): Promise<HeldPeriods> {
  const changed = await changedPeriods(tx, accountId);
  const numbers = [...new Set(own === undefined ? changed : [...changed, own])];
  const held: BillingPeriod[] = [];
  for (const number of numbers.toSorted((one, other) => one - other)) {
    const period = await holdPeriod(tx, number);
    if (period !== undefined) held.push(period);
  }
  return {
    own: held.find(({ period }) => period === own),
    corrected: held.filter(({ period, state }) => period !== own && state === 'Issued'),
  };
}

/** As {@link holdPeriods}, holding nothing: for reading alone. */
export async function readPeriods(
  db: Queryable,
  accountId: AccountId,
  own: number,
): Promise<HeldPeriods> {
  const changed = new Set(await changedPeriods(db, accountId));
  const all = await listPeriods(db, accountId);
  return {
    own: all.find(({ period }) => period === own),
    corrected: all
      .filter(({ period, state }) => period !== own && state === 'Issued' && changed.has(period))
      .toSorted((one, other) => one.period - other.period),
  };
}

/**
 * Whether invoices do not have all of a charge `c`. One of which nothing was used needs no price, and is done when
 * nothing of it was invoiced. The first condition is that of the index charge_uninvoiced.
 */
export const CHANGED = `(c.quantity <> c.invoiced_quantity or c.amount is distinct from c.invoiced_amount)
  and (c.quantity <> c.invoiced_quantity
       or coalesce(c.amount, case c.quantity when 0 then 0 end) is distinct from c.invoiced_amount)`;

/** Invoiced periods of which invoices do not have all. */
async function changedPeriods(db: Queryable, accountId: AccountId): Promise<number[]> {
  const { rows } = await db.query<{ period: number }>({
    name: 'invoice-changed-periods',
    text: `select distinct c.period from charge c join billing_period p using (period)
           where c.account_id = $1 and p.state = 'Issued' and ${CHANGED}`,
    values: [accountId],
  });
  return rows.map(({ period }) => period);
}

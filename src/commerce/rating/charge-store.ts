import type { Decimal, SubscriptionId } from '../../kernel/index.ts';
import { decimalOf, type Queryable, type Tx } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { Charge, InvoicedPart } from './charge.ts';
import { knownDecimal } from './numbers.ts';

interface ChargeRow {
  readonly charge: bigint;
  readonly account_id: AccountId;
  readonly period: number;
  readonly plan: number;
  readonly customer_subscription_id: SubscriptionId;
  readonly subscription_id: SubscriptionId;
  readonly meter: number;
  readonly commerce_meter_id: string;
  readonly name: string;
  readonly category: string;
  readonly sub_category: string;
  readonly unit: string;
  readonly paid: boolean;
  readonly billable: boolean;
  readonly quantity: string;
  readonly amount: string | null;
  readonly invoiced_quantity: string;
  readonly invoiced_amount: string;
  readonly price_list_id: string | null;
  readonly price_list_version: number | null;
  readonly problem: string | null;
}

const COLUMNS = `c.charge, c.account_id, c.period, c.plan, c.customer_subscription_id, c.subscription_id, c.meter,
  m.commerce_meter_id, m.name, m.category, m.sub_category, m.unit, m.paid, c.billable, c.quantity, c.amount,
  c.invoiced_quantity, c.invoiced_amount, p.price_list_id, p.price_list_version,
  coalesce(p.problem, c.problem) as problem`;
const FROM = 'from charge c join commerce_meter m using (meter) join price_plan p using (plan)';
/** The same whatever the order in which usage came. */
const ORDER = `c.period, c.customer_subscription_id, lower(m.commerce_meter_id) collate "C", c.meter, c.subscription_id,
  c.billable, p.effective_from, c.plan`;

function fromRow(row: ChargeRow): Charge {
  return {
    charge: row.charge,
    accountId: row.account_id,
    period: row.period,
    plan: row.plan,
    customerSubscriptionId: row.customer_subscription_id,
    subscriptionId: row.subscription_id,
    meter: row.meter,
    meterId: row.commerce_meter_id,
    meterName: row.name,
    category: row.category,
    subCategory: row.sub_category,
    unit: row.unit,
    paid: row.paid,
    billable: row.billable,
    quantity: decimalOf(row.quantity),
    amount: knownDecimal(row.amount),
    invoicedQuantity: decimalOf(row.invoiced_quantity),
    invoicedAmount: decimalOf(row.invoiced_amount),
    priceListId: row.price_list_id ?? undefined,
    priceListVersion: row.price_list_version ?? undefined,
    problem: row.problem ?? undefined,
  };
}

/** The charges of a period, invoiced or not, in an order that does not depend on when usage came. */
export async function chargesOfPeriod(db: Queryable, period: number): Promise<Charge[]> {
  const { rows } = await db.query<ChargeRow>({
    name: 'charges-of-period',
    text: `select ${COLUMNS} ${FROM} where c.period = $1 order by ${ORDER}`,
    values: [period],
  });
  return rows.map(fromRow);
}

/** One charge; undefined when there is none of this number. */
export async function findCharge(db: Queryable, charge: bigint): Promise<Charge | undefined> {
  const { rows } = await db.query<ChargeRow>({
    name: 'charge-by-number',
    text: `select ${COLUMNS} ${FROM} where c.charge = $1`,
    values: [charge.toString()],
  });
  return rows[0] && fromRow(rows[0]);
}

/** Which charges are on a page, by number. */
export interface ChargePage {
  readonly accountId: AccountId;
  /** Any period unless given. */
  readonly period?: number | undefined;
  /** Only those that come after. */
  readonly after?: bigint | undefined;
  readonly limit: number;
}

/** Some charges of an account, by number. */
export async function listCharges(db: Queryable, page: ChargePage): Promise<Charge[]> {
  const { rows } = await db.query<ChargeRow>({
    name: 'charges-of-account',
    text: `select ${COLUMNS} ${FROM}
           where c.account_id = $1 and ($2::int is null or c.period = $2) and c.charge > $3
           order by c.charge limit $4`,
    values: [page.accountId, page.period ?? null, String(page.after ?? 0n), page.limit],
  });
  return rows.map(fromRow);
}

/**
 * The charges of an account of which invoices do not have all: what was used since, what was rated anew, and what has no
 * price. By period. Held until the end of the transaction, so that two invoices do not take the same.
 */
export async function uninvoicedCharges(tx: Tx, accountId: AccountId): Promise<Charge[]> {
  const { rows } = await tx.query<ChargeRow>({
    name: 'charges-uninvoiced',
    // Locked in the order in which rating writes them.
    text: `with held as materialized (
             select * from charge
             where account_id = $1 and (quantity <> invoiced_quantity or amount is distinct from invoiced_amount)
             order by period, plan, customer_subscription_id, subscription_id, meter, billable
             for no key update
           )
           select ${COLUMNS} from held c join commerce_meter m using (meter) join price_plan p using (plan)
           order by ${ORDER}`,
    values: [accountId],
  });
  return rows.map(fromRow);
}

/** Notes what an invoice has taken of charges, or given back; in the transaction that issues it. */
export async function markInvoiced(tx: Tx, parts: readonly InvoicedPart[]): Promise<void> {
  if (parts.length === 0) return;
  const { rowCount } = await tx.query({
    name: 'charges-mark-invoiced',
    text: `update charge set invoiced_quantity = invoiced_quantity + part.quantity,
                             invoiced_amount = invoiced_amount + part.amount
           from (select charge, sum(quantity) as quantity, sum(amount) as amount
                 from unnest($1::bigint[], $2::numeric[], $3::numeric[]) as given (charge, quantity, amount)
                 group by charge) as part
           where charge.charge = part.charge`,
    values: [
      parts.map(({ charge }) => charge.toString()),
      parts.map(({ quantity }) => quantity.toText()),
      parts.map(({ amount }) => amount.toText()),
    ],
  });
  const wanted = new Set(parts.map(({ charge }) => charge)).size;
  if (rowCount !== wanted) throw new Error('An invoice names a charge that there is not.');
}

/** A meter of which usage has no price, and how much of it. */
export interface UnpricedMeter {
  readonly accountId: AccountId;
  readonly period: number;
  /** In commerce. */
  readonly meterId: string;
  readonly meterName: string;
  readonly quantity: Decimal;
  /** By which it would be priced; undefined where there is no price list or no rate of exchange. */
  readonly priceListId: string | undefined;
  /** Why it has no price; undefined: the price list has none for the meter. */
  readonly problem: string | undefined;
}

/** Billable usage that has no price yet, by account, period and meter: what no invoice can have. */
export async function unpricedMeters(
  db: Queryable,
  accountId?: AccountId,
): Promise<UnpricedMeter[]> {
  // A charge without a price is never invoiced, so the index of those that are not has all of them.
  const { rows } = await db.query<{
    account_id: AccountId;
    period: number;
    meter_id: string;
    name: string;
    quantity: string;
    price_list_id: string | null;
    problem: string | null;
  }>({
    name: 'charges-unpriced',
    text: `select c.account_id, c.period, min(m.commerce_meter_id) as meter_id, max(m.name) as name,
                  trim_scale(sum(c.quantity)) as quantity, p.price_list_id,
                  coalesce(p.problem, c.problem) as problem
           from charge c join commerce_meter m using (meter) join price_plan p using (plan)
           where (c.quantity <> c.invoiced_quantity or c.amount is distinct from c.invoiced_amount)
             and c.amount is null and ($1::uuid is null or c.account_id = $1)
           group by c.account_id, c.period, lower(m.commerce_meter_id), p.price_list_id, coalesce(p.problem, c.problem)
           order by c.account_id, c.period, lower(m.commerce_meter_id) collate "C"`,
    values: [accountId ?? null],
  });
  return rows.map((row) => ({
    accountId: row.account_id,
    period: row.period,
    meterId: row.meter_id,
    meterName: row.name,
    quantity: decimalOf(row.quantity),
    priceListId: row.price_list_id ?? undefined,
    problem: row.problem ?? undefined,
  }));
}

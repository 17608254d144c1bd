import type { Decimal, Instant, SubscriptionId } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import type { AccountId } from '../../commerce/accounts/index.ts';
import type { InvoiceKind } from '../../commerce/invoicing/index.ts';
import type { ChargeFacts, Hours } from './facts.ts';
import { changed, NEXT_PERIODS } from './next-period.ts';

interface ChargeRow {
  readonly charge: bigint;
  readonly plan: number;
  readonly account_id: AccountId;
  readonly period_name: string;
  readonly from_hour: number;
  readonly to_hour: number;
  readonly customer_subscription_id: SubscriptionId;
  readonly customer_name: string | null;
  readonly subscription_id: SubscriptionId;
  readonly subscription_name: string | null;
  readonly commerce_meter_id: string;
  readonly meter_name: string;
  readonly category: string;
  readonly sub_category: string;
  readonly unit: string;
  readonly billable: boolean;
  readonly quantity: string;
  readonly amount: string | null;
  readonly invoiced_quantity: string;
  readonly invoiced_amount: string;
  readonly parts: number;
  readonly parts_quantity: string;
}

interface OpenChargeRow extends ChargeRow {
  readonly billing_from: number;
  readonly billing_to: number;
}

const SELECT = `select c.charge, c.plan, c.account_id, p.name as period_name, p.from_hour, p.to_hour,
    c.customer_subscription_id, k.display_name as customer_name, c.subscription_id, s.display_name as subscription_name,
    m.commerce_meter_id, m.name as meter_name, m.category, m.sub_category, m.unit, c.billable, c.quantity, c.amount,
    c.invoiced_quantity, c.invoiced_amount,
    l.parts, l.quantity as parts_quantity`;
const TABLES = `from charge c join billing_period p on p.period = c.period join commerce_meter m on m.meter = c.meter
  left join commerce_subscription k on k.subscription_id = c.customer_subscription_id
  left join subscription s on s.subscription_id = c.subscription_id
  cross join lateral (
    select count(*)::int as parts, coalesce(sum(quantity), 0) as quantity from rated_line where charge = c.charge
  ) l`;
/** Charges by number. */
export async function readCharges(
  db: Queryable,
  charges: readonly bigint[],
): Promise<ReadonlyMap<bigint, ChargeFacts>> {
  if (charges.length === 0) return new Map();
  const { rows } = await db.query<ChargeRow>({
    name: 'focus-charges',
    text: `${SELECT} ${TABLES} where c.charge = any($1::bigint[])`,
    values: [charges.map(String)],
  });
  return new Map(rows.map((row) => [row.charge, fromRow(row)]));
}

const PAGE = 500;

/** A charge of which no invoice has all, and the billing period in which that is still to be invoiced. */
export interface OpenCharge {
  readonly facts: ChargeFacts;
  readonly billing: Hours;
  /** Whether its own period was invoiced before, so that an invoice will have it as a correction. */
  readonly isCorrection: boolean;
}

/**
 * What no invoice has yet and one of this period will have, some at a time, of meters that are paid: charges of periods of
 * this name that have not been invoiced, and charges of invoiced periods that have changed since. By account and number.
 *
 * @param accounts the buyers
 */
export async function* readOpenCharges(
  db: Queryable,
  accounts: readonly AccountId[],
  periodName: string,
): AsyncGenerator<readonly OpenCharge[]> {
  const own = `${SELECT}, p.from_hour as billing_from, p.to_hour as billing_to ${TABLES}
    where p.name = $2 and p.state <> 'Issued'`;
  const late = `${SELECT}, b.from_hour as billing_from, b.to_hour as billing_to ${TABLES}
    join ${NEXT_PERIODS} b on b.account_id = c.account_id
    where b.name = $2 and p.state = 'Issued' and ${changed('c')}`;
  for (const [name, select, isCorrection] of [
    ['focus-open-charges', own, false],
    ['focus-late-charges', late, true],
  ] as const) {
    let after: ChargeFacts | undefined;
    for (;;) {
      const { rows } = await db.query<OpenChargeRow>({
        name,
        text: `${select} and c.account_id = any($1::uuid[]) and m.paid
                 and ($3::uuid is null or (c.account_id, c.charge) > ($3, $4::bigint))
               order by c.account_id, c.charge limit ${PAGE}`,
        values: [accounts, periodName, after?.accountId ?? null, after?.charge.toString() ?? null],
      });
      const charges = rows.map((row) => ({
        facts: fromRow(row),
        billing: { fromHour: row.billing_from, toHour: row.billing_to },
        isCorrection,
      }));
      if (charges.length > 0) yield charges;
      after = charges.at(-1)?.facts;
      if (charges.length < PAGE) break;
    }
  }
}

function fromRow(row: ChargeRow): ChargeFacts {
  return {
    charge: row.charge,
    plan: row.plan,
    accountId: row.account_id,
    period: { name: row.period_name, fromHour: row.from_hour, toHour: row.to_hour },
    customerSubscriptionId: row.customer_subscription_id,
    customerName: row.customer_name ?? row.customer_subscription_id,
    subscriptionId: row.subscription_id,
    subscriptionName: row.subscription_name ?? row.subscription_id,
    meter: {
      id: row.commerce_meter_id,
      name: row.meter_name,
      category: row.category,
      subCategory: row.sub_category,
      unit: row.unit,
    },
    billable: row.billable,
    quantity: decimalOf(row.quantity),
    amount: row.amount === null ? undefined : decimalOf(row.amount),
    invoicedQuantity: decimalOf(row.invoiced_quantity),
    invoicedAmount: decimalOf(row.invoiced_amount),
    parts: row.parts,
    partsQuantity: decimalOf(row.parts_quantity),
  };
}

/** A line of an invoice that has some of a charge. */
export interface LineOfCharge {
  readonly invoiceId: string;
  readonly invoiceKind: InvoiceKind;
  readonly issuedAt: Instant;
  readonly number: string;
  readonly line: number;
  readonly charge: bigint;
  /** Of a cancellation: the invoice and the line that it takes back. */
  readonly cancels: { readonly invoiceId: string; readonly line: number } | undefined;
  readonly quantity: Decimal;
}

/** All lines that have some of these charges, by charge, the oldest first. */
export async function readLinesOfCharges(
  db: Queryable,
  charges: readonly bigint[],
): Promise<ReadonlyMap<bigint, readonly LineOfCharge[]>> {
  if (charges.length === 0) return new Map();
  const { rows } = await db.query<{
    invoice_id: string;
    kind: InvoiceKind;
    issued_at: Instant;
    number: string;
    line: number;
    charge: bigint;
    cancels: number | null;
    corrects: string | null;
    quantity: string;
  }>({
    name: 'focus-lines-of-charges',
    text: `select i.invoice_id, i.kind, i.issued_at, i.number, l.line, l.charge, l.cancels, i.corrects, l.quantity
           from invoice_line l join invoice i using (invoice_id)
           where l.charge = any($1::bigint[]) order by i.issued_at, i.number, l.line`,
    values: [charges.map(String)],
  });
  const lines = rows.map(({ cancels, corrects, ...row }) => ({
    invoiceId: row.invoice_id,
    invoiceKind: row.kind,
    issuedAt: row.issued_at,
    number: row.number,
    line: row.line,
    charge: row.charge,
    cancels:
      cancels === null || corrects === null ? undefined : { invoiceId: corrects, line: cancels },
    quantity: decimalOf(row.quantity),
  }));
  return Map.groupBy(lines, ({ charge }) => charge);
}

import type { Currency, SubscriptionId } from '../../kernel/index.ts';
import { decimalOf, type Tx } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import { costsOf, type Costs, type RatedPart } from './cost.ts';
import type { DetailRow } from './rows.ts';

/** Whose costs are shown: the account that buys what is used on its own subscription. */
export interface CostOwner {
  readonly accountId: AccountId;
  readonly subscriptionId: SubscriptionId;
  readonly currency: Currency;
}

interface PartRow {
  readonly charge: bigint;
  readonly period: number;
  readonly usageDay: number;
  readonly resourceKey: string;
  readonly meter: number;
  readonly subscriptionId: string;
  readonly billable: boolean;
  readonly quantity: string;
  readonly chargeQuantity: string;
  readonly chargeAmount: string | null;
}

/**
 * What the rows of a page cost. Read as the reader of the account, who sees its own charges alone: what its seller pays
 * for the same usage stays hidden.
 *
 * One step in the index by account for each day and resource of the page, and one for each of its charges.
 */
export async function readCosts(
  tx: Tx,
  { accountId, subscriptionId }: CostOwner,
  rows: readonly DetailRow[],
): Promise<Costs> {
  const places = [...new Map(rows.map((row) => [`${row.usage}${row.resourceKey}`, row])).values()];
  const { rows: found } = await tx.query<PartRow>({
    name: 'account-costs',
    text: `
      select c.charge, c.period, l.usage_day as "usageDay", l.resource_key as "resourceKey", c.meter,
             c.subscription_id as "subscriptionId", c.billable, l.quantity, c.quantity as "chargeQuantity",
             c.amount as "chargeAmount"
      from unnest($3::int[], $4::uuid[]) as place (usage_day, resource_key)
      join rated_line l on l.account_id = $1::uuid and l.usage_day = place.usage_day
                       and l.resource_key = place.resource_key
      join charge c on c.charge = l.charge and c.account_id = $1::uuid and c.customer_subscription_id = $2::uuid
      order by c.charge`,
    values: [
      accountId,
      subscriptionId,
      places.map(({ usage }) => usage),
      places.map(({ resourceKey }) => resourceKey),
    ],
  });
  const parts = found.map(toPart);
  const invoices = await readInvoiceNumbers(tx, [...new Set(parts.map(({ charge }) => charge))]);
  return costsOf(parts, (charge) => invoices.get(charge));
}

function toPart(row: PartRow): RatedPart {
  return {
    ...row,
    quantity: decimalOf(row.quantity),
    chargeQuantity: decimalOf(row.chargeQuantity),
    chargeAmount: row.chargeAmount === null ? undefined : decimalOf(row.chargeAmount),
  };
}

/** The newest invoice of each charge that has its usage, and was not taken back by a credit note. */
async function readInvoiceNumbers(
  tx: Tx,
  charges: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> {
  if (charges.length === 0) return new Map();
  const { rows } = await tx.query<{ charge: bigint; number: string }>({
    name: 'account-cost-invoices',
    text: `
      select distinct on (l.charge) l.charge, i.number
      from invoice_line l join invoice i on i.invoice_id = l.invoice_id
      where l.charge = any($1::bigint[]) and l.kind in ('usage', 'correction')
        and not exists (
          select from invoice taking
          join invoice_line back on back.invoice_id = taking.invoice_id and back.kind = 'cancellation'
          where taking.corrects = i.invoice_id)
      order by l.charge, (l.kind = 'usage') desc, i.issued_at desc`,
    values: [charges.map(String)],
  });
  return new Map(rows.map(({ charge, number }) => [charge, number]));
}

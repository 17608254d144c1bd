import { Decimal, fail, type Currency } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { PriceListContent } from '../pricing/index.ts';
import { itemsByMeter, readBillingContext, type BillingContext } from './billing-context.ts';
import { pricedMeters, type AmountChange } from './pricing-pass.ts';
import { saleTo } from './recompute.ts';
import type { Timeline } from './spans.ts';
import {
  draftTimeline,
  finishTimeline,
  hourRange,
  imaginePlansOf,
  type PeriodHours,
} from './timelines.ts';

/** Other prices for usage that has been rated. */
export interface WhatIf {
  /** Such as 202610-1. */
  readonly periodName: string;
  /** Of this buyer; of all buyers unless given. */
  readonly accountId?: AccountId | undefined;
  /** In place of every version of this price list; of every list in the same currency unless given. */
  readonly priceListId?: string | undefined;
  readonly content: PriceListContent;
}

/** What a meter of an account costs, and would cost; exact. */
export interface WhatIfLine {
  readonly accountId: AccountId;
  readonly currency: Currency;
  /** Id in commerce, in lower case. */
  readonly meterId: string;
  readonly quantity: Decimal;
  readonly before: Decimal;
  readonly after: Decimal;
  readonly difference: Decimal;
  /** Billable quantity that would have no price; it counts 0 in the amounts. */
  readonly unpriced: Decimal;
}

/**
 * What the usage of a period would have cost at other prices, markups and rates of exchange as they are. Nothing is
 * changed. By account and meter.
 *
 * @throws PriceListNotFound, PriceListInvalid when its currency is not that of the price list
 */
export async function whatIf(
  { database }: { readonly database: Database },
  { periodName, accountId, priceListId, content }: WhatIf,
): Promise<WhatIfLine[]> {
  return database.transaction(
    async (tx) => {
      const read = await readBillingContext(tx, new Map());
      const context = withPrices(read, content, priceListId);
      const { rows } = await tx.query<PeriodHours & { accountId: AccountId }>(
        `select period, account_id as "accountId", from_hour as "fromHour", to_hour as "toHour" from billing_period
         where name = $1 and ($2::uuid is null or account_id = $2) order by account_id`,
        [periodName, accountId ?? null],
      );
      const lines: WhatIfLine[] = [];
      for (const { accountId: id, period, fromHour, toHour } of rows) {
        const range = { period, ...hourRange(fromHour, toHour) };
        lines.push(...(await linesOf(tx, context, id, range)));
      }
      return lines;
    },
    { isolation: 'repeatable read' },
  );
}

/** The prices of the list, or of all lists in the same currency, give way to others. */
function withPrices(
  context: BillingContext,
  content: PriceListContent,
  priceListId: string | undefined,
): BillingContext {
  const { currencies, itemsOf } = context;
  const currency = priceListId === undefined ? content.currency : currencies.get(priceListId);
  if (currency === undefined) throw fail('PriceListNotFound', { priceList: priceListId ?? '' });
  if (currency !== content.currency) {
    const problem = `it is in ${content.currency}, and the list that it stands for in ${currency}`;
    throw fail('PriceListInvalid', { problem });
  }
  const items = Promise.resolve(itemsByMeter(content.items));
  const isReplaced = (id: string): boolean =>
    priceListId === undefined ? currencies.get(id) === currency : id === priceListId;
  return {
    ...context,
    itemsOf: (id, version) => (isReplaced(id) ? items : itemsOf(id, version)),
  };
}

async function linesOf(
  tx: Tx,
  context: BillingContext,
  accountId: AccountId,
  period: PeriodHours,
): Promise<WhatIfLine[]> {
  const sale = saleTo(context.tree, accountId);
  if (sale === undefined) return [];
  const timelines: Timeline[] = [];
  const draft = await draftTimeline(context, sale, [period]);
  const numbers = await imaginePlansOf(tx, draft.stretches);
  timelines.push(await finishTimeline(context, draft, numbers));
  const request = { source: 'charge', periods: [period.period], timelines } as const;
  const lines: WhatIfLine[] = [];
  for await (const { meterKey, charges } of pricedMeters(tx, context, request)) {
    const sums = sumsOf(charges);
    if (sums.quantity.isZero() && sums.difference.isZero()) continue;
    lines.push({ accountId, currency: sale.buyer.currency, meterId: meterKey, ...sums });
  }
  return lines;
}

function sumsOf(
  charges: readonly AmountChange[],
): Pick<WhatIfLine, 'quantity' | 'before' | 'after' | 'difference' | 'unpriced'> {
  let [quantity, before, after, unpriced] = [
    Decimal.zero,
    Decimal.zero,
    Decimal.zero,
    Decimal.zero,
  ];
  for (const { charge, after: amount } of charges) {
    if (!charge.billable) continue;
    quantity = quantity.add(charge.quantity);
    before = before.add(charge.amount ?? Decimal.zero);
    after = after.add(amount ?? Decimal.zero);
    if (amount === undefined) unpriced = unpriced.add(charge.quantity);
  }
  return { quantity, before, after, difference: after.subtract(before), unpriced };
}

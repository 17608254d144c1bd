import { Decimal, fail, roundMoney, sumOf, type Currency } from '../../kernel/index.ts';
import { priceUsage } from './engine.ts';
import type { PricedAmount, PriceItem, PriceListContent } from './price.ts';

/** Usage to be priced; several entries of one meter are added up as the scope of its price says. */
export interface QuotedUsage {
  readonly meterId: string;
  readonly quantity: Decimal;
  /** A subscription of the stamp; those without one count as one together. */
  readonly subscriptionId?: string | undefined;
}

/** What a meter costs, over the account or on one subscription. */
export interface QuoteLine extends PricedAmount {
  readonly item: PriceItem;
  readonly subscriptionId: string | undefined;
  readonly quantity: Decimal;
  /** As an invoice would have it. */
  readonly rounded: Decimal;
}

export interface Quote {
  readonly currency: Currency;
  readonly lines: readonly QuoteLine[];
  /** Sum of the exact amounts. */
  readonly amount: Decimal;
  /** Sum of the rounded lines. */
  readonly total: Decimal;
}

const ONE = Decimal.fromBigInt(1n);

/**
 * What usage of one period would cost by a price list, before terms and taxes: by the same engine that rates usage.
 *
 * @param named how the errors name the list, and the day
 * @throws MeterWithoutPrice
 */
export function quote(
  content: PriceListContent,
  usage: readonly QuotedUsage[],
  named: { readonly priceList: string; readonly date: string },
): Quote {
  const items = new Map(content.items.map((item) => [item.meterId.toLowerCase(), item]));
  const groups = new Map<string, QuotedGroup>();
  for (const { meterId, quantity, subscriptionId } of usage) {
    const item = items.get(meterId.toLowerCase());
    if (item === undefined) {
      const priceList = `'${named.priceList}'`;
      throw fail('MeterWithoutPrice', { ...named, priceList, meter: meterId });
    }
    const over = item.scope === 'subscription' ? subscriptionId?.toLowerCase() : undefined;
    const key = `${meterId.toLowerCase()}\n${over ?? ''}`;
    const before = groups.get(key)?.quantity ?? Decimal.zero;
    groups.set(key, { item, subscriptionId: over, quantity: before.add(quantity) });
  }
  const lines = [...groups.values()].map((group) => priceGroup(group, content.currency));
  return {
    currency: content.currency,
    lines,
    amount: sumOf(lines.map(({ amount }) => amount)),
    total: sumOf(lines.map(({ rounded }) => rounded)),
  };
}

interface QuotedGroup {
  readonly item: PriceItem;
  readonly subscriptionId: string | undefined;
  readonly quantity: Decimal;
}

function priceGroup(group: QuotedGroup, currency: Currency): QuoteLine {
  const { item, quantity } = group;
  const priced = priceUsage(
    item,
    { before: Decimal.zero, quantity, total: quantity },
    { factor: ONE, exchangeRate: ONE },
  );
  return { ...group, ...priced, rounded: roundMoney(priced.amount, currency) };
}

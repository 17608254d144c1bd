import fc from 'fast-check';
import { Decimal, parseCurrency } from '../../kernel/index.ts';
import {
  priceKinds,
  type Price,
  type PriceItem,
  type PriceKind,
  type PriceListContent,
  type PricedAmount,
  type PriceScale,
  type Tier,
} from './price.ts';
import { priceUsage } from './engine.ts';

/** A decimal of a test. */
export function d(text: string): Decimal {
  const number = Decimal.parse(text);
  if (number === undefined) throw new TypeError(`not a decimal: ${text}`);
  return number;
}

export const UNSCALED: PriceScale = { factor: d('1'), exchangeRate: d('1') };

export const VM = 'fab6eb84-500b-4a09-a8ca-7358f8bbaea5';
export const WINDOWS = '9cd92d4c-bafd-4492-b278-bedc2de8232a';

/** An item with a flat price of 1 unless said otherwise. */
export function itemOf(changes: Partial<PriceItem> = {}): PriceItem {
  return {
    meterId: VM,
    scope: 'account',
    price: { kind: 'flat', unitPrice: d('1') },
    included: Decimal.zero,
    ...changes,
  };
}

export function contentOf(priced: readonly PriceItem[], currency = 'USD'): PriceListContent {
  return { name: 'Test', currency: parseCurrency(currency)!, items: priced };
}

/** Kind, quantity and amount of each step, as texts. */
export function stepTexts({ steps }: PricedAmount): string[] {
  return steps.map(
    ({ kind, quantity, amount }) => `${kind} ${quantity.toText()} ${amount.toText()}`,
  );
}

/** What the first units of a period cost, when so many are used in it. */
export function costOf(item: PriceItem, quantity: string): PricedAmount {
  const used = d(quantity);
  return priceUsage(item, { before: Decimal.zero, quantity: used, total: used }, UNSCALED);
}

/** A further stretch under the price, the period's total being its end. */
export function costAfter(item: PriceItem, before: string, quantity: string): PricedAmount {
  const [start, used] = [d(before), d(quantity)];
  return priceUsage(item, { before: start, quantity: used, total: start.add(used) }, UNSCALED);
}

/** From zero to about a thousand, with digits after the point. */
export const quantities: fc.Arbitrary<Decimal> = fc
  .tuple(fc.bigInt({ min: 0n, max: 1_000_000_000n }), fc.integer({ min: 0, max: 9 }))
  .map(([digits, scale]) => Decimal.fromBigInt(digits, scale));

const figures: fc.Arbitrary<Decimal> = fc
  .tuple(fc.bigInt({ min: 0n, max: 100_000n }), fc.integer({ min: 0, max: 10 }))
  .map(([digits, scale]) => Decimal.fromBigInt(digits, scale));

const positives = figures.filter((number) => !number.isZero());

/** Bounds that rise, the last one open. */
const bounds: fc.Arbitrary<(Decimal | undefined)[]> = fc
  .array(positives, { maxLength: 4 })
  .map((lengths) => {
    let end = Decimal.zero;
    return [...lengths.map((length) => (end = end.add(length))), undefined];
  });

const tiers: fc.Arbitrary<Tier[]> = bounds.chain((ends) =>
  fc.tuple(
    ...ends.map((upTo) =>
      fc
        .tuple(figures, fc.option(figures, { nil: undefined }))
        .map(([unitPrice, fixed]) => ({ upTo, unitPrice, fixed })),
    ),
  ),
);

/** Steps that never sink, so that more never costs less. */
const steps = bounds.chain((ends) =>
  fc.tuple(...ends.map(() => figures)).map((rises) => {
    let amount = Decimal.zero;
    return ends.map((upTo, at) => {
      amount = amount.add(rises[at]!);
      return { upTo, amount };
    });
  }),
);

const prices: Readonly<Record<PriceKind, fc.Arbitrary<Price>>> = {
  flat: figures.map((unitPrice) => ({ kind: 'flat', unitPrice })),
  graduated: tiers.map((list) => ({ kind: 'graduated', tiers: list })),
  volume: tiers.map((list) => ({ kind: 'volume', tiers: list })),
  package: fc
    .tuple(positives, figures)
    .map(([size, packagePrice]) => ({ kind: 'package', size, packagePrice })),
  stairstep: steps.map((list) => ({ kind: 'stairstep', steps: list })),
  percentage: figures.map((percent) => ({ kind: 'percentage', percent })),
};

/** Items of these kinds of price, all unless given, without minimum and maximum. */
export function items(kinds: readonly PriceKind[] = priceKinds): fc.Arbitrary<PriceItem> {
  return fc
    .tuple(
      fc.oneof(...kinds.map((kind) => prices[kind])),
      fc.oneof(fc.constant(d('0')), quantities),
    )
    .map(([price, included]) => itemOf({ price, included }));
}

/** The same with bounds of the amount. */
export const boundedItems: fc.Arbitrary<PriceItem> = fc
  .tuple(items(), figures, fc.option(figures, { nil: undefined }))
  .map(([item, minimum, more]) => ({
    ...item,
    minimum,
    maximum: more === undefined ? undefined : minimum.add(more),
  }));

export const scales: fc.Arbitrary<PriceScale> = fc
  .tuple(positives, positives)
  .map(([factor, exchangeRate]) => ({ factor, exchangeRate }));

import fc from 'fast-check';
import { Decimal, parseCurrency } from '../../kernel/index.ts';
import type { Price, PriceItem, PriceListContent } from '../pricing/index.ts';

/** A decimal of a test. */
export function d(text: string): Decimal {
  const number = Decimal.parse(text);
  if (number === undefined) throw new TypeError(`not a decimal: ${text}`);
  return number;
}

/** An item with a flat price of 1 for the whole account unless said otherwise. */
export function itemOf(meterId: string, changes: Partial<PriceItem> = {}): PriceItem {
  return {
    meterId,
    scope: 'account',
    price: { kind: 'flat', unitPrice: d('1') },
    included: Decimal.zero,
    ...changes,
  };
}

export function contentOf(items: readonly PriceItem[], currency = 'USD'): PriceListContent {
  return { name: 'Test', currency: parseCurrency(currency)!, items };
}

/** Quantities as meters have them: up to some hundreds, with up to fifteen digits after the point. */
export const quantities: fc.Arbitrary<Decimal> = fc.oneof(
  fc.integer({ min: 0, max: 300 }).map((units) => Decimal.fromBigInt(BigInt(units))),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 10, max: 15 }))
    .map(([digits, scale]) => Decimal.fromBigInt(digits, scale)),
);

const figures = fc
  .tuple(fc.bigInt({ min: 0n, max: 100_000n }), fc.integer({ min: 2, max: 10 }))
  .map(([digits, scale]) => Decimal.fromBigInt(digits, scale));
const bound = fc.integer({ min: 1, max: 200 }).map((units) => Decimal.fromBigInt(BigInt(units)));

const tiers = fc
  .tuple(bound, figures, figures, fc.option(figures, { nil: undefined }))
  .map(([upTo, first, second, fixed]) => [
    { upTo, unitPrice: first },
    { upTo: undefined, unitPrice: second, ...(fixed && { fixed }) },
  ]);

const prices: fc.Arbitrary<Price> = fc.oneof(
  figures.map((unitPrice): Price => ({ kind: 'flat', unitPrice })),
  tiers.map((list): Price => ({ kind: 'graduated', tiers: list })),
  tiers.map((list): Price => ({ kind: 'volume', tiers: list })),
  fc.tuple(bound, figures).map(([size, packagePrice]): Price => ({
    kind: 'package',
    size,
    packagePrice,
  })),
  fc.tuple(bound, figures, figures).map(([upTo, first, more]): Price => ({
    kind: 'stairstep',
    steps: [
      { upTo, amount: first },
      { upTo: undefined, amount: first.add(more) },
    ],
  })),
);

/** Items of a meter, of every kind and scope, some with an included quantity, a minimum or a maximum. */
export function itemsFor(meterId: string): fc.Arbitrary<PriceItem> {
  return fc
    .record({
      scope: fc.constantFrom('account' as const, 'subscription' as const),
      price: prices,
      included: fc.oneof(fc.constant(Decimal.zero), bound),
      minimum: fc.option(figures, { nil: undefined }),
      maximum: fc.option(
        figures.map((figure) => figure.add(d('1000'))),
        { nil: undefined },
      ),
    })
    .map(({ minimum, maximum, ...rest }) =>
      itemOf(meterId, {
        ...rest,
        ...(minimum && { minimum }),
        ...(maximum && { maximum }),
      }),
    );
}

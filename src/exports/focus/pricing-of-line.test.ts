import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, sumOf } from '../../kernel/index.ts';
import { priceUsage, type Price, type PriceItem } from '../../commerce/pricing/index.ts';
import { pieceCutter, pricingOfLine } from './pricing-of-line.ts';

const d = (text: string): Decimal => Decimal.parse(text)!;
const ONE = { factor: d('1'), exchangeRate: d('1') };

function itemOf(price: Price, more: Partial<PriceItem> = {}): PriceItem {
  return { meterId: 'm', scope: 'account', price, included: Decimal.zero, ...more };
}

const graduated: Price = {
  kind: 'graduated',
  tiers: [
    { upTo: d('100'), unitPrice: d('0.1') },
    { upTo: d('1000'), unitPrice: d('0.05'), fixed: d('5') },
    { upTo: undefined, unitPrice: d('0.01') },
  ],
};

function told(quantity: string, item: PriceItem, parts: readonly string[], scale = ONE): string[] {
  const whole = d(quantity);
  const { amount } = priceUsage(
    item,
    { before: Decimal.zero, quantity: whole, total: whole },
    scale,
  );
  const line = { quantity: whole, amount, unitPrice: undefined };
  const pricing = pricingOfLine(line, { item, scale });
  const cut = pieceCutter<{ readonly quantity: Decimal }>(pricing);
  const pieces = parts
    .flatMap((part) => cut({ quantity: d(part) }))
    .map((one) => `${one.key} ${one.quantity.toText()} x ${one.unitPrice.toText()}`);
  const extras = pricing.kind === 'tiers' ? pricing.extras : [];
  return [...pieces, ...extras.map(({ what, amount: by }) => `${what} ${by.toText()}`)];
}

describe('the price of a line', () => {
  it('is the single one where the line has one', () => {
    const line = { quantity: d('12.5'), amount: d('0.1'), unitPrice: d('0.008') };
    assert.deepEqual(pricingOfLine(line, undefined), {
      kind: 'unit',
      key: 'standard',
      unitPrice: d('0.008'),
    });
  });

  it('fills tiers in the order in which the parts come', () => {
    assert.deepEqual(told('150', itemOf(graduated), ['60', '60', '30']), [
      'from-0 60 x 0.1',
      'from-0 40 x 0.1',
      'from-100 20 x 0.05',
      'from-100 30 x 0.05',
      'fixed 5',
    ]);
    const withFree = itemOf({ kind: 'flat', unitPrice: d('0.2') }, { included: d('10') });
    assert.deepEqual(told('25', withFree, ['8', '17']), [
      'included 8 x 0',
      'included 2 x 0',
      'standard 15 x 0.2',
    ]);
  });

  it('has minimums apart, and packages as an average', () => {
    const least = itemOf({ kind: 'flat', unitPrice: d('0.2') }, { minimum: d('3') });
    assert.deepEqual(told('10', least, ['10']), ['standard 10 x 0.2', 'minimum 1']);
    const packages = itemOf({ kind: 'package', size: d('10'), packagePrice: d('3') });
    assert.deepEqual(told('21', packages, ['21']), ['average 21 x 0.428571428571']);
  });

  it('is an average where usage is priced together with other usage', () => {
    const line = { quantity: d('50'), amount: d('4.4'), unitPrice: undefined };
    const terms = { item: itemOf(graduated), scale: ONE };
    const pricing = pricingOfLine(line, terms);
    assert.deepEqual(pricing, { kind: 'unit', key: 'standard', unitPrice: d('0.088') });
  });

  it('is none where quantity and amount go apart', () => {
    for (const [quantity, amount] of [
      ['0', '1'],
      ['5', '-1'],
      ['-5', '1'],
    ] as const) {
      const line = { quantity: d(quantity), amount: d(amount), unitPrice: undefined };
      assert.deepEqual(pricingOfLine(line, undefined), { kind: 'lump' });
    }
    const back = { quantity: d('-5'), amount: d('-1'), unitPrice: undefined };
    assert.deepEqual(pricingOfLine(back, undefined), {
      kind: 'unit',
      key: 'standard',
      unitPrice: d('0.2'),
    });
  });

  it('loses no quantity, and tiers sum to the amount exactly', () => {
    const positive = fc
      .integer({ min: 1, max: 2_000_000 })
      .map((number) => Decimal.fromBigInt(BigInt(number), 3));
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1, maxLength: 12 }), (parts) => {
        const item = itemOf(graduated, { included: d('20.5') });
        const quantity = sumOf(parts);
        const scale = { factor: d('1.075'), exchangeRate: d('0.93') };
        const usage = { before: Decimal.zero, quantity, total: quantity };
        const { amount } = priceUsage(item, usage, scale);
        const pricing = pricingOfLine({ quantity, amount, unitPrice: undefined }, { item, scale });
        assert.equal(pricing.kind, 'tiers');
        const cut = pieceCutter<{ readonly quantity: Decimal }>(pricing);
        const pieces = parts.map((part) => cut({ quantity: part }));
        for (const [at, its] of pieces.entries()) {
          assert.ok(sumOf(its.map((one) => one.quantity)).equals(parts[at]!));
        }
        const extras = pricing.kind === 'tiers' ? pricing.extras.map((one) => one.amount) : [];
        const costs = pieces.flat().map((one) => one.unitPrice.multiply(one.quantity));
        assert.equal(sumOf([...costs, ...extras]).toText(), amount.toText());
      }),
    );
  });

  it('takes back from the tiers that were filled last', () => {
    assert.deepEqual(told('150', itemOf(graduated), ['160', '-70', '60']), [
      'from-0 100 x 0.1',
      'from-100 60 x 0.05',
      'from-100 -60 x 0.05',
      'from-0 -10 x 0.1',
      'from-0 10 x 0.1',
      'from-100 50 x 0.05',
      'fixed 5',
    ]);
    assert.deepEqual(told('10', itemOf(graduated), ['-5', '15']), [
      'from-0 -5 x 0.1',
      'from-0 15 x 0.1',
    ]);
  });

  it('comes to the quantity of each tier, whatever signs the parts have', () => {
    const any = fc
      .integer({ min: -2_000_000, max: 2_000_000 })
      .map((number) => Decimal.fromBigInt(BigInt(number), 3));
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 12 }), (parts) => {
        const item = itemOf(graduated, { included: d('20.5') });
        const scale = { factor: d('1.075'), exchangeRate: d('0.93') };
        const quantity = sumOf(parts);
        fc.pre(!quantity.isNegative() && !quantity.isZero());
        const usage = { before: Decimal.zero, quantity, total: quantity };
        const { amount } = priceUsage(item, usage, scale);
        const pricing = pricingOfLine({ quantity, amount, unitPrice: undefined }, { item, scale });
        const cut = pieceCutter<{ readonly quantity: Decimal }>(pricing);
        const pieces = parts.flatMap((part) => {
          const its = cut({ quantity: part });
          assert.ok(sumOf(its.map((one) => one.quantity)).equals(part));
          return its;
        });
        if (pricing.kind !== 'tiers') return;
        for (const { key, quantity: wanted } of pricing.tiers) {
          const its = pieces.filter((one) => one.key === key).map((one) => one.quantity);
          assert.equal(sumOf(its).toText(), wanted.toText(), key);
        }
      }),
    );
  });

  it('leaves less than a ten-thousandth of what an average is of', () => {
    const number = fc.integer({ min: 1, max: 1_000_000_000 });
    fc.assert(
      fc.property(number, number, (units, cents) => {
        const quantity = Decimal.fromBigInt(BigInt(units), 4);
        const amount = Decimal.fromBigInt(BigInt(cents), 2);
        const pricing = pricingOfLine({ quantity, amount, unitPrice: undefined }, undefined);
        assert.equal(pricing.kind, 'unit');
        if (pricing.kind !== 'unit') return;
        const left = amount.subtract(pricing.unitPrice.multiply(quantity));
        assert.equal(left.isNegative(), false);
        assert.ok(left.compare(Decimal.fromBigInt(1n, 4)) < 0);
      }),
    );
  });
});

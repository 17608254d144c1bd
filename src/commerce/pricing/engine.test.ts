import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, sumOf } from '../../kernel/index.ts';
import { priceUsage } from './engine.ts';
import { priceKinds, type PriceItem } from './price.ts';
import {
  boundedItems,
  costAfter,
  costOf,
  d,
  itemOf,
  items,
  quantities,
  scales,
  stepTexts,
  UNSCALED,
} from './test-prices.ts';

const RUNS = { numRuns: 1000 };

describe('what usage costs', () => {
  it('takes what is included from the start of the period', () => {
    const item = itemOf({ included: d('100') });
    assert.deepEqual(stepTexts(costOf(item, '30')), ['included 30 0']);
    assert.deepEqual(stepTexts(costOf(item, '130')), ['included 100 0', 'flat 30 30']);
    assert.deepEqual(stepTexts(costAfter(item, '90', '30')), ['included 10 0', 'flat 20 20']);
    assert.deepEqual(stepTexts(costAfter(item, '100', '30')), ['flat 30 30']);
  });

  it('is multiplied by markups and the rate of exchange, steps and their prices too', () => {
    const item = itemOf({ price: { kind: 'flat', unitPrice: d('0.1') }, minimum: d('5') });
    const scale = { factor: d('1.1'), exchangeRate: d('0.9') };
    const usage = { before: d('0'), quantity: d('10'), total: d('10') };
    const priced = priceUsage(item, usage, scale);
    assert.deepEqual(stepTexts(priced), ['flat 10 0.99', 'minimum 0 3.96']);
    assert.equal(priced.steps[0]?.unitPrice?.toText(), '0.099');
    assert.equal(priced.amount.toText(), '4.95');
  });

  it('is at least the minimum and at most the maximum, by the share of the period', () => {
    const item = itemOf({ minimum: d('10'), maximum: d('20') });
    assert.deepEqual(stepTexts(costOf(item, '4')), ['flat 4 4', 'minimum 0 6']);
    assert.deepEqual(stepTexts(costOf(item, '15')), ['flat 15 15']);
    assert.deepEqual(stepTexts(costOf(item, '25')), ['flat 25 25', 'maximum 0 -5']);
    assert.deepEqual(costOf(item, '0').steps, []);
    const usage = { before: d('0'), quantity: d('4'), total: d('4') };
    const part = (hours: number) => priceUsage(item, usage, UNSCALED, { hours, of: 720 });
    assert.equal(part(360).amount.toText(), '5');
    assert.equal(part(144).amount.toText(), '4');
    assert.equal(part(1).amount.toText(), '0.02777777777777777778');
  });

  it('is owed where everything was included, when there is a minimum', () => {
    const item = itemOf({ included: d('100'), minimum: d('3') });
    assert.deepEqual(stepTexts(costOf(item, '10')), ['included 10 0', 'minimum 0 3']);
  });

  it('is given back for a quantity below zero', () => {
    const item = itemOf({ included: d('2'), minimum: d('5') });
    assert.deepEqual(stepTexts(costOf(item, '-4')), [
      'included -2 0',
      'flat -2 -2',
      'minimum 0 -3',
    ]);
    assert.deepEqual(stepTexts(costAfter(itemOf(), '10', '-4')), ['flat -4 -4']);
    assert.deepEqual(stepTexts(costAfter(itemOf(), '-2', '5')), ['flat 2 2', 'flat 3 3']);
  });

  it('has at most sixty digits after the point, and says so', () => {
    const item = itemOf({ price: { kind: 'flat', unitPrice: Decimal.fromBigInt(1n, 12) } });
    const quantity = Decimal.fromBigInt(1n, 30);
    const usage = { before: d('0'), quantity, total: quantity };
    const scale = { factor: Decimal.fromBigInt(11n, 10), exchangeRate: Decimal.fromBigInt(9n, 8) };
    assert.equal(priceUsage(item, usage, scale).amount.scale, 60);
    const longer = { ...scale, factor: Decimal.fromBigInt(11n, 11) };
    assert.throws(() => priceUsage(item, usage, longer), RangeError);
  });
});

describe('what usage costs, whatever the price', () => {
  const cost = (item: PriceItem, before: Decimal, quantity: Decimal, total: Decimal): Decimal =>
    priceUsage(item, { before, quantity, total }, UNSCALED).amount;

  it('does not change when a stretch is cut in two', () => {
    fc.assert(
      fc.property(items(), quantities, quantities, (item, one, other) => {
        const total = one.add(other);
        const whole = cost(item, Decimal.zero, total, total);
        const parts = cost(item, Decimal.zero, one, total).add(cost(item, one, other, total));
        assert.equal(parts.toText(), whole.toText());
      }),
      RUNS,
    );
  });

  it('does not depend on what comes after, but for volume prices', () => {
    const kinds = priceKinds.filter((kind) => kind !== 'volume');
    fc.assert(
      fc.property(items(kinds), quantities, quantities, (item, one, other) => {
        const alone = cost(item, Decimal.zero, one, one);
        assert.equal(cost(item, Decimal.zero, one, one.add(other)).toText(), alone.toText());
      }),
      RUNS,
    );
  });

  it('never sinks with the quantity, but for volume prices', () => {
    const kinds = priceKinds.filter((kind) => kind !== 'volume');
    fc.assert(
      fc.property(items(kinds), quantities, quantities, (item, one, more) => {
        const larger = one.add(more);
        const [less, rest] = [cost(item, d('0'), one, one), cost(item, d('0'), larger, larger)];
        assert.ok(less.compare(rest) <= 0, `${less.toText()} > ${rest.toText()}`);
      }),
      RUNS,
    );
  });

  it('is nothing up to what is included, and then as if counting began there', () => {
    fc.assert(
      fc.property(items(), quantities, (item, quantity) => {
        const free = { ...item, included: d('0') };
        const total = quantity.add(item.included);
        assert.ok(cost(item, d('0'), item.included, item.included).isZero());
        const after = cost(item, d('0'), total, total);
        assert.equal(after.toText(), cost(free, d('0'), quantity, quantity).toText());
      }),
      RUNS,
    );
  });

  it('is the sum of its steps, whose quantities are the quantity', () => {
    fc.assert(
      fc.property(boundedItems, quantities, quantities, scales, (item, before, quantity, scale) => {
        const usage = { before, quantity, total: before.add(quantity) };
        const { amount, steps } = priceUsage(item, usage, scale, { hours: 100, of: 672 });
        assert.equal(sumOf(steps.map((step) => step.amount)).toText(), amount.toText());
        assert.equal(sumOf(steps.map((step) => step.quantity)).toText(), quantity.toText());
      }),
      RUNS,
    );
  });

  it('is multiplied by the scale as a whole', () => {
    fc.assert(
      fc.property(boundedItems, quantities, scales, (item, quantity, scale) => {
        const usage = { before: d('0'), quantity, total: quantity };
        const bare = priceUsage(item, usage, UNSCALED).amount;
        const scaled = bare.multiply(scale.factor).multiply(scale.exchangeRate);
        assert.equal(priceUsage(item, usage, scale).amount.toText(), scaled.toText());
      }),
      RUNS,
    );
  });

  it('stays between minimum and maximum where something was used', () => {
    fc.assert(
      fc.property(boundedItems, quantities, (item, quantity) => {
        const amount = cost(item, d('0'), quantity, quantity);
        if (quantity.isZero()) return assert.ok(amount.isZero());
        assert.ok(amount.compare(item.minimum!) >= 0);
        assert.ok(item.maximum === undefined || amount.compare(item.maximum) <= 0);
      }),
      RUNS,
    );
  });

  it('is the opposite for the opposite quantity', () => {
    fc.assert(
      fc.property(boundedItems, quantities, (item, quantity) => {
        const opposite = quantity.negate();
        const amount = cost(item, d('0'), quantity, quantity);
        assert.equal(cost(item, d('0'), opposite, opposite).toText(), amount.negate().toText());
      }),
      RUNS,
    );
  });
});

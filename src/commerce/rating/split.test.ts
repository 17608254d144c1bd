import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sumOf } from '../../kernel/index.ts';
import { splitAmount } from './split.ts';
import { d, quantities } from './test-prices.ts';

function texts(amount: string, of: readonly string[], prices: readonly string[] = []): string[] {
  return splitAmount(d(amount), of.map(d), prices.map(d)).map((share) => share.toText());
}

describe('splitAmount', () => {
  it('gives each charge its quantity times the price where every unit costs the same', () => {
    assert.deepEqual(texts('0.01', ['0.5', '0.5'], ['0.01']), ['0.005', '0.005']);
    assert.deepEqual(texts('0.1', ['0.000000000000001', '9.999999999999999'], ['0.01']), [
      '0.00000000000000001',
      '0.09999999999999999',
    ]);
  });

  it('gives the unit that is left to the largest remainder, the first of equals', () => {
    assert.deepEqual(texts('10', ['1', '1', '1']), [
      '3.333333333334',
      '3.333333333333',
      '3.333333333333',
    ]);
  });

  it('gives nothing to what used nothing, unless nobody used anything', () => {
    assert.deepEqual(texts('3', ['0', '2', '1']), ['0', '2', '1']);
    assert.deepEqual(texts('3', ['0', '0']), ['1.5', '1.5']);
    assert.deepEqual(texts('3', ['0']), ['3']);
    assert.deepEqual(texts('3', []), []);
  });

  it('loses nothing, whatever is split', () => {
    fc.assert(
      fc.property(
        quantities,
        fc.array(quantities, { minLength: 1, maxLength: 12 }),
        fc.array(quantities, { maxLength: 3 }),
        (amount, shares, prices) => {
          const split = splitAmount(amount, shares, prices);
          assert.equal(split.length, shares.length);
          assert.equal(sumOf(split).toText(), amount.toText());
          assert.ok(split.every((share) => !share.isNegative()));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('is to the last digit what each costs by itself at a flat price', () => {
    fc.assert(
      fc.property(quantities, fc.array(quantities, { minLength: 1 }), (price, shares) => {
        const amount = price.multiply(sumOf(shares));
        fc.pre(!sumOf(shares).isZero());
        assert.deepEqual(
          splitAmount(amount, shares, [price]).map(String),
          shares.map((quantity) => price.multiply(quantity).toText()),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

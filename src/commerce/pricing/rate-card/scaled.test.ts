import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Decimal } from '../../../kernel/index.ts';
import { priceUsage } from '../engine.ts';
import { boundedItems, d, itemOf, quantities, scales, UNSCALED } from '../test-prices.ts';
import { scaledItem } from './scaled.ts';

describe('a price as it is paid', () => {
  it('comes to the same as the price of the list with markups and exchange, whatever its kind', () => {
    fc.assert(
      fc.property(boundedItems, scales, quantities, quantities, (item, scale, before, quantity) => {
        const usage = { before, quantity, total: before.add(quantity) };
        const paid = priceUsage(scaledItem(item, scale), usage, UNSCALED);
        assert.equal(paid.amount.toText(), priceUsage(item, usage, scale).amount.toText());
      }),
      { numRuns: 1000 },
    );
  });

  it('has 30 digits where it would need more than a number has', () => {
    const long = (digits: number): Decimal => d(`1.${'0'.repeat(digits - 1)}1`);
    const item = itemOf({ price: { kind: 'flat', unitPrice: long(12) } });
    const { price } = scaledItem(item, { factor: long(56), exchangeRate: d('3') });
    assert.deepEqual(price, { kind: 'flat', unitPrice: d('3.000000000003') });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costAfter, costOf, d, itemOf, stepTexts } from '../test-prices.ts';

describe('a flat price', () => {
  const item = itemOf({ price: { kind: 'flat', unitPrice: d('0.008') } });

  it('is the same for every unit, and exact', () => {
    assert.deepEqual(stepTexts(costOf(item, '1234.000000001')), [
      'flat 1234.000000001 9.872000000008',
    ]);
    assert.deepEqual(stepTexts(costAfter(item, '1000', '0.5')), ['flat 0.5 0.004']);
    assert.deepEqual(costOf(item, '0').steps, []);
  });
});

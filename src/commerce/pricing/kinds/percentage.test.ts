import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costOf, d, itemOf, stepTexts } from '../test-prices.ts';

describe('a percentage', () => {
  it('is a share of an amount of money, exact', () => {
    const item = itemOf({ price: { kind: 'percentage', percent: d('2.5') } });
    assert.deepEqual(stepTexts(costOf(item, '199.99')), ['percentage 199.99 4.99975']);
    assert.equal(costOf(item, '1').steps[0]?.unitPrice?.toText(), '0.025');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costAfter, costOf, d, itemOf, stepTexts } from '../test-prices.ts';

describe('a price for packages', () => {
  const item = itemOf({ price: { kind: 'package', size: d('10'), packagePrice: d('3') } });

  it('charges a package that is begun', () => {
    assert.deepEqual(stepTexts(costOf(item, '0.1')), ['package 0.1 3']);
    assert.deepEqual(stepTexts(costOf(item, '10')), ['package 10 3']);
    assert.deepEqual(stepTexts(costOf(item, '10.01')), ['package 10.01 6']);
    assert.equal(costOf(item, '25').steps[0]?.packages?.toText(), '3');
  });

  it('charges one begun before no second time', () => {
    assert.deepEqual(stepTexts(costAfter(item, '5', '5')), ['package 5 0']);
    assert.deepEqual(stepTexts(costAfter(item, '5', '6')), ['package 6 3']);
  });
});

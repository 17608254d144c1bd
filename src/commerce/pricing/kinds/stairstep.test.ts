import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costAfter, costOf, d, itemOf, stepTexts } from '../test-prices.ts';

describe('a staircase', () => {
  const item = itemOf({
    price: {
      kind: 'stairstep',
      steps: [
        { upTo: d('10'), amount: d('20') },
        { upTo: d('50'), amount: d('80') },
        { upTo: undefined, amount: d('100') },
      ],
    },
  });

  it('costs what the step says on which the quantity stands, and nothing for nothing', () => {
    assert.deepEqual(costOf(item, '0').steps, []);
    assert.deepEqual(stepTexts(costOf(item, '0.5')), ['step 0.5 20']);
    assert.deepEqual(stepTexts(costOf(item, '10')), ['step 10 20']);
    assert.deepEqual(stepTexts(costOf(item, '10.1')), ['step 10.1 80']);
    assert.deepEqual(stepTexts(costOf(item, '999')), ['step 999 100']);
  });

  it('costs a stretch what it climbs', () => {
    assert.deepEqual(stepTexts(costAfter(item, '5', '20')), ['step 20 60']);
    assert.deepEqual(stepTexts(costAfter(item, '11', '1')), ['step 1 0']);
  });
});

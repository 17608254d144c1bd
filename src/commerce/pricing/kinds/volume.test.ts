import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { priceUsage } from '../engine.ts';
import { costOf, d, itemOf, stepTexts, UNSCALED } from '../test-prices.ts';

describe('a volume price', () => {
  const item = itemOf({
    price: {
      kind: 'volume',
      tiers: [
        { upTo: d('100'), unitPrice: d('0.1') },
        { upTo: undefined, unitPrice: d('0.05'), fixed: d('2') },
      ],
    },
  });

  it('prices everything in the tier in which the total ends', () => {
    assert.deepEqual(stepTexts(costOf(item, '100')), ['tier 100 10']);
    assert.deepEqual(stepTexts(costOf(item, '101')), ['tier 101 7.05']);
  });

  it('prices a stretch in the tier of the whole period, and its fixed part once', () => {
    const stretch = (before: string, quantity: string) =>
      priceUsage(item, { before: d(before), quantity: d(quantity), total: d('300') }, UNSCALED);
    assert.deepEqual(stepTexts(stretch('0', '50')), ['tier 50 4.5']);
    assert.deepEqual(stepTexts(stretch('50', '250')), ['tier 250 12.5']);
  });

  it('finds the tier after what is included', () => {
    assert.deepEqual(stepTexts(costOf({ ...item, included: d('50') }, '150')), [
      'included 50 0',
      'tier 100 10',
    ]);
  });
});

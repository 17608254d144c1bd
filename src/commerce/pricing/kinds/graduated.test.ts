import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { costAfter, costOf, d, itemOf, stepTexts } from '../test-prices.ts';

describe('a graduated price', () => {
  const item = itemOf({
    price: {
      kind: 'graduated',
      tiers: [
        { upTo: d('100'), unitPrice: d('0.1') },
        { upTo: d('1000'), unitPrice: d('0.05'), fixed: d('5') },
        { upTo: undefined, unitPrice: d('0.01') },
      ],
    },
  });

  it('prices each part in its own tier, the bound belonging to the lower one', () => {
    assert.deepEqual(stepTexts(costOf(item, '100')), ['tier 100 10']);
    assert.deepEqual(stepTexts(costOf(item, '100.5')), ['tier 100 10', 'tier 0.5 5.025']);
    assert.deepEqual(stepTexts(costOf(item, '1500')), ['tier 100 10', 'tier 900 50', 'tier 500 5']);
    assert.equal(costOf(item, '1500').amount.toText(), '65');
  });

  it('tells the bounds, price and fixed part of each tier', () => {
    const [, second] = costOf(item, '150').steps;
    assert.equal(second?.from?.toText(), '100');
    assert.equal(second.upTo?.toText(), '1000');
    assert.equal(second.unitPrice?.toText(), '0.05');
    assert.equal(second.fixed?.toText(), '5');
  });

  it('charges the fixed part once, to the stretch that enters the tier', () => {
    assert.deepEqual(stepTexts(costAfter(item, '50', '100')), ['tier 50 5', 'tier 50 7.5']);
    assert.deepEqual(stepTexts(costAfter(item, '100', '10')), ['tier 10 5.5']);
    assert.deepEqual(stepTexts(costAfter(item, '110', '10')), ['tier 10 0.5']);
  });
});

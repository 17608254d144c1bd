import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, sumOf } from '../../kernel/index.ts';
import { priceUsage } from './engine.ts';
import { quote } from './quote.ts';
import { contentOf, d, itemOf, items, quantities, UNSCALED, VM, WINDOWS } from './test-prices.ts';

const NAMED = { priceList: 'test', date: '2026-11-01' };

describe('a quote', () => {
  const content = contentOf([
    itemOf({ price: { kind: 'flat', unitPrice: d('0.005') }, included: d('1') }),
    itemOf({ meterId: WINDOWS, scope: 'subscription', included: d('1') }),
  ]);

  it('counts a meter over the account or over each subscription, as its price says', () => {
    const usage = ['a', 'A', 'b'].flatMap((subscriptionId) =>
      [VM.toUpperCase(), WINDOWS].map((meterId) => ({ meterId, quantity: d('2'), subscriptionId })),
    );
    const { lines, amount, total } = quote(content, usage, NAMED);
    assert.deepEqual(
      lines.map((line) => [line.subscriptionId, line.quantity.toText(), line.amount.toText()]),
      [
        [undefined, '6', '0.025'],
        ['a', '4', '3'],
        ['b', '2', '1'],
      ],
    );
    // Half to even, once for each line.
    assert.deepEqual(
      lines.map(({ rounded }) => rounded.toText()),
      ['0.02', '3', '1'],
    );
    assert.deepEqual([amount.toText(), total.toText()], ['4.025', '4.02']);
  });

  it('refuses a meter that has no price', () => {
    const usage = [{ meterId: 'other', quantity: d('1') }];
    assert.throws(() => quote(content, usage, NAMED), { code: 'MeterWithoutPrice' });
  });

  it('is what the engine says', () => {
    fc.assert(
      fc.property(items(), fc.array(quantities, { maxLength: 4 }), (item, parts) => {
        const usage = parts.map((quantity) => ({ meterId: item.meterId, quantity }));
        const total = sumOf(parts);
        const priced = priceUsage(item, { before: Decimal.zero, quantity: total, total }, UNSCALED);
        const { amount } = quote(contentOf([item]), usage, NAMED);
        assert.equal(amount.toText(), priced.amount.toText());
      }),
      { numRuns: 1000 },
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { boundedItems, contentOf } from '../test-prices.ts';
import { parsePriceList, priceListToWire } from './content.ts';

function problemsOf(value: unknown): string[] {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return parsePriceList(text).problems.map(({ place, problem }) => `${place}: ${problem}`);
}

const flat = { kind: 'flat', unitPrice: '0.008' };
const listOf = (...items: readonly object[]): object => ({ name: 'x', currency: 'eur', items });

describe('the file of a price list', () => {
  it('is read with what may be left out', () => {
    const { content } = parsePriceList(JSON.stringify(listOf({ meterId: 'm', price: flat })));
    const [item] = content?.items ?? [];
    assert.equal(content?.currency, 'EUR');
    assert.deepEqual([item?.scope, item?.included.toText()], ['account', '0']);
    assert.deepEqual([item?.minimum, item?.maximum, item?.name], [undefined, undefined, undefined]);
  });

  it('is read back as it was written', () => {
    fc.assert(
      fc.property(boundedItems, (item) => {
        const wire = priceListToWire(contentOf([item]));
        const { content, problems } = parsePriceList(JSON.stringify(wire));
        assert.deepEqual(problems, []);
        assert.deepEqual(priceListToWire(content!), wire);
      }),
      { numRuns: 1000 },
    );
  });

  it('has decimals as texts: a JSON number is refused, and it is said why', () => {
    const [problem, ...others] = problemsOf(
      listOf({ meterId: 'm', price: { kind: 'flat', unitPrice: 0.008 } }),
    );
    assert.match(problem!, /^\$\.items\[0\]\.price\.unitPrice: it is a JSON number.*"0\.008"$/);
    assert.deepEqual(others, []);
  });

  it('is told everything that is wrong with it, each with its place', () => {
    const items = [
      { meterID: 'm', price: flat },
      { meterId: 'm', price: { kind: 'flat', unitPrice: '1,5' }, scope: 'all', minimum: '1e' },
      { meterId: 'n', price: { kind: 'tiered' } },
      { meterId: 'o', price: { kind: 'flat', unitPrice: '1', tiers: [] } },
      { meterId: 'p', price: { kind: 'graduated', tiers: [] } },
      { meterId: 'q', price: { kind: 'package', size: '10', packagePrice: '0.0000000000001' } },
      'r',
    ];
    const places = parsePriceList(JSON.stringify({ currency: 'XQQ', items, tax: 1 })).problems.map(
      ({ place }) => place,
    );
    assert.deepEqual(places, [
      '$.tax',
      '$.name',
      '$.currency',
      '$.items[0].meterID',
      '$.items[0].meterId',
      '$.items[1].scope',
      '$.items[1].price.unitPrice',
      '$.items[1].minimum',
      '$.items[2].price.kind',
      '$.items[3].price.tiers',
      '$.items[4].price.tiers',
      '$.items[5].price.packagePrice',
      '$.items[6]',
    ]);
  });

  it('may say where tiers begin, and is told of gaps and overlaps', () => {
    const tiers = [
      { upTo: '10', unitPrice: '2' },
      { from: '11', upTo: '20', unitPrice: '1' },
      { from: '19', unitPrice: '1' },
    ];
    assert.deepEqual(problemsOf(listOf({ meterId: 'm', price: { kind: 'volume', tiers } })), [
      '$.items[0].price.tiers[1].from: there is a gap: nothing has a price from 10 to 11',
      '$.items[0].price.tiers[2].from: it overlaps with what goes up to 20',
    ]);
    const right = [
      { from: '0', upTo: '10', unitPrice: '2' },
      { from: '10', upTo: null, unitPrice: '1' },
    ];
    const price = { kind: 'graduated', tiers: right };
    assert.deepEqual(problemsOf(listOf({ meterId: 'm', price })), []);
  });

  it('is told what no price list can be', () => {
    assert.match(problemsOf('{')[0]!, /^\$: it is not valid JSON/);
    assert.deepEqual(problemsOf('[]'), ['$: it has to be an object']);
    assert.deepEqual(problemsOf(listOf()), ['$.items: it has to have something in it']);
  });
});

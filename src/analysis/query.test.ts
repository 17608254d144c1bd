import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StackmeterError } from '../kernel/index.ts';
import { parameterLists } from './parameters.ts';
import { canonicalOf, readAnalysisQuery, type AnalysisOffer, type AnalysisQuery } from './query.ts';
import { parseTagFilter, partsOfResourceGroup, resourceGroupKey, tagFilterText } from './words.ts';

const OFFER: AnalysisOffer = {
  dimensions: ['subscription', 'resourceGroup', 'resource', 'meter', 'location'],
  granularities: ['none', 'hour', 'day', 'month'],
  others: ['account'],
};
const MARCH = 'from=2026-03-01&to=2026-04-01';
const ID = '22222222-0000-4000-8000-00000000000A';

const read = (query: string): AnalysisQuery => readAnalysisQuery(parameterLists(query), OFFER);

describe('a question of analysis', () => {
  it('has defaults for all but its range', () => {
    assert.deepEqual(read(MARCH), {
      from: 492_312,
      to: 492_312 + 31 * 24,
      granularity: 'day',
      groupBy: 'meter',
      filters: [],
      search: '',
      order: 'amount',
      top: 10,
      limit: 50,
      skipToken: undefined,
    });
  });

  it('takes names of parameters and fixed words in any case, and times with an offset', () => {
    const asked = read(
      'FROM=2026-03-01T01:00:00%2B01:00&To=2026-04-01T00:00Z&GroupBy=RESOURCEGROUP&granularity=Month&order=NAME&limit=1000&top=0',
    );
    assert.equal(asked.from, 492_312);
    assert.equal(asked.groupBy, 'resourceGroup');
    assert.equal(asked.granularity, 'month');
    assert.deepEqual([asked.order, asked.limit, asked.top], ['name', 1000, 0]);
  });

  it('takes filters as often as they come, each value in the form in which it compares', () => {
    const { filters } = read(
      `${MARCH}&subscription=${ID}&location=West&location=east&location=WEST&tag=Env:Prod&tag=env:&tag=a%5C:b:c:d`,
    );
    assert.deepEqual(filters, [
      { by: 'subscription', values: [ID.toLowerCase()] },
      { by: 'location', values: ['east', 'west'] },
      { by: 'tag:env', values: ['', 'Prod'] },
      { by: 'tag:a:b', values: ['c:d'] },
    ]);
  });

  const refused: [string, string, string][] = [
    ['to=2026-04-01', 'from', 'missing'],
    ['from=2026-03-01', 'to', 'missing'],
    ['from=2026-04-01&to=2026-04-01', 'from', 'before'],
    ['from=2026-03-01T00:30Z&to=2026-04-01', 'from', 'on the hour'],
    ['from=1960-01-01&to=2026-04-01', 'from', '1970'],
    ['from=2020-01-01&to=2026-04-01', 'from', '1,100 days'],
    [`from=2026-03-01&to=2026-04-02&granularity=hour`, 'from', '31 days'],
    [`${MARCH}&granularity=week`, 'granularity', 'none, hour, day, month'],
    [`${MARCH}&groupBy=service`, 'groupBy', 'tag:NAME'],
    [`${MARCH}&groupBy=tag:`, 'groupBy', 'tag:NAME'],
    [`${MARCH}&subscription=everybody`, 'subscription', 'GUID'],
    [`${MARCH}&tag=env`, 'tag', 'NAME:VALUE'],
    [`${MARCH}&tag=:x`, 'tag', 'NAME:VALUE'],
    [`${MARCH}&resourceName=x`, 'resourcename', 'no such parameter'],
    [`${MARCH}&service=x`, 'service', 'no such parameter'],
    [`${MARCH}&limit=1001`, 'limit', '1 to 1000'],
    [`${MARCH}&limit=-1`, 'limit', '1 to 1000'],
    [`${MARCH}&top=26`, 'top', '0 to 25'],
    [`${MARCH}&order=amount`, 'order', '-amount, name'],
    [`${MARCH}&search=${'x'.repeat(201)}`, 'search', '200'],
    [`${MARCH}&search=a%00b`, 'search', '200'],
    [`${MARCH}&search=a&search=b`, 'search', 'once'],
    [`${MARCH}${'&location=a'.repeat(200)}`, 'location', '200'],
  ];
  for (const [query, parameter, rule] of refused) {
    it(`refuses ${query.slice(0, 60)} and says why`, () => {
      assert.throws(
        () => read(query),
        (error) => {
          assert.ok(error instanceof StackmeterError);
          assert.equal(error.code, 'InvalidProperty');
          assert.ok(error.message.includes(parameter), error.message);
          assert.ok(error.message.includes(rule), error.message);
          return true;
        },
      );
    });
  }

  it('refuses what is no time as such', () => {
    assert.throws(() => read('from=yesterday&to=2026-04-01'), { code: 'BadRequest' });
  });

  it('is the same text however its filters are ordered, and another one where it differs', () => {
    const a = canonicalOf(read(`${MARCH}&location=a&location=b&meter=M`));
    assert.equal(a, canonicalOf(read(`${MARCH}&meter=m&location=b&location=a&limit=3`)));
    assert.notEqual(a, canonicalOf(read(`${MARCH}&location=a&meter=m`)));
  });

  it('answers any text with a question or an error of the catalogue', () => {
    const names = ['from', 'to', 'groupBy', 'tag', 'limit', 'location', 'search', 'x'];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...names), fc.string({ unit: 'binary' }))),
        (pairs) => {
          const query = pairs.map(
            ([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`,
          );
          try {
            read(`${MARCH}&${query.join('&')}`);
          } catch (error) {
            assert.ok(error instanceof StackmeterError, String(error));
          }
        },
      ),
    );
  });
});

describe('words of filters', () => {
  it('read the filter of a tag back, whatever its name and value', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (name, value) => {
        assert.deepEqual(parseTagFilter(tagFilterText(name, value)), { name, value });
      }),
    );
  });

  it('find the resource group of its key, and a mere name in any subscription', () => {
    const id = ID.toLowerCase();
    const key = resourceGroupKey(ID, 'My-ΣΑΣ');
    assert.deepEqual(partsOfResourceGroup(key), { subscriptionId: id, name: 'my-σασ' });
    assert.deepEqual(partsOfResourceGroup(key.toUpperCase()), {
      subscriptionId: id,
      name: 'my-σασ',
    });
    assert.deepEqual(partsOfResourceGroup(resourceGroupKey(ID, '')), {
      subscriptionId: id,
      name: '',
    });
    assert.deepEqual(partsOfResourceGroup('Mine'), { subscriptionId: undefined, name: 'mine' });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { tagsOf, toPlace } from './place.ts';
import { amountOfMonth, spanOf } from './span.ts';

const emitted = (resourceUri: string, tags = ''): Parameters<typeof toPlace>[0] => ({
  subscriptionId: '22222222-0000-4000-8000-000000000001',
  resourceKey: '33333333-0000-4000-8000-000000000001',
  resourceUri,
  location: 'West',
  tags,
});

describe('a place of usage', () => {
  it('is the URI taken apart, names apart from what they compare by', () => {
    const uri =
      '/subscriptions/22222222-0000-4000-8000-000000000001/resourceGroups/ΗΣ/providers/Microsoft.Sql/servers/S1/databases/Db';
    const place = toPlace(emitted(uri));
    assert.deepEqual(
      [place.name, place.nameKey, place.resourceGroupName, place.resourceGroup, place.location],
      ['Db', 'db', 'ΗΣ', 'ησ', 'west'],
    );
    assert.deepEqual(
      [place.resourceTypeName, place.resourceType],
      ['Microsoft.Sql/servers/databases', 'microsoft.sql/servers/databases'],
    );
    assert.equal(toPlace(emitted(uri.toUpperCase())).resource, place.resource);
    assert.notEqual(toPlace(emitted(`${uri}2`)).resource, place.resource);
  });

  it('is there for a text that is no URI of a resource, too', () => {
    const { name, resourceGroup, resourceType } = toPlace(emitted('anything at/all'));
    assert.deepEqual([name, resourceGroup, resourceType], ['all', '', '']);
  });

  it('has the tags of any text: none where it is no JSON object, else texts that the database keeps', () => {
    const values = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json({ stringUnit: 'binary' }),
      fc
        .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue())
        .map((tags) => JSON.stringify(tags)),
    );
    fc.assert(
      fc.property(values, (text) => {
        for (const [name, value] of Object.entries(tagsOf(text))) {
          assert.equal(typeof value, 'string');
          assert.ok((name + value).isWellFormed() && !(name + value).includes('\0'));
        }
      }),
    );
    assert.deepEqual(tagsOf('{"A":"x","a":"y","n":null,"t":true,"l":[1,"2"],"d":1.50}'), {
      a: 'x',
      n: '',
      t: 'true',
      l: '[1,"2"]',
      d: '1.5',
    });
    for (const none of ['', 'null', '"a"', '[{"a":"b"}]', '{a:1}', '['.repeat(100_000)]) {
      assert.deepEqual(tagsOf(none), {});
    }
  });
});

describe('a span of time', () => {
  it('is whole days and hours at its ends, together each hour once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500_000 }),
        fc.integer({ min: 1, max: 200 }),
        (from, length) => {
          const { fromDay, toDay, edges } = spanOf(from, from + length);
          const hours: number[] = [];
          const add = (first: number, last: number): void => {
            for (let hour = first; hour < last; hour++) hours.push(hour);
          };
          add(fromDay * 24, toDay * 24);
          for (const { day, fromHour, toHour } of edges)
            add(day * 24 + fromHour, day * 24 + toHour);
          assert.deepEqual(
            hours.toSorted((a, b) => a - b),
            Array.from({ length }, (_, at) => from + at),
          );
        },
      ),
    );
  });

  it('takes the total of a whole month, and the days of one that it has in part', () => {
    const day = (text: string): number =>
      Temporal.Instant.from(`${text}T00:00Z`).epochMilliseconds / 3_600_000;
    assert.equal(amountOfMonth(spanOf(day('2026-02-01'), day('2026-04-01'))), 'total');
    const part = amountOfMonth(spanOf(day('2026-01-30'), day('2026-03-02')));
    assert.match(part, /^case month when 672 then .*d30.*d31.* when 674 then d1 else total end$/);
  });
});

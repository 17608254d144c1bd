/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSearch, stringifySearch } from '../../app/address.ts';
import { drillDown, nextDimension, withFilter, withoutFilter } from './drill-down.ts';
import { chartKindFor, chartKindsFor, granularitiesFor, isPlausible, stepsOf } from './period.ts';
import { chosenGranularity, offeredGranularities, periodOf, presetOf } from './range.ts';
import {
  dimensions,
  filtersOf,
  groupByOf,
  needsMeter,
  parseFilter,
  printFilter,
  readAnalysisSearch,
  tagFilter,
  type AnalysisSearch,
} from './search.ts';

const text = fc.string({ minLength: 1, maxLength: 20 }).filter((one) => one.isWellFormed());
const filter = fc.oneof(
  fc
    .tuple(fc.constantFrom(...dimensions), text)
    .map(([dimension, value]) => ({ dimension, value })),
  fc.tuple(text, fc.string({ maxLength: 9 })).map(([name, value]) => tagFilter(name, value)),
);

const TODAY = '2026-11-24';
const read = (address: string): AnalysisSearch => readAnalysisSearch(parseSearch(address));

describe('the address of an analysis', () => {
  it('gives back every filter', () => {
    fc.assert(
      fc.property(fc.uniqueArray(filter, { selector: printFilter, maxLength: 8 }), (filters) => {
        const search = filters.reduce<AnalysisSearch>(withFilter, {});
        assert.deepEqual(filtersOf(read(stringifySearch(search))), filters);
        const none = filters.reduce<AnalysisSearch>(withoutFilter, search);
        assert.equal(none.filters, undefined);
      }),
    );
  });

  it('is read without what has no meaning', () => {
    const search = read(
      '?period=ever&from=2026-13-30&groupBy=colour&filters=meter%3D&filters=color%3Dred&filters=tag%3Dx&chart=pie&view=both',
    );
    assert.ok(Object.values(search).every((one) => one === undefined));
    assert.equal(groupByOf('usage', search), 'meter');
    assert.equal(presetOf(search), 'last30');
  });

  it('keeps what belongs to cost out of usage', () => {
    assert.equal(groupByOf('usage', { groupBy: 'service' }), 'meter');
    assert.equal(groupByOf('cost', { groupBy: 'service' }), 'service');
    assert.equal(groupByOf('usage', { groupBy: 'tag:costcenter' }), 'tag:costcenter');
  });

  it('bounds what it takes', () => {
    const many = Array.from({ length: 60 }, (_, at) => `meter=${at}`);
    assert.equal(read(stringifySearch({ filters: many })).filters?.length, 40);
    assert.equal(read(`?search=${'x'.repeat(900)}`).search?.length, 200);
  });
});

describe('a filter', () => {
  it('escapes what parts the name of a tag from its value', () => {
    assert.equal(printFilter(tagFilter('a:b\\c', 'd:e')), 'tag=a\\:b\\\\c:d:e');
    assert.deepEqual(parseFilter('tag=team:'), { dimension: 'tag', value: 'team:' });
  });

  it('by exactly one meter is needed to add quantities up', () => {
    const meter = (id: string): string => `meter=${id}`;
    assert.ok(!needsMeter('usage', {}));
    assert.ok(needsMeter('usage', { groupBy: 'location' }));
    assert.ok(!needsMeter('usage', { groupBy: 'location', filters: [meter('a')] }));
    assert.ok(needsMeter('usage', { groupBy: 'location', filters: [meter('a'), meter('b')] }));
    assert.ok(!needsMeter('cost', { groupBy: 'location' }));
  });
});

describe('going into a group', () => {
  it('divides it by the next finer dimension that is not filtered on', () => {
    const first = drillDown('usage', { search: 'vm', period: 'last7' }, 'm-1');
    assert.deepEqual(first?.filters, ['meter=m-1']);
    assert.equal(first.groupBy, 'subscription');
    assert.equal(first.search, undefined);
    assert.equal(first.period, 'last7');
    const second = drillDown('usage', first, 's-1');
    assert.equal(second?.groupBy, 'resourceGroup');
    assert.equal(nextDimension('usage', { groupBy: 'resource' }), undefined);
    assert.equal(drillDown('usage', { groupBy: 'resource' }, 'r'), undefined);
  });

  it('comes to an end, and never asks for what is fixed already', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('usage' as const, 'cost' as const),
        fc.constantFrom(...dimensions, 'tag:team' as const),
        (kind, groupBy) => {
          let search: AnalysisSearch | undefined = { groupBy };
          for (let steps = 0; search !== undefined; steps++) {
            assert.ok(steps <= dimensions.length);
            const fixed: string[] = filtersOf(search).map((one) => one.dimension);
            assert.ok(!fixed.includes(groupByOf(kind, search)));
            search = drillDown(kind, search, 'key');
          }
        },
      ),
    );
  });

  it('has no way into what has no key', () => {
    assert.equal(drillDown('cost', { groupBy: 'location' }, ''), undefined);
    const tagged = drillDown('cost', { groupBy: 'tag:team' }, '');
    assert.deepEqual(tagged?.filters, ['tag=team:']);
  });
});

describe('the range', () => {
  it('is that of the days where no name is given', () => {
    const search = { from: '2026-03-01', to: '2026-04-01' };
    assert.equal(presetOf(search), undefined);
    assert.deepEqual(periodOf(search, TODAY), search);
    assert.equal(presetOf({ from: '2026-04-01', to: '2026-03-01' }), 'last30');
  });

  it('is shown in steps that can be had', () => {
    const year = { from: '2025-01-01', to: '2026-06-01' };
    assert.deepEqual(granularitiesFor(year, offeredGranularities.usage), ['month', 'none']);
    assert.equal(chosenGranularity('usage', { ...year, granularity: 'hour' }, TODAY), 'month');
    assert.equal(chosenGranularity('usage', { granularity: 'hour' }, TODAY), 'hour');
    assert.equal(chosenGranularity('cost', { granularity: 'hour' }, TODAY), 'day');
  });

  it('is drawn in bars as long as they can be told apart', () => {
    const month = { from: '2026-10-01', to: '2026-11-01' };
    assert.equal(stepsOf(month, 'day'), 31);
    assert.equal(chartKindFor(undefined, stepsOf(month, 'day')), 'bars');
    assert.equal(chartKindFor('lines', stepsOf(month, 'day')), 'lines');
    assert.equal(stepsOf(month, 'hour'), 744);
    assert.equal(chartKindFor('bars', stepsOf(month, 'hour')), 'lines');
    assert.deepEqual(chartKindsFor(stepsOf(month, 'hour')), ['lines']);
    assert.equal(stepsOf({ from: '2025-01-01', to: '2026-01-01' }, 'month'), 14);
  });

  it('is asked for once its year has been typed', () => {
    assert.ok(!isPlausible({ from: '0002-11-01', to: '2026-11-24' }));
    assert.ok(!isPlausible({ from: '2026-11-24', to: '2026-11-24' }));
    assert.ok(isPlausible({ from: '2026-11-01', to: '2026-11-24' }));
  });
});

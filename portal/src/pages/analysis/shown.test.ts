/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { AnalysisAnswer, AnalysisGroup } from '../../api/types/analysis.ts';
import { csvRow, groupColumns, groupRows, seriesCsv } from './csv.ts';
import { sumOf } from './exact.ts';
import { analysisQuery, joined, valuesQuery, wholeAddress, type Question } from './query.ts';
import { seriesOf, unitsOf } from './shown.ts';

const NAMES = { none: '(none)', others: 'All others' };
const say = (id: string): string => id;

const answerOf = (change: Partial<AnalysisAnswer>): AnalysisAnswer => ({
  from: '2026-11-01',
  to: '2026-11-03',
  granularity: 'day',
  groupBy: 'resource',
  freshness: {},
  buckets: ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z'],
  groups: [],
  ...change,
});

const amount = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((units) => sumOf([`${units}`]));
const points = fc.tuple(amount, amount);

/** All groups cut into pages as the service does: each with what is not on it. */
function pagesOf(all: readonly (readonly [string, string])[], limit: number): AnalysisAnswer[] {
  const groups = all.map((both, at): AnalysisGroup => ({
    key: `${at}`,
    name: `vm-${at % 3}`,
    amount: sumOf(both),
    points: both,
  }));
  const total = {
    amount: sumOf(groups.map((one) => one.amount)),
    points: [0, 1].map((bucket) => sumOf(all.map((both) => both[bucket] ?? '0'))),
  };
  const pages: AnalysisAnswer[] = [];
  for (let from = 0; from === 0 || from < groups.length; from += limit) {
    const listed = groups.slice(from, from + limit);
    const rest = groups.filter((one) => !listed.includes(one));
    const others = { count: rest.length, amount: sumOf(rest.map((one) => one.amount)) };
    pages.push(
      answerOf({
        groups: listed,
        total,
        ...(rest.length > 0 && { others }),
        ...(from + limit < groups.length && { nextLink: `https://a.example/?s=${from}` }),
      }),
    );
  }
  return pages;
}

describe('pages of an answer', () => {
  it('add up to the total together with the others, however many are shown', () => {
    fc.assert(
      fc.property(
        fc.array(points, { maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        fc.nat({ max: 20 }),
        (all, limit, wanted) => {
          const pages = pagesOf(all, limit);
          const shown = joined(pages.slice(0, 1 + (wanted % pages.length)));
          assert.ok(shown?.total);
          const { groups, others, total } = shown;
          const listed = groups.map((one) => one.amount);
          assert.equal(sumOf([...listed, others?.amount ?? '0']), total.amount);
          assert.equal(groups.length + (others?.count ?? 0), all.length);
        },
      ),
    );
  });

  it('lead on to where the last of them does', () => {
    const pages = pagesOf(
      [
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
      1,
    );
    assert.equal(joined(pages.slice(0, 2))?.nextLink, pages[1]?.nextLink);
    assert.equal(joined(pages)?.nextLink, undefined);
    assert.equal(joined([]), undefined);
  });
});

describe('the chart', () => {
  it('is as high as the total in each bucket', () => {
    fc.assert(
      fc.property(
        fc.array(points, { maxLength: 12 }),
        fc.integer({ min: 1, max: 6 }),
        (all, top) => {
          const shown = joined(pagesOf(all, top));
          assert.ok(shown?.total);
          const series = seriesOf(shown, undefined, NAMES);
          shown.total.points?.forEach((total, at) => {
            assert.equal(sumOf(series.map((one) => one.points[at] ?? '0')), total);
          });
          assert.equal(new Set(series.map(({ name }) => name)).size, series.length);
        },
      ),
    );
  });

  it('tells resources of one name apart by where they are', () => {
    const parent = (resourceGroup: string) => ({ subscription: 's', resourceGroup });
    const groups = [
      { key: '1', name: 'vm', amount: '1', points: ['1', '0'], parent: parent('a') },
      { key: '2', name: 'vm', amount: '1', points: ['0', '1'], parent: parent('b') },
      { key: '3', name: '', amount: '1', points: ['0', '1'] },
    ];
    const names = seriesOf(answerOf({ groups }), undefined, NAMES).map(({ name }) => name);
    assert.deepEqual(names, ['vm (s / a)', 'vm (s / b)', '(none)']);
  });

  it('has one unit at a time', () => {
    const meter = (key: string, unit: string) => ({
      key,
      unit,
      name: key,
      amount: '1',
      points: ['1', '0'],
    });
    const answer = answerOf({ groups: [meter('a', 'h'), meter('b', 'GB'), meter('c', 'h')] });
    assert.deepEqual(unitsOf(answer), ['h', 'GB']);
    const drawn = seriesOf(answer, 'h', NAMES).map(({ key }) => key);
    assert.deepEqual(drawn, ['a', 'c']);
  });
});

describe('files', () => {
  it('quote what has to be quoted, and are no formulas', () => {
    assert.equal(csvRow(['a,b', 'say "no"', 'x\ny', undefined]), '"a,b","say ""no""","x\ny",\r\n');
    assert.equal(
      csvRow(['=1+1', '@x', '+3', '-cmd', '-3.5', '12']),
      "'=1+1,'@x,'+3,'-cmd,-3.5,12\r\n",
    );
  });

  it('have every group, with every digit', () => {
    const digits = '12345678901234567890.12345678901234567891';
    const page = answerOf({ currency: 'EUR', groups: [{ key: 'k', name: 'n', amount: digits }] });
    assert.equal(groupRows(page), `k,n,,,${digits},EUR\r\n`);
    assert.equal(groupColumns.length, 6);
  });

  it('of the chart end each row with its total', () => {
    const [shown] = pagesOf(
      [
        ['1', '2'],
        ['0.5', '0.25'],
        ['3', '4'],
      ],
      2,
    );
    assert.ok(shown);
    const rows = seriesCsv(shown, say).split('\r\n');
    assert.equal(rows[0], 'analysis.bucket,vm-0,vm-1,analysis.others,analysis.total');
    assert.equal(rows[1], '2026-11-01T00:00:00Z,1,0.5,3,4.5');
  });

  it('of the chart have nothing where nothing is known', () => {
    const [shown] = pagesOf([['1', '2']], 1);
    assert.ok(shown);
    const [group] = shown.groups;
    assert.ok(group);
    const { total: _total, ...rest } = shown;
    const answer = { ...rest, groups: [{ ...group, points: ['1'] }] };
    const rows = seriesCsv(answer, say).split('\r\n');
    assert.deepEqual(rows.slice(1), ['2026-11-01T00:00:00Z,1', '2026-11-02T00:00:00Z,', '']);
  });
});

describe('the question to the service', () => {
  const question: Question = {
    kind: 'cost',
    today: '2026-11-24',
    account: 'a',
    view: 'selling',
    search: { filters: ['meter=m', 'meter=n', 'account=b', 'tag=t:v'], period: 'lastMonth' },
  };

  it('has each filter under its name, and buyers as such', () => {
    const query = analysisQuery(question);
    assert.deepEqual(query['meter'], ['m', 'n']);
    assert.deepEqual(query['buyer'], ['b']);
    assert.deepEqual(query['tag'], ['t:v']);
    assert.equal(query['account'], 'a');
    assert.deepEqual([query['from'], query['to']], ['2026-10-01', '2026-11-01']);
  });

  it('for values has no filters and no days', () => {
    const query = valuesQuery(question, { dimension: 'tag', text: '', limit: 5 });
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    assert.deepEqual(Object.fromEntries(given), {
      account: 'a',
      view: 'selling',
      dimension: 'tag',
      limit: 5,
    });
  });

  it('for a file wants all groups and no points', (test) => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'location');
    Object.defineProperty(globalThis, 'location', {
      value: new URL('https://portal.example/portal/'),
      configurable: true,
    });
    test.after(() => {
      if (before === undefined) Reflect.deleteProperty(globalThis, 'location');
      else Object.defineProperty(globalThis, 'location', before);
    });
    const address = new URL(wholeAddress(question), 'https://portal.example');
    assert.equal(address.searchParams.get('granularity'), 'none');
    assert.equal(address.searchParams.get('top'), '0');
    assert.equal(address.searchParams.get('limit'), '1000');
  });
});

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { withTestDatabase } from '../../../test/support/database.ts';
import { Decimal, hourNumber, sumOf } from '../../kernel/index.ts';
import { systemClock } from '../../platform/index.ts';
import {
  bucketsOf,
  comparisonKey,
  partsOfResourceGroup,
  resourceGroupKey,
  tagOf,
  type AnalysisQuery,
  type Grouping,
} from '../../analysis/index.ts';
import { readUsageAnalysis } from './analyse.ts';
import { tagsOf } from './place.ts';
import { EVERYWHERE, type UsageReach } from './reach.ts';
import { summarizeUsage } from './summarize.ts';
import {
  FIRST,
  METERS,
  setUpUsage,
  subscriptionOf,
  uriOf,
  writeClosedHours,
  type FactRow,
} from './test-usage.ts';
import { verifySummaries } from './verify.ts';

/** From the end of February to the second day of April, so that months differ in their length. */
const HOURS = 24 * 36;

const groups = ['', 'g', 'G', 'ΗΣ', 'x-1'];
const tagTexts = [
  '',
  'null',
  '{"Env":"prod"}',
  '{"env":"test","ENV":"prod"}',
  '{"env":""}',
  '{"env":7,"o":{"a":[1]}}',
  '{"e\\u0000nv":"a\\u0000b\\ud800"}',
  '[1,2]',
  '{"env":"prod"',
  '{"__proto__":"p","env":"constructor"}',
];

const rowsOfUsage = fc.array(
  fc
    .record({
      reportedHour: fc.integer({ min: FIRST, max: FIRST + HOURS - 1 }),
      late: fc.oneof(fc.constantFrom(-1, 1, 2), fc.integer({ min: 0, max: 24 * 40 })),
      subscription: fc.integer({ min: 0, max: 4 }),
      group: fc.constantFrom(...groups),
      name: fc.constantFrom('a', 'A', 'b', 'c%_'),
      type: fc.constantFrom('things', 'Things', 'sites'),
      location: fc.constantFrom('local', 'West', 'west', ''),
      tags: fc.constantFrom(...tagTexts),
      meter: fc.integer({ min: 0, max: 2 }),
      quantity: fc.constantFrom(
        '0',
        '1',
        '0.000000000001',
        '12345678901234567890.5',
        '0.333333',
        '-2',
      ),
    })
    .map(({ late, group, name, type, ...row }): FactRow => ({
      ...row,
      usageHour: row.reportedHour - late,
      resourceUri: uriOf(row.subscription, group, name, type),
    })),
  { minLength: 600, maxLength: 600, size: 'max' },
);

const groupings: Grouping[] = [
  'subscription',
  'resourceGroup',
  'resource',
  'resourceType',
  'meter',
  'location',
  'tag:env',
  'tag:e\ufffdnv',
  'tag:__proto__',
];

/** The values of a row, read from its texts anew. */
function valueOf(row: FactRow, by: Grouping): string {
  const id = subscriptionOf(row.subscription);
  const tag = tagOf(by);
  if (tag !== undefined)
    return Object.entries(tagsOf(row.tags)).find(([name]) => name === tag)?.[1] ?? '';
  const parts = comparisonKey(row.resourceUri).split('/');
  const inGroup = parts[3] === 'resourcegroups';
  switch (by) {
    case 'subscription':
      return id;
    case 'meter':
      return METERS[row.meter]!.id.toLowerCase();
    case 'location':
      return comparisonKey(row.location);
    case 'resource':
      return comparisonKey(row.resourceUri);
    case 'resourceGroup':
      return resourceGroupKey(id, inGroup ? parts[4]! : '');
    default:
      return parts.slice(inGroup ? 6 : 4, inGroup ? 8 : 6).join('/');
  }
}

function nameOf(key: string, by: Grouping): string {
  switch (by) {
    case 'subscription':
      return `subscription ${'edcba'[Number.parseInt(key.at(-1)!, 10)]}`;
    case 'meter':
      return METERS.find(({ id }) => id.toLowerCase() === key)!.name.toLowerCase();
    case 'resource':
      return key.slice(key.lastIndexOf('/') + 1);
    case 'resourceGroup':
      return partsOfResourceGroup(key).name;
    default:
      return comparisonKey(key);
  }
}

function sees(
  { everywhere, subscriptions, providers, groups: seen }: UsageReach,
  row: FactRow,
): boolean {
  const id = subscriptionOf(row.subscription);
  const above = row.subscription === 4 ? [3, 0] : row.subscription === 0 ? [] : [0];
  const group = partsOfResourceGroup(valueOf(row, 'resourceGroup')).name;
  return (
    everywhere ||
    subscriptions.includes(id) ||
    providers.some((provider) => above.some((number) => subscriptionOf(number) === provider)) ||
    seen.some(([subscription, name]) => subscription === id && name === group)
  );
}

const matches = (row: FactRow, { by, values }: AnalysisQuery['filters'][number]): boolean =>
  values.includes(valueOf(row, by)) ||
  (by === 'resourceGroup' && values.includes(partsOfResourceGroup(valueOf(row, by)).name));

const hours = fc.integer({ min: FIRST - 24 * 20, max: FIRST + HOURS - 24 * 5 });
const ranges = fc
  .tuple(
    hours,
    fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 300, max: 744 })),
    fc.boolean(),
  )
  .map(([start, length, aligned]) => {
    const from = aligned ? start - (start % 24) : start;
    return {
      from: hourNumber(from),
      to: hourNumber(from + (aligned ? Math.ceil(length / 24) * 24 : length)),
    };
  });

const filterValues = (
  by: Grouping,
  rows: readonly FactRow[],
): fc.Arbitrary<AnalysisQuery['filters'][number]> => {
  const known = rows.map((row) => valueOf(row, by));
  const mere = by === 'resourceGroup' ? ['g', 'x-1'] : [];
  return fc
    .uniqueArray(fc.constantFrom(...new Set([...known, ...mere])), {
      minLength: 1,
      maxLength: 6,
      size: 'max',
    })
    .map((values) => ({ by, values }));
};

function questions(rows: readonly FactRow[]): fc.Arbitrary<AnalysisQuery> {
  const filters = fc
    .uniqueArray(fc.constantFrom(...groupings.filter((by) => by !== 'meter')), { maxLength: 2 })
    .chain((chosen) => fc.tuple(...chosen.map((by) => filterValues(by, rows))));
  return fc
    .record({
      range: ranges,
      granularity: fc.constantFrom('none', 'hour', 'day', 'month'),
      groupBy: fc.constantFrom(...groupings),
      filters,
      meter: filterValues('meter', rows),
      search: fc.constantFrom('', '', 'a', 'σ', 'sub', '%_'),
      order: fc.constantFrom('amount', 'name'),
      top: fc.integer({ min: 0, max: 5 }),
      limit: fc.integer({ min: 1, max: 7 }),
    })
    .map(({ range, groupBy, filters: others, meter, ...rest }): AnalysisQuery => {
      const one = { by: meter.by, values: meter.values.slice(0, 1) };
      return {
        ...range,
        ...rest,
        groupBy,
        filters: [...others, groupBy === 'meter' ? meter : one],
        skipToken: undefined,
      };
    });
}

const reaches: fc.Arbitrary<UsageReach> = fc.oneof(
  fc.constant(EVERYWHERE),
  fc
    .record({
      subscriptions: fc.subarray([0, 1, 2, 3, 4]),
      providers: fc.subarray([0, 3]),
      groups: fc.subarray([
        [1, 'g'],
        [2, 'ησ'],
        [4, 'x-1'],
      ] as const),
    })
    .map(({ subscriptions, providers, groups: seen }) => ({
      everywhere: false,
      subscriptions: subscriptions.map(subscriptionOf),
      providers: providers.map(subscriptionOf),
      groups: seen.map(([number, name]) => [subscriptionOf(number), name] as const),
    })),
);

describe('usage analysis beside a count by hand', () => {
  const test = withTestDatabase();
  let rows: readonly FactRow[] = [];

  before(async () => {
    const { database } = test;
    await setUpUsage(database);
    rows = fc.sample(rowsOfUsage, { numRuns: 1, seed: 20_260_301 })[0]!;
    await writeClosedHours(database, FIRST, FIRST + HOURS - 1, rows);
    assert.equal(await summarizeUsage({ database, clock: systemClock }), HOURS);
  });

  it('has sums that are the facts', async () => {
    const { rows: compared, differences } = await verifySummaries(test.database);
    assert.deepEqual(differences, []);
    assert.ok(compared > 1000n, String(compared));
  });

  it('answers any question as adding up the rows does, on every page', async () => {
    let [answered, listed, seenBy] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(questions(rows), reaches, async (query, reach) => {
        const wanted = rows.filter(
          (row) =>
            row.usageHour >= query.from &&
            row.usageHour < query.to &&
            sees(reach, row) &&
            query.filters.every((filter) => matches(row, filter)),
        );
        const buckets = bucketsOf(query.granularity, query.from, query.to);
        const amountOf = (some: readonly FactRow[]): Decimal =>
          sumOf(some.map(({ quantity }) => Decimal.parse(quantity)!));
        const pointsOf = (some: readonly FactRow[]): string[] =>
          buckets.starts.map((_, at) =>
            amountOf(
              some.filter(({ usageHour }) => buckets.indexOfHour(usageHour) === at),
            ).toText(),
          );
        const byKey = Map.groupBy(wanted, (row) => valueOf(row, query.groupBy));
        const seen = new Set<string>();
        for (let skipped: number | undefined = 0; skipped !== undefined;) {
          const { page, frame } = await readUsageAnalysis(test.database, reach, query, skipped);
          for (const [at, { key, amount, points }] of page.groups.entries()) {
            const own = byKey.get(key) ?? assert.fail(`nobody used ${query.groupBy} ${key}`);
            assert.equal(amount.toText(), amountOf(own).toText());
            assert.deepEqual(points?.map(String), at < query.top ? pointsOf(own) : undefined);
            assert.ok(!seen.has(key));
            seen.add(key);
          }
          const here = new Set(page.groups.map(({ key }) => key));
          const rest = wanted.filter((row) => !here.has(valueOf(row, query.groupBy)));
          assert.equal(page.others?.count ?? 0, byKey.size - here.size);
          if (frame.addsUp) {
            assert.deepEqual(page.total.points.map(String), pointsOf(wanted));
            assert.equal(page.total.amount.toText(), amountOf(wanted).toText());
            if (page.others) {
              assert.equal(page.others.amount.toText(), amountOf(rest).toText());
              assert.deepEqual(page.others.points.map(String), pointsOf(rest));
            }
          }
          skipped = page.next;
          answered += 1;
        }
        const sought = [...byKey.keys()].filter((key) =>
          nameOf(key, query.groupBy).includes(query.search),
        );
        assert.deepEqual([...seen].toSorted(), sought.toSorted());
        const order = [...seen].map((key) =>
          query.order === 'name' ? nameOf(key, query.groupBy) : amountOf(byKey.get(key)!).negate(),
        );
        order.slice(1).forEach((each, at) => {
          const previous = order[at]!;
          if (typeof each === 'string')
            assert.ok(Buffer.compare(Buffer.from(String(previous)), Buffer.from(each)) <= 0);
          else assert.ok(previous instanceof Decimal && previous.compare(each) <= 0);
        });
        listed += seen.size;
        if (!reach.everywhere && seen.size > 0) seenBy += 1;
      }),
      { numRuns: 400, seed: 7 },
    );
    // A green run has looked at something.
    assert.ok(answered > 400 && listed > 400 && seenBy > 30, `${answered} ${listed} ${seenBy}`);
  });
});

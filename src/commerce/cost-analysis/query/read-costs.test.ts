import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import {
  bucketsOf,
  type AnalysisFilter,
  type AnalysisQuery,
  type Grouping,
} from '../../../analysis/index.ts';
import { Decimal, hourNumber, sumOf } from '../../../kernel/index.ts';
import { readAccountTree, type AccountTree } from '../../accounts/index.ts';
import { summarizeCosts } from '../summaries/summarize.ts';
import { FIRST, METERS, withCostRoom } from '../test-costs.ts';
import { keyOf, naiveCosts, readNaiveLines, type NaiveLine } from '../test-naive.ts';
import { viewpointOf } from '../viewpoint.ts';
import { readCosts, type CostPage } from './read-costs.ts';

const GROUPINGS: readonly Grouping[] = [
  'subscription',
  'resourceGroup',
  'resource',
  'resourceType',
  'meter',
  'location',
  'service',
  'account',
  'tag:team',
  'tag:nul',
];

/** Off by what is rounded in the last digits. */
const TOLERANCE = Decimal.parse('0.000000000000000001')!;

function assertClose(one: Decimal, other: Decimal, what: string): void {
  const difference = one.subtract(other);
  const size = difference.isNegative() ? difference.negate() : difference;
  assert.ok(size.compare(TOLERANCE) < 0, `${what}: ${one.toText()} and ${other.toText()}`);
}

describe('costs by group', () => {
  const room = withCostRoom();
  let lines: readonly NaiveLine[] = [];
  let tree: AccountTree;

  before(async () => {
    for (let seed = 1; seed <= 3; seed++) await room.report(120, seed);
    await room.reprice();
    await room.report(60, 4);
    // On both sides of where a period begins within a day.
    const bounds = [
      '2026-09-14T21:00Z',
      '2026-09-14T23:00Z',
      '2026-10-14T20:00Z',
      '2026-10-14T22:00Z',
    ];
    const used = bounds.map((text) => ({
      usageHour: hourAt(text),
      meterId: METERS.windowsVm,
      quantity: '3',
    }));
    await room.use(used, room.customers[1]!);
    await summarizeCosts(room.test);
    lines = await readNaiveLines(room.test.database);
    tree = await readAccountTree(room.test.database.pool);
  });

  const day = fc.integer({ min: -3, max: 75 }).map((days) => FIRST + days * 24);
  const cases = fc.record({
    who: fc.constantFrom(
      ['provider', 'selling'],
      ['partner', 'selling'],
      ['partner', 'buying'],
      ['0', 'buying'],
      ['1', 'buying'],
      ['2', 'buying'],
    ),
    groupBy: fc.constantFrom(...GROUPINGS),
    filterBy: fc.uniqueArray(fc.constantFrom(...GROUPINGS.filter((one) => one !== 'account')), {
      maxLength: 2,
    }),
    picks: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    range: fc.oneof(
      fc.tuple(day, day).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 24] as const),
      // Whole periods of the account in Paris, and of the others.
      fc
        .constantFrom(
          ['2026-09-14T22:00Z', '2026-10-14T22:00Z'],
          ['2026-10-01T00:00Z', '2026-11-01T00:00Z'],
          ['2026-10-01T00:00Z', '2026-12-01T00:00Z'],
        )
        .map(([from, to]) => [hourAt(from), hourAt(to)] as const),
    ),
    granularity: fc.constantFrom('none' as const, 'day' as const, 'month' as const),
    order: fc.constantFrom('amount' as const, 'name' as const),
    limit: fc.integer({ min: 1, max: 6 }),
  });

  it('are what each line costs, added up, on every page and in every bucket', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases,
        async ({ who: [name, view], filterBy, picks, range: [from, to], limit, ...rest }) => {
          const accountId = accountOf(name);
          const viewpoint = viewpointOf(tree, tree.get(accountId)!, { view });
          const isSelling = view === 'selling';
          const accounts = viewpoint.buyers.map((one) => one.accountId);
          const filters: AnalysisFilter[] = filterBy.map((by, at) => {
            const keys = [...new Set(lines.map((line) => keyOf(line, by, isSelling)))].toSorted();
            return { by, values: [0, 2].map((more) => keys[picks[at + more]! % keys.length]!) };
          });
          const query: AnalysisQuery = {
            ...rest,
            from: hourNumber(from),
            to: hourNumber(to),
            filters,
            search: '',
            top: 25,
            limit,
            skipToken: undefined,
          };
          const expected = naiveCosts(lines, {
            accounts,
            isSelling,
            from,
            to,
            groupBy: query.groupBy,
            filters,
          });
          const pages: CostPage[] = [];
          for (
            let skipped: number | undefined = 0;
            skipped !== undefined;
            skipped = pages.at(-1)!.page.next
          ) {
            pages.push(
              await readCosts(room.test.database, { viewpoint, filters, from, to }, query, skipped),
            );
          }
          const listed = pages.flatMap(({ page }) => page.groups);
          assert.deepEqual(
            listed.map(({ key }) => key).toSorted(),
            [...expected.keys()].toSorted(),
          );
          const buckets = bucketsOf(query.granularity, query.from, query.to);
          for (const { key, amount, points } of listed) {
            const days = expected.get(key)!;
            assertClose(amount, sumOf(days.values()), key);
            assert.ok(sumOf(points!).equals(amount));
            for (const [at, point] of points!.entries()) {
              const own = [...days].filter(([one]) => Math.max(0, buckets.indexOfDay(one)) === at);
              assertClose(point, sumOf(own.map(([, cost]) => cost)), `${key} at ${at}`);
            }
          }
          for (const { page } of pages) {
            const { groups, others, total } = page;
            const parts = [...groups, ...(others ? [others] : [])];
            assert.ok(sumOf(parts.map(({ amount }) => amount)).equals(total.amount));
            assert.ok(sumOf(total.points).equals(total.amount));
            for (const at of buckets.starts.keys()) {
              assert.ok(sumOf(parts.map(({ points }) => points![at]!)).equals(total.points[at]!));
            }
            assert.ok(parts.every(({ points }) => points!.every((point) => !point.isNegative())));
          }
          assert.ok(sumOf(listed.map(({ amount }) => amount)).equals(pages[0]!.page.total.amount));
        },
      ),
      { numRuns: 250 },
    );
  });

  function accountOf(name: string): (typeof room)['partner'] {
    if (name === 'provider') return room.provider;
    return name === 'partner' ? room.partner : room.customers[Number.parseInt(name, 10)]!.accountId;
  }

  it('of a whole period are its charges, to the last digit', async () => {
    const { rows } = await room.test.database.pool.query<{
      account: string;
      from: number;
      to: number;
      amount: string;
    }>(
      `select c.account_id as account, p.from_hour as from, p.to_hour as to, trim_scale(sum(c.amount)) as amount
       from charge c join billing_period p using (period) group by p.period, c.account_id`,
    );
    assert.ok(rows.length >= 12);
    for (const { account, from, to, amount } of rows) {
      const found = [...tree.below(tree.root.accountId)].find((one) => one.accountId === account)!;
      for (const groupBy of GROUPINGS) {
        const query: AnalysisQuery = {
          from: hourNumber(from),
          to: hourNumber(to),
          granularity: 'day',
          groupBy,
          filters: [],
          search: '',
          order: 'amount',
          top: 10,
          limit: 50,
          skipToken: undefined,
        };
        const viewpoint = viewpointOf(tree, found, { view: 'buying' });
        const { page } = await readCosts(
          room.test.database,
          { viewpoint, filters: [], from, to },
          query,
          0,
        );
        assert.equal(page.total.amount.toText(), amount);
        assert.equal(page.others, undefined);
      }
    }
  });

  it('are those of one moment while usage is rated and summed', async () => {
    const { database } = room.test;
    const viewpoint = viewpointOf(tree, tree.root, {});
    const [from, to] = [FIRST + 5 * 24, FIRST + 50 * 24];
    const query = (groupBy: Grouping): AnalysisQuery => ({
      from: hourNumber(from),
      to: hourNumber(to),
      granularity: 'day',
      groupBy,
      filters: [],
      search: '',
      order: 'amount',
      top: 3,
      limit: 1000,
      skipToken: undefined,
    });
    const totals = async (): Promise<Set<string>> => {
      const found = new Set<string>();
      for (const groupBy of GROUPINGS) {
        const question = { viewpoint, filters: [], from, to };
        const { page } = await readCosts(database, question, query(groupBy), 0);
        assert.ok(sumOf(page.groups.map(({ amount }) => amount)).equals(page.total.amount));
        found.add(page.total.amount.toText());
      }
      return found;
    };
    // Lines that are not summed yet are in nothing.
    const earlier = await totals();
    assert.equal(earlier.size, 1);
    await room.report(150, 77);
    assert.deepEqual(await totals(), earlier);
    const state = { isDone: false };
    const changing = async (): Promise<void> => {
      for (let seed = 80; seed < 83; seed++) {
        await room.report(80, seed);
        await summarizeCosts(room.test, { chargesAtOnce: 4 });
      }
      state.isDone = true;
    };
    const reading = async (): Promise<number> => {
      let seen = 0;
      while (!state.isDone) seen += (await totals()).size;
      return seen;
    };
    const [, seen] = await Promise.all([changing(), reading()]);
    assert.ok(seen > 0);
    assert.notDeepEqual(await totals(), earlier);
  });
});

function hourAt(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds / 3_600_000;
}

import {
  addSums,
  bucketsOf,
  comparisonKey,
  filteredBy,
  subtractSums,
  type AnalysisFilter,
  type AnalysisQuery,
  type Buckets,
  type Freshness,
  type Group,
  type GroupPage,
} from '../../../analysis/index.ts';
import { Decimal, hourStart, sumOf } from '../../../kernel/index.ts';
import { invalidProperty, type Database, type Queryable } from '../../../platform/index.ts';
import type { AccountTree } from '../../accounts/index.ts';
import { readFrom } from '../reader.ts';
import type { Viewpoint } from '../viewpoint.ts';
import { costsBy, costsByPiece, MOST_GROUPS, type PieceCost } from './cost-store.ts';
import { metersLeft, readGround, type Ground } from './ground.ts';
import { keyOf, nameGroups } from './keys.ts';
import type { Selection } from './selection.ts';
import { settle, spread } from './settle.ts';

/** Of whom, and what. */
export interface CostQuestion {
  readonly viewpoint: Viewpoint;
  readonly filters: readonly AnalysisFilter[];
  /** Accounts by which costs are filtered: direct buyers, or of buying those on which usage is booked. */
  readonly buyers?: readonly string[] | undefined;
  readonly from: number;
  readonly to: number;
}

/** A page of costs by group. */
export interface CostPage {
  readonly page: GroupPage;
  readonly buckets: Buckets;
  /** Charges that have something of what is asked for and no price: their cost is not in any amount. */
  readonly unpriced: number;
  readonly freshness: Freshness;
}

/** What groups are made of: one that the database has, or several versions of a meter. */
export interface CostGroup {
  readonly key: string;
  readonly columns: readonly string[];
  readonly amount: Decimal;
  readonly name: string;
  readonly parent?: NonNullable<Group['parent']>;
}

/** Reads costs by group, a page of them. */
export async function readCosts(
  database: Database,
  question: CostQuestion,
  query: AnalysisQuery,
  skipped: number,
  tree?: AccountTree,
): Promise<CostPage> {
  const { viewpoint } = question;
  return readFrom(
    database,
    viewpoint,
    (tx) => readGround(tx, viewpoint, question, tree),
    async (tx, ground) => {
      const selection = selectionOf(ground, question);
      const { total, unpriced, groups } = await costsBy(tx, ground, selection, query.groupBy);
      if (groups.length > MOST_GROUPS) {
        const rule = `there are more than ${MOST_GROUPS} groups; filter, or group by something else`;
        throw invalidProperty('groupBy', query.groupBy, rule);
      }
      const all = foldColumns(groups, query.groupBy, ground, total);
      const asksNames = query.search !== '' || query.order === 'name';
      const known = asksNames ? await withNames(tx, all, query, ground) : all;
      const found = known
        .filter(({ name }) => query.search === '' || comparisonKey(name).includes(query.search))
        .toSorted(query.order === 'name' ? byName : byAmount);
      const listed = found.slice(skipped, skipped + query.limit);
      const named = asksNames ? listed : await withNames(tx, listed, query, ground);
      const buckets = bucketsOf(query.granularity, ground.range.from, ground.range.to);
      const next = skipped + query.limit < found.length ? skipped + query.limit : undefined;
      const page = await withPoints(tx, { ground, selection, query, buckets }, named, {
        total,
        count: all.length - named.length,
        next,
      });
      return { page, buckets, unpriced, freshness: freshnessOf(ground) };
    },
  );
}

/** What of the question only we can look up. */
export function selectionOf(
  ground: Ground,
  { filters, buyers, from, to }: CostQuestion,
): Selection {
  const isSelling = ground.view === 'selling';
  return {
    sales: isSelling && buyers !== undefined ? ground.salesOf(buyers) : ground.sales,
    from,
    to,
    meters: metersLeft(ground, {
      keys: filteredBy({ filters }, 'meter'),
      services: filteredBy({ filters }, 'service'),
    }),
    customers: isSelling || buyers === undefined ? undefined : ground.customersOf(buyers),
    filters,
  };
}

export function freshnessOf({ ratedTo, summarizedTo }: Ground): Freshness {
  return {
    ratedTo: ratedTo === undefined ? undefined : hourStart(ratedTo),
    summarizedTo: summarizedTo === undefined ? undefined : hourStart(summarizedTo),
  };
}

/** Groups as they are told, from what the database grouped by: versions of a meter are one meter. */
export function foldColumns(
  costs: readonly { readonly column: string; readonly amount: Decimal }[],
  by: AnalysisQuery['groupBy'],
  ground: Ground,
  total: Decimal,
): CostGroup[] {
  const byKey = Map.groupBy(costs, ({ column }) => keyOf(by, column, ground));
  const keys = [...byKey].toSorted(([a], [b]) => compareTexts(a, b));
  const amounts = settle(
    total,
    keys.map(([, parts]) => sumOf(parts.map(({ amount }) => amount))),
  );
  return keys.map(([key, parts], at) => ({
    key,
    name: '',
    columns: parts.map(({ column }) => column),
    amount: amounts[at] ?? Decimal.zero,
  }));
}

async function withNames(
  db: Queryable,
  groups: readonly CostGroup[],
  { groupBy }: AnalysisQuery,
  ground: Ground,
): Promise<CostGroup[]> {
  const columns = groups.flatMap((group) => group.columns.at(-1) ?? []);
  const names = await nameGroups(db, groupBy, columns, ground);
  return groups.map((group) => ({ ...group, ...names.get(group.columns.at(-1) ?? '') }));
}

function byAmount(a: CostGroup, b: CostGroup): number {
  return b.amount.compare(a.amount) || compareTexts(a.key, b.key);
}

function byName(a: CostGroup, b: CostGroup): number {
  return compareTexts(comparisonKey(a.name), comparisonKey(b.name)) || compareTexts(a.key, b.key);
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

interface Pointing {
  readonly ground: Ground;
  readonly selection: Selection;
  readonly query: AnalysisQuery;
  readonly buckets: Buckets;
}

/** Gives what is listed, all else and the total a point for each bucket, so that they add up in each. */
async function withPoints(
  db: Queryable,
  { ground, selection, query, buckets }: Pointing,
  listed: readonly CostGroup[],
  {
    total,
    count,
    next,
  }: { readonly total: Decimal; readonly count: number; readonly next: number | undefined },
): Promise<GroupPage> {
  const size = buckets.starts.length;
  const isSplit = size > 1 && listed.length > 0;
  const columns = listed.flatMap((group) => group.columns);
  const days = isSplit
    ? await costsByPiece(db, ground, selection, {
        by: query.groupBy,
        columns,
        isAll: count === 0,
      })
    : [];
  const byColumn = Map.groupBy(days, ({ column }) => column);
  const groups = listed.map(({ columns: own, ...group }) => {
    const parts = inBuckets(
      own.flatMap((column) => byColumn.get(column) ?? []),
      buckets,
    );
    return { ...group, points: spread(group.amount, parts) };
  });
  const sums = addSums(groups, size);
  const left = total.subtract(sums.amount);
  const others =
    count === 0
      ? []
      : await othersPoints(db, { ground, selection, query, buckets }, sums.points, left);
  const whole = {
    amount: total,
    points: sums.points.map((point, at) => point.add(others[at] ?? Decimal.zero)),
  };
  return {
    groups: groups.map(({ points, ...group }, at) =>
      at < query.top ? { ...group, points } : group,
    ),
    others: subtractSums(whole, sums, count),
    total: whole,
    next,
  };
}

async function othersPoints(
  db: Queryable,
  { ground, selection, buckets }: Pointing,
  listed: readonly Decimal[],
  left: Decimal,
): Promise<Decimal[]> {
  if (buckets.starts.length === 1) return [left];
  const all = inBuckets(await costsByPiece(db, ground, selection), buckets);
  // In the last digits what is listed can be more than all.
  const parts = all.map((amount, at) => {
    const part = amount.subtract(listed[at] ?? Decimal.zero);
    return part.isNegative() ? Decimal.zero : part;
  });
  return spread(left, parts);
}

/** Amounts by bucket. A piece of a day counts in the bucket in which it begins. */
export function inBuckets(pieces: readonly PieceCost[], buckets: Buckets): Decimal[] {
  const amounts = buckets.starts.map(() => Decimal.zero);
  for (const { hour, amount } of pieces) {
    const at = Math.max(0, buckets.indexOfHour(hour));
    amounts[at] = (amounts[at] ?? Decimal.zero).add(amount);
  }
  return amounts;
}

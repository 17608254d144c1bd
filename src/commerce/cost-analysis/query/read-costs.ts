import {
  addSums,
  bucketsOf,
  filteredBy,
  subtractSums,
  type AnalysisFilter,
  type AnalysisQuery,
  type Buckets,
  type Freshness,
  type GroupPage,
  type Sums,
} from '../../../analysis/index.ts';
import { Decimal, hourStart, sumOf } from '../../../kernel/index.ts';
import type { Database, Queryable } from '../../../platform/index.ts';
import { readFrom } from '../reader.ts';
import type { Viewpoint } from '../viewpoint.ts';
import { costOf, costsBy, costsByBucket, type GroupCost, type ListedCosts } from './cost-store.ts';
import { metersLeft, readGround, type Ground, type Known } from './ground.ts';
import { nameGroups } from './names.ts';
import type { Selection } from './selection.ts';
import { settle } from './settle.ts';

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

/** Reads costs by group, a page of them. */
export async function readCosts(
  database: Database,
  question: CostQuestion,
  query: AnalysisQuery,
  skipped: number,
  known?: Known,
): Promise<CostPage> {
  const { viewpoint } = question;
  return readFrom(
    database,
    viewpoint,
    (tx) => readGround(tx, viewpoint, question, known),
    async (tx, ground) => {
      const selection = selectionOf(ground, question);
      const { total, unpriced } = await costOf(tx, selection);
      const { groupBy, search, order, limit } = query;
      const listing = { by: groupBy, search, order, limit, skipped };
      const listed = await costsBy(tx, ground, selection, listing, total);
      const buckets = bucketsOf(query.granularity, ground.range.from, ground.range.to);
      const page = await pageOf(tx, { ground, selection, query, buckets }, listed, total, skipped);
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

interface Pointing {
  readonly ground: Ground;
  readonly selection: Selection;
  readonly query: AnalysisQuery;
  readonly buckets: Buckets;
}

/** Gives what is listed, all else and the total a point for each bucket, so that they add up in each. */
async function pageOf(
  db: Queryable,
  pointing: Pointing,
  { groups, allGroups, foundGroups }: ListedCosts,
  total: Decimal,
  skipped: number,
): Promise<GroupPage> {
  const { ground, query, buckets } = pointing;
  const ids = groups.map(({ id }) => id);
  const names = await nameGroups(db, query.groupBy, ids, ground);
  const { top, rest } = await listedPoints(db, pointing, groups);
  const listed = addSums([...top, rest], buckets.starts.length);
  const count = allGroups - groups.length;
  const others = count === 0 ? [] : await othersPoints(db, pointing, listed, total);
  const whole = {
    amount: total,
    points: listed.points.map((point, at) => point.add(others[at] ?? Decimal.zero)),
  };
  const next = skipped + groups.length;
  return {
    groups: groups.map(({ id, amount }, at) => ({
      ...(names.get(id) ?? { key: id, name: id }),
      amount,
      ...(at < query.top && { points: top[at]?.points ?? [] }),
    })),
    others: subtractSums(whole, listed, count),
    total: whole,
    next: groups.length > 0 && next < foundGroups ? next : undefined,
  };
}

/** Points of the groups that carry some, and of all others on the page together. */
async function listedPoints(
  db: Queryable,
  { ground, selection, query, buckets }: Pointing,
  groups: readonly GroupCost[],
): Promise<{ readonly top: readonly Sums[]; readonly rest: Sums }> {
  const carrying = Math.min(query.top, groups.length);
  const amounts = [
    ...groups.slice(0, carrying).map(({ amount }) => amount),
    sumOf(groups.slice(carrying).map(({ amount }) => amount)),
  ];
  const isSplit = buckets.starts.length > 1 && groups.length > 0;
  const slots = {
    by: query.groupBy,
    ids: groups.map(({ id }) => id),
    slots: groups.map((_, at) => Math.min(at, carrying)),
  };
  const isDaily = query.granularity === 'day';
  const parts = isSplit
    ? await costsByBucket(db, ground, selection, buckets, isDaily, slots)
    : amounts.map((amount) => [amount]);
  const sums = amounts.map((amount, slot) => ({
    amount,
    points: settle(amount, parts[slot] ?? buckets.starts.map(() => Decimal.zero)),
  }));
  return { top: sums.slice(0, carrying), rest: sums[carrying]! };
}

/** What is left of each bucket without those listed. */
async function othersPoints(
  db: Queryable,
  { ground, selection, query, buckets }: Pointing,
  listed: Sums,
  total: Decimal,
): Promise<Decimal[]> {
  const left = total.subtract(listed.amount);
  if (buckets.starts.length === 1) return [left];
  const isDaily = query.granularity === 'day';
  const [all = []] = await costsByBucket(db, ground, selection, buckets, isDaily);
  // In the last digits what is listed can be more than all.
  const parts = all.map((amount, at) => {
    const part = amount.subtract(listed.points[at] ?? Decimal.zero);
    return part.isNegative() && part.compare(LAST_DIGITS) > 0 ? Decimal.zero : part;
  });
  return settle(left, parts);
}

/** More than a point is off by. */
const LAST_DIGITS = Decimal.fromBigInt(-1n, 16);

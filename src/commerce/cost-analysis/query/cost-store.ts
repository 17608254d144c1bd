import type { Buckets, Grouping } from '../../../analysis/index.ts';
import { Decimal } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { Ground } from './ground.ts';
import type { Selection } from './selection.ts';
import { DIGITS, requireSame } from './settle.ts';
import { dayOfColumn, spanOf } from './span.ts';
import {
  groupsStatement,
  piecesStatement,
  pointsStatement,
  totalStatement,
  unpricedStatement,
  type Listing,
  type Slots,
  type Statement,
} from './statements.ts';

const HOURS_PER_DAY = 24;

/** What is selected costs. */
export interface SelectedCost {
  /** Exact for charges that are selected as a whole, to 20 digits for parts. */
  readonly total: Decimal;
  /** Charges that have something of it and no price. */
  readonly unpriced: number;
}

export async function costOf(db: Queryable, selection: Selection): Promise<SelectedCost> {
  if (selection.from >= selection.to) return { total: Decimal.zero, unpriced: 0 };
  const [all] = await rowsOf<{ total: string }>(db, totalStatement(selection));
  const [none] = await rowsOf<{ unpriced: number }>(db, unpricedStatement(selection));
  return { total: decimalOf(all?.total ?? '0'), unpriced: none?.unpriced ?? 0 };
}

/** A group as the database has it. */
export interface GroupCost {
  /** What it is told apart by. */
  readonly id: string;
  readonly amount: Decimal;
}

/** Groups of a page; how many there are in all, and how many the search finds. */
export interface ListedCosts {
  readonly groups: readonly GroupCost[];
  readonly allGroups: number;
  readonly foundGroups: number;
}

/**
 * Costs by group, a page of them. All pages add up to the total.
 *
 * @param total of the same selection, of the same moment
 */
export async function costsBy(
  db: Queryable,
  ground: Ground,
  selection: Selection,
  listing: Listing,
  total: Decimal,
): Promise<ListedCosts> {
  if (selection.from >= selection.to) return { groups: [], allGroups: 0, foundGroups: 0 };
  const digits = Math.max(DIGITS, total.scale);
  const settling = { total: total.toText(), digits };
  const rows = await rowsOf<{
    allGroups: number;
    foundGroups: number;
    settled: string;
    id: string | null;
    amount: string | null;
  }>(db, groupsStatement(selection, ground, listing, settling));
  const { allGroups = 0, foundGroups = 0, settled = '0' } = rows[0] ?? {};
  requireSame(total, decimalOf(settled));
  const groups = rows.flatMap(({ id, amount }) =>
    id === null ? [] : [{ id, amount: decimalOf(amount ?? '0') }],
  );
  return { groups, allGroups, foundGroups };
}

interface DaysRow {
  readonly slot: number;
  readonly month: number;
  readonly amounts: readonly (string | null)[];
}

/** What falls into each bucket, by slot; without slots all of it, in the first. To more digits than are told. */
export async function costsByBucket(
  db: Queryable,
  ground: Ground,
  selection: Selection,
  buckets: Buckets,
  isDaily: boolean,
  slots?: Slots,
): Promise<Decimal[][]> {
  const count = slots === undefined ? 1 : Math.max(0, ...slots.slots) + 1;
  const filled = Array.from({ length: count }, () => buckets.starts.map(() => Decimal.zero));
  const span = spanOf(selection);
  const firstDay = span.edgeDay ?? span.fromDay;
  const statement = pointsStatement(selection, ground, { isDaily, slots });
  for (const { slot, month, amounts } of await rowsOf<DaysRow>(db, statement)) {
    const points = filled[slot] ?? [];
    for (const [at, amount] of amounts.entries()) {
      if (amount === null) continue;
      const first = dayOfColumn(span, month, 0) ?? firstDay;
      const day = isDaily ? dayOfColumn(span, month, at) : first;
      if (day === undefined) continue;
      const bucket = Math.max(0, buckets.indexOfDay(day));
      points[bucket] = (points[bucket] ?? Decimal.zero).add(decimalOf(amount));
    }
  }
  return filled;
}

/** What a piece of a day costs. */
export interface PieceCost {
  /** In which it begins: that of the day, or of a billing period that begins within it. */
  readonly hour: number;
  readonly amount: Decimal;
}

/** Costs by piece of UTC days of use. */
export async function costsByPiece(db: Queryable, selection: Selection): Promise<PieceCost[]> {
  if (selection.from >= selection.to) return [];
  const span = spanOf(selection);
  const rows = await rowsOf<DaysRow>(db, piecesStatement(selection));
  return rows.flatMap(({ slot: begins, month, amounts }) =>
    amounts.flatMap((amount, at) => {
      const day = dayOfColumn(span, month, at);
      if (amount === null || day === undefined) return [];
      const isOfBeginning = Math.floor(begins / HOURS_PER_DAY) === day;
      return [{ hour: isOfBeginning ? begins : day * HOURS_PER_DAY, amount: decimalOf(amount) }];
    }),
  );
}

/** What the first groups by something cost, the most first. */
export async function topCosts(
  db: Queryable,
  ground: Ground,
  selection: Selection,
  { by, limit, total }: { readonly by: Grouping; readonly limit: number; readonly total: Decimal },
): Promise<readonly GroupCost[]> {
  const listing = { by, search: '', order: 'amount', limit, skipped: 0 } as const;
  return (await costsBy(db, ground, selection, listing, total)).groups;
}

async function rowsOf<Row extends object>(
  db: Queryable,
  { text, values }: Statement,
): Promise<Row[]> {
  const { rows } = await db.query<Row>(text, [...values]);
  return rows;
}

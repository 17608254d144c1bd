import { Decimal } from '../../kernel/index.ts';
import { decimalOf, type Tx } from '../../platform/index.ts';
import {
  bucketsOf,
  firstDayOfMonth,
  subtractSums,
  type Buckets,
  type GroupPage,
  type Sums,
} from '../../analysis/index.ts';
import { readNames } from './names.ts';
import {
  groupsStatement,
  pointsStatements,
  type PointsStatement,
  type Slots,
  type SumsQuestion,
} from './statements.ts';

const HOURS_PER_DAY = 24;

/**
 * Answers a question from the sums that `tx` sees.
 *
 * @param skipped groups of the pages before
 */
export async function readUsagePage(
  tx: Tx,
  question: SumsQuestion,
  skipped: number,
): Promise<GroupPage> {
  const { query } = question;
  const buckets = bucketsOf(query.granularity, query.from, query.to);
  const { ids, amounts, total, allGroups, foundGroups } = await readGroups(tx, question, skipped);
  const names = await readNames(tx, query.groupBy, ids);
  const points = await readGroupPoints(tx, question, { ids, amounts, allGroups }, buckets);
  const listed = ids.map((id, at) => {
    const name = names.get(id) ?? { key: id, name: id };
    const own = at < query.top ? points.top[at] : undefined;
    return { ...name, amount: amounts[at] ?? Decimal.zero, ...(own && { points: own }) };
  });
  const whole: Sums = {
    amount: total,
    points: await readTotalPoints(tx, question, total, buckets),
  };
  const next = skipped + ids.length;
  return {
    groups: listed,
    others: subtractSums(whole, points.listed, allGroups - ids.length),
    total: whole,
    next: ids.length > 0 && next < foundGroups ? next : undefined,
  };
}

interface GroupsRow {
  readonly allGroups: number;
  readonly foundGroups: number;
  readonly total: string | null;
  readonly id: string | null;
  readonly amount: string | null;
}

interface ListedGroups {
  readonly ids: readonly string[];
  readonly amounts: readonly Decimal[];
  readonly allGroups: number;
}

async function readGroups(
  tx: Tx,
  question: SumsQuestion,
  skipped: number,
): Promise<ListedGroups & { readonly total: Decimal; readonly foundGroups: number }> {
  const { text, values } = groupsStatement(question, skipped);
  const { rows } = await tx.query<GroupsRow>(text, [...values]);
  const { allGroups, foundGroups, total } = rows[0]!;
  const page = rows.filter(({ id }) => id !== null);
  return {
    ids: page.map(({ id }) => id ?? ''),
    amounts: page.map(({ amount }) => decimalOf(amount ?? '0')),
    total: decimalOf(total ?? '0'),
    allGroups,
    foundGroups,
  };
}

/** Points of the groups that carry some, and what all listed groups have together. */
async function readGroupPoints(
  tx: Tx,
  question: SumsQuestion,
  { ids, amounts, allGroups }: ListedGroups,
  buckets: Buckets,
): Promise<{ top: readonly (readonly Decimal[])[]; listed: Sums }> {
  const { top, granularity } = question.query;
  const amount = amounts.reduce((sum, each) => sum.add(each), Decimal.zero);
  if (granularity === 'none') {
    return { top: amounts.map((each) => [each]), listed: { amount, points: [amount] } };
  }
  const carrying = Math.min(top, ids.length);
  // All that carry no points share a slot.
  const slots: Slots = {
    ids,
    slots: ids.map((_, at) => Math.min(at, carrying)),
    most: ids.length * 4 > allGroups,
  };
  const filled = emptySlots(carrying + 1, buckets);
  if (ids.length > 0) await fill(tx, pointsStatements(question, slots), filled, question, buckets);
  const points = filled.reduce((sum, slot) => sum.map((each, at) => each.add(slot[at]!)));
  return { top: filled.slice(0, carrying), listed: { amount, points } };
}

async function readTotalPoints(
  tx: Tx,
  question: SumsQuestion,
  total: Decimal,
  buckets: Buckets,
): Promise<readonly Decimal[]> {
  const { granularity, groupBy } = question.query;
  if (granularity === 'none') return [total];
  const filled = emptySlots(1, buckets);
  // Quantities of several meters do not add up to anything.
  if (groupBy !== 'meter') {
    await fill(tx, pointsStatements(question), filled, question, buckets);
  }
  return filled[0]!;
}

function emptySlots(count: number, { starts }: Buckets): Decimal[][] {
  return Array.from({ length: count }, () => starts.map(() => Decimal.zero));
}

interface PointsRow {
  readonly slot: number;
  readonly block: number;
  readonly amounts: readonly (string | null)[];
}

async function fill(
  tx: Tx,
  statements: readonly PointsStatement[],
  slots: readonly Decimal[][],
  { query }: SumsQuestion,
  buckets: Buckets,
): Promise<void> {
  for (const { text, values, unit, readsMost } of statements) {
    await tx.query(`set local enable_nestloop = ${readsMost ? 'off' : 'on'}`);
    const { rows } = await tx.query<PointsRow>(text, [...values]);
    for (const { slot, block, amounts } of rows) {
      const points = slots[slot]!;
      amounts.forEach((amount, at) => {
        const bucket = bucketAt(unit, block, at, query, buckets);
        if (amount === null || bucket === undefined) return;
        points[bucket] = points[bucket]!.add(decimalOf(amount));
      });
    }
  }
}

/** Where a value of a row falls; undefined outside of the range. */
function bucketAt(
  unit: PointsStatement['unit'],
  block: number,
  at: number,
  { from, to }: { readonly from: number; readonly to: number },
  buckets: Buckets,
): number | undefined {
  switch (unit) {
    case 'hours of day': {
      const hour = block * HOURS_PER_DAY + at;
      return hour >= from && hour < to ? buckets.indexOfHour(hour) : undefined;
    }
    case 'days of month': {
      const day = firstDayOfMonth(block) + at;
      // The days at the ends of which only hours are wanted are told apart by their own rows.
      const isWhole = day * HOURS_PER_DAY >= from && (day + 1) * HOURS_PER_DAY <= to;
      return isWhole ? buckets.indexOfDay(day) : undefined;
    }
    case 'day':
      return buckets.indexOfDay(block);
    case 'month': {
      const first = Math.max(firstDayOfMonth(block), Math.ceil(from / HOURS_PER_DAY));
      return buckets.indexOfDay(first);
    }
    default:
      return unit satisfies never;
  }
}

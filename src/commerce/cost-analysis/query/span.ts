import { firstDayOfMonth, monthOfDay } from '../../../analysis/index.ts';
import { DAY_COLUMNS } from '../summaries/levels.ts';

const HOURS_PER_DAY = 24;

/**
 * A range of hours as rows of sums hold it. Costs are kept by UTC day of use; a day in which a billing period begins is in two
 * pieces, each in rows of its own period, and a piece belongs to the range in which it begins. So ranges that follow each
 * other have each piece once, and a range from the beginning of a period to its end has just the period.
 */
export interface Span {
  readonly from: number;
  readonly to: number;
  /** Days since 1970, the last exclusive, whose pieces all begin in the range where their period begins before its end. */
  readonly fromDay: number;
  readonly toDay: number;
  /** The day in which the range begins after its midnight: it has pieces of periods that begin in the range alone. */
  readonly edgeDay: number | undefined;
  /** Months since 1970, the last inclusive. */
  readonly months: { readonly first: number; readonly last: number };
}

/** @param range not empty */
export function spanOf({ from, to }: { readonly from: number; readonly to: number }): Span {
  const fromDay = Math.ceil(from / HOURS_PER_DAY);
  const toDay = Math.ceil(to / HOURS_PER_DAY);
  const edgeDay = from % HOURS_PER_DAY === 0 ? undefined : fromDay - 1;
  const months = { first: monthOfDay(edgeDay ?? fromDay), last: monthOfDay(toDay - 1) };
  return { from, to, fromDay, toDay, edgeDay, months };
}

/** SQL on scopes `o`: those that can have something of the range. */
export function scopesOfSpan({ from, to }: Span): string {
  return `o.period_from < ${to} and o.period_to > ${from}`;
}

/** SQL on scopes `o` and sums `s`: what a row has of the range; null when it has nothing of it. */
export function amountOfSpan(span: Span): string {
  const { fromDay, toDay, edgeDay, months } = span;
  const cut = [...new Set([months.first, months.last])].flatMap((month) => {
    const start = firstDayOfMonth(month);
    const length = firstDayOfMonth(month + 1) - start;
    const from = Math.max(fromDay - start, 0);
    const to = Math.min(toDay - start, length);
    if (from === 0 && to === length) return [];
    const edge =
      edgeDay === undefined || month !== months.first
        ? []
        : [edgeColumn(span, `s.d${edgeDay - start + 1}`)];
    return [`when ${month} then ${sumOfDays(from, to, edge)}`];
  });
  return cut.length === 0 ? 's.total' : `case s.month ${cut.join(' ')} else s.total end`;
}

/** SQL on scopes `o` and sums `s`: the days of a row, in their order; what is not of the range may be among them. */
export function daysOfSpan(span: Span): string[] {
  const { edgeDay, months } = span;
  if (edgeDay === undefined) return DAY_COLUMNS.map((column) => `s.${column}`);
  const at = edgeDay - firstDayOfMonth(months.first);
  return DAY_COLUMNS.map((column, day) =>
    day === at
      ? `case when s.month <> ${months.first} or o.period_from >= ${span.from} then s.${column} end`
      : `s.${column}`,
  );
}

/** The day, since 1970, of a column; undefined where it is not of the range. */
export function dayOfColumn(span: Span, month: number, at: number): number | undefined {
  const day = firstDayOfMonth(month) + at;
  const isOf =
    day >= (span.edgeDay ?? span.fromDay) && day < span.toDay && day < firstDayOfMonth(month + 1);
  return isOf ? day : undefined;
}

function edgeColumn({ from }: Span, column: string): string {
  return `case when o.period_from >= ${from} then ${column} end`;
}

/** Null where all are, so that who used nothing is not there with nothing. What is less to add is added. */
function sumOfDays(from: number, to: number, more: readonly string[]): string {
  const columns = DAY_COLUMNS.map((column) => `s.${column}`);
  const wanted = [...more, ...columns.slice(from, Math.max(from, to))];
  const [only = 'null::numeric'] = wanted;
  if (wanted.length <= 1) return only;
  const others = [...columns.slice(0, from), ...columns.slice(to)];
  const isMost = more.length === 0 && others.length < wanted.length;
  const sum = isMost ? `s.total - (${zeroed(others)})` : zeroed(wanted);
  return `case when coalesce(${wanted.join(', ')}) is not null then ${sum} end`;
}

function zeroed(columns: readonly string[]): string {
  return columns.map((column) => `coalesce(${column}, 0)`).join(' + ');
}

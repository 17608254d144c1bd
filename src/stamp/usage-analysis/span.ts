import { firstDayOfMonth, monthOfDay } from '../../analysis/index.ts';
import { DAY_COLUMNS, HOUR_COLUMNS } from './columns.ts';

const HOURS_PER_DAY = 24;

/** Hours of one day, the last exclusive. */
export interface DayPart {
  readonly day: number;
  readonly fromHour: number;
  readonly toHour: number;
}

/** A range of hours as rows of sums hold it: whole days, and hours of the days at its ends. */
export interface Span {
  /** The last exclusive; equal where there are none. */
  readonly fromDay: number;
  readonly toDay: number;
  /** At most two. */
  readonly edges: readonly DayPart[];
}

/** @param to exclusive, after `from` */
export function spanOf(from: number, to: number): Span {
  const fromDay = Math.ceil(from / HOURS_PER_DAY);
  const toDay = Math.floor(to / HOURS_PER_DAY);
  const [fromHour, toHour] = [from % HOURS_PER_DAY, to % HOURS_PER_DAY];
  if (fromDay > toDay) {
    return { fromDay, toDay: fromDay, edges: [{ day: toDay, fromHour, toHour }] };
  }
  const first = { day: fromDay - 1, fromHour, toHour: HOURS_PER_DAY };
  const last = { day: toDay, fromHour: 0, toHour };
  const edges = [...(fromHour > 0 ? [first] : []), ...(toHour > 0 ? [last] : [])];
  return { fromDay, toDay, edges };
}

/** Months of the whole days, the last inclusive; undefined where there are none. */
export function monthsOf({ fromDay, toDay }: Span): { first: number; last: number } | undefined {
  if (fromDay === toDay) return undefined;
  return { first: monthOfDay(fromDay), last: monthOfDay(toDay - 1) };
}

/** SQL: what a row of days has of the whole days; null when there is nothing. */
export function amountOfMonth({ fromDay, toDay }: Span): string {
  const [first, last] = [monthOfDay(fromDay), monthOfDay(toDay - 1)];
  const parts = [...new Set([first, last])].flatMap((month) => {
    const start = firstDayOfMonth(month);
    const from = Math.max(fromDay - start, 0);
    const to = Math.min(toDay, firstDayOfMonth(month + 1)) - start;
    if (from === 0 && start + to === firstDayOfMonth(month + 1)) return [];
    return [`when ${month} then ${sumOfColumns(DAY_COLUMNS.slice(from, to))}`];
  });
  return parts.length === 0 ? 'total' : `case month ${parts.join(' ')} else total end`;
}

/** SQL: what a row of hours has of the days at the ends. */
export function amountOfEdges({ edges }: Span): string {
  const parts = edges.map(
    ({ day, fromHour, toHour }) =>
      `when ${day} then ${sumOfColumns(HOUR_COLUMNS.slice(fromHour, toHour))}`,
  );
  return `case day ${parts.join(' ')} end`;
}

/** Null where all are, so that who used nothing is not there with nothing. */
function sumOfColumns(columns: readonly string[]): string {
  const [only = 'null', ...more] = columns;
  if (more.length === 0) return only;
  const zeros = columns.map((column) => `coalesce(${column}, 0)`);
  return `case when coalesce(${columns.join(', ')}) is not null then ${zeros.join(' + ')} end`;
}

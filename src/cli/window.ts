import { dayNumber, dayStart, fail, hourNumber, hourStart, type Instant } from '../kernel/index.ts';
import {
  closeWindows,
  countOpenImportedHours,
  listWindows,
  openPresentHour,
  type ClosedWindow,
  type Granularity,
  type ReportedWindow,
} from '../stamp/aggregation/index.ts';
import type { Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { toJson, toTable, write } from './output.ts';
import { readTime, windowText } from './usage-range.ts';

/** Windows that lie in a range of time as a whole, both ends inclusive. */
export interface WindowRange {
  readonly from: number;
  readonly through: number;
}

/** The largest number that the database takes. */
const LAST = 2 ** 31 - 1;
const NANOSECONDS_PER_HOUR = 3_600_000_000_000n;

/** Reads `--from` (windows that start then or later) and `--through` (that end then or earlier). */
export function readWindowRange(values: Arguments, granularity: Granularity): WindowRange {
  const length = NANOSECONDS_PER_HOUR * (granularity === 'hour' ? 1n : 24n);
  const read = (name: string): bigint | undefined => {
    const text = values.optional(name);
    return text === undefined ? undefined : readTime(`--${name}`, text).epochNanoseconds;
  };
  const [from, through] = [read('from'), read('through')];
  return {
    from: from === undefined ? 0 : Number.parseInt(String((from + length - 1n) / length), 10),
    through: through === undefined ? LAST : Number.parseInt(String(through / length), 10) - 1,
  };
}

/** `window list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const granularity = values.optional('granularity') === 'hour' ? 'hour' : 'day';
  const range = readWindowRange(values, granularity);
  const windows = await withStamp(context, ({ database }) =>
    listWindows(database.pool, { granularity, ...range }),
  );
  const text = context.json
    ? toJson(windows.map(toWireWindow))
    : toTable(
        [granularity.toUpperCase(), 'STATE', 'ORIGIN', 'ROWS', 'RECORDS', 'QUANTITY'],
        windows.map(toRow),
      );
  await write(context.output.out, text);
}

function startOf({ granularity, number }: ReportedWindow): Instant {
  return granularity === 'hour' ? hourStart(hourNumber(number)) : dayStart(dayNumber(number));
}

function toWireWindow(window: ReportedWindow): object {
  const { granularity, state, origin, openedAt } = window;
  const base = {
    granularity,
    start: startOf(window).toString(),
    end: startOf(window)
      .add({ hours: granularity === 'hour' ? 1 : 24 })
      .toString(),
    state,
    origin,
    openedAt: openedAt.toString(),
  };
  if (window.state !== 'closed') return base;
  const { sums, closedAt, expiredAt } = window;
  const expired = expiredAt === undefined ? {} : { expiredAt: expiredAt.toString() };
  return { ...base, closedAt: closedAt.toString(), ...sums, ...expired };
}

function toRow(window: ReportedWindow): string[] {
  const start = startOf(window)
    .toString()
    .slice(0, window.granularity === 'hour' ? 16 : 10);
  const { state, origin } = window;
  if (window.state !== 'closed') return [start, state, origin, '', '', ''];
  const { rows, records, quantity } = window.sums;
  return [start, state, origin, String(rows), String(records), quantity];
}

/** `window close` */
export async function close(context: Context, values: Arguments): Promise<void> {
  const text = values.required('through');
  const through = readTime('--through', text);
  const now = context.clock.now();
  if (Temporal.Instant.compare(through, now) > 0) {
    throw fail('InvalidProperty', {
      parameter: '--through',
      value: text,
      rule: `it is in the future (it is ${now.toString({ smallestUnit: 'second' })} now), and a window closes when it is over`,
    });
  }
  const { json, output } = context;
  const closed: ClosedWindow[] = [];
  const importedOpen = await withStamp(context, async (open) => {
    await openPresentHour(open);
    await closeWindows(open, through, (window) => {
      closed.push(window);
      if (!json) output.out.write(describeClosed(window));
    });
    return countOpenImportedHours(open.database.pool);
  });
  if (json) {
    await write(
      output.out,
      toJson({
        closed: closed.map(({ granularity, number, sums }) => ({
          granularity,
          start: windowText(granularity, number),
          ...sums,
        })),
        ...(importedOpen > 0 && { importedOpen }),
      }),
    );
    return;
  }
  if (closed.length === 0) {
    await write(output.out, 'No window that ends by then was left to close.\n');
  }
  if (importedOpen > 0) {
    await write(
      output.out,
      `${importedOpen} imported hours are open still: they close when their import is run again to its end.\n`,
    );
  }
}

function describeClosed({ granularity, number, sums }: ClosedWindow): string {
  const rows = `${sums.rows} rows of ${sums.records} records`;
  return `closed ${granularity} ${windowText(granularity, number)}: ${rows}\n`;
}

import { fail, formatWireTime, hourNumber, hourOf, hourStart } from '../../kernel/index.ts';
import type { Clock, Database, Tx } from '../../platform/index.ts';
import { REPORTED_HOUR_LOCK } from '../intake/index.ts';
import { HOURS_PER_DAY, type WindowId, type WindowSums } from './reported-window.ts';
import {
  aggregateWindow,
  ensurePartitions,
  findClosedDayWithOpenHour,
  insertWindows,
  isDayComplete,
  listClosing,
  listDaysToClose,
  lockStampState,
  markClosed,
  markClosing,
  readWindow,
  writeStampState,
} from './store.ts';

/** Held by whoever closes windows: one at a time, so that they close in order. */
const CLOSER_LOCK = 7302;

export interface WindowTools {
  readonly database: Database;
  readonly clock: Clock;
}

/** A window that was just closed. */
export interface ClosedWindow extends WindowId {
  readonly sums: WindowSums;
}

/**
 * Opens the reported hour of the present, once it has come, and marks the hours before it for closing.
 * After a time of standing still every hour in between gets its window too, empty and in order.
 * At the very first start this hour becomes the first of the stamp.
 *
 * @returns the open hour
 */
export async function openPresentHour({ database, clock }: WindowTools): Promise<number> {
  return database.transaction(
    async (tx) => {
      const now = clock.now();
      const present: number = hourOf(now);
      const state = await lockStampState(tx);
      const from = state === undefined ? present : state.openHour + 1;
      if (state !== undefined && present < from) return state.openHour;
      await ensurePartitions(tx, [...new Set([from, present, present + HOURS_PER_DAY])]);
      if (state !== undefined) {
        await markClosing(tx, state.openHour, state.openHour);
        await openWindows(tx, { from, through: present - 1, state: 'closing', openedAt: now });
      }
      await openWindows(tx, { from: present, through: present, state: 'open', openedAt: now });
      await writeStampState(tx, {
        openHour: present,
        firstHour: state?.firstHour ?? present,
      });
      return present;
    },
    { retry: true },
  );
}

async function openWindows(
  tx: Tx,
  hours: {
    from: number;
    through: number;
    state: 'open' | 'closing';
    openedAt: Temporal.Instant;
  },
): Promise<void> {
  const { from, through, state, openedAt } = hours;
  if (through < from) return;
  const origin = 'own';
  await insertWindows(tx, { granularity: 'hour', from, through, state, origin, openedAt });
  await insertWindows(tx, {
    granularity: 'day',
    from: Math.floor(from / HOURS_PER_DAY),
    through: Math.floor(through / HOURS_PER_DAY),
    state: 'open',
    origin,
    openedAt,
  });
}

/**
 * Closes, in order, every window that ends at or before `through`: hours first, then the days they complete.
 * Each closes in a transaction of its own; interrupted anywhere, the next call goes on with the first that is left.
 *
 * @param onClosed told of each window as it closes
 * @returns how many were closed
 */
export async function closeWindows(
  tools: WindowTools,
  through: Temporal.Instant,
  onClosed: (window: ClosedWindow) => void = () => undefined,
): Promise<number> {
  const throughHour = hourOf(through) - 1;
  let closed = 0;
  for (const hour of await listClosing(tools.database.pool, throughHour)) {
    const sums = await closeOne(tools, { granularity: 'hour', number: hour });
    if (sums === undefined) continue;
    closed += 1;
    onClosed({ granularity: 'hour', number: hour, sums });
    if ((hour + 1) % HOURS_PER_DAY === 0) closed += await closeDays(tools, hour, onClosed);
  }
  return closed + (await closeDays(tools, throughHour, onClosed));
}

async function closeDays(
  tools: WindowTools,
  throughHour: number,
  onClosed: (window: ClosedWindow) => void,
): Promise<number> {
  let closed = 0;
  for (const day of await listDaysToClose(tools.database.pool, throughHour)) {
    const sums = await closeOne(tools, { granularity: 'day', number: day });
    if (sums === undefined) continue;
    closed += 1;
    onClosed({ granularity: 'day', number: day, sums });
  }
  return closed;
}

/** @returns undefined when somebody else closed it meanwhile, or it cannot be closed yet */
async function closeOne(tools: WindowTools, window: WindowId): Promise<WindowSums | undefined> {
  return tools.database.transaction(
    async (tx) => {
      await tx.query('select pg_advisory_xact_lock($1, 0)', [CLOSER_LOCK]);
      const before = await readWindow(tx, window.granularity, window.number);
      if (before === undefined || before.state === 'closed') return undefined;
      if (window.granularity === 'hour') {
        // Waits for the transactions that joined this hour while it was open; no new one can.
        await tx.query('select pg_advisory_xact_lock($1, $2)', [REPORTED_HOUR_LOCK, window.number]);
      } else if (!(await isDayComplete(tx, window.number))) {
        // An import has opened hours of it since it was found complete.
        return undefined;
      }
      const sums = await aggregateWindow(tx, window.granularity, window.number);
      await markClosed(tx, window, sums, tools.clock.now());
      return sums;
    },
    { retry: true },
  );
}

/**
 * Makes windows for another stamp's history: the hours from..through (inclusive), all before this stamp's first.
 *
 * @returns the hours among them that were closed by an earlier import
 * @throws ImportWindowNotBeforeFirst, ImportWindowClosed (a day that is closed would get further hours)
 */
export async function openImportedWindows(
  { database, clock }: WindowTools,
  from: number,
  through: number,
): Promise<ReadonlySet<number>> {
  return database.transaction(async (tx) => {
    // Not while a day is closed: it would miss the hours that come with this.
    await tx.query('select pg_advisory_xact_lock($1, 0)', [CLOSER_LOCK]);
    const state = await lockStampState(tx);
    if (state !== undefined && through >= state.firstHour) {
      throw fail('ImportWindowNotBeforeFirst', {
        granularity: 'hour',
        window: formatWireTime(hourStart(hourNumber(through))),
        first: formatWireTime(hourStart(hourNumber(state.firstHour))),
      });
    }
    const openedAt = clock.now();
    const days: number[] = [];
    for (let hour = from; hour <= through; hour += HOURS_PER_DAY) days.push(hour);
    await ensurePartitions(tx, [...days, through]);
    const imported = { state: 'open', origin: 'imported', openedAt } as const;
    await insertWindows(tx, { granularity: 'hour', from, through, ...imported });
    await insertWindows(tx, {
      granularity: 'day',
      from: Math.floor(from / HOURS_PER_DAY),
      through: Math.floor(through / HOURS_PER_DAY),
      ...imported,
    });
    const { rows } = await tx.query<{ number: number }>(
      `select number from reported_window
       where granularity = 'hour' and state = 'closed' and number between $1 and $2`,
      [from, through],
    );
    const late = await findClosedDayWithOpenHour(tx, from, through);
    if (late !== undefined) {
      const window = formatWireTime(hourStart(hourNumber(late * HOURS_PER_DAY)));
      throw fail('ImportWindowClosed', { window });
    }
    return new Set(rows.map((row) => row.number));
  });
}

/** Closes the windows of an import, in order, and the days that they complete. */
export async function closeImportedWindows(
  tools: WindowTools,
  from: number,
  through: number,
  onClosed: (window: ClosedWindow) => void = () => undefined,
): Promise<number> {
  await tools.database.transaction((tx) => markClosing(tx, from, through));
  return closeWindows(tools, hourStart(hourNumber(through + 1)), onClosed);
}

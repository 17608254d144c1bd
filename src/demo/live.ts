import { readFile } from 'node:fs/promises';
import { hourNumber, hourOf } from '../kernel/index.ts';
import type { Log } from '../platform/index.ts';
import { emitEvents, recordsReportedIn, toCloudEvent } from '../stamp/sources/index.ts';
import type { DemoStamp, DemoTools } from './stamp.ts';
import { writeDemoState, type DemoState } from './state.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Minute of the hour from which records of that same hour are sent: usage must not end far in the future. */
const OWN_HOUR_MINUTE = 56;

/** Minutes over which an hour's other records are spread, as real emitters come one after another. */
const SPREAD_MINUTES = 50;

/**
 * Emits what the simulated stamp uses, minute by minute, through the public intake, until aborted. Hours that passed
 * while nothing ran are sent first: they come late, as they would from real emitters.
 */
export async function emitLive(
  tools: DemoTools,
  demo: DemoStamp,
  state: DemoState,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { clock, data, server } = tools;
  const target = {
    baseUrl: server.baseUrl,
    ca: await readFile(server.caFile, 'utf8'),
    ...state.emitter,
  };
  const sentOfHour = new Map<number, number>();
  let through = state.emittedThrough;
  while (!signal.aborted) {
    const now = clock.now();
    const present: number = hourOf(now);
    for (let hour = through + 1; hour <= present; hour++) {
      const minute = hour < present ? 60 : (now.epochMilliseconds % HOUR_MS) / MINUTE_MS;
      const due = dueBy(demo, hour, minute);
      const already = sentOfHour.get(hour) ?? 0;
      if (due.length > already) {
        const result = await emitEvents(
          target,
          due.slice(already).map(toCloudEvent),
          clock,
          signal,
        );
        log.info({ hour, ...result }, 'simulated providers emitted');
      }
      sentOfHour.set(hour, due.length);
      if (hour < present) {
        through = hour;
        sentOfHour.delete(hour);
        await writeDemoState(data, { ...state, historyDone: true, emittedThrough: through });
      }
    }
    await clock.sleep(MINUTE_MS - (clock.now().epochMilliseconds % MINUTE_MS), signal);
  }
}

/** The records of an hour that have been emitted by a minute of it, always in the same order. */
function dueBy(demo: DemoStamp, hour: number, minute: number): ReturnType<DemoStamp['adopt']>[] {
  const records = recordsReportedIn(demo.simulated, hourNumber(hour)).map(demo.adopt);
  const start = Temporal.Instant.fromEpochMilliseconds(hour * HOUR_MS)
    .toString()
    .slice(0, 13);
  const earlier = records.filter((record) => !record.usageStartTime.startsWith(start));
  const own = records.filter((record) => record.usageStartTime.startsWith(start));
  const share = Math.min(1, (minute + 1) / SPREAD_MINUTES);
  const due = earlier.slice(0, Math.ceil(earlier.length * share));
  return minute >= OWN_HOUR_MINUTE ? [...due, ...own] : due;
}

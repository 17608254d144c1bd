import {
  closeWindows,
  openPresentHour,
  type ClosedWindow,
} from '../src/stamp/aggregation/index.ts';
import { timed } from './figures.ts';
import type { Bench } from './bench.ts';

const HOUR_MS = 3_600_000;

/** Closes the hour that holds everything, then the day, beside a plain scan and sum of the same records. */
export async function measureClose(bench: Bench): Promise<void> {
  const { database, clock, report } = bench;
  const { rows } = await database.pool.query<{ hour: number; records: bigint }>(
    `select open_hour as hour, (select count(*) from usage_record where reported_hour = open_hour) as records
     from stamp_state`,
  );
  const { hour, records } = rows[0]!;
  const count = Number.parseInt(String(records), 10);
  const scan = await timed(() =>
    database.pool.query(
      `select subscription_id, usage_hour, resource_key, spelling, sum(quantity)
       from usage_record where reported_hour = $1 group by 1, 2, 3, 4 limit 1`,
      [hour],
    ),
  );
  const closed: { window: ClosedWindow; at: number }[] = [];
  await clock.shift((24 - (hour % 24)) * HOUR_MS + HOUR_MS);
  await openPresentHour({ database, clock });
  const started = performance.now();
  await closeWindows({ database, clock }, clock.now(), (window) =>
    closed.push({ window, at: performance.now() }),
  );
  const hourDone = closed.find(({ window }) => window.number === hour)!;
  const day = closed.findIndex(({ window }) => window.granularity === 'day');
  report.add(
    'close.hour',
    count / ((hourDone.at - started) / 1000),
    'records/s',
    count / scan.seconds,
  );
  report.add('close.hour.rows', Number.parseInt(String(hourDone.window.sums.rows), 10), 'rows');
  if (day > 0) {
    const seconds = (closed[day]!.at - closed[day - 1]!.at) / 1000;
    const rowsIn = Number.parseInt(String(hourDone.window.sums.rows), 10);
    report.add('close.day', rowsIn / seconds, 'hourly rows/s');
  }
}

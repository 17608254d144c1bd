import assert from 'node:assert/strict';
import { openDatabase, silentLog, systemClock, type Database } from '../../src/platform/index.ts';
import { listWindows, readStampState, verifyWindows } from '../../src/stamp/aggregation/index.ts';
import type { Ledger } from './senders.ts';
import { sumRecords } from './records.ts';

const HOURS_PER_DAY = 24;
const OBSERVE_EVERY_MS = 150;

/** Looks at the reported windows all the time: none that was closed may ever look different. */
export interface Observer {
  /** @returns how often it looked */
  stop(): Promise<number>;
}

/** Starts to look. */
export function observeWindows(database: Database): Observer {
  const closed = new Map<string, string>();
  const stopped = new AbortController();
  let looks = 0;
  const running = (async () => {
    while (!stopped.signal.aborted) {
      const windows = await readWindows(database).catch(() => undefined);
      if (windows !== undefined) {
        looks += 1;
        compare(windows, closed);
      }
      await systemClock.sleep(OBSERVE_EVERY_MS);
    }
    return looks;
  })();
  running.catch(() => undefined);
  return {
    stop: () => {
      stopped.abort();
      return running;
    },
  };
}

interface ObservedWindow {
  readonly name: string;
  readonly granularity: string;
  readonly state: string;
  /** everything there is to say of a window, and of the rows that it holds */
  readonly content: string;
}

async function readWindows(database: Database): Promise<ObservedWindow[]> {
  const { rows } = await database.pool.query<ObservedWindow>(
    `select w.granularity || ' ' || w.number as name, w.granularity, w.state,
            w.closed_at || ' ' || w.hash || ' ' || w.quantity || ' ' || w.records || ' in table '
              || coalesce(case w.granularity when 'hour' then h.sums else d.sums end, 'none') as content
     from reported_window w
     left join (select reported_hour, sum(quantity) || ' ' || sum(records) as sums
                from usage_hourly group by 1) h on h.reported_hour = w.number
     left join (select reported_day, sum(quantity) || ' ' || sum(records) as sums
                from usage_daily group by 1) d on d.reported_day = w.number
     order by w.granularity, w.number`,
  );
  return rows;
}

function compare(windows: readonly ObservedWindow[], closed: Map<string, string>): void {
  const found = new Set(windows.filter(({ state }) => state === 'closed').map(({ name }) => name));
  for (const name of closed.keys()) assert.ok(found.has(name), `${name} is no longer closed`);
  windows.forEach(({ name, granularity, state, content }, index) => {
    if (state !== 'closed') return;
    assert.equal(content, closed.get(name) ?? content, `${name} changed after it was closed`);
    closed.set(name, content);
    const before = windows[index - 1];
    const inOrder = before?.granularity !== granularity || before.state === 'closed';
    assert.ok(inOrder, `${name} is closed and the one before it is not`);
  });
}

/** Everything that must hold in the end, when all hours up to `throughHour` and their days are closed. */
export async function checkInvariants(
  url: string,
  ledger: Ledger,
  throughHour: number,
): Promise<{ windows: number }> {
  const config = { data: '', databaseUrl: url };
  const database = await openDatabase(config, silentLog, { migrations: false });
  try {
    await checkSums(database, ledger);
    await checkConflicts(database, ledger);
    return { windows: await checkWindows(database, throughHour) };
  } finally {
    await database.close();
  }
}

/** acknowledged-is-durable, counts-once, conserved. */
async function checkSums(database: Database, ledger: Ledger): Promise<void> {
  const expected = sumRecords(ledger.acknowledged.values());
  const sources = {
    usage_record:
      'usage_record u join meter_spelling s using (spelling) join meter m on m.meter = s.meter',
    usage_hourly: 'usage_hourly u join meter m on m.meter = u.meter',
    usage_daily: 'usage_daily u join meter m on m.meter = u.meter',
  };
  for (const [table, source] of Object.entries(sources)) {
    const { rows } = await database.pool.query<{ key: string; millionths: string }>(
      `select u.subscription_id || ' ' || m.meter_key as key,
              trim_scale(sum(u.quantity) * 1000000)::text as millionths
       from ${source} group by 1`,
    );
    const sums = new Map(rows.map(({ key, millionths }) => [key, BigInt(millionths)]));
    assert.deepEqual(sums, expected, `sums of ${table}`);
  }
  const { rows } = await database.pool.query<{ identities: number; recorded: number }>(
    `select (select count(*)::int from record_identity) as identities,
            (select count(distinct record_key)::int from usage_record) as recorded`,
  );
  const count = ledger.acknowledged.size;
  assert.deepEqual(rows[0], { identities: count, recorded: count });
}

/** The same id with other content is kept aside, and nothing else is. */
async function checkConflicts(database: Database, ledger: Ledger): Promise<void> {
  const { rows } = await database.pool.query<{ record_id: string; code: string }>(
    'select distinct record_id, code from quarantine',
  );
  assert.ok(rows.every(({ code }) => code === 'RecordConflict'));
  const held = rows.map((row) => row.record_id).toSorted();
  assert.deepEqual(held, [...ledger.conflicts].toSorted());
}

/** closed-is-final: windows without a gap, closed one after the other, equal when computed anew. */
async function checkWindows(database: Database, throughHour: number): Promise<number> {
  const state = await readStampState(database.pool);
  assert.ok(state !== undefined);
  const throughDay = Math.floor(throughHour / HOURS_PER_DAY);
  const ranges = [
    { granularity: 'hour', from: state.firstHour, through: throughHour },
    { granularity: 'day', from: Math.floor(state.firstHour / HOURS_PER_DAY), through: throughDay },
  ] as const;
  let checked = 0;
  for (const { granularity, ...range } of ranges) {
    const windows = await listWindows(database.pool, { granularity, ...range });
    const numbers = Array.from(
      { length: range.through - range.from + 1 },
      (_, i) => range.from + i,
    );
    assert.deepEqual(
      windows.map(({ number }) => number),
      numbers,
    );
    let last = Temporal.Instant.fromEpochMilliseconds(0);
    for (const window of windows) {
      assert.ok(window.state === 'closed', `${granularity} ${window.number} is ${window.state}`);
      assert.ok(Temporal.Instant.compare(last, window.closedAt) <= 0, 'closed out of order');
      last = window.closedAt;
    }
    for await (const verdict of verifyWindows(database, granularity, range)) {
      assert.equal(verdict.verdict, 'equal');
      checked += 1;
    }
  }
  assert.ok(checked > 0);
  return checked;
}

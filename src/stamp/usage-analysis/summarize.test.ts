import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { gateBefore } from '../../../test/support/gate.ts';
import { withTestDatabase } from '../../../test/support/database.ts';
import { hourNumber, hourStart } from '../../kernel/index.ts';
import { createMetrics, fixedClock, systemClock, type Database } from '../../platform/index.ts';
import { applyRetention } from '../aggregation/index.ts';
import { readFreshness, registerUsageAnalysisMetrics } from './progress.ts';
import { summarizeUsage } from './summarize.ts';
import { FIRST, setUpUsage, uriOf, writeClosedHours, type FactRow } from './test-usage.ts';
import { verifySummaries } from './verify.ts';

const used = (reportedHour: number, changes: Partial<FactRow> = {}): FactRow => ({
  reportedHour,
  usageHour: reportedHour - 1,
  subscription: 1,
  resourceUri: uriOf(1, 'g', 'a'),
  location: 'local',
  tags: '{"env":"prod"}',
  meter: 0,
  quantity: '1.5',
  ...changes,
});

const hoursFrom = (from: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => from + index);

async function totalOf({ pool }: Database, table = 'usage_days_by_place'): Promise<string> {
  const { rows } = await pool.query<{ total: string | null }>(
    `select trim_scale(sum(total))::text as total from ${table}`,
  );
  return rows[0]!.total ?? '0';
}

async function verified(database: Database): Promise<void> {
  assert.deepEqual((await verifySummaries(database)).differences, []);
}

describe('sums of usage', () => {
  const test = withTestDatabase();
  const room = (): { database: Database; clock: typeof systemClock } => {
    return { database: test.database, clock: systemClock };
  };

  before(() => setUpUsage(test.database));

  it('take each closed hour once, in whatever order hours come', async () => {
    const { database } = test;
    assert.equal(await summarizeUsage(room()), 0);
    const later = hoursFrom(FIRST + 48, 24);
    await writeClosedHours(
      database,
      FIRST + 48,
      FIRST + 71,
      later.map((hour) => used(hour)),
    );
    assert.equal(await summarizeUsage(room()), 24);
    assert.equal(await summarizeUsage(room()), 0);
    const earlier = hoursFrom(FIRST, 48);
    // Late usage adds to what is in the sums already.
    const late = used(FIRST + 3, { usageHour: FIRST + 50, quantity: '0.25' });
    await writeClosedHours(database, FIRST, FIRST + 47, [
      ...earlier.map((hour) => used(hour)),
      late,
    ]);
    assert.equal(await summarizeUsage(room()), 48);
    assert.equal(await totalOf(database), '108.25');
    await verified(database);
  });

  it('are on the same pages and in the same places when many run at once', async () => {
    const { database } = test;
    const hours = hoursFrom(FIRST + 72, 48);
    const rows = hours.flatMap((hour) => [used(hour), used(hour, { meter: 1, tags: '' })]);
    await writeClosedHours(database, FIRST + 72, FIRST + 119, rows);
    const added = await Promise.all([1, 2, 3].map(() => summarizeUsage(room())));
    assert.equal(
      added.reduce((sum, each) => sum + each),
      48,
    );
    for (const level of ['meter', 'subscription', 'place']) {
      assert.equal(await totalOf(database, `usage_days_by_${level}`), '252.25');
    }
    await verified(database);
  });

  it('are as before when the process ends in between, and go on from there', async () => {
    const { database } = test;
    await writeClosedHours(
      database,
      FIRST + 120,
      FIRST + 143,
      hoursFrom(FIRST + 120, 24).map((hour) => used(hour)),
    );
    const gate = gateBefore(database, 'usage-sums-hour');
    const arrival = gate.close();
    const killed = assert.rejects(
      summarizeUsage({
        ...room(),
        database: { ...gate.database, transaction: once(gate.database) },
      }),
    );
    await arrival;
    // As when the process is killed: its connection ends, with the hours noted and places made, before their sums are.
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7310 and granted
         and database = (select oid from pg_database where datname = current_database())`,
    );
    gate.open();
    await killed;
    assert.equal(await totalOf(database), '252.25');
    assert.equal(String((await readFreshness(database.pool)).summarizedTo), startOf(FIRST + 120));
    assert.equal(await summarizeUsage(room()), 24);
    assert.equal(await totalOf(database), '288.25');
    await verified(database);
  });

  it('tell how far they are behind, and who asks, how fresh an answer is', async () => {
    const { database } = test;
    const clock = fixedClock(hourStart(hourNumber(FIRST + 150)));
    const metrics = createMetrics();
    registerUsageAnalysisMetrics(metrics, { database, clock });
    assert.match((await metrics.text()).body, /stackmeter_usage_analysis_lag_seconds 0\n/);
    await writeClosedHours(database, FIRST + 144, FIRST + 146, [used(FIRST + 145)]);
    const { body: text } = await metrics.text();
    assert.match(text, /stackmeter_usage_analysis_hours_waiting 3\n/);
    assert.match(text, /stackmeter_usage_analysis_lag_seconds 18000\n/);
    const behind = await readFreshness(database.pool);
    assert.deepEqual(
      [String(behind.closedTo), String(behind.summarizedTo)],
      [startOf(FIRST + 147), startOf(FIRST + 144)],
    );
    await summarizeUsage(room());
    const fresh = await readFreshness(database.pool);
    assert.equal(String(fresh.summarizedTo), startOf(FIRST + 147));
  });

  it('that were altered are found by their verification, at every level', async () => {
    const { pool } = test.database;
    const day = FIRST / 24;
    for (const [table, cell] of [
      ['usage_hours_by_place', 'h3'],
      ['usage_hours_by_subscription', 'h3'],
      ['usage_hours_by_meter', 'h3'],
      ['usage_days_by_place', 'd27'],
      ['usage_days_by_subscription', 'd27'],
      ['usage_days_by_meter', 'total'],
    ] as const) {
      const where = table.includes('hours') ? `where day = ${day}` : '';
      await pool.query(`update ${table} set ${cell} = ${cell} + 1 ${where}`);
      const { differences } = await verifySummaries(test.database);
      assert.ok(
        differences.some((difference) => difference.table === table),
        table,
      );
      await pool.query(`update ${table} set ${cell} = ${cell} - 1 ${where}`);
    }
    await verified(test.database);
    await pool.query('delete from usage_hours_by_meter where day = $1', [day]);
    const { differences } = await verifySummaries(test.database);
    assert.deepEqual(
      new Set(differences.map(({ table }) => table)),
      new Set(['usage_hours_by_meter']),
    );
  });
});

describe('sums of usage past retention', () => {
  const test = withTestDatabase();
  const clock = systemClock;

  before(() => setUpUsage(test.database));

  it('keep their days and lose their hours; what was not summed in time comes from daily rows', async () => {
    const { database } = test;
    // All of March; the next month stays.
    const march = FIRST + 72;
    const rows = hoursFrom(march, 31 * 24).map((hour) => used(hour, { usageHour: hour }));
    await writeClosedHours(database, march, march + 20 * 24 - 1, rows.slice(0, 20 * 24));
    await summarizeUsage({ database, clock });
    await writeClosedHours(database, march + 20 * 24, march + 31 * 24 - 1, rows.slice(20 * 24));
    await database.pool.query(
      `insert into reported_window (granularity, number, state, origin, opened_at, closed_at, rows, records, quantity, hash)
       select 'day', day, 'closed', 'own', now(), to_timestamp((day + 1) * 86400.0), 0, 0, 0, 0
       from generate_series($1::int, $1::int + 30) as day`,
      [march / 24],
    );
    const april = march + 31 * 24;
    await writeClosedHours(
      database,
      april,
      april + 23,
      hoursFrom(april, 24).map((hour) => used(hour, { usageHour: hour })),
    );
    const now = hourStart(hourNumber(april + 24 * 30));
    const expired = await applyRetention(database, now, { recordDays: 10, hourlyDays: 29 });
    assert.deepEqual(
      expired
        .filter(({ partition }) => partition.startsWith('usage_hourly'))
        .map(({ hours }) => hours),
      [31 * 24],
    );
    assert.equal(await summarizeUsage({ database, clock }), 12 * 24);
    assert.equal(await totalOf(database), String(32 * 24 * 1.5));
    const { rows: hours } = await database.pool.query<{ day: number }>(
      'select day from usage_hours_by_place',
    );
    assert.deepEqual(hours, [{ day: april / 24 }]);
    await verified(database);
  });

  it('that cannot be made are told, and hold nothing up', async () => {
    const { database } = test;
    const told: unknown[] = [];
    const log = { error: (fields: unknown) => told.push(fields) };
    const march = FIRST + 72;
    await database.pool.query('delete from usage_summarized where reported_hour = $1', [march + 1]);
    const next = march + 32 * 24;
    await writeClosedHours(database, next, next + 1, [used(next)]);
    assert.equal(await summarizeUsage({ database, clock, log }), 2);
    assert.deepEqual(told, [{ hours: 1, first: march + 1 }]);
    assert.equal(String((await readFreshness(database.pool)).summarizedTo), startOf(march + 1));
  });
});

/** As the room has it, but what fails is not tried again. */
function once(database: Database): Database['transaction'] {
  return (work, options) => database.transaction(work, { ...options, retry: false });
}

function startOf(hour: number): string {
  return hourStart(hourNumber(hour)).toString();
}

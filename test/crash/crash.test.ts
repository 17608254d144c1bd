import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { openDatabase, silentLog, systemClock, type Database } from '../../src/platform/index.ts';
import { clusterPaths, readPostmasterFile } from '../../src/platform/database/embedded/cluster.ts';
import { isServerOf } from '../../src/platform/database/embedded/processes.ts';
import { useEmbeddedServer } from '../../src/platform/database/embedded/server.ts';
import { fastClock, fastTime, type FastTime } from './fast-clock.ts';
import { checkInvariants, observeWindows } from './invariants.ts';
import { chooseSeed, seededRandom, type SeededRandom } from './random.ts';
import { startSenders, type Ledger } from './senders.ts';
import { prepareStamp } from './stamp.ts';
import { eventually, superviseServer, type SupervisedServer } from './supervisor.ts';

/** Set it to the seed that a failed run printed to have the same kills in the same order. */
const SEED_VARIABLE = 'STACKMETER_TEST_CRASH_SEED';

const HOUR_MS = 500;
const DAY_MS = 24 * 3_600_000;
const SENDERS = 4;

/** Kills something. @returns false when it does not run just now */
type Kill = () => boolean | Promise<boolean>;

interface Scene {
  readonly time: FastTime;
  readonly random: SeededRandom;
  readonly servers: readonly SupervisedServer[];
  /** what to kill, in order, by name */
  readonly plan: readonly string[];
  readonly kills: Readonly<Record<string, Kill>>;
}

function temporaryFolder(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stackmeter-crash-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Kills the PostgreSQL of a data folder as a machine would that runs out of memory. */
async function killPostmaster(data: string): Promise<boolean> {
  const paths = clusterPaths(data);
  const found = await readPostmasterFile(paths);
  if (found === undefined || !isServerOf(found.pid, paths.cluster)) return false;
  process.kill(found.pid, 'SIGKILL');
  return true;
}

function readyServer(servers: readonly SupervisedServer[], random?: SeededRandom) {
  const ready = servers.flatMap((server) => server.ready() ?? []);
  return random === undefined || ready.length === 0 ? ready[0] : random.pick(ready);
}

/** Each data folder has an authority of its own. */
async function authoritiesOf(servers: readonly SupervisedServer[]): Promise<Buffer[]> {
  const files = servers.map((server) => eventually('each server', () => server.ready()?.caFile));
  return (await Promise.all(files)).map((file) => readFileSync(file));
}

/** Most kills wait until something was counted since the last; the others fall into the recovery. */
async function killByPlan({ plan, kills, random }: Scene, ledger: Ledger): Promise<void> {
  for (const what of plan) {
    const before = ledger.batches;
    await systemClock.sleep(random.between(20, 500));
    if (random.next() < 0.8) {
      const counted = () => (ledger.batches > before ? true : undefined);
      await eventually('a batch that is counted after a kill', counted);
    }
    await systemClock.sleep(random.between(0, 60));
    await eventually(`a ${what} to kill`, async () => (await kills[what]!()) || undefined);
  }
}

/** Time is put forward a day and more, on one server alone, so that all that was counted is in closed days. */
async function closeAll(database: Database, servers: readonly SupervisedServer[]): Promise<number> {
  const [first, ...others] = servers;
  await Promise.all(others.map((server) => server.stop()));
  await eventually('the server', () => first!.ready());
  const { rows } = await database.pool.query<{ hour: number }>(
    'select open_hour as hour from stamp_state',
  );
  const hour = rows[0]!.hour;
  first!.tell(`jump ${DAY_MS}`);
  await eventually('the close of the last day', async () => {
    const { rowCount } = await database.pool.query(
      "select from reported_window where granularity = 'day' and number = $1 and state = 'closed'",
      [Math.floor(hour / 24)],
    );
    return rowCount === 1 ? true : undefined;
  });
  return Math.floor(hour / 24) * 24 + 23;
}

/** What was done, told before anything is checked, so that a failed run tells it too. */
function tell(t: TestContext, { plan, servers }: Scene, ledger: Ledger): void {
  const kinds = Map.groupBy(plan, (kind) => kind);
  const counts = [...kinds].map(([kind, { length }]) => `${length} ${kind}`).join(', ');
  const failed = servers.reduce((sum, server) => sum + server.failedStarts(), 0);
  t.diagnostic(`kills: ${plan.length} (${counts}); starts that a kill undid: ${failed}`);
  t.diagnostic(
    `records acknowledged: ${ledger.acknowledged.size} in ${ledger.batches} batches; conflicts: ${ledger.conflicts.size}`,
  );
  t.diagnostic(`answers: ${[...ledger.answers].map((pair) => pair.join(' ')).join(', ')}`);
}

/** Sends and kills until the plan is done, then checks everything. */
async function play(t: TestContext, scene: Scene): Promise<void> {
  const { servers, random } = scene;
  const clock = fastClock(scene.time);
  const ready = await eventually('the first server', () => servers[0]!.ready());
  const database = await openDatabase(
    { data: '', databaseUrl: ready.databaseUrl, databaseConnections: 3 },
    silentLog,
    { migrations: false },
  );
  let ledger: Ledger;
  let throughHour: number;
  try {
    const { rows } = await database.pool.query<{ fsync: string }>('show fsync');
    assert.equal(rows[0]?.fsync, 'on');
    const stamp = await prepareStamp(database, ready, clock);
    const observer = observeWindows(database);
    const findServer = () => readyServer(servers, random);
    const ca = await authoritiesOf(servers);
    const senders = startSenders({ ...stamp, findServer, ca, clock, random }, SENDERS);
    ledger = senders.ledger;
    t.after(() => senders.abandon());
    t.after(() => observer.stop().catch(() => undefined));
    const broken = servers.map((server) => server.broken);
    const played = killByPlan(scene, ledger).then(() => senders.stop());
    await Promise.race([played, senders.wrong, ...broken]).finally(() => tell(t, scene, ledger));
    throughHour = await closeAll(database, servers);
    t.diagnostic(`windows looked at ${await observer.stop()} times while that went on`);
  } finally {
    await database.close();
  }
  const { windows } = await checkInvariants(ready.databaseUrl, ledger, throughHour);
  t.diagnostic(`windows closed and found equal when computed anew: ${windows}`);
}

function times(count: number, kind: string): string[] {
  return Array.from({ length: count }, () => kind);
}

function seedOf(t: TestContext): SeededRandom {
  const seed = chooseSeed(process.env[SEED_VARIABLE]);
  t.diagnostic(`${SEED_VARIABLE}=${seed}`);
  return seededRandom(seed);
}

describe('acknowledged-is-durable, counts-once, conserved, closed-is-final', () => {
  it('while the server and its database are killed', { timeout: 240_000 }, async (t) => {
    const random = seedOf(t);
    const data = temporaryFolder(t);
    const time = fastTime(HOUR_MS);
    const running = superviseServer({ time, flags: { data, port: '0', sharedBuffers: '64MB' } });
    t.after(() => running.stop());
    const database: Kill = () => killPostmaster(data);
    const server: Kill = () => running.kill();
    const both: Kill = async () => (await killPostmaster(data)) && running.kill();
    const plan = [...times(25, 'database'), ...times(15, 'server'), ...times(10, 'both')];
    const kills = { database, server, both };
    await play(t, { time, random, servers: [running], plan: random.shuffle(plan), kills });
    await running.stop();
    assert.equal(await killPostmaster(data), false, 'the last user stops the database');
  });

  it(
    'while two servers on one database are killed, and it too',
    { timeout: 180_000 },
    async (t) => {
      const random = seedOf(t);
      const folder = temporaryFolder(t);
      const time = fastTime(HOUR_MS);
      const database = await useEmbeddedServer({
        data: join(folder, 'database'),
        sharedBuffers: 64 * 2 ** 20,
        log: silentLog,
        clock: systemClock,
      });
      const servers = ['one', 'other'].map((name) =>
        superviseServer({
          time,
          flags: { data: join(folder, name), port: '0', databaseUrl: database.url },
        }),
      );
      const kills = {
        one: () => servers[0]!.kill(),
        other: () => servers[1]!.kill(),
        database: () => killPostmaster(join(folder, 'database')),
      };
      const plan = [...times(6, 'one'), ...times(6, 'other'), ...times(4, 'database')];
      try {
        await play(t, { time, random, servers, plan: random.shuffle(plan), kills });
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
        // Before the folder goes: a database whose folder is gone cannot be told to stop.
        await database.leave();
      }
    },
  );
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../../platform/index.ts';
import { summarizeUsage } from './summarize.ts';
import { FIRST, setUpUsage, uriOf, writeClosedHours } from './test-usage.ts';
import { verifySummaries } from './verify.ts';

const SCRIPT = fileURLToPath(new URL('test-summarize-process.ts', import.meta.url));
const DAYS = 40;

describe('a process that is killed while it adds up usage', () => {
  const test = withTestDatabase();

  before(async () => {
    await setUpUsage(test.database);
    const hours = Array.from({ length: DAYS * 24 }, (_, at) => FIRST + at);
    const rows = hours.flatMap((reportedHour) =>
      Array.from({ length: 20 }, (_, at) => ({
        reportedHour,
        usageHour: reportedHour - (at % 3),
        subscription: at % 5,
        resourceUri: uriOf(at % 5, 'g', `r${at}-${Math.floor(reportedHour / 50)}`),
        location: 'local',
        tags: '',
        meter: at % 3,
        quantity: '0.1',
      })),
    );
    await writeClosedHours(test.database, FIRST, FIRST + DAYS * 24 - 1, rows);
  });

  const summarized = async (): Promise<number> => {
    const { rows } = await test.database.pool.query<{ hours: number }>(
      'select count(*)::int as hours from usage_summarized',
    );
    return rows[0]!.hours;
  };

  /** Starts one, and kills it as soon as it has added something to what there was. */
  async function startAndKill(): Promise<void> {
    const already = await summarized();
    const child = spawn(process.execPath, [SCRIPT, test.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    while ((await summarized()) === already && child.exitCode === null) {
      await systemClock.sleep(1);
    }
    child.kill('SIGKILL');
    await exited;
  }

  it('leaves every hour in the sums once, or not at all', async () => {
    let between = 0;
    for (let kill = 0; kill < 5; kill++) {
      await startAndKill();
      // What the killed one had under way is undone once its connection is found to be gone.
      const { differences } = await verifySummaries(test.database);
      assert.deepEqual(differences, []);
      if ((await summarized()) < DAYS * 24) between += 1;
    }
    assert.ok(between > 0, 'it was never killed in between');
    const room = { database: test.database, clock: systemClock };
    const left = DAYS * 24 - (await summarized());
    assert.ok((await summarizeUsage(room)) <= left);
    assert.equal(await summarized(), DAYS * 24);
    const { rows, differences } = await verifySummaries(test.database);
    assert.deepEqual(differences, []);
    assert.ok(rows > 0n);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../../platform/index.ts';
import { withCostRoom } from '../test-costs.ts';
import { summarizeCosts } from './summarize.ts';
import { verifyCostSummaries } from './verify.ts';

const SCRIPT = fileURLToPath(new URL('test-summarize-process.ts', import.meta.url));

describe('a process that is killed while it sums costs', () => {
  const room = withCostRoom();

  before(async () => {
    for (let seed = 1; seed <= 3; seed++) await room.report(300, seed);
  });

  const waiting = async (): Promise<number> => {
    const { rows } = await room.test.database.pool.query<{ charges: number }>(
      'select count(distinct charge)::int as charges from rated_change',
    );
    return rows[0]!.charges;
  };

  /** Starts one, and kills it so many milliseconds after it has summed something of what there was. */
  async function startAndKill(delay: number): Promise<void> {
    const already = await waiting();
    const child = spawn(process.execPath, [SCRIPT, room.test.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    while ((await waiting()) === already && child.exitCode === null) await systemClock.sleep(1);
    await systemClock.sleep(delay);
    child.kill('SIGKILL');
    await exited;
  }

  it('leaves every charge summed as it was at some moment, or still noted', async () => {
    let between = 0;
    for (let kill = 0; kill < 5; kill++) {
      // More of the same charges, and others, so that what is killed has both to enter and to change rows.
      await room.report(60, 10 + kill);
      await startAndKill(kill * 7);
      const { differences } = await verifyCostSummaries(room.test);
      assert.deepEqual(differences, []);
      if ((await waiting()) > 0) between += 1;
    }
    assert.ok(between > 0, 'it was never killed in between');
    await summarizeCosts(room.test);
    assert.equal(await waiting(), 0);
    const { differences, checked } = await verifyCostSummaries(room.test);
    assert.deepEqual(differences, []);
    assert.ok(checked > 0);
    const { rows } = await room.test.database.pool.query<{ isSame: boolean }>(
      `select (select sum(total) from cost_by_charge) = (select sum(amount) from charge)
          and (select sum(quantity) from cost_charge) = (select sum(quantity) from rated_line) as "isSame"`,
    );
    assert.ok(rows[0]!.isSame);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { systemClock } from '../../src/platform/index.ts';
import { files, sideOf, START, withUsage } from '../adapters/conformance.ts';
import { withService } from '../adapters/services.ts';
import type { AdaptingOrder } from './adapting-process.ts';
import { chooseSeed, seededRandom } from './random.ts';

/** Set it to the seed that a failed run printed to have the same kills after the same waits. */
const SEED_VARIABLE = 'STACKMETER_TEST_CRASH_SEED';
const PROGRAM = join(import.meta.dirname, 'adapting-process.ts');
const WINDOWS = 60;
const WORKERS = 2;
/** Kills of each worker, after which it is let go on to the end. */
const KILLS = 12;

describe('sending usage by two workers that are killed', () => {
  const usage = withUsage();
  const webhook = withService('webhook');
  const stripe = withService('stripe');
  const lago = withService('lago');

  it('bills elsewhere what is billed here, each event once', async (t) => {
    const seed = chooseSeed(process.env[SEED_VARIABLE]);
    t.diagnostic(`seed ${seed}`);
    for (let at = 0; at < WINDOWS; at++) await usage.report(START + at);
    const sides = [
      { kind: 'webhook', side: sideOf(webhook) },
      { kind: 'stripe', side: sideOf(stripe) },
      { kind: 'lago', side: sideOf(lago) },
      { kind: 'csv', side: files },
    ] as const;
    for (const { kind, side } of sides) await usage.put(kind, await side.settings(usage));
    const laterMs =
      usage.clock.now().epochMilliseconds - systemClock.now().epochMilliseconds + 86_400_000 * 3;
    const order: AdaptingOrder = {
      databaseUrl: usage.test.url,
      exportFolder: usage.folder,
      laterMs,
    };
    let killed = 0;
    let beforeLast = 0;
    const work = async (worker: number): Promise<void> => {
      const random = seededRandom(seed + worker);
      for (let kill = 0; kill <= KILLS; kill++) {
        const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], { stdio: 'pipe' });
        let said = '';
        child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
        const ended = once(child, 'exit');
        await once(child.stdout, 'data');
        child.stdout.resume();
        if (kill < KILLS) {
          await systemClock.sleep(random.between(20, 400));
          if (child.kill('SIGKILL')) killed += 1;
          await ended;
          beforeLast = webhook.taken.size;
        } else {
          const [code] = (await ended) as [number | null];
          assert.equal(code, 0, said);
        }
      }
    };
    await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
    const billed = await usage.billed();
    const expected = WINDOWS * 8;
    t.diagnostic(`killed ${killed} times; ${beforeLast} of ${expected} messages had come by then`);
    for (const { kind, side } of sides) {
      assert.deepEqual(side.sums(usage), billed, kind);
      const ids = side.ids(usage);
      assert.equal(ids.length, expected, kind);
      assert.equal(new Set(ids).size, expected, kind);
    }
    for (const service of [webhook, stripe, lago]) {
      assert.deepEqual(service.contradictions, []);
      t.diagnostic(`${service.calls} calls for ${service.taken.size} events`);
    }
    assert.ok(killed > WORKERS);
    const { rows } = await usage.test.database.pool.query(
      'select count(*)::int as left from adapter_event',
    );
    assert.deepEqual(rows, [{ left: 0 }]);
  });
});

import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { createLog, silentLog, type Log } from '../../platform/index.ts';
import { readAhead } from './ahead.ts';
import { waitAfter } from './back-off.ts';
import { startBridge, type Bridge } from './bridge.ts';
import { withTestBridge } from './test-bridge.ts';

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('it did not come to hold');
}

describe('the bridge', () => {
  const { stamp, commerce, closeHour, activate, progress } = withTestBridge();
  const open: Bridge[] = [];
  before(() => activate());
  afterEach(async () => {
    await Promise.all(open.splice(0).map((bridge) => bridge.stop()));
    commerce.fault = () => undefined;
    commerce.asked.length = 0;
  });
  const start = (log: Log = silentLog): Bridge => {
    const backoff = { firstMs: 1000, longestMs: 4000, random: () => 1 };
    const { database, clock } = stamp;
    const bridge = startBridge({ database, clock, log, backoff });
    open.push(bridge);
    return bridge;
  };
  const isSent = async (): Promise<boolean> => {
    const { rows } = await stamp.database.pool.query<{ left: number }>(
      `select count(*)::int as left from reported_window, bridge_progress
       where granularity = 'hour' and state = 'closed' and number >= next_window`,
    );
    return rows[0]!.left === 0;
  };
  const looked = () => commerce.asked.filter(({ method }) => method === 'GET').length;

  it('looks at once, each minute, and when it is woken', async () => {
    await closeHour(2);
    const bridge = start();
    await until(isSent);
    await closeHour(1);
    bridge.wake();
    await until(isSent);
    const had = looked();
    await closeHour(1);
    await until(() => {
      stamp.clock.advance(60_000);
      return looked() > had;
    });
    await until(async () => {
      stamp.clock.advance(60_000);
      return isSent();
    });
  });

  it('tries again when the time has come, and not before', async () => {
    commerce.fault = () => ({ status: 503 });
    await closeHour(1);
    const bridge = start();
    await until(async () => (await progress()).failures === 1);
    bridge.wake();
    bridge.wake();
    await until(async () => {
      stamp.clock.advance(1000);
      return (await progress()).failures >= 3;
    });
    commerce.fault = () => undefined;
    await until(async () => {
      stamp.clock.advance(500);
      return isSent();
    });
    assert.equal((await progress()).failures, 0);
  });

  it('stops while commerce does not answer', async () => {
    commerce.fault = ({ method }) => (method === 'PUT' ? 'hang' : undefined);
    await closeHour(1);
    const bridge = start();
    await until(() => commerce.asked.some(({ method }) => method === 'PUT'));
    const stopped = bridge.stop();
    stamp.clock.advance(3000);
    await stopped;
    assert.equal(await isSent(), false);
    assert.equal((await progress()).failures, 0);
  });

  it('goes on after a database that was lost', async () => {
    const { pool } = stamp.database;
    const lines: string[] = [];
    const log = createLog({ level: 'error' }, { write: (line) => lines.push(line) });
    await closeHour(1);
    await pool.query('alter table bridge_progress rename to away');
    const bridge = start(log);
    await until(() => lines.some((line) => line.includes('could not do its work')));
    await pool.query('alter table away rename to bridge_progress');
    assert.equal(await isSent(), false);
    await until(async () => {
      bridge.wake();
      return isSent();
    });
  });

  it('is run by two, and each row is sent once', async () => {
    await closeHour(1500);
    const had = commerce.rows().length;
    commerce.asked.length = 0;
    // The clock stands still: no call is late, so that nothing is sent again on purpose.
    start();
    start();
    await until(isSent);
    const batches = commerce.asked.filter(({ path }) => path.includes('/batches/'));
    assert.deepEqual(batches.map(({ path }) => path.slice(-1)).toSorted(), ['1', '2']);
    assert.equal(commerce.rows().length, had + 1500);
    assert.equal(new Set(commerce.rows()).size, commerce.rows().length);
  });
});

describe('waiting after failures', () => {
  it('is at most what doubles each time, and at least what was asked', () => {
    const backOff = { firstMs: 1000, longestMs: 300_000 };
    for (let failures = 1; failures < 2000; failures += 7) {
      const bound = Math.min(1000 * 2 ** (failures - 1), 300_000);
      const wait = waitAfter(failures, 0, backOff);
      assert.ok(wait >= 1 && wait <= bound, `${failures}: ${wait}`);
      assert.ok(waitAfter(failures, 777_000, backOff) === 777_000);
    }
  });
});

describe('reading ahead', () => {
  it('keeps the order, stays within its bound, and ends the source with the reader', async () => {
    let made = 0;
    let ended = false;
    async function* source(): AsyncGenerator<number> {
      try {
        for (; made < 100; made += 1) yield made;
      } finally {
        ended = true;
      }
    }
    const seen: number[] = [];
    for await (const item of readAhead(source(), 5)) {
      seen.push(item);
      assert.ok(made - item <= 6);
      if (item === 20) break;
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 21 }, (_, index) => index),
    );
    assert.equal(ended, true);
  });

  it('hands over what the source throws', async () => {
    async function* source(): AsyncGenerator<number> {
      yield 1;
      await Promise.reject(new Error('broken'));
    }
    const read = async (): Promise<void> => {
      for await (const _ of readAhead(source(), 3));
    };
    await assert.rejects(read(), /broken/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAdapterSender } from '../../src/exports/adapters/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { sideOf, START, withUsage } from './conformance.ts';
import { withService } from './services.ts';

describe('turns', () => {
  const usage = withUsage();
  const silent = withService('webhook');
  const quick = withService('webhook');

  it('those who do not answer keep no others waiting', async () => {
    for (let at = 0; at < 3; at++) await usage.report(START + at);
    const ended = new AbortController();
    silent.faults.push(...Array.from({ length: 200 }, () => 'no answer' as const));
    const idOf = (at: number): string => `00000000-0000-4000-8000-0000000000${10 + at}`;
    for (let at = 0; at < 12; at++) {
      await usage.put('webhook', await sideOf(silent).settings(usage), idOf(at));
    }
    await usage.put('webhook', await sideOf(quick).settings(usage), idOf(50));
    const sending = usage.send(1, { signal: ended.signal, timeoutMs: 600_000 });
    while (quick.taken.size < 24) await systemClock.sleep(20);
    // Nobody has given up waiting so far.
    assert.ok(silent.calls >= 12);
    assert.equal((await usage.state(idOf(0))).problem, null);
    ended.abort();
    await sending;
    assert.deepEqual(sideOf(quick).sums(usage), await usage.billed());
  });

  it('what is reported meanwhile goes too, while others do not answer', async () => {
    quick.forget();
    const settings = await sideOf(quick).settings(usage);
    await usage.put('webhook', await sideOf(silent).settings(usage));
    await usage.put('webhook', settings);
    const { database } = usage.test;
    const room = { database, exportFolder: usage.folder, timeoutMs: 600_000 };
    const sender = createAdapterSender({ ...room, clock: systemClock });
    sender.start();
    while (quick.taken.size < 24) await systemClock.sleep(20);
    await usage.report(START + 3);
    sender.wake();
    while (quick.taken.size < 32) await systemClock.sleep(20);
    await sender.stop();
    assert.deepEqual(sideOf(quick).sums(usage), await usage.billed());
  });

  it('are of bounded length, and nothing is lost between them', async () => {
    quick.forget();
    quick.slowness = 30;
    const { adapterId } = await usage.put('webhook', await sideOf(quick).settings(usage));
    const turn = { clock: systemClock, turnMs: 100 };
    await usage.send(1, turn);
    const after = quick.taken.size;
    assert.ok(after > 0 && after < 32, `${after} events in one turn`);
    assert.equal((await usage.state(adapterId)).problem, null);
    await usage.send(12, turn);
    quick.slowness = 0;
    assert.deepEqual(sideOf(quick).sums(usage), await usage.billed());
    assert.deepEqual(quick.contradictions, []);
  });

  it('end when the lock on the adapter is lost, and go on afterwards', async () => {
    silent.forget();
    silent.faults.push(...Array.from({ length: 4 }, () => 'no answer' as const));
    const { adapterId } = await usage.put('webhook', await sideOf(silent).settings(usage));
    const { calls } = silent;
    const sending = usage.send(1, { timeoutMs: 600_000 });
    while (silent.calls < calls + 4) await systemClock.sleep(20);
    const { rowCount } = await usage.test.database.pool.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database
       where l.locktype = 'advisory' and d.datname = current_database()`,
    );
    assert.equal(rowCount, 1);
    await sending;
    // Whoever has it by now notes what becomes of it.
    assert.equal((await usage.state(adapterId)).problem, null);
    assert.equal(silent.taken.size, 0);
    await usage.send(1);
    assert.deepEqual(sideOf(silent).sums(usage), await usage.billed());
  });

  it('and whoever changes an adapter wait for each other, and never both', async () => {
    quick.forget();
    const { pool } = usage.test.database;
    const { adapterId } = await usage.put('webhook', await sideOf(quick).settings(usage));
    const fault = { status: 503 };
    quick.faults.push(...Array.from({ length: 4 }, () => fault));
    await usage.send(1);
    quick.faults.push(...Array.from({ length: 4 }, () => fault));
    const changing = await pool.connect();
    try {
      await changing.query('begin');
      await changing.query('select from billing_adapter where adapter_id = $1 for update', [
        adapterId,
      ]);
      const sending = usage.send(1);
      const waits = async (): Promise<boolean> => {
        const { rows } = await pool.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return (rows[0]?.count ?? 0) > 0;
      };
      while (!(await waits())) await systemClock.sleep(20);
      // As names that are given now do, for events that were held for want of them.
      await changing.query('update adapter_window set events = events where adapter_id = $1', [
        adapterId,
      ]);
      await changing.query('commit');
      await sending;
    } finally {
      changing.release();
    }
    assert.match((await usage.state(adapterId)).problem ?? '', /it answers with 503/);
    await usage.send();
    assert.deepEqual(sideOf(quick).sums(usage), await usage.billed());
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type Database } from '../../platform/index.ts';
import { parseAccountId } from '../accounts/index.ts';
import { rotateSecret } from './change.ts';
import { RETRY_WAITS_MS } from './deliver.ts';
import { findEndpoint } from './endpoint-store.ts';
import { NOW, withTestWebhooks } from './test-webhooks.ts';

describe('sending webhooks', () => {
  const {
    test,
    receiver,
    clock,
    changing,
    account,
    add,
    hold,
    tell,
    deliver,
    messagesOf,
    statesOf,
    verify,
  } = withTestWebhooks();

  it('reach those who hear of the account, signed so that they can verify it', async () => {
    const { id, secret } = await add('/hook?key=1');
    await add('/other', {}, parseAccountId(randomUUID()));
    await tell({ accountIds: [randomUUID(), account] });
    assert.deepEqual(await deliver(), { delivered: 1, failed: 0 });
    const [one] = receiver.received;
    assert.deepEqual([one?.path, one?.method], ['/hook?key=1', 'POST']);
    assert.equal(one?.headers['content-type'], 'application/json');
    assert.deepEqual(verify(secret), {
      type: 'invoice.issued',
      timestamp: NOW.toString(),
      data: { number: 'INV-2026-000001', amount: '10.00' },
    });
    const [message] = await messagesOf(id);
    assert.equal(one.headers['webhook-id'], message?.messageId);
    assert.equal(one.body, message?.payload);
    assert.deepEqual(await statesOf(id), ['Delivered 1']);
    assert.throws(() => verify(`whsec_${Buffer.alloc(32).toString('base64')}`));
    assert.throws(() => verify(secret, { ...one, body: `${one.body} ` }));
    assert.deepEqual(await deliver(), { delivered: 0, failed: 0 });
  });

  it('are tried again after growing waits, under the same id, and given up in the end', async () => {
    const { id, secret } = await add();
    await tell();
    receiver.answer = (response) => response.writeHead(500).end();
    for (const [at, wait] of RETRY_WAITS_MS.entries()) {
      assert.deepEqual(await deliver(), { delivered: 0, failed: 1 });
      assert.deepEqual(await statesOf(id), [`Pending ${at + 1}`]);
      verify(secret);
      clock.advance(wait - 1);
      assert.deepEqual(await deliver(), { delivered: 0, failed: 0 });
      clock.advance(1);
    }
    assert.deepEqual(await deliver(), { delivered: 0, failed: 1 });
    assert.deepEqual(await statesOf(id), ['Dead 10']);
    assert.equal((await messagesOf(id))[0]?.lastProblem, 'it answered with 500');
    assert.equal(new Set(receiver.received.map((one) => one.headers['webhook-id'])).size, 1);
    const times = receiver.received.map((one) => Number(one.headers['webhook-timestamp']));
    const hours = (times.at(-1)! - times[0]!) / 3600;
    assert.ok(hours > 75 && hours < 76, String(hours));
    clock.advance(1e9);
    assert.deepEqual(await deliver(), { delivered: 0, failed: 0 });
  });

  it('wait a part longer by chance, and as long as the receiver asks', async () => {
    const { id } = await add();
    await tell();
    receiver.answer = (response) => response.writeHead(503).end();
    await deliver({ jitter: () => 0.5 });
    const next = async () =>
      (await messagesOf(id))[0]!.nextAttemptAt!.since(clock.now()).total('milliseconds');
    assert.equal(await next(), 5500);
    clock.advance(5500);
    receiver.answer = (response) => response.writeHead(429, { 'retry-after': '900' }).end();
    await deliver();
    assert.equal(await next(), 900_000);
  });

  it('are not sent on to where an answer points', async () => {
    const { id } = await add('/first');
    await tell();
    receiver.answer = (response) =>
      response.writeHead(307, { location: `${receiver.url}/second` }).end();
    assert.deepEqual(await deliver(), { delivered: 0, failed: 1 });
    assert.equal(receiver.received.length, 1);
    assert.equal((await messagesOf(id))[0]?.lastStatus, 307);
  });

  it('stop for good where the receiver is gone', async () => {
    const { id } = await add();
    await tell();
    await tell();
    receiver.answer = (response) => response.writeHead(410).end();
    assert.deepEqual(await deliver(), { delivered: 0, failed: 1 });
    assert.equal((await findEndpoint(test.database.pool, id))?.state, 'Disabled');
    assert.deepEqual(
      (await messagesOf(id)).map(({ state }) => state),
      ['Dead', 'Dead'],
    );
    await tell();
    assert.equal((await messagesOf(id)).length, 2);
  });

  it('are signed by both keys while one is being replaced', async () => {
    const { id, secret } = await add();
    const rotated = await test.database.transaction(async (tx) =>
      rotateSecret(tx, await hold(tx, id), 24, changing),
    );
    assert.notEqual(rotated.secret, secret);
    await tell();
    await deliver();
    verify(secret);
    verify(rotated.secret);
    clock.advance(24 * 3_600_000);
    await tell();
    await deliver();
    assert.throws(() => verify(secret));
    verify(rotated.secret);
  });

  it('are sent again under the same id when their sender dies before it noted the answer', async () => {
    const { id } = await add();
    await tell();
    const { pool } = test.database;
    const query = (text: string, values: unknown[]) => {
      if (text.includes("'Delivered'")) throw new Error('killed');
      return pool.query(text, values);
    };
    const dying = { pool: { query } as unknown as Database['pool'] };
    await assert.rejects(deliver({ database: dying }), /killed/);
    assert.deepEqual(await statesOf(id), ['Pending 0']);
    assert.deepEqual(await deliver(), { delivered: 0, failed: 0 });
    clock.advance(60_000);
    assert.deepEqual(await deliver(), { delivered: 1, failed: 0 });
    const [first, second] = receiver.received;
    assert.equal(receiver.received.length, 2);
    assert.equal(first?.headers['webhook-id'], second?.headers['webhook-id']);
    assert.equal(first?.body, second?.body);
  });

  it('are noted as not delivered by nobody when the server is told to stop', async () => {
    const { id } = await add();
    await tell();
    const stopping = new AbortController();
    receiver.answer = () => stopping.abort();
    await deliver({ signal: stopping.signal });
    assert.deepEqual(await statesOf(id), ['Pending 0']);
  });

  it('are all sent also when one ends while the next is being looked for', async () => {
    const { id } = await add();
    await tell();
    await tell();
    const { pool } = test.database;
    const query = async (text: string, values?: unknown[]) => {
      const result = await pool.query(text, values);
      // Long enough for what is under way to end, which was busy when the question was asked.
      if (text.includes('skip locked') && result.rows.length === 0) await setTimeout(50);
      return result;
    };
    const slow = { pool: { query } as unknown as Database['pool'] };
    assert.deepEqual(await deliver({ database: slow }), { delivered: 2, failed: 0 });
    assert.deepEqual(await statesOf(id), ['Delivered 1', 'Delivered 1']);
  });

  it('are sent by several servers without sending one twice', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, (_, at) => add(`/${at}`)));
    for (let count = 0; count < 5; count++) await tell();
    const reports = await Promise.all([deliver(), deliver(), deliver()]);
    assert.equal(
      reports.reduce((sum, { delivered }) => sum + delivered, 0),
      50,
    );
    const sent = receiver.received.map(({ path, headers }) => `${path} ${headers['webhook-id']}`);
    assert.equal(new Set(sent).size, 50);
    assert.equal(sent.length, 50);
    for (const { id } of ids) assert.equal((await messagesOf(id)).length, 5);
  });

  it('reach those who answer while many others do not', async () => {
    const silent = await Promise.all(Array.from({ length: 12 }, (_, at) => add(`/silent/${at}`)));
    for (let count = 0; count < 20; count++) await tell();
    receiver.answer = (response, { path }) =>
      path.startsWith('/silent') ? undefined : response.writeHead(200).end();
    // Each is tried once, and all that is due there counts as tried.
    assert.deepEqual(await deliver({ timeoutMs: 50 }), { delivered: 0, failed: 12 });
    for (const { id } of silent)
      assert.deepEqual(new Set(await statesOf(id)), new Set(['Pending 1']));
    const well = await add('/well');
    await tell();
    clock.advance(5000);
    const before = receiver.received.length;
    const report = await deliver({ timeoutMs: 50 });
    assert.equal(report.delivered, 1);
    assert.deepEqual(await statesOf(well.id), ['Delivered 1']);
    // Half of the places are free for those who answer.
    const place = receiver.received.slice(before).findIndex(({ path }) => path === '/well');
    assert.ok(place >= 0 && place < 16, String(place));
  });
});

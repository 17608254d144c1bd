import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { createMetrics, type Queryable } from '../../platform/index.ts';
import { changeEndpoint, removeEndpoint } from './change.ts';
import { enqueueTest, replayMessages } from './delivery-store.ts';
import { findEndpoint } from './endpoint-store.ts';
import { enqueueWebhook } from './enqueue.ts';
import { registerWebhookMetrics } from './metrics.ts';
import { NOW, withTestWebhooks } from './test-webhooks.ts';

describe('webhooks that wait', () => {
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

  it('are only of the types that are wanted, and never of what was rolled back', async () => {
    await add('/', { eventTypes: ['payment.received', 'account.parked'] });
    await add('/disabled', { state: 'Disabled' });
    await tell();
    const rolledBack = test.database.transaction(async (tx) => {
      await enqueueWebhook(tx, {
        type: 'payment.received',
        occurredAt: NOW,
        accountIds: [account],
        data: {},
      });
      throw new Error('no');
    });
    await assert.rejects(rolledBack, /no/);
    const { rows } = await test.database.pool.query('select from webhook_message');
    assert.equal(rows.length, 0);
    await tell({ type: 'payment.received' });
    assert.deepEqual(await deliver(), { delivered: 1, failed: 0 });
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      ['/'],
    );
  });

  it('are sent again when somebody asks: one, all since a time, those that were given up', async () => {
    const { id } = await add();
    const other = await add('/other');
    await tell();
    await deliver();
    clock.advance(1000);
    await tell();
    receiver.answer = (response) => response.writeHead(410).end();
    await deliver();
    receiver.answer = (response) => response.writeHead(200).end();
    for (const one of [id, other.id]) {
      await test.database.transaction(async (tx) =>
        changeEndpoint(tx, await hold(tx, one), { state: 'Enabled' }, changing),
      );
    }
    const [dead, first] = await messagesOf(id);
    assert.deepEqual([dead?.state, first?.state], ['Dead', 'Delivered']);
    const replay = (which: Parameters<typeof replayMessages>[2]) =>
      test.database.transaction((tx) => replayMessages(tx, id, which, clock.now()));
    assert.equal(await replay({ dead: true }), 1);
    assert.deepEqual(await deliver(), { delivered: 1, failed: 0 });
    assert.equal(receiver.received.at(-1)?.headers['webhook-id'], dead?.messageId);
    assert.equal(await replay({ messageId: first!.messageId }), 1);
    assert.equal(await replay({ since: NOW }), 2);
    assert.equal(await replay({ since: clock.now() }), 1);
    assert.deepEqual(await deliver(), { delivered: 2, failed: 0 });
    assert.equal(await replay({ dead: true }), 0);
    for (const messageId of [randomUUID(), 'none']) {
      await assert.rejects(replay({ messageId }), { code: 'WebhookMessageNotFound' });
    }
  });

  it('are sent again also when somebody asks while they are under way', async () => {
    const { id } = await add();
    await tell();
    const [message] = await messagesOf(id);
    receiver.answer = async (response) => {
      clock.advance(1);
      const { pool } = test.database;
      await replayMessages(pool, id, { messageId: message!.messageId }, clock.now());
      receiver.answer = (later) => later.writeHead(204).end();
      response.writeHead(204).end();
    };
    await deliver();
    assert.equal(receiver.received.length, 2);
    assert.deepEqual(await statesOf(id), ['Delivered 1']);
  });

  it('can be tried out, whatever types are wanted', async () => {
    const { id, secret } = await add('/', { eventTypes: ['payment.received'] });
    const endpoint = (await findEndpoint(test.database.pool, id))!;
    await add('/other');
    await test.database.transaction((tx) => enqueueTest(tx, endpoint, clock.now()));
    assert.deepEqual(await deliver(), { delivered: 1, failed: 0 });
    assert.deepEqual(verify(secret), {
      type: 'webhook.test',
      timestamp: NOW.toString(),
      data: { endpointId: id },
    });
  });

  it('are forgotten after a month, unless they wait', async () => {
    const { id } = await add();
    await tell();
    await deliver();
    const off = await add('/off');
    await test.database.transaction(async (tx) =>
      removeEndpoint(tx, await hold(tx, off.id), changing),
    );
    await tell();
    await test.database.transaction(async (tx) =>
      changeEndpoint(tx, await hold(tx, id), { state: 'Disabled' }, changing),
    );
    clock.advance(31 * 24 * 3_600_000);
    await deliver();
    assert.deepEqual(await statesOf(id), ['Pending 0']);
  });

  it('hold up neither those who bill nor those who remove an endpoint', async () => {
    const { id } = await add();
    const event = {
      type: 'invoice.issued',
      occurredAt: NOW,
      accountIds: [account],
      data: {},
    } as const;
    const billing = await test.database.pool.connect();
    const removing = await test.database.pool.connect();
    const begin = (tx: Queryable) => tx.query('begin');
    await begin(billing);
    await begin(removing);
    await removeEndpoint(removing, await hold(removing, id), changing);
    const told = enqueueWebhook(billing, event);
    await removing.query('commit');
    await told;
    await billing.query('commit');
    billing.release();
    removing.release();
    assert.equal(await findEndpoint(test.database.pool, id), undefined);
  });

  it('are counted', async () => {
    const metrics = createMetrics();
    registerWebhookMetrics(metrics, { database: test.database, clock });
    const { id } = await add();
    await tell();
    clock.advance(90_000);
    const first = (await metrics.text()).body;
    assert.match(first, /^stackmeter_webhooks_pending 1$/m);
    assert.match(first, /^stackmeter_webhooks_oldest_pending_seconds 90$/m);
    receiver.answer = (response) => response.writeHead(410).end();
    await deliver();
    const second = (await metrics.text()).body;
    assert.match(second, /^stackmeter_webhooks_pending 0$/m);
    assert.match(second, /^stackmeter_webhooks_dead 1$/m);
    assert.equal((await messagesOf(id)).length, 1);
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { addCustomer } from '../../../test/support/billing.ts';
import { somebody, testCallers } from '../../../test/support/callers.ts';
import { withTestDatabase } from '../../../test/support/database.ts';
import { listAudit } from '../../audit/index.ts';
import type { Principal } from '../../identity/index.ts';
import { parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import { buildApp, silentLog, systemClock } from '../../platform/index.ts';
import { ensureBillingAccounts, findAccountBySubscription } from '../accounts/index.ts';
import { webhookRoutes } from './routes.ts';
import { createWebhookSender } from './sender.ts';
import { withTestReceiver } from './test-receiver.ts';

const LIST = '/api/v1/webhook-endpoints';
describe('webhooks over HTTP', () => {
  const test = withTestDatabase();
  const receiver = withTestReceiver();
  const clock = systemClock;
  const callers = testCallers();
  let app: FastifyInstance;
  let woken = 0;
  let [own, other]: SubscriptionId[] = [];
  let [account, otherAccount] = ['', ''];

  before(async () => {
    const { database } = test;
    [own, other] = [await addCustomer(database), await addCustomer(database)];
    await database.transaction((tx) => ensureBillingAccounts(tx, clock));
    account = (await findAccountBySubscription(database.pool, own))!.accountId;
    otherAccount = (await findAccountBySubscription(database.pool, other))!.accountId;
    app = buildApp({ log: silentLog, clock });
    webhookRoutes(app, {
      database: test.database,
      clock,
      authenticate: callers.authenticate,
      wake: () => {
        woken += 1;
      },
    });
    await app.ready();
  });
  after(() => app.close());

  const ask = (
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    call?: { readonly body?: object; readonly as?: Principal },
  ) => callers.ask(app, method, LIST + path, call);
  const listOf = (body: Readonly<Record<string, unknown>>): Record<string, unknown>[] =>
    Array.isArray(body['value']) ? body['value'] : [];
  const make = async (more: object = {}) => {
    const id = randomUUID();
    const body = { accountId: account, url: `${receiver.url}/${id}`, ca: receiver.ca, ...more };
    const made = await ask('PUT', `/${id}`, { body });
    assert.equal(made.status, 201, made.text);
    return { id, secret: String(made.body['secret']), body: made.body };
  };

  it('make, change and forget endpoints; a key shows once', async () => {
    const { id, secret, body } = await make({ eventTypes: ['invoice.issued', 'INVOICE.ISSUED'] });
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.deepEqual(body['eventTypes'], ['invoice.issued']);
    const { secret: _, ...shown } = body;
    assert.deepEqual((await ask('GET', `/${id}`)).body, shown);
    const changed = await ask('PUT', `/${id}`, { body: { state: 'disabled', ca: null } });
    assert.deepEqual(
      [changed.status, changed.body['state'], changed.body['ca'], changed.body['url']],
      [200, 'Disabled', undefined, `${receiver.url}/${id}`],
    );
    const rotated = await ask('POST', `/${id}/rotate-secret`);
    assert.equal(rotated.status, 200, rotated.text);
    assert.notEqual(rotated.body['secret'], secret);
    assert.ok(rotated.body['previousUntil']);
    const listed = await ask('GET', '');
    assert.ok(listOf(listed.body).some((one) => one['endpointId'] === id));
    assert.doesNotMatch(listed.text, /whsec_|secret/);
    assert.equal((await ask('DELETE', `/${id}`)).status, 204);
    assert.equal((await ask('GET', `/${id}`)).code, 'WebhookEndpointNotFound');
    const target = `/webhookEndpoints/${id}`;
    const events = await listAudit(test.database.pool, { after: 0n, limit: 9, target });
    assert.equal(events.length, 4);
    assert.ok(events.every(({ detail }) => !detail.includes('whsec_')));
    // What follows the host may be a key too.
    const { origin } = new URL(receiver.url);
    assert.ok(events.every(({ detail }) => detail.includes(`"url":"${origin}/..."`)));
    assert.ok(events.every(({ detail }) => !detail.includes(`/${id}`)));
  });

  it('refuse what cannot be', async () => {
    const { id } = await make();
    for (const [name, value] of [
      ['url', 'http://example.org/'],
      ['url', 'https://user:password@example.org/'],
      ['url', 'nowhere'],
      ['url', 'https://169.254.169.254/latest/meta-data'],
      ['ca', 'no certificate'],
      ['eventTypes', ['invoice.burnt']],
      ['eventTypes', 'invoice.issued'],
      ['state', 'Asleep'],
      ['accountId', otherAccount],
    ] as const) {
      const answer = await ask('PUT', `/${id}`, { body: { [name]: value } });
      assert.deepEqual([answer.status, answer.code], [400, 'InvalidProperty'], name);
    }
    const bad: readonly (readonly [string, object])[] = [
      ['/replay', {}],
      ['/replay', { dead: false }],
      ['/replay', { dead: true, messageId: randomUUID() }],
      ['/replay', { since: 'yesterday' }],
      ['/rotate-secret', { hours: 721 }],
      ['/rotate-secret', { hours: -1 }],
    ];
    for (const [path, body] of bad) {
      assert.equal((await ask('POST', `/${id}${path}`, { body })).code, 'InvalidProperty', path);
    }
    assert.equal((await ask('GET', `/${id}/messages?state=lost`)).code, 'InvalidProperty');
    const url = receiver.url;
    assert.equal((await ask('PUT', '/none', { body: { accountId: account, url } })).status, 400);
    const accountId = randomUUID();
    const unknown = await ask('PUT', `/${randomUUID()}`, { body: { accountId, url } });
    assert.equal(unknown.code, 'BillingAccountNotFound');
  });

  it('belong to one account, though two make them at once', async () => {
    for (let time = 0; time < 20; time++) {
      const id = randomUUID();
      const put = (accountId: string) =>
        ask('PUT', `/${id}`, { body: { accountId, url: `${receiver.url}/${accountId}` } });
      const answers = await Promise.all([put(account), put(otherAccount)]);
      const made = answers.filter(({ status }) => status === 201);
      assert.equal(made.length, 1, JSON.stringify(answers));
      assert.ok(answers.some(({ code }) => code === 'Conflict' || code === 'InvalidProperty'));
      const { secret: _, ...shown } = made[0]!.body;
      assert.deepEqual((await ask('GET', `/${id}`)).body, shown);
      assert.equal(shown['url'], `${receiver.url}/${String(shown['accountId'])}`);
      await ask('DELETE', `/${id}`);
    }
  });

  it('are for those who may see and change them', async () => {
    const { id } = await make();
    const reader = somebody('Reader', own);
    const stranger = somebody('Owner', parseSubscriptionId(randomUUID()));
    assert.equal((await ask('GET', `/${id}`, { as: reader })).status, 200);
    assert.equal((await ask('GET', `?account=${account}`, { as: reader })).status, 200);
    for (const [as, there] of [
      [reader, true],
      [somebody('Reader', other), false],
      [somebody(), false],
    ] as const) {
      const ids = listOf((await ask('GET', '', { as })).body).map((one) => one['endpointId']);
      assert.equal(ids.includes(id), there);
    }
    const { origin } = new URL(receiver.url);
    const urlsOf = async (path: string, as?: Principal) => {
      const { body, text } = await ask('GET', path, { ...(as && { as }) });
      const urls = (body['value'] === undefined ? [body] : listOf(body)).map(({ url }) => url);
      return { urls: new Set(urls), isWhole: text.includes(`${receiver.url}/${id}`) };
    };
    const everywhere = somebody('Auditor');
    for (const [path, as] of [
      [`/${id}`, reader],
      [`?account=${account}`, reader],
      [`/${id}`, everywhere],
      ['', everywhere],
    ] as const) {
      const { urls, isWhole } = await urlsOf(path, as);
      assert.deepEqual([[...urls], isWhole], [[`${origin}/...`], false], path);
    }
    for (const path of [`/${id}`, `?account=${account}`, '']) {
      assert.equal((await urlsOf(path)).isWhole, true, path);
    }
    assert.equal((await ask('DELETE', `/${id}`, { as: reader })).code, 'AuthorizationFailed');
    for (const path of ['', '/messages']) {
      const answer = await ask('GET', `/${id}${path}`, { as: stranger });
      assert.deepEqual([answer.status, answer.code], [404, 'WebhookEndpointNotFound']);
    }
    const hidden = await ask('GET', `?account=${account}`, { as: stranger });
    assert.equal(hidden.code, 'BillingAccountNotFound');
    const body = { description: 'mine' };
    const put = async (endpoint: string) =>
      (await ask('PUT', `/${endpoint}`, { as: stranger, body })).code;
    assert.equal(await put(id), await put(randomUUID()));
    assert.equal(
      (await ask('POST', `/${id}/test`, { as: stranger })).code,
      'WebhookEndpointNotFound',
    );
  });

  it('are sent by a server that runs, at once when it is woken', async () => {
    const { id, secret } = await make();
    const tested = await ask('POST', `/${id}/test`);
    assert.equal(tested.status, 202, tested.text);
    assert.ok(woken > 0);
    const sender = createWebhookSender({ database: test.database, clock, log: silentLog });
    const arrived = new Promise<void>((resolve) => {
      receiver.answer = (response) => {
        response.writeHead(200).end();
        resolve();
      };
    });
    sender.start();
    await arrived;
    const again = new Promise<void>((resolve) => {
      receiver.answer = (response) => {
        response.writeHead(200).end();
        resolve();
      };
    });
    const { messageId } = tested.body;
    const replayed = await ask('POST', `/${id}/replay`, { body: { messageId } });
    assert.deepEqual([replayed.status, replayed.body['messages']], [202, 1]);
    const target = `/webhookEndpoints/${id}`;
    const events = await listAudit(test.database.pool, { after: 0n, limit: 9, target });
    assert.match(events.at(-1)?.detail ?? '', /"replayed":1/);
    sender.wake();
    await again;
    await sender.stop();
    const { headers, body } = receiver.received.at(-1)!;
    new Webhook(secret).verify(body, headers);
    assert.equal(headers['webhook-id'], messageId);
    const [message] = listOf((await ask('GET', `/${id}/messages`)).body);
    assert.deepEqual([message?.['messageId'], message?.['type']], [messageId, 'webhook.test']);
    assert.equal(message?.['payload'], body);
  });

  it('list messages page by page', async () => {
    const { id } = await make();
    await test.database.pool.query(
      `with made as (
         insert into webhook_message (message_id, type, account_ids, occurred_at, payload)
         select gen_random_uuid(), 'account.parked', '{}', '2026-01-01'::timestamptz + (n / 2) * interval '1 hour', n::text
         from generate_series(1, 450) n returning message_id)
       insert into webhook_delivery (message_id, endpoint_id, state) select message_id, $1, 'Dead' from made`,
      [id],
    );
    const seen: unknown[] = [];
    let path = `/${id}/messages?state=dead`;
    for (;;) {
      const { body, status, text } = await ask('GET', path);
      assert.equal(status, 200, text);
      seen.push(...listOf(body).map((one) => one['payload']));
      const { nextLink } = body;
      if (typeof nextLink !== 'string') break;
      path = nextLink.slice(nextLink.indexOf(LIST) + LIST.length);
    }
    assert.equal(seen.length, 450);
    assert.equal(new Set(seen).size, 450);
    assert.equal(listOf((await ask('GET', `/${id}/messages?state=Pending`)).body).length, 0);
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  reportUsage,
} from '../../../test/support/billing.ts';
import { somebody, testCallers } from '../../../test/support/callers.ts';
import { withTestDatabase } from '../../../test/support/database.ts';
import { listAudit } from '../../audit/index.ts';
import type { Principal } from '../../identity/index.ts';
import { type SubscriptionId } from '../../kernel/index.ts';
import { buildApp, createMetrics, fixedClock, silentLog } from '../../platform/index.ts';
import { ensureBillingAccounts, findAccountBySubscription } from '../../commerce/accounts/index.ts';
import { createAdapterSender, registerAdapterMetrics, runAdapters } from './index.ts';
import { adapterRoutes } from './routes.ts';

const LIST = '/api/v1/billing-adapters';
const HOUR = hourAt('2026-11-23T10:00Z');
const KEY = 'sk_live_that_nobody_may_see';

describe('adapters over HTTP', () => {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-23T12:05:00Z'));
  const exportFolder = mkdtempSync(join(tmpdir(), 'stackmeter-adapter-routes-'));
  const callers = testCallers();
  const metrics = createMetrics();
  let app: FastifyInstance;
  let [own, other]: SubscriptionId[] = [];
  let [account, otherAccount] = ['', ''];
  let woken = 0;

  before(async () => {
    const { database } = test;
    [own, other] = [await addCustomer(database), await addCustomer(database)];
    await database.transaction((tx) => ensureBillingAccounts(tx, clock));
    account = (await findAccountBySubscription(database.pool, own))!.accountId;
    otherAccount = (await findAccountBySubscription(database.pool, other))!.accountId;
    const stamp = await addStamp(database, own, { from: HOUR });
    const row = { meterId: METERS.baseVm, usageHour: HOUR - 1 };
    await reportUsage(database, stamp, HOUR, [
      { ...row, customer: own, quantity: '1.000000000000000000000000000000000001' },
      { ...row, customer: own, quantity: '2', name: 'vm2' },
      { ...row, customer: other, quantity: '7' },
      { ...row, customer: own, quantity: '9', billable: false, name: 'vm3' },
    ]);
    app = buildApp({ log: silentLog, clock });
    adapterRoutes(app, {
      database,
      clock,
      authenticate: callers.authenticate,
      wake: () => {
        woken += 1;
      },
    });
    registerAdapterMetrics(metrics, { database });
    await app.ready();
  });
  after(async () => {
    await app.close();
    rmSync(exportFolder, { recursive: true, force: true });
  });

  const ask = (
    method: 'GET' | 'PUT' | 'POST' | 'DELETE',
    path: string,
    call?: { readonly body?: object; readonly as?: Principal },
  ) => callers.ask(app, method, path.startsWith('/api') ? path : LIST + path, call);
  const listOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value : []);
  const make = async (more: object = {}) => {
    const id = randomUUID();
    const startWindow = '2026-11-23T10:00:00Z';
    const body = { accountId: account, kind: 'csv', name: 'files', startWindow, ...more };
    const made = await ask('PUT', `/${id}`, { body });
    assert.equal(made.status, 201, made.text);
    return { id, body: made.body, text: made.text };
  };
  const stripe = { kind: 'stripe', name: 'Stripe', secret: KEY };

  it('make, change and forget adapters; no key is shown', async () => {
    const { id, body, text } = await make({
      ...stripe,
      settings: { url: 'https://stripe.example.org/x/', meters: { ABC: 'vm' } },
    });
    assert.doesNotMatch(text, /sk_live/);
    assert.deepEqual(body['settings'], {
      url: 'https://stripe.example.org/x',
      meters: { abc: 'vm' },
      customers: {},
      includeFree: false,
      decimals: 0,
    });
    assert.equal(woken > 0, true);
    const paused = await ask('PUT', `/${id}`, { body: { state: 'Disabled' } });
    assert.equal(paused.status, 200, paused.text);
    assert.equal(paused.body['state'], 'Disabled');
    assert.deepEqual(paused.body['settings'], body['settings']);
    const listed = await ask('GET', '');
    assert.equal(listOf(listed.body['value']).length, 1);
    const reader = await ask('GET', `/${id}`, { as: somebody('BillingReader') });
    assert.equal(reader.status, 200);
    assert.match(reader.text, /stripe\.example\.org\/\.\.\./);
    assert.doesNotMatch(listed.text + reader.text + paused.text, /sk_live|secret/);
    assert.equal((await ask('DELETE', `/${id}`)).status, 204);
    assert.equal((await ask('GET', `/${id}`)).code, 'AdapterNotFound');
    const target = `/billingAdapters/${id}`;
    const events = await listAudit(test.database.pool, { after: 0n, limit: 9, target });
    assert.equal(events.length, 3);
    assert.ok(events.every(({ detail }) => !/sk_live|example\.org\/x/.test(detail)));
  });

  it('a key of a webhook is made and shown once', async () => {
    const { id, body } = await make({
      kind: 'webhook',
      settings: { url: 'https://e.example.org' },
    });
    assert.match(String(body['secret']), /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.doesNotMatch((await ask('GET', `/${id}`)).text, /whsec_/);
    const moved = { body: { settings: { url: 'https://f.example.org' } } };
    assert.doesNotMatch((await ask('PUT', `/${id}`, moved)).text, /whsec_/);
    await ask('DELETE', `/${id}`);
  });

  it('a key is sent to no other address than it was given for', async () => {
    const { id } = await make(stripe);
    const body = { settings: { url: 'https://elsewhere.example.org' } };
    const moved = await ask('PUT', `/${id}`, { body });
    assert.equal(moved.code, 'InvalidProperty');
    assert.equal((await ask('PUT', `/${id}`, { body: { ...body, secret: KEY } })).status, 200);
    await ask('DELETE', `/${id}`);
  });

  it('belong to one account, though two make them at once', async () => {
    for (let time = 0; time < 20; time++) {
      const id = randomUUID();
      const put = (accountId: string) =>
        ask('PUT', `/${id}`, { body: { accountId, kind: 'csv', name: accountId } });
      const answers = await Promise.all([put(account), put(otherAccount)]);
      const made = answers.filter(({ status }) => status === 201);
      assert.equal(made.length, 1, JSON.stringify(answers));
      assert.ok(answers.some(({ code }) => code === 'Conflict' || code === 'InvalidProperty'));
      const shown = await ask('GET', `/${id}`);
      assert.equal(shown.body['accountId'], made[0]!.body['accountId']);
      assert.equal(shown.body['name'], made[0]!.body['name']);
      await ask('DELETE', `/${id}`);
    }
  });

  it('refuse what cannot be, and never repeat a key', async () => {
    const { id } = await make();
    const full = { accountId: account, kind: 'stripe', secret: KEY };
    for (const [path, body] of [
      [`/${randomUUID()}`, { ...full, kind: 'fax' }],
      [`/${randomUUID()}`, { ...full, secret: undefined }],
      [`/${randomUUID()}`, { ...full, secret: `${KEY} with blanks` }],
      [`/${randomUUID()}`, { ...full, settings: { url: 'http://e.example.org' } }],
      [`/${randomUUID()}`, { ...full, settings: { url: 'https://u:p@e.example.org' } }],
      [`/${randomUUID()}`, { ...full, settings: { url: 'https://[fe80::1]' } }],
      [`/${randomUUID()}`, { ...full, settings: { decimals: 13 } }],
      [`/${randomUUID()}`, { ...full, settings: { meters: { a: '' } } }],
      [`/${randomUUID()}`, { ...full, settings: { meters: { a: 'x', A: 'y' } } }],
      [`/${randomUUID()}`, { ...full, settings: { includeFree: 'yes' } }],
      [`/${randomUUID()}`, { ...full, startWindow: '2026-11-23T10:30:00Z' }],
      [`/${randomUUID()}`, { kind: 'csv' }],
      [`/${randomUUID()}`, { ...full, kind: 'csv' }],
      ['/no-guid', full],
      [`/${id}`, { kind: 'lago' }],
      [`/${id}`, { startWindow: '2026-11-01T00:00:00Z' }],
      [`/${id}`, { accountId: otherAccount }],
      [`/${id}`, { state: 'Parked' }],
    ] as const) {
      const answer = await ask('PUT', path, { body });
      assert.equal(answer.code, 'InvalidProperty', JSON.stringify(body) + answer.text);
      assert.doesNotMatch(answer.text, /sk_live/);
    }
    const unknown = { body: { accountId: randomUUID(), kind: 'csv' } };
    assert.equal((await ask('PUT', `/${randomUUID()}`, unknown)).code, 'BillingAccountNotFound');
    for (const window of ['', 'yesterday', '2026-11-23T10:00:01Z', undefined]) {
      const answer = await ask('POST', `/${id}/dry-run`, { body: { window } });
      assert.equal(answer.code, 'InvalidProperty');
    }
    await ask('DELETE', `/${id}`);
  });

  it('what somebody may not see is not there, and its id is taken', async () => {
    const { id } = await make();
    for (const as of [somebody(), somebody('Owner', other), somebody('BillingReader', other)]) {
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', ''],
        ['GET', '/deliveries'],
        ['GET', '/dead-letters'],
        ['POST', '/dry-run'],
        ['POST', '/dead-letters/replay'],
      ] as const) {
        const hidden = await ask(method, `/${id}${path}`, { as });
        const missing = await ask(method, `/${randomUUID()}${path}`, { as });
        assert.equal(hidden.code, 'AdapterNotFound', `${method} ${path}`);
        assert.equal(missing.code, 'AdapterNotFound');
      }
      assert.deepEqual((await ask('GET', '', { as })).body, { value: [] });
      const put = await ask('PUT', `/${id}`, { as, body: { accountId: account, kind: 'csv' } });
      assert.equal(put.code, 'BillingAccountNotFound');
    }
    // Who owns a subscription does not say where its usage is billed.
    const owner = somebody('Owner', own);
    assert.equal((await ask('GET', `/${id}`, { as: owner })).status, 200);
    assert.equal(listOf((await ask('GET', '', { as: owner })).body['value']).length, 1);
    const named = await ask('GET', `${LIST}?account=${otherAccount}`, { as: owner });
    assert.equal(named.code, 'BillingAccountNotFound');
    for (const as of [owner, somebody('BillingReader')]) {
      for (const [method, path] of [
        ['PUT', ''],
        ['DELETE', ''],
        ['POST', '/dead-letters/replay'],
      ] as const) {
        const answer = await ask(method, `/${id}${path}`, { as, body: {} });
        assert.equal(answer.code, 'AuthorizationFailed', `${method} ${path}`);
      }
    }
    await ask('DELETE', `/${id}`);
  });

  it('show what would be sent and what was, exactly, and of the account alone', async () => {
    const { id } = await make();
    const body = { window: '2026-11-23T10:00:00Z' };
    const dry = await ask('POST', `/${id}/dry-run`, { body });
    assert.equal(dry.status, 200, dry.text);
    const [event, ...more] = listOf(dry.body['events']);
    assert.deepEqual(more, []);
    assert.equal(event?.['quantity'], '3.000000000000000000000000000000000001');
    assert.equal(event['usageFrom'], '2026-11-23T09:00:00Z');
    assert.equal(event['customerSubscriptionId'], own);
    assert.equal((await ask('GET', `/${id}`)).body['lagHours'], 1);
    assert.match((await metrics.text()).body, /stackmeter_adapter_lag_hours 1/);
    assert.equal((await ask('GET', `/${id}/deliveries`)).text, '{"value":[]}');
    const report = await runAdapters({ database: test.database, clock, exportFolder });
    assert.deepEqual(report, { taken: 1, refused: 0, stopped: 0 });
    const shown = await ask('GET', `/${id}`);
    assert.equal(shown.body['lagHours'], 0);
    assert.equal(shown.body['deliveredTo'], '2026-11-23T11:00:00Z');
    const [delivery] = listOf((await ask('GET', `/${id}/deliveries`)).body['value']);
    assert.equal(delivery?.['state'], 'Delivered');
    assert.equal(delivery['window'], '2026-11-23T10:00:00Z');
    assert.deepEqual(
      listOf(delivery['sums']).map(({ quantity }) => quantity),
      ['3.000000000000000000000000000000000001'],
    );
    await ask('DELETE', `/${id}`);
  });

  it('refused events are listed page by page, and wait again when they are replayed', async () => {
    const settings = { meters: {}, customers: { [own!]: 'cus_1' } };
    const { id } = await make({ ...stripe, settings });
    const room = { database: test.database, clock, exportFolder };
    await runAdapters(room);
    assert.equal((await ask('GET', `/${id}`)).body['held'], 1);
    const dry = await ask('POST', `/${id}/dry-run`, { body: { window: '2026-11-23T10:00:00Z' } });
    assert.equal(listOf(dry.body['held']).length, 1);
    const meterId = String(listOf(dry.body['held'])[0]?.['meterId']);
    const body = { settings: { meters: { [meterId]: 'vm' } } };
    assert.equal((await ask('PUT', `/${id}`, { body })).status, 200);
    // Stripe takes no fractions: it is refused before it is sent.
    const { body: unsent } = await ask('POST', `/${id}/dry-run`, {
      body: { window: '2026-11-23T10:00:00Z' },
    });
    assert.deepEqual([unsent['events'], listOf(unsent['unfit']).length], [[], 1]);
    await runAdapters(room);
    await test.database.pool.query(
      `insert into adapter_event select (jsonb_populate_record(e, jsonb_build_object('event_id', gen_random_uuid()))).*
       from adapter_event e, generate_series(1, 149) where adapter_id = $1`,
      [id],
    );
    const first = await ask('GET', `/${id}/dead-letters`);
    const next = String(first.body['nextLink']);
    const second = await ask('GET', next.slice(next.indexOf('/api')));
    const all = [...listOf(first.body['value']), ...listOf(second.body['value'])];
    assert.equal(second.body['nextLink'], undefined);
    assert.equal(new Set(all.map(({ eventId }) => eventId)).size, 150);
    assert.match(String(all[0]?.['answer']), /takes whole numbers/);
    assert.match((await metrics.text()).body, /stackmeter_adapter_dead_letters 150/);
    const eventId = String(all[0]?.['eventId']);
    const replay = `/${id}/dead-letters/replay`;
    const one = await ask('POST', replay, { body: { eventId } });
    assert.deepEqual([one.status, one.body], [202, { events: 1 }]);
    assert.deepEqual((await ask('POST', replay, { body: {} })).body, { events: 149 });
    assert.deepEqual(listOf((await ask('GET', `/${id}/dead-letters`)).body['value']), []);
    await ask('DELETE', `/${id}`);
  });

  it('a sender sends while it runs', async () => {
    const { id } = await make();
    const sender = createAdapterSender({ database: test.database, clock, exportFolder });
    sender.start();
    for (let at = 0; at < 200; at++) {
      if ((await ask('GET', `/${id}`)).body['lagHours'] === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await sender.stop();
    const [delivery] = listOf((await ask('GET', `/${id}/deliveries`)).body['value']);
    assert.equal(delivery?.['delivered'], 1);
    await ask('DELETE', `/${id}`);
  });
});

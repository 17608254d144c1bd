import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { listAudit } from '../../audit/index.ts';
import { StackmeterError } from '../../kernel/index.ts';
import { grantOf, withTestRoom, type TestCustomer } from './test-room.ts';

const TERMS = {
  amount: '100.00',
  grain: 'Month',
  filters: { location: ['local'] },
  alerts: [{ threshold: '80', notify: { emails: ['it@acme.example'], webhook: true } }],
};

describe('budgets over HTTP', () => {
  const room = withTestRoom();
  const { ask } = room;
  let own: TestCustomer;
  let other: TestCustomer;
  before(async () => {
    own = await room.customer({ name: 'Own' });
    other = await room.customer({ name: 'Other' });
  });
  const owner = () => grantOf('Owner', own.subscription);

  it('are made, shown, changed and removed by the owner of a subscription', async () => {
    const path = `${own.accountId}/budgets/it`;
    const made = await ask('PUT', path, { body: TERMS, grants: owner() });
    assert.equal(made.status, 201);
    assert.deepEqual(
      [made.body['name'], made.body['amount'], made.body['currency'], made.body['view']],
      ['it', '100', 'USD', 'buying'],
    );
    assert.deepEqual(made.body['alerts'], [
      {
        of: 'actual',
        unit: 'percent',
        threshold: '80',
        notify: { emails: ['it@acme.example'], webhook: true },
      },
    ]);
    await room.spend(own, 85, '2026-11-09T10:00Z', '2026-11-09T10:00Z');
    await room.watch();
    const shown = await ask('GET', path.replace('/it', '/IT'), { grants: owner() });
    const current = JSON.parse(JSON.stringify(shown.body['current']));
    assert.deepEqual(
      [current.from, current.to, current.spent, current.percent],
      ['2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', '85', '85'],
    );
    const bySubscription = await ask('GET', `${own.subscription}/budgets`, { grants: owner() });
    assert.deepEqual(
      bySubscription.items.map((one) => JSON.parse(JSON.stringify(one['current'])).spent),
      ['85'],
    );
    const { items } = await ask('GET', `${path}/history`, { grants: owner() });
    assert.deepEqual(
      items.map((one) => [one['threshold'], one['spent'], one['percent'], one['mails']]),
      [['80', '85', '85', 1]],
    );
    const changed = await ask('PUT', path, { body: { amount: '200' }, grants: owner() });
    assert.deepEqual([changed.status, changed.body['amount']], [200, '200']);
    assert.deepEqual(changed.body['filters'], TERMS.filters);
    assert.equal((await ask('DELETE', path, { grants: owner() })).status, 204);
    for (const method of ['GET', 'DELETE'] as const) {
      assert.equal((await ask(method, path, { grants: owner() })).code, 'BudgetNotFound');
    }
    assert.equal((await ask('GET', `${path}/history`, { grants: owner() })).code, 'BudgetNotFound');
  });

  it('are changed by whoever has seen them last, where that is asked for', async () => {
    const path = `${own.accountId}/budgets/tagged`;
    const put = (amount: string, headers: Readonly<Record<string, string>>, eTag?: string) =>
      ask('PUT', path, { body: { amount, eTag }, headers });
    const made = await put('1', { 'if-none-match': '*' });
    const first = String(made.body['eTag']);
    assert.deepEqual([made.status, made.etag], [201, first]);
    assert.equal((await put('2', { 'if-none-match': '*' })).code, 'PreconditionFailed');
    const changed = await put('2', { 'if-match': first });
    assert.equal(changed.status, 200);
    const second = String(changed.body['eTag']);
    assert.notEqual(second, first);
    for (const stale of [put('3', { 'if-match': first }), put('3', {}, first)]) {
      const { status, code } = await stale;
      assert.deepEqual([status, code], [412, 'PreconditionFailed']);
    }
    const gone = await ask('DELETE', path, { headers: { 'if-match': first } });
    assert.deepEqual([gone.status, gone.code], [412, 'PreconditionFailed']);
    assert.equal((await put('4', {}, second)).body['amount'], '4');
    const shown = await ask('GET', path);
    assert.equal(shown.etag, shown.body['eTag']);
    // Who asks for nothing changes what is there.
    assert.equal((await put('5', {})).status, 200);
    const seen = { 'if-match': String((await ask('GET', path)).etag) };
    const both = await Promise.all([put('6', seen), put('7', seen)]);
    assert.equal(both.filter(({ status }) => status === 200).length, 1);
    const last = String((await ask('GET', path)).etag);
    assert.equal((await ask('DELETE', path, { headers: { 'if-match': last } })).status, 204);
    assert.equal((await put('1', { 'if-match': '*' })).code, 'PreconditionFailed');
  });

  it('are in the audit trail, with what was said', async () => {
    const path = `${own.accountId}/budgets/audited`;
    await ask('PUT', path, { body: TERMS, grants: owner() });
    await ask('DELETE', path, { grants: owner() });
    const events = await listAudit(room.test.database.pool, { limit: 2, newestFirst: true });
    assert.deepEqual(
      new Set(events.map(({ action, target }) => `${action} ${target}`)),
      new Set([
        `Microsoft.Consumption/budgets/write /accounts/${own.accountId}/budgets/audited`,
        `Microsoft.Consumption/budgets/delete /accounts/${own.accountId}/budgets/audited`,
      ]),
    );
    assert.match(events[0]?.detail ?? '', /"threshold":"80"/);
  });

  it('of others are not there, whoever asks and whatever is asked', async () => {
    await ask('PUT', `${other.accountId}/budgets/secret`, { body: TERMS });
    const missing = '00000000-0000-4000-8000-000000000000';
    for (const grants of [owner(), grantOf('Emitter'), []]) {
      for (const [method, path] of [
        ['GET', 'budgets'],
        ['GET', 'budgets/secret'],
        ['GET', 'budgets/secret/history'],
        ['PUT', 'budgets/secret'],
        ['PUT', 'budgets/new'],
        ['DELETE', 'budgets/secret'],
      ] as const) {
        const body = method === 'PUT' ? TERMS : undefined;
        const options = { grants, ...(body && { body }) };
        const foreign = await ask(method, `${other.accountId}/${path}`, options);
        const none = await ask(method, `${missing}/${path}`, options);
        assert.deepEqual([foreign.status, foreign.code], [404, 'BillingAccountNotFound'], path);
        assert.equal(
          foreign.message.replace(other.accountId, missing),
          none.message,
          'an account of others is like none',
        );
      }
    }
    const above = await ask('GET', `${room.provider()}/budgets`, { grants: owner() });
    assert.equal(above.code, 'BillingAccountNotFound');
    const kept = await ask('GET', `${other.accountId}/budgets/secret`);
    assert.equal(kept.body['amount'], '100');
  });

  it('are seen by those who read and changed by those who write', async () => {
    const path = `${own.accountId}/budgets/read`;
    await ask('PUT', path, { body: TERMS });
    for (const role of ['Reader', 'BillingReader', 'Auditor'] as const) {
      const grants = grantOf(role, own.subscription);
      assert.equal((await ask('GET', path, { grants })).status, 200, role);
      const put = await ask('PUT', path, { body: { amount: '1' }, grants });
      assert.deepEqual([put.status, put.code], [403, 'AuthorizationFailed'], role);
      assert.equal((await ask('DELETE', path, { grants })).code, 'AuthorizationFailed', role);
    }
    const grants = grantOf('Contributor', own.subscription);
    assert.equal((await ask('PUT', path, { body: { amount: '7' }, grants })).status, 200);
  });

  it('are refused with what is wrong, and nothing is changed', async () => {
    const path = `${own.accountId}/budgets/kept`;
    await ask('PUT', path, { body: TERMS });
    for (const [name, body, message] of [
      ['kept', { amount: '0' }, /above zero/],
      ['kept', { view: 'selling' }, /sells nothing/],
      ['kept', { alerts: [{ threshold: '80', notify: { emails: ['x'] } }] }, /one address/],
      ['kept', { filters: { subscription: ['x'] } }, /GUID/],
      ['new', {}, /amount/],
      ['a b', TERMS, /90 letters/],
      ['x'.repeat(91), TERMS, /90 letters/],
    ] as const) {
      const url = `${own.accountId}/budgets/${encodeURIComponent(name)}`;
      const answer = await ask('PUT', url, { body });
      assert.deepEqual([answer.status, answer.code], [400, 'InvalidProperty'], name);
      assert.match(answer.message, message);
    }
    const provider = await ask('PUT', `${room.provider()}/budgets/x`, {
      body: { ...TERMS, view: 'buying' },
    });
    assert.match(provider.message, /buys from nobody/);
    assert.equal((await ask('GET', path)).body['amount'], '100');
  });

  it('are not found under names that none can have', async () => {
    for (const name of ['%00', '%ED%A0%80', 'x'.repeat(99), '%25', "'"]) {
      for (const method of ['GET', 'DELETE', 'PUT'] as const) {
        const body = method === 'PUT' ? { body: TERMS } : {};
        const { status } = await ask(method, `${own.accountId}/budgets/${name}`, body);
        assert.ok(status === 404 || status === 400, `${method} ${name}: ${status}`);
      }
    }
  });

  it('are at most a hundred of an account', async () => {
    const many = await room.customer({ name: 'Many' });
    const path = (name: string): string => `${many.accountId}/budgets/${name}`;
    for (let count = 0; count < 99; count++) {
      await room.put(many.accountId, `b${count}`, { amount: '1' });
    }
    const both = await Promise.all(
      ['one', 'two'].map((name) =>
        room.put(many.accountId, name, { amount: '1' }).then(
          () => 'made',
          (error: unknown) => (error instanceof StackmeterError ? error.code : error),
        ),
      ),
    );
    assert.deepEqual(new Set(both), new Set(['made', 'BudgetsTooMany']));
    assert.equal((await ask('PUT', path('three'), { body: TERMS })).code, 'BudgetsTooMany');
    assert.equal((await ask('PUT', path('b7'), { body: { amount: '2' } })).status, 200);
    assert.equal((await ask('GET', `${many.accountId}/budgets`)).items.length, 100);
  });
});

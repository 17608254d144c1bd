import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAudit } from '../../../audit/index.ts';
import type { SubscriptionId } from '../../../kernel/index.ts';
import { billingModels } from '../../../reporting/index.ts';
import { listReportingPeriods } from '../registrations/periods.ts';
import { findRegistration } from '../registrations/store.ts';
import { grantOf, itemsOf, newId, newTenant, withTestCommerce } from '../test-commerce.ts';
import { changeCommerceSubscription } from './change.ts';
import { allowsBillingModel, commerceSubscriptionKinds } from './commerce-subscription.ts';

const PATH = '/api/v1/commerce-subscriptions';

describe('billing models by kind of subscription', () => {
  it('are all for contracts and partners, and Development for everybody', () => {
    for (const kind of commerceSubscriptionKinds) {
      const allowed = billingModels.filter((model) => allowsBillingModel(kind, model));
      const isSmall = kind === 'PayAsYouGo' || kind === 'MSDN';
      assert.deepEqual(allowed, isSmall ? ['Development'] : [...billingModels], kind);
    }
  });
});

describe('subscriptions that pay', () => {
  const commerce = withTestCommerce();
  const { ask } = commerce;
  const at = (id: string): string => `${PATH}/${id}`;
  const csp = { displayName: 'Partner', kind: 'csp', partnerId: 'p1', multitenancyApproved: true };

  it('are made, read, listed and changed', async () => {
    const id = newId();
    const tenantId = newTenant();
    const made = await ask('PUT', at(id.toUpperCase()), { body: { ...csp, tenantId } });
    assert.deepEqual(
      [made.status, made.body],
      [
        201,
        {
          subscriptionId: id,
          displayName: 'Partner',
          kind: 'CSP',
          partnerId: 'p1',
          tenantId,
          multitenancyApproved: true,
          state: 'Enabled',
          createdAt: '2026-03-01T00:00:00Z',
        },
      ],
    );
    assert.deepEqual((await ask('GET', at(id))).body, made.body);
    const again = await ask('PUT', at(id), { body: { displayName: 'Other', kind: 'CSP' } });
    assert.deepEqual([again.status, again.body], [200, { ...made.body, displayName: 'Other' }]);
    const patched = await ask('PATCH', at(id), { body: { state: 'disabled' } });
    assert.deepEqual([patched.status, patched.body['state']], [200, 'Disabled']);
    assert.ok(itemsOf(await ask('GET', PATH)).some((one) => one['subscriptionId'] === id));
    const trail = await listAudit(commerce.test.database.pool, {
      after: 0n,
      limit: 10,
      target: `/subscriptions/${id}`,
    });
    assert.equal(trail.length, 3);
    assert.match(trail[2]!.detail, /"before":.*"Enabled".*"after":.*"Disabled"/);
  });

  it('can be made disabled', async () => {
    const made = await ask('PUT', at(newId()), {
      body: { displayName: 'x', kind: 'MSDN', state: 'Disabled' },
    });
    assert.deepEqual([made.status, made.body['state']], [201, 'Disabled']);
  });

  it('are refused when they cannot be', async () => {
    const refused = async (body: object): Promise<void> => {
      const { status, code } = await ask('PUT', at(newId()), { body });
      assert.deepEqual([status, code], [400, 'InvalidProperty'], JSON.stringify(body));
    };
    await refused({ displayName: 'x' });
    await refused({ kind: 'MSDN' });
    await refused({ displayName: 'x', kind: 'Free' });
    await refused({ displayName: 'x', kind: 'CSP' });
    await refused({ displayName: 'x', kind: 'CSP', partnerId: ' ' });
    await refused({ displayName: 'x', kind: 'MSDN', partnerId: 'p' });
    await refused({ displayName: 'x', kind: 'MSDN', multitenancyApproved: true });
    await refused({ displayName: 'x', kind: 'MSDN', multitenancyApproved: 'yes' });
    await refused({ displayName: 'x', kind: 'MSDN', tenantId: 'x' });
    await refused({ displayName: 'x', kind: 'MSDN', state: 'Gone' });
    await refused({ displayName: '\u0001', kind: 'MSDN' });
    const id = newId();
    assert.equal((await ask('PUT', at('no-id'), { body: csp })).code, 'InvalidProperty');
    assert.equal((await ask('PATCH', at('no-id'), { body: csp })).code, 'SubscriptionNotFound');
    assert.equal((await ask('PATCH', at(id), { body: {} })).code, 'SubscriptionNotFound');
    assert.equal((await ask('GET', at(id))).code, 'SubscriptionNotFound');
    assert.equal((await ask('GET', at('no-id'))).code, 'SubscriptionNotFound');
  });

  it('keep their kind and partner', async () => {
    const id = await commerce.addSubscription({ partnerId: 'p1' });
    for (const body of [{ kind: 'MSDN' }, { partnerId: 'p2' }]) {
      const { status, code } = await ask('PUT', at(id), { body });
      assert.deepEqual([status, code], [409, 'Conflict']);
    }
    const blank = await ask('PATCH', at(id), { body: { displayName: '  ' } });
    assert.equal(blank.code, 'InvalidProperty');
  });

  it('are not those of a stamp', async () => {
    const id = newId();
    await commerce.test.database.pool.query(`insert into subscription_claim values ($1, 'stamp')`, [
      id,
    ]);
    const { status, code } = await ask('PUT', at(id), { body: csp });
    assert.deepEqual([status, code], [409, 'Conflict']);
  });

  it('are made once when two make them at once', async () => {
    const id = newId();
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask('PUT', at(id), { body: csp })));
    const found = answers.filter(({ status }) => status === 200);
    const made = answers.filter(({ status }) => status === 201);
    assert.deepEqual([found.length, made.length], [3, 1]);
  });

  it('are for the operator of commerce alone', async () => {
    const id = await commerce.addSubscription();
    const grants = grantOf('Owner', id);
    for (const [method, path] of [
      ['GET', PATH],
      ['GET', at(id)],
      ['PUT', at(id)],
      ['PATCH', at(id)],
    ] as const) {
      const { status, code } = await ask(method, path, {
        grants,
        ...(method !== 'GET' && { body: {} }),
      });
      assert.deepEqual([status, code], [403, 'AuthorizationFailed'], `${method} ${path}`);
    }
    assert.equal((await ask('GET', PATH, { grants: grantOf('Reader') })).status, 200);
  });

  it('reset their registrations when their directory changes', async () => {
    const change = (id: SubscriptionId, to = newTenant()): Promise<unknown> =>
      commerce.test.database.transaction((tx) =>
        changeCommerceSubscription(tx, id, { tenantId: to }, commerce.changing),
      );
    const { pool } = commerce.test.database;
    const tenantId = newTenant();
    const id = await commerce.addSubscription({ tenantId: undefined });
    const place = { subscriptionId: id, resourceGroup: 'azurestack', name: 'one' };
    const { registration } = await commerce.register(place);
    await change(id, tenantId);
    await change(id, tenantId);
    assert.equal((await findRegistration(pool, registration.registrationId))?.state, 'Active');
    await change(id);
    const reset = await findRegistration(pool, registration.registrationId);
    assert.equal(reset?.state, 'Reset');
    assert.notEqual(reset.etag, registration.etag);
    const periods = await listReportingPeriods(pool, registration.number);
    // What waits on the stamp is taken once it is registered again.
    assert.deepEqual(
      periods.map(({ endReason }) => endReason),
      [undefined],
    );
    await pool.query('update reporting_period set next_window = next_window + 1');
    await change(id);
    const again = await commerce.register(place, { cloudId: registration.cloudId });
    assert.deepEqual([again.created, again.registration.state], [false, 'Active']);
    const open = await listReportingPeriods(pool, registration.number);
    assert.deepEqual(
      open.map(({ fromWindow, nextWindow, endReason }) => [nextWindow - fromWindow, endReason]),
      [[1, undefined]],
    );
  });
});

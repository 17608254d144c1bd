import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fail, type SubscriptionId } from '../../../kernel/index.ts';
import type { RegistrationToken } from '../../../reporting/index.ts';
import { findCommerceSubscription } from '../subscriptions/store.ts';
import {
  changeCommerceSubscription,
  type NewCommerceSubscription,
} from '../subscriptions/change.ts';
import {
  grantOf,
  itemsOf,
  newId,
  newTenant,
  withTestCommerce,
  type Asked,
} from '../test-commerce.ts';

describe('customer subscriptions over HTTP', () => {
  const commerce = withTestCommerce();
  const { ask } = commerce;
  const at = (id: string, customer = ''): string =>
    `/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.AzureStack/registrations/one/customerSubscriptions${customer === '' ? '' : `/${customer}`}`;
  const base = async (
    changes?: Partial<NewCommerceSubscription>,
    token?: Partial<RegistrationToken>,
  ): Promise<SubscriptionId> => {
    const subscriptionId = await commerce.addSubscription(changes);
    await commerce.register({ subscriptionId, resourceGroup: 'rg', name: 'one' }, token);
    return subscriptionId;
  };
  const expect = (asked: Asked, status: number, code?: string): Asked => {
    assert.deepEqual([asked.status, asked.code], [status, code], asked.text);
    return asked;
  };

  it('are put, shown, listed and removed', async () => {
    const id = await base();
    const tenantId = newTenant();
    const customer = await commerce.addSubscription({ tenantId: undefined });
    const body = { properties: { tenantId: tenantId.toUpperCase() } };
    const made = expect(await ask('PUT', at(id, customer.toUpperCase()), { body }), 200);
    const { etag, ...rest } = made.body;
    assert.equal(etag, made.etag);
    assert.deepEqual(rest, {
      id: at(id, customer),
      name: customer,
      type: 'Microsoft.AzureStack/registrations/customerSubscriptions',
      properties: { tenantId, effectiveFrom: '2026-03-01T00:00:00Z', version: 1, shared: false },
    });
    expect(await ask('PUT', at(id, customer), { body }), 200);
    assert.deepEqual((await ask('GET', at(id, customer.toUpperCase()))).body, made.body);
    assert.deepEqual((await ask('GET', at(id))).body, { value: [made.body] });
    const stale = { headers: { 'if-match': '"x"' } };
    expect(await ask('PUT', at(id, customer), { body, ...stale }), 412, 'PreconditionFailed');
    expect(await ask('DELETE', at(id, customer), stale), 412, 'PreconditionFailed');
    expect(await ask('DELETE', at(id, customer.toUpperCase())), 200);
    expect(await ask('DELETE', at(id, customer)), 204);
    expect(await ask('DELETE', at(id, 'none')), 204);
    expect(await ask('GET', at(id, customer)), 404, 'CustomerSubscriptionNotFound');
    expect(await ask('GET', at(id, 'none')), 404, 'CustomerSubscriptionNotFound');
    assert.deepEqual((await ask('GET', at(id))).body, { value: [] });
  });

  it('take the home directory of the customer when none is given', async () => {
    const id = await base();
    const tenantId = newTenant();
    const customer = await commerce.addSubscription({ tenantId });
    assert.equal((await ask('PUT', at(id, customer))).properties['tenantId'], tenantId);
    const unknown = await commerce.addSubscription({ tenantId: undefined });
    expect(await ask('PUT', at(id, unknown)), 400, 'InvalidProperty');
    expect(await ask('PUT', at(id, unknown), { body: {} }), 400, 'InvalidProperty');
    const bad = [{ tenantId: 'x' }, { shared: 'yes' }, { effectiveFrom: 'x' }];
    for (const properties of bad) {
      const asked = await ask('PUT', at(id, customer), { body: { properties } });
      expect(asked, 400, 'InvalidProperty');
    }
  });

  it('are for registrations that may map customers', async () => {
    const customer = await commerce.addSubscription();
    const put = async (id: string): Promise<Asked> => ask('PUT', at(id, customer));
    const capacity = { billingModel: 'Capacity', agreementNumber: 'a' } as const;
    for (const token of [
      capacity,
      { billingModel: 'Development' },
      { billingModel: 'Custom', assetTag: 't' },
      { billingModel: 'Ruggedized' },
    ] as const) {
      expect(await put(await base({}, token)), 409, 'CustomerSubscriptionsNotAllowed');
    }
    const contract = {
      kind: 'EnterpriseAgreement',
      partnerId: undefined,
      multitenancyApproved: false,
    } as const;
    const ofContract = expect(await put(await base(contract)), 403, 'UnauthorizedCspRegistration');
    assert.match(ofContract.text, /EnterpriseAgreement/);
    const waiting = await base({ multitenancyApproved: false });
    const refused = expect(await put(waiting), 403, 'UnauthorizedCspRegistration');
    assert.match(refused.text, /not approved/);
    expect(await put(await base({ kind: 'CSPSharedServices' })), 200);
    const none = await commerce.addSubscription();
    expect(await put(none), 404, 'RegistrationNotFound');
    expect(await ask('GET', at(none)), 404, 'RegistrationNotFound');
    expect(await ask('GET', at(none, customer)), 404, 'RegistrationNotFound');
    expect(await ask('DELETE', at(none, customer)), 404, 'RegistrationNotFound');
    expect(await ask('DELETE', at(none, 'x')), 404, 'RegistrationNotFound');
  });

  it('are of the partner', async () => {
    const id = await base();
    const put = async (customer: string): Promise<Asked> => ask('PUT', at(id, customer));
    expect(await put('none'), 400, 'InvalidCustomerSubscriptionId');
    expect(await put(newId()), 400, 'InvalidCustomerSubscriptionId');
    const contract = await commerce.addSubscription({
      kind: 'EnterpriseAgreement',
      partnerId: undefined,
      multitenancyApproved: false,
    });
    expect(await put(contract), 400, 'InvalidCSPSubscription');
    const foreign = await commerce.addSubscription({ partnerId: 'other' });
    expect(await put(foreign), 403, 'BadCustomerSubscriptionId');
    const disabled = await commerce.addSubscription();
    await commerce.test.database.transaction((tx) =>
      changeCommerceSubscription(tx, disabled, { state: 'Disabled' }, commerce.changing),
    );
    expect(await put(disabled), 409, 'Conflict');
  });

  it('are looked up elsewhere when they are not known', async () => {
    const id = await base();
    const tenantId = newTenant();
    const known = {
      displayName: 'Looked up',
      kind: 'CSP',
      partnerId: 'partner',
      tenantId,
    } as const;
    const customer = newId();
    try {
      commerce.resolver = (asked) => Promise.resolve(asked === customer ? known : undefined);
      const both = await Promise.all([1, 2, 3].map(() => ask('PUT', at(id, customer))));
      for (const one of both) assert.equal(expect(one, 200).properties['tenantId'], tenantId);
      const kept = await findCommerceSubscription(commerce.test.database.pool, customer);
      assert.deepEqual([kept?.displayName, kept?.multitenancyApproved], ['Looked up', false]);
      expect(await ask('PUT', at(id, newId())), 400, 'InvalidCustomerSubscriptionId');
      commerce.resolver = () => Promise.resolve({ ...known, displayName: '' });
      expect(await ask('PUT', at(id, newId())), 502, 'MetadataResolverBadGatewayError');
      commerce.resolver = () => Promise.reject(new Error('out of order'));
      const failed = await ask('PUT', at(id, newId()));
      assert.match(expect(failed, 502, 'MetadataResolverBadGatewayError').text, /out of order/);
      commerce.resolver = (asked) =>
        Promise.reject(
          fail('MetadataResolverBadGatewayError', {
            customerSubscriptionId: asked,
            reason: 'told already',
          }),
        );
      const told = await ask('PUT', at(id, newId()));
      assert.match(expect(told, 502, 'MetadataResolverBadGatewayError').text, /told already/);
      commerce.resolver = () => Promise.resolve(known);
      const ofStamp = newId();
      await commerce.test.database.pool.query(
        `insert into subscription_claim values ($1, 'stamp')`,
        [ofStamp],
      );
      expect(await ask('PUT', at(id, ofStamp)), 400, 'InvalidCustomerSubscriptionId');
    } finally {
      commerce.resolver = undefined;
    }
  });

  it('come a thousand at a time', async () => {
    const id = await base();
    await commerce.test.database.pool.query(
      `with made as (
         insert into commerce_subscription (subscription_id, display_name, kind, partner_id, created_at)
         select gen_random_uuid(), 'x', 'CSP', 'partner', $1 from generate_series(1, 1001)
         returning subscription_id)
       insert into customer_mapping (registration_number, tenant_id, customer_subscription_id, version,
         effective_from, etag, created_at)
       select r.registration_number, gen_random_uuid(), made.subscription_id, 1, $1, gen_random_uuid(), $1
       from made, registration r where r.subscription_id = $2`,
      [commerce.clock.now().toString(), id],
    );
    const first = await ask('GET', at(id));
    const link = new URL(String(first.body['nextLink']));
    const second = await ask('GET', `${link.pathname}${link.search}`);
    const names = [...itemsOf(first), ...itemsOf(second)].map(({ name }) => name);
    assert.deepEqual([itemsOf(first).length, new Set(names).size], [1000, 1001]);
    assert.equal(second.body['nextLink'], undefined);
  });

  it('are shown to nobody without a role', async () => {
    const id = await base();
    const customer = await commerce.addSubscription();
    const grants = grantOf('Owner', customer);
    for (const method of ['GET', 'PUT', 'DELETE']) {
      for (const path of [at(id, customer), at(newId(), customer)]) {
        expect(await ask(method, path, { grants }), 403, 'AuthorizationFailed');
      }
    }
    const reader = { grants: grantOf('Reader', id) };
    expect(await ask('GET', at(id), reader), 200);
    expect(await ask('PUT', at(id, customer), reader), 403, 'AuthorizationFailed');
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { changeCommerceSubscription } from '../subscriptions/change.ts';
import {
  grantOf,
  itemsOf,
  newTenant,
  withTestCommerce,
  type Asked,
  type AskOptions,
} from '../test-commerce.ts';
import { isJsonObject, type SubscriptionId } from '../../../kernel/index.ts';

describe('shared mappings over HTTP', () => {
  const commerce = withTestCommerce();
  const { ask, clock } = commerce;
  const at = (id: string, customer = ''): string =>
    `/subscriptions/${id}/resourceGroups/rg/providers/Microsoft.AzureStack/registrations/one/customerSubscriptions${customer === '' ? '' : `/${customer}`}`;
  const expect = (asked: Asked, status: number, code?: string): Asked => {
    assert.deepEqual([asked.status, asked.code], [status, code], asked.text);
    return asked;
  };
  const newPartner = async () => {
    const partnerId = randomUUID();
    const base = async (): Promise<SubscriptionId> => {
      const subscriptionId = await commerce.addSubscription({ partnerId });
      await commerce.register({ subscriptionId, resourceGroup: 'rg', name: 'one' });
      return subscriptionId;
    };
    const customer = (tenantId = newTenant()): Promise<SubscriptionId> =>
      commerce.addSubscription({ partnerId, tenantId });
    return { base, customer };
  };
  const shared = { body: { properties: { shared: true } } };
  const tell = (asked: Asked): unknown[] =>
    itemsOf(asked).map(({ name, properties }) => [
      name,
      isJsonObject(properties) ? properties['inheritedFrom'] : undefined,
    ]);

  it('are changed by those who may map at all registrations that they serve', async () => {
    const { base, customer } = await newPartner();
    const [one, two] = [await base(), await base()];
    const tenantId = newTenant();
    const [a, b] = [await customer(tenantId), await customer(tenantId)];
    const mine: AskOptions = { grants: grantOf('Owner', one) };
    const both: AskOptions = { grants: [...grantOf('Owner', one), ...grantOf('Owner', two, 'rg')] };
    const refused = expect(
      await ask('PUT', at(one, a), { ...mine, ...shared }),
      403,
      'AuthorizationFailed',
    );
    assert.match(
      refused.text,
      new RegExp(`customerSubscriptions/write' on '/subscriptions/${two}/`),
    );
    expect(await ask('PUT', at(one, a), mine), 200);
    expect(await ask('PUT', at(one, a), { ...mine, ...shared }), 403, 'AuthorizationFailed');
    expect(await ask('PUT', at(one, a), { ...both, ...shared }), 200);
    // As it is already: nothing moves.
    expect(await ask('PUT', at(one, a), { ...mine, ...shared }), 200);
    for (const [method, path] of [
      ['PUT', at(one, a)],
      ['PUT', at(one, b)],
      ['DELETE', at(one, a)],
    ] as const) {
      expect(await ask(method, path, mine), 403, 'AuthorizationFailed');
    }
    // Of other registrations' mappings it is not the concern.
    expect(await ask('PUT', at(two, b), { grants: grantOf('Owner', two) }), 200);
    const removed = expect(await ask('DELETE', at(one, a), mine), 403, 'AuthorizationFailed');
    assert.match(removed.text, /customerSubscriptions\/delete/);
    expect(await ask('DELETE', at(one, a), both), 200);
  });

  it('are shown at each registration that they serve', async () => {
    const { base, customer } = await newPartner();
    const [one, two, three] = [await base(), await base(), await base()];
    const idOf = async (id: string): Promise<unknown> => {
      const place = at(id).replace('/customerSubscriptions', '');
      return (await ask('GET', place)).properties['registrationId'];
    };
    const tenantId = newTenant();
    const [a, b] = [await customer(tenantId), await customer(tenantId)];
    const c = await customer();
    expect(await ask('PUT', at(one, a), shared), 200);
    const later = clock.now().add({ hours: 1 }).toString();
    const planned = { body: { properties: { shared: true, effectiveFrom: later } } };
    expect(await ask('PUT', at(one, c), planned), 200);
    const source = await idOf(one);
    const reader = { grants: grantOf('Reader', two) };
    const sorted = (...items: [string, unknown][]): unknown[] =>
      items.toSorted(([x], [y]) => (x < y ? -1 : 1));
    const listed = await ask('GET', at(two), reader);
    assert.deepEqual(tell(listed), sorted([a, source], [c, source]));
    assert.equal(itemsOf(listed)[0]?.['id'], at(two, String(itemsOf(listed)[0]?.['name'])));
    const found = expect(await ask('GET', at(two, a), reader), 200);
    assert.deepEqual(
      [found.properties['inheritedFrom'], found.properties['tenantId']],
      [source, tenantId],
    );
    assert.deepEqual(tell(await ask('GET', at(one))), sorted([a, undefined], [c, undefined]));
    // One of its own comes before it, and so does one that is newer.
    clock.advance(1000);
    expect(await ask('PUT', at(two, b)), 200);
    assert.deepEqual(tell(await ask('GET', at(two))), sorted([b, undefined], [c, source]));
    expect(await ask('DELETE', at(two, b)), 200);
    expect(await ask('PUT', at(three, b), shared), 200);
    assert.deepEqual(tell(await ask('GET', at(two))), sorted([b, await idOf(three)], [c, source]));
    expect(await ask('DELETE', at(two, b)), 204);
    await commerce.test.database.transaction((tx) =>
      changeCommerceSubscription(tx, two, { multitenancyApproved: false }, commerce.changing),
    );
    assert.deepEqual(tell(await ask('GET', at(two))), []);
  });

  it('keep their registration as long as others use them', async () => {
    const { base, customer } = await newPartner();
    const [one, two] = [await base(), await base()];
    const a = await customer();
    expect(await ask('PUT', at(one, a), shared), 200);
    const registration = at(one).replace('/customerSubscriptions', '');
    const refused = expect(await ask('DELETE', registration), 409, 'Conflict');
    assert.match(refused.text, /map the directory on another registration first/);
    clock.advance(1000);
    expect(await ask('PUT', at(two, a), shared), 200);
    expect(await ask('DELETE', registration), 200);
    expect(await ask('DELETE', at(two).replace('/customerSubscriptions', '')), 200);
  });
});

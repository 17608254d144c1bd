import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { SubscriptionId } from '../../../kernel/index.ts';
import { changeCommerceSubscription } from '../subscriptions/change.ts';
import { grantOf, newId, withTestCommerce, type Asked, type AskOptions } from '../test-commerce.ts';
import { registrationsBookingOn } from './store.ts';

describe('moving registrations', () => {
  const commerce = withTestCommerce();
  const groupOf = (id: string, group: string): string =>
    `/subscriptions/${id}/resourceGroups/${group}`;
  const idOf = (id: string, name: string, group = 'a'): string =>
    `${groupOf(id, group)}/providers/Microsoft.AzureStack/registrations/${name}`;
  const move = (
    id: string,
    names: readonly string[],
    targetResourceGroup: string,
    options: AskOptions = {},
  ): Promise<Asked> =>
    commerce.ask('POST', `${groupOf(id, 'a')}/moveResources?api-version=2021-04-01`, {
      body: { resources: names.map((name) => idOf(id, name)), targetResourceGroup },
      ...options,
    });
  const expect = ({ status, code, text }: Asked, wanted: number, wantedCode?: string): void =>
    assert.deepEqual([status, code], [wanted, wantedCode], text);
  const where = async (id: string, name: string, group: string): Promise<number> =>
    (await commerce.ask('GET', idOf(id, name, group))).status;
  const newRegistration = async (subscriptionId: SubscriptionId, name: string) =>
    (await commerce.register({ subscriptionId, resourceGroup: 'a', name })).registration;

  it('to another group keeps what they are', async () => {
    const id = await commerce.addSubscription();
    const one = await newRegistration(id, 'one');
    await newRegistration(id, 'two');
    expect(await move(id, ['one', 'ONE'], groupOf(id.toUpperCase(), 'b')), 204);
    assert.deepEqual([await where(id, 'one', 'a'), await where(id, 'one', 'b')], [404, 200]);
    const { properties } = await commerce.ask('GET', idOf(id, 'one', 'b'));
    assert.equal(properties['registrationId'], one.registrationId);
    expect(await move(id, ['two'], groupOf(id, 'A')), 204);
    expect(await move(id, ['one'], groupOf(id, 'b')), 404, 'RegistrationNotFound');
  });

  it('is done for all of them or for none', async () => {
    const id = await commerce.addSubscription();
    await newRegistration(id, 'one');
    expect(await move(id, ['one', 'none'], groupOf(id, 'b')), 404, 'RegistrationNotFound');
    assert.equal(await where(id, 'one', 'a'), 200);
  });

  it('to another subscription is for those of one partner', async () => {
    const [id, mate] = [await commerce.addSubscription(), await commerce.addSubscription()];
    const one = await newRegistration(id, 'one');
    const foreign = await commerce.addSubscription({ partnerId: 'other' });
    const contract = await commerce.addSubscription({
      kind: 'EnterpriseAgreement',
      partnerId: undefined,
      multitenancyApproved: false,
    });
    const disabled = await commerce.addSubscription();
    await commerce.test.database.transaction((tx) =>
      changeCommerceSubscription(tx, disabled, { state: 'Disabled' }, commerce.changing),
    );
    for (const to of [foreign, contract, disabled]) {
      expect(await move(id, ['one'], groupOf(to, 'b')), 409, 'Conflict');
    }
    await newRegistration(contract, 'two');
    expect(await move(contract, ['two'], groupOf(id, 'b')), 409, 'Conflict');
    expect(await move(id, ['one'], groupOf(newId(), 'b')), 404, 'SubscriptionNotFound');
    expect(await move(id, ['one'], groupOf(mate, 'b')), 204);
    assert.equal(await where(mate, 'one', 'b'), 200);
    await newRegistration(id, 'one');
    expect(await move(id, ['one'], groupOf(mate, 'c')), 409, 'Conflict');
    const booking = await registrationsBookingOn(commerce.test.database.pool, id);
    assert.ok(booking.some(({ registrationId }) => registrationId === one.registrationId));
  });

  it('needs a role in both places', async () => {
    const [id, mate] = [await commerce.addSubscription(), await commerce.addSubscription()];
    await newRegistration(id, 'one');
    const here = grantOf('Owner', id);
    expect(
      await move(id, ['one'], groupOf(mate, 'b'), { grants: here }),
      403,
      'AuthorizationFailed',
    );
    const there = grantOf('Owner', mate);
    expect(
      await move(id, ['one'], groupOf(mate, 'b'), { grants: there }),
      403,
      'AuthorizationFailed',
    );
    expect(await move(id, ['one'], groupOf(mate, 'b'), { grants: [...here, ...there] }), 204);
  });

  it('is refused when it cannot be read', async () => {
    const id = await commerce.addSubscription();
    const refused = async (body: object): Promise<void> =>
      expect(await move(id, [], '', { body }), 400, 'InvalidProperty');
    const targetResourceGroup = groupOf(id, 'b');
    await refused({ targetResourceGroup });
    await refused({ resources: [], targetResourceGroup });
    await refused({ resources: [idOf(id, 'one', 'b')], targetResourceGroup });
    await refused({ resources: [idOf(newId(), 'one')], targetResourceGroup });
    await refused({ resources: [`${groupOf(id, 'a')}/providers/X/y/z`], targetResourceGroup });
    await refused({ resources: [idOf(id, 'one')] });
    await refused({ resources: [idOf(id, 'one')], targetResourceGroup: 'b' });
    await refused({ resources: [idOf(id, 'one')], targetResourceGroup: groupOf(id, 'a$b') });
    const path = `${groupOf(id, 'a')}/moveResources?api-version=2017-06-01`;
    expect(await commerce.ask('POST', path, { body: {} }), 400, 'InvalidApiVersionParameter');
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { withServer } from '../../../test/support/server.ts';
import { parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import { SYSTEM } from '../../audit/index.ts';
import { listRoleAssignments, scopeOf } from '../../identity/index.ts';
import { systemClock, type Tx } from '../../platform/index.ts';
import { findOffer, findSubscription, moveSubscriptions } from './index.ts';
import { callerOf, newCaller, type Ask, type Asked } from './test-caller.ts';

const newId = (): SubscriptionId => parseSubscriptionId(randomUUID())!;
const ADMIN = 'providers/Microsoft.Subscriptions.Admin';
const CHANGING = { clock: systemClock, actor: SYSTEM };

describe('subscriptions that change meanwhile', () => {
  const test = withTestDatabase();
  describe('on a server', () => {
    const started = withServer(test);
    const seller = newId();
    let [operator, provider]: [Ask?, Ask?] = [];
    let root: SubscriptionId;
    let tenantId: string;

    const under = (id: string, path = ''): string =>
      `/subscriptions/${id}/${ADMIN}/subscriptions${path}`;
    const inGroup = (path: string): string =>
      `/subscriptions/${root}/resourceGroups/rg/${ADMIN}/${path}`;
    const expect = (asked: Asked, status: number, code?: string): Asked => {
      assert.deepEqual([asked.status, asked.code], [status, code], JSON.stringify(asked.body));
      return asked;
    };
    const wanted = (): object => ({
      displayName: 'Web',
      owner: 'a@one.example',
      tenantId,
      offerId: 'gold',
    });
    const make = async (): Promise<SubscriptionId> => {
      const id = newId();
      expect(await operator!('PUT', under(root, `/${id}`), wanted()), 201);
      return id;
    };
    const move = async (tx: Tx, id: SubscriptionId, to: SubscriptionId): Promise<void> => {
      const target = { provider: to, offer: await findOffer(tx, to, 'gold') };
      await moveSubscriptions(tx, [id], target, { provider: root, ...CHANGING });
    };

    before(async () => {
      const { stamp } = started.server;
      root = stamp.defaultProviderSubscriptionId;
      tenantId = stamp.homeTenantId;
      operator = await callerOf(started, started.server.operator);
      const scope = scopeOf(seller);
      provider = await newCaller(started, { name: 'seller', role: 'DelegatedProvider', scope });
      const properties = { state: 'Public' };
      expect(await operator('PUT', inGroup('offers/gold'), { properties }), 201);
      expect(await operator('PUT', inGroup('plans/extra'), {}), 201);
      expect(await operator('PUT', under(root, `/${seller}`), wanted()), 201);
      const given = { properties: { subscriptionId: seller } };
      expect(await operator('PUT', inGroup('offers/gold/offerDelegations/d'), given), 201);
    });

    const requests: readonly (readonly [string, string, object | undefined, number])[] = [
      ['PATCH', '', { displayName: 'Taken' }, 404],
      // As for every id that is not the provider's: it would be made, and cannot be taken.
      ['PUT', '', { displayName: 'Taken', owner: 'x', offerId: 'gold' }, 409],
      ['DELETE', '', undefined, 204],
      ['PUT', `/acquiredPlans/${randomUUID()}`, { planId: 'extra' }, 404],
    ];
    for (const [method, rest, body, status] of requests) {
      it(`${method}${rest.slice(0, 14)} leaves alone what is moved away before it is done`, async () => {
        const id = await make();
        await test.database.transaction((tx) => move(tx, id, seller));
        const asked = await test.database.transaction(async (tx) => {
          await move(tx, id, root);
          const path = under(seller, `/${id}${rest}`);
          const begun = provider!(method, path, body && { ...body, tenantId });
          await systemClock.sleep(200);
          return { begun };
        });
        assert.equal((await asked.begun).status, status);
        const { displayName, state } = (await findSubscription(test.database.pool, id))!;
        assert.deepEqual([displayName, state], ['Web', 'Enabled']);
      });
    }

    it('whether they could move is told while others move, of so many at once', async () => {
      const id = await make();
      const path = `/subscriptions/${root}/${ADMIN}/validateMoveSubscriptions`;
      const target = `/delegatedProviders/${seller}/offers/gold`;
      const validate = (resources: readonly string[]): Promise<Asked> =>
        operator!('POST', path, { targetDelegatedProviderOffer: target, resources });
      await test.database.transaction(async (tx) => {
        await move(tx, id, seller);
        expect(await validate([id]), 204);
      });
      const many = Array.from({ length: 101 }, newId);
      expect(await validate(many), 400, 'InvalidProperty');
    });

    it('names are free or taken, of the kinds that there are and nothing else', async () => {
      const path = `/subscriptions/${root}/${ADMIN}/checkNameAvailability`;
      const check = (resourceType: string): Promise<Asked> =>
        operator!('POST', path, { name: 'gold', resourceType });
      const taken = expect(await check('Microsoft.Subscriptions.Admin/offers'), 200);
      assert.equal(taken.body['nameAvailable'], false);
      for (const kind of ['__proto__', 'constructor', 'x/toString', 'quotas']) {
        expect(await check(kind), 400, 'InvalidProperty');
      }
    });

    it('the default provider subscription takes back what it gave', async () => {
      const path = under(root, `/${root}`);
      const { body } = expect(await operator!('GET', path), 200);
      assert.deepEqual(expect(await operator!('PUT', path, body), 200).body, body);
      expect(await operator!('PATCH', path, { state: 'Disabled' }), 409, 'Conflict');
      const other = { ...body, routingResourceManagerType: 'Default' };
      expect(await operator!('PUT', path, other), 400, 'InvalidProperty');
    });

    it('roles on a subscription end with it, and nobody who gets one later sees it', async () => {
      const id = await make();
      const scope = scopeOf(id);
      const owner = await newCaller(started, { name: 'owner', role: 'Owner', scope });
      const reader = { name: 'reader', role: 'Reader', scope: scopeOf(id, 'web') } as const;
      await newCaller(started, reader);
      const path = under(root, `/${id}`);
      expect(await operator!('PATCH', path, { state: 'Deleting' }), 200);
      const held = (await listRoleAssignments(test.database.pool)).map((one) => one.scope);
      assert.deepEqual(
        held.filter((one) => one.includes(id)),
        [],
      );
      expect(await owner('DELETE', `/subscriptions/${id}`), 403, 'AuthorizationFailed');

      const late = await newCaller(started, { name: 'late', role: 'Owner', scope });
      const roles = `/subscriptions/${id}/providers/Microsoft.Authorization/roleAssignments`;
      const own = `/subscriptions/${id}`;
      for (const asked of [
        await late('GET', own),
        await late('PATCH', own, { displayName: 'x' }),
        await late('DELETE', own),
        await late('GET', `${roles}?api-version=2022-04-01`),
      ]) {
        expect(asked, 404, 'SubscriptionNotFound');
      }
      expect(await operator!('DELETE', path), 200);
      expect(await late('DELETE', own), 403, 'AuthorizationFailed');
    });

    it('who only states usage takes no subscription', async () => {
      const scope = scopeOf(newId());
      const emitter = await newCaller(started, { name: 'emitter', role: 'Emitter', scope });
      const body = { displayName: 'x', offerId: '/delegatedProviders/default/offers/gold' };
      const path = `/subscriptions/${newId()}`;
      expect(await emitter('PUT', path, body), 403, 'AuthorizationFailed');
    });

    it('only what decides on usage is told to those who remember subscriptions', async () => {
      const id = await make();
      const version = async (): Promise<unknown> =>
        (await test.database.pool.query('select version from directory_version')).rows[0];
      const first = await version();
      const path = under(root, `/${id}`);
      expect(await operator!('PATCH', path, { displayName: 'Other' }), 200);
      await test.database.transaction((tx) => move(tx, id, seller));
      await test.database.transaction((tx) => move(tx, id, root));
      assert.deepEqual(await version(), first);
      expect(await operator!('PATCH', path, { state: 'Disabled' }), 200);
      assert.notDeepEqual(await version(), first);
    });
  });
});

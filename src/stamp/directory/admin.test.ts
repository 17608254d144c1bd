import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { withServer } from '../../../test/support/server.ts';
import { parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import { scopeOf } from '../../identity/index.ts';
import { silentLog, systemClock } from '../../platform/index.ts';
import { runPendingOperations } from '../operations/index.ts';
import { callerOf, column, newCaller, type Ask, type Asked } from './test-caller.ts';

const newId = (): SubscriptionId => parseSubscriptionId(randomUUID())!;
const ADMIN = 'providers/Microsoft.Subscriptions.Admin';

describe('Microsoft.Subscriptions.Admin', () => {
  const test = withTestDatabase();
  describe('on a server', () => {
    const started = withServer(test);
    let operator: Ask;
    let root: string;
    let tenantId: string;
    const ids = { provider: newId(), customer: newId(), other: newId() };
    let provider: Ask;

    const under = (id: string, path = ''): string =>
      `/subscriptions/${id}/${ADMIN}/subscriptions${path}`;
    const inGroup = (id: string, path: string): string =>
      `/subscriptions/${id}/resourceGroups/rg/${ADMIN}/${path}`;
    const wanted = (changes: object = {}): object => ({
      displayName: 'Web',
      owner: 'a@one.example',
      tenantId,
      offerId: `/delegatedProviders/default/offers/gold`,
      ...changes,
    });
    const expect = (asked: Asked, status: number, code?: string): Asked => {
      assert.deepEqual([asked.status, asked.code], [status, code], JSON.stringify(asked.body));
      return asked;
    };

    /** Whoever comes first does the work: the queue of the server, or this test. */
    const done = async ({ headers }: Asked): Promise<void> => {
      const tools = { database: test.database, clock: systemClock, log: silentLog };
      for (let polls = 0; polls < 100; polls++) {
        await runPendingOperations(tools);
        const { status } = await operator('GET', String(headers.location));
        if (status === 204) return;
        assert.equal(status, 202);
        await systemClock.sleep(50);
      }
      assert.fail('the operation does not end');
    };

    before(async () => {
      const { stamp } = started.server;
      root = stamp.defaultProviderSubscriptionId;
      tenantId = stamp.homeTenantId;
      operator = await callerOf(started, started.server.operator);
      const scope = scopeOf(ids.provider);
      provider = await newCaller(started, { name: 'provider', role: 'DelegatedProvider', scope });
    });

    it('plans and offers are made, changed and listed in the observed form', async () => {
      const plan = inGroup(root, 'plans/compute');
      const quotaIds = ['/subscriptions/x/providers/Microsoft.Compute.Admin/locations/l/quotas/q'];
      expect(await operator('PUT', plan, { location: 'local', properties: { quotaIds } }), 201);
      const again = expect(await operator('PUT', plan, { properties: { description: 'd' } }), 200);
      assert.deepEqual(again.body, {
        id: plan,
        name: 'compute',
        type: 'Microsoft.Subscriptions.Admin/plans',
        location: 'local',
        properties: {
          name: 'compute',
          displayName: 'compute',
          description: 'd',
          externalReferenceId: '',
          subscriptionCount: 0,
          quotaIds,
        },
      });
      expect(await operator('PUT', inGroup(root, 'plans/extra'), {}), 201);
      const offer = inGroup(root, 'offers/gold');
      const properties = {
        displayName: 'Gold',
        basePlanIds: [plan],
        addonPlans: [{ planId: 'extra', maxAcquisitionCount: 2 }],
      };
      const made = expect(await operator('PUT', offer, { properties }), 201);
      assert.deepEqual(made.body, {
        id: offer,
        name: 'gold',
        type: 'Microsoft.Subscriptions.Admin/offers',
        location: 'local',
        properties: {
          name: 'gold',
          displayName: 'Gold',
          description: '',
          externalReferenceId: '',
          state: 'Private',
          subscriptionCount: 0,
          maxSubscriptionsPerAccount: 0,
          basePlanIds: [plan],
          addonPlans: [{ planId: inGroup(root, 'plans/extra'), maxAcquisitionCount: 2 }],
        },
      });
      expect(
        await operator('PUT', offer, { properties: { basePlanIds: ['none'] } }),
        400,
        'InvalidProperty',
      );
      expect(await operator('DELETE', plan), 409, 'Conflict');
      expect(
        await operator('GET', `/subscriptions/${root}/resourceGroups/x/${ADMIN}/offers/gold`),
        404,
        'ResourceNotFound',
      );
      const all = await operator('GET', `/subscriptions/${root}/${ADMIN}/offers`);
      assert.deepEqual(column(all, 'name'), ['default-provider', 'gold']);
      expect(await operator('DELETE', inGroup(root, 'offers/none')), 204);
    });

    it('a subscription is made with 201, changed with 200, and flat', async () => {
      const path = under(root, `/${ids.provider}`);
      const made = expect(await operator('PUT', path, wanted({ externalReferenceId: 'r1' })), 201);
      assert.deepEqual(made.body, {
        id: under(root, `/${ids.provider}`),
        subscriptionId: ids.provider,
        delegatedProviderSubscriptionId: root,
        displayName: 'Web',
        externalReferenceId: 'r1',
        owner: 'a@one.example',
        tenantId,
        routingResourceManagerType: 'Default',
        offerId: inGroup(root, 'offers/gold'),
        state: 'Enabled',
      });
      const back = { ...made.body, displayName: 'Reseller' };
      const changed = expect(await operator('PUT', path, back), 200);
      assert.deepEqual(changed.body, back);
      assert.deepEqual((await operator('GET', path.toUpperCase())).body['displayName'], 'Reseller');
      const other = under(root, `/${ids.other}`);
      expect(await operator('PUT', other, wanted({ owner: 'b@two.example' })), 201);
      for (const bad of [
        { tenantId: randomUUID() },
        { offerId: 'none' },
        { state: 'Gone' },
        { owner: '' },
      ]) {
        expect(
          await operator('PUT', under(root, `/${newId()}`), wanted(bad)),
          400,
          'InvalidProperty',
        );
      }
      const plans = await operator('GET', under(root, `/${ids.provider}/acquiredPlans`));
      assert.deepEqual(column(plans, 'planId'), [inGroup(root, 'plans/compute')]);
    });

    it('the list has filters and pages', async () => {
      const names = async (query: string): Promise<unknown[]> =>
        column(await operator('GET', `${under(root)}?api-version=2015-11-01&${query}`), 'owner');
      assert.deepEqual(await names(`$filter=owner eq 'B@two.example'`.replaceAll(' ', '%20')), [
        'b@two.example',
      ]);
      assert.deepEqual(await names(`$filter=${encodeURIComponent("state eq 'Disabled'")}`), []);
      const filter = encodeURIComponent("offerId eq '/delegatedProviders/default/offers/GOLD'");
      assert.equal((await names(`$filter=${filter}`)).length, 2);
      const first = await operator('GET', `${under(root)}?api-version=2015-11-01&$top=1`);
      const { nextLink } = first.body;
      assert.ok(typeof nextLink === 'string');
      const second = await operator('GET', nextLink);
      assert.equal(second.body['nextLink'], undefined);
      const both = [...column(first, 'subscriptionId'), ...column(second, 'subscriptionId')];
      assert.deepEqual(both, [ids.provider, ids.other].toSorted());
      for (const bad of [
        '$filter=owner%20ne%201',
        '$top=0',
        '$skiptoken=1',
        'includeIndirect=perhaps',
      ]) {
        const asked = await operator('GET', `${under(root)}?api-version=2015-11-01&${bad}`);
        expect(asked, 400, 'InvalidProperty');
      }
      for (const other of ['&includeIndirect=true', '&$filter=state%20eq%20Enabled']) {
        expect(await operator('GET', `${nextLink}${other}`), 400, 'InvalidProperty');
      }
      const forged = `${under(root)}?api-version=2015-11-01&$skiptoken=${ids.provider}`;
      expect(await operator('GET', forged), 400, 'InvalidProperty');
      expect(await operator('GET', `${under(root)}?x=1`), 400, 'MissingApiVersionParameter');
    });

    it('an offer is delegated; its provider renames and publishes it, and makes subscriptions', async () => {
      const delegation = inGroup(root, 'offers/gold/offerDelegations/first');
      const body = { properties: { subscriptionId: ids.provider } };
      const made = expect(await operator('PUT', delegation, body), 201);
      assert.deepEqual(made.body, {
        id: delegation,
        name: 'gold/first',
        type: 'Microsoft.Subscriptions.Admin/offers/offerDelegations',
        location: 'local',
        properties: { subscriptionId: ids.provider },
      });
      expect(await operator('PUT', delegation, body), 200);
      const renamed = { properties: { ...body.properties, offerName: 'silver' } };
      expect(await operator('PUT', delegation, renamed), 409, 'Conflict');
      const mine = inGroup(ids.provider, 'offers/gold');
      const properties = { displayName: 'Sea', state: 'Public' };
      const published = expect(await provider('PUT', mine, { properties }), 200);
      assert.match(JSON.stringify(published.body), /"displayName":"Sea".*"state":"Public"/);
      assert.ok(!JSON.stringify(published.body).includes(root), 'nothing names what is above');
      for (const terms of [{ basePlanIds: [] }, { maxSubscriptionsPerAccount: 5 }]) {
        expect(await provider('PUT', mine, { properties: terms }), 409, 'Conflict');
      }
      expect(await provider('DELETE', mine), 409, 'Conflict');
      expect(await provider('PUT', inGroup(ids.provider, 'plans/p'), {}), 409, 'Conflict');
      const customer = under(ids.provider, `/${ids.customer}`);
      const made2 = expect(await provider('PUT', customer, wanted({ offerId: 'gold' })), 201);
      assert.equal(made2.body['delegatedProviderSubscriptionId'], ids.provider);
      expect(await operator('DELETE', delegation), 409, 'Conflict');
      const providers = await operator('GET', `/subscriptions/${root}/${ADMIN}/delegatedProviders`);
      assert.deepEqual(column(providers, 'subscriptionId'), [ids.provider]);
    });

    it('a plan is acquired as often as the offer says', async () => {
      const plans = under(ids.provider, `/${ids.customer}/acquiredPlans`);
      const acquire = (plan: string): Promise<Asked> =>
        provider('PUT', `${plans}/${randomUUID()}`, { planId: plan });
      expect(await acquire('compute'), 409, 'Conflict');
      expect(await operator('PUT', inGroup(root, 'plans/secret'), {}), 201);
      const [secret, never] = [await acquire('secret'), await acquire('nevers')];
      expect(secret, 400, 'InvalidProperty');
      assert.equal(
        JSON.stringify(secret.body),
        JSON.stringify(never.body).replaceAll('nevers', 'secret'),
      );
      const extra = inGroup(ids.provider, 'plans/extra');
      const got = expect(await acquire(extra), 201);
      assert.deepEqual([got.body['planId'], got.body['provisioningState']], [extra, 'Succeeded']);
      expect(await acquire('extra'), 201);
      expect(await acquire('extra'), 409, 'Conflict');
      const one = `${plans}/${String(got.body['acquisitionId'])}`;
      expect(await provider('PUT', one, { planId: extra }), 200);
      expect(await provider('DELETE', one), 200);
      expect(await provider('DELETE', one), 204);
      expect(await provider('GET', one), 404, 'PlanAcquisitionNotFound');
    });

    it('a provider sees its direct tenants, and the operator the tree when it asks for it', async () => {
      const list = async (ask: Ask, id: string, query = ''): Promise<unknown[]> =>
        column(await ask('GET', `${under(id)}?api-version=2015-11-01${query}`), 'subscriptionId');
      assert.deepEqual(await list(provider, ids.provider), [ids.customer]);
      assert.deepEqual(await list(operator, root), [ids.provider, ids.other].toSorted());
      const all = [ids.provider, ids.other, ids.customer].toSorted();
      assert.deepEqual(await list(operator, root, '&includeIndirect=true'), all);
      expect(await operator('GET', under(root, `/${ids.customer}`)), 404, 'SubscriptionNotFound');
      const deep = `${under(root, `/${ids.customer}`)}?api-version=2015-11-01&includeIndirect=true`;
      expect(await operator('GET', deep), 200);
    });

    it('what is outside the tree is as what does not exist', async () => {
      const nobody = newId();
      const outside = [ids.other, root, nobody];
      const answers = async (method: string, path: (id: string) => string, body?: object) => {
        const all = await Promise.all(
          outside.map(async (id) => {
            const { status, body: answer } = await provider(method, path(id), body);
            return `${status} ${JSON.stringify(answer).replaceAll(id, 'ID')}`;
          }),
        );
        assert.equal(new Set(all).size, 1, `${method} ${all.join('\n')}`);
      };
      const mine = (id: string): string => under(ids.provider, `/${id}`);
      await answers('GET', mine);
      await answers('GET', (id) => `${mine(id)}?api-version=2015-11-01&includeIndirect=true`);
      await answers('PATCH', mine, { state: 'Disabled' });
      await answers('PATCH', mine, { tenantId: nobody });
      await answers('DELETE', mine);
      await answers('GET', (id) => `${mine(id)}/acquiredPlans`);
      await answers('PUT', (id) => `${mine(id)}/acquiredPlans/${nobody}`, { planId: 'extra' });
      await answers(
        'GET',
        (id) => `/subscriptions/${ids.provider}/${ADMIN}/delegatedProviders/${id}`,
      );
      for (const id of outside) {
        const asked = await provider('GET', under(id));
        expect(asked, 403, 'AuthorizationFailed');
      }
      const move = (id: string) => ({ resources: [`/subscriptions/${id}`] });
      for (const verb of ['validateMoveSubscriptions', 'moveSubscriptions']) {
        const path = `/subscriptions/${ids.provider}/${ADMIN}/${verb}`;
        const all = await Promise.all(outside.map((id) => provider('POST', path, move(id))));
        for (const asked of all) expect(asked, 404, 'SubscriptionNotFound');
      }
      const names = `/subscriptions/${ids.provider}/${ADMIN}/checkNameAvailability`;
      for (const name of outside) {
        const asked = await provider('POST', names, { name, resourceType: 'x/subscriptions' });
        assert.equal(asked.body['nameAvailable'], true);
      }
    });

    it('subscriptions move with 202, and the operation ends with success', async () => {
      const path = `/subscriptions/${root}/${ADMIN}`;
      const properties = {
        targetDelegatedProviderOffer: `${path}/delegatedProviders/${ids.provider}/offers/gold`,
        resources: [under(root, `/${ids.other}`)],
      };
      expect(await operator('POST', `${path}/validateMoveSubscriptions`, { properties }), 204);
      const accepted = expect(
        await operator('POST', `${path}/moveSubscriptions`, { properties }),
        202,
      );
      await done(accepted);
      const status = String(accepted.headers['azure-asyncoperation']);
      assert.equal((await operator('GET', status)).body['status'], 'Succeeded');
      const moved = await provider('GET', under(ids.provider, `/${ids.other}`));
      assert.equal(moved.body['offerId'], inGroup(ids.provider, 'offers/gold'));
      const back = { targetDelegatedProviderOffer: null, resources: [ids.other] };
      await done(expect(await operator('POST', `${path}/moveSubscriptions`, back), 202));
      expect(await operator('GET', under(root, `/${ids.other}`)), 200);
      const self = {
        targetDelegatedProviderOffer: properties.targetDelegatedProviderOffer,
        resources: [ids.provider],
      };
      expect(await operator('POST', `${path}/moveSubscriptions`, self), 409, 'Conflict');
    });

    it('several are made at once in another state than Enabled', async () => {
      const ask = () => operator('PUT', under(root, `/${newId()}`), wanted({ state: 'Warned' }));
      const asked = await Promise.all(Array.from({ length: 8 }, ask));
      for (const one of asked) assert.equal(expect(one, 201).body['state'], 'Warned');
    });

    it('states change by their rules, and a deleted subscription stays for its provider', async () => {
      const path = under(ids.provider, `/${ids.customer}`);
      expect(await provider('PATCH', path, { state: 'Disabled' }), 200);
      expect(await provider('PATCH', path, { state: 'Deleted' }), 409, 'Conflict');
      expect(await operator('DELETE', under(root, `/${ids.provider}`)), 409, 'Conflict');
      expect(await provider('DELETE', path), 200);
      expect(await provider('DELETE', path), 204);
      expect(await provider('PATCH', path, { state: 'Enabled' }), 409, 'Conflict');
      assert.equal((await provider('GET', path)).body['state'], 'Deleted');
      for (const change of [{ displayName: 'x' }, { owner: 'x@one.example' }]) {
        expect(await provider('PATCH', path, change), 409, 'Conflict');
      }
      expect(await operator('DELETE', under(root, `/${root}`)), 409, 'Conflict');
    });
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../../../test/support/database.ts';
import { withServer } from '../../../../test/support/server.ts';
import { parseSubscriptionId } from '../../../kernel/index.ts';
import { listAudit } from '../../../audit/index.ts';
import { listRoleAssignments, scopeOf } from '../../../identity/index.ts';
import { callerOf, column, newCaller, type Ask, type Asked } from '../test-caller.ts';

const ADMIN = 'providers/Microsoft.Subscriptions.Admin';
/** A role somewhere that nobody uses: the caller is somebody, and no more. */
const NOWHERE = scopeOf(parseSubscriptionId('99999999-9999-4999-8999-999999999999')!);

describe('users', () => {
  const test = withTestDatabase();
  describe('on a server', () => {
    const started = withServer(test);
    let [operator, user, other]: [Ask?, Ask?, Ask?] = [];
    let offers: string;

    const expect = (asked: Asked, status: number, code?: string): Asked => {
      assert.deepEqual([asked.status, asked.code], [status, code], JSON.stringify(asked.body));
      return asked;
    };
    const offerOf = (name: string): object => ({
      displayName: 'Mine',
      offerId: `/delegatedProviders/default/offers/${name}`,
    });
    const newPath = (): string => `/subscriptions/${randomUUID()}`;

    before(async () => {
      const root = started.server.stamp.defaultProviderSubscriptionId;
      offers = `/subscriptions/${root}/resourceGroups/rg/${ADMIN}/offers`;
      operator = await callerOf(started, started.server.operator);
      user = await newCaller(started, { name: 'user', role: 'Reader', scope: NOWHERE });
      other = await newCaller(started, { name: 'other', role: 'Reader', scope: NOWHERE });
      for (const [name, state] of Object.entries({
        open: 'Public',
        closed: 'Private',
        gone: 'Decommissioned',
      })) {
        const properties = { state, maxSubscriptionsPerAccount: 2, displayName: `The ${name} one` };
        expect(await operator('PUT', `${offers}/${name}`, { properties }), 201);
      }
    });

    it('see the public offers', async () => {
      const list = expect(await user!('GET', '/offers'), 200);
      const one = {
        id: '/delegatedProviders/default/offers/open',
        name: 'open',
        displayName: 'The open one',
        description: '',
      };
      assert.deepEqual(list.body, { value: [one] });
      assert.deepEqual((await user!('GET', '/delegatedProviders/default/offers')).body, list.body);
      assert.deepEqual((await user!('GET', '/delegatedProviders/default/offers/OPEN')).body, one);
      expect(await user!('GET', '/delegatedProviders/default/offers/closed'), 404, 'NotFound');
      const unknown = await user!('GET', `/delegatedProviders/${randomUUID()}/offers`);
      assert.deepEqual([unknown.status, unknown.body], [200, { value: [] }]);
    });

    it('take a subscription, own it, rename it and give it up', async () => {
      const path = newPath();
      const id = path.slice('/subscriptions/'.length);
      const made = expect(await user!('PUT', path, offerOf('open')), 201);
      assert.deepEqual(made.body, {
        id: path,
        subscriptionId: id,
        tenantId: started.server.stamp.homeTenantId,
        displayName: 'Mine',
        offerId: '/delegatedProviders/default/offers/open',
        state: 'Enabled',
        subscriptionPolicies: { locationPlacementId: 'AzureStack' },
        authorizationSource: 'RoleBased',
      });
      const scope = scopeOf(parseSubscriptionId(id)!);
      const [assignment] = await listRoleAssignments(test.database.pool, { scope });
      assert.equal(assignment?.role, 'Owner');
      const renamed = { ...offerOf('open'), displayName: 'Ours' };
      assert.equal(expect(await user!('PUT', path, renamed), 200).body['displayName'], 'Ours');
      expect(await user!('PATCH', path, { displayName: 'Theirs' }), 200);
      expect(await user!('PUT', path, offerOf('closed')), 409, 'Conflict');
      for (const method of ['PATCH', 'DELETE']) {
        expect(await other!(method, path, { displayName: 'x' }), 403, 'AuthorizationFailed');
        expect(await other!(method, newPath(), { displayName: 'x' }), 403, 'AuthorizationFailed');
      }
      expect(await other!('PUT', path, offerOf('open')), 409, 'Conflict');
      expect(await user!('DELETE', path), 200);
      // With it went the role on it: to its former owner it is as somebody else's.
      expect(await user!('DELETE', path), 403, 'AuthorizationFailed');
      expect(await user!('PATCH', path, { displayName: 'x' }), 403, 'AuthorizationFailed');
      assert.deepEqual(await listRoleAssignments(test.database.pool, { scope }), []);
      const events = await listAudit(test.database.pool, { after: 0n, limit: 1000, target: path });
      assert.deepEqual(
        events.map(({ action }) => action.replace('Microsoft.Subscriptions/', '')),
        ['write', 'write', 'write', 'delete'].map((verb) => `subscriptions/${verb}`),
      );
      assert.ok(events.every(({ actorName }) => actorName === 'user'));
    });

    it('that own a subscription are no providers by that', async () => {
      const path = newPath();
      expect(await user!('PUT', path, offerOf('open')), 201);
      const below = `${path}/${ADMIN}/subscriptions`;
      assert.deepEqual((await user!('GET', below)).body, { value: [] });
      const wanted = {
        ...offerOf('open'),
        owner: 'x@one.example',
        tenantId: started.server.stamp.homeTenantId,
      };
      expect(await user!('PUT', `${below}/${randomUUID()}`, wanted), 400, 'InvalidProperty');
      const offer = `${path}/resourceGroups/rg/${ADMIN}/offers/own`;
      expect(await user!('PUT', offer, {}), 404, 'ResourceNotFound');
      expect(
        await user!('GET', below.replace(/[0-9a-f-]{36}/, randomUUID())),
        403,
        'AuthorizationFailed',
      );
      expect(await user!('DELETE', path), 200);
      expect(await user!('GET', below), 403, 'AuthorizationFailed');
    });

    it('take no more than the offer gives an account', async () => {
      for (const status of [201, 201, 409]) {
        const asked = await other!('PUT', newPath(), offerOf('open'));
        assert.equal(asked.status, status, JSON.stringify(asked.body));
      }
      const both = await Promise.all(
        [1, 2, 3, 4].map(() => user!('PUT', newPath(), offerOf('open'))),
      );
      const statuses = both.map(({ status }) => String(status));
      assert.deepEqual(statuses.toSorted(), ['201', '201', '409', '409']);
    });

    it('are told the same of offers that are not open to them, whether or not they exist', async () => {
      const answers = await Promise.all(
        ['closed', 'gone', 'never'].map(async (name) => {
          const asked = expect(
            await user!('PUT', newPath(), offerOf(name)),
            400,
            'InvalidProperty',
          );
          return JSON.stringify(asked.body).replaceAll(name, 'NAME');
        }),
      );
      assert.equal(new Set(answers).size, 1);
    });

    it('say which version of the interface they speak', async () => {
      expect(await user!('GET', '/offers?x=1'), 400, 'MissingApiVersionParameter');
      assert.deepEqual(column(await user!('GET', '/offers?api-version=2016-06-01'), 'name'), [
        'open',
      ]);
    });
  });
});

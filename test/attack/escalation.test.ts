import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import { addRoleAssignment, parseScope, roleDefinitions } from '../../src/identity/index.ts';
import { parseDirectoryTenantId, parsePrincipalId } from '../../src/kernel/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { SUBSCRIPTIONS } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { withBystander } from './support/bystander.ts';
import { rowsOf } from './support/foreign.ts';
import type { Answer } from './support/https.ts';
import { assertEnvelope } from './support/refused.ts';
import { usagePath, withAttackedStamp, type Role } from './support/stamp.ts';

const {
  tenantSubscription: OWN,
  otherSubscription: OTHER,
  resellerSubscription: RESELLER,
} = SUBSCRIPTIONS;
const { indirectSubscription: BELOW } = SUBSCRIPTIONS;
const VERSION = 'api-version=2022-04-01';
const PROVIDER = 'providers/Microsoft.Authorization/roleAssignments';
const CHARGED = 'Microsoft.Commerce.Admin/subscriberUsageAggregates';

type Name = keyof typeof roleDefinitions;

describe('more rights than one was given', () => {
  const db = withTestDatabase();
  describe('on a whole server', () => {
    const stamp = withAttackedStamp(withServer(db));
    const assignments = (): Promise<string> => rowsOf(stamp, 'role_assignment', 'nothing');
    const subscriptions = (): Promise<string> => rowsOf(stamp, 'subscription', 'nothing');

    const refused = ({ status, headers, text }: Answer, what: string): string =>
      assertEnvelope({ status, type: headers['content-type'] ?? '', text }, what).code;

    const assign = (
      as: Role,
      scope: string,
      given: Name,
      properties: Readonly<Record<string, unknown>> = {},
      name: string = randomUUID(),
    ): Promise<Answer> =>
      stamp.as(as, {
        method: 'PUT',
        path: `${scope}/${PROVIDER}/${name}?${VERSION}`,
        json: {
          properties: {
            roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitions[given].id}`,
            principalId: stamp.actor(as).principalId,
            ...properties,
          },
        },
      });

    describe('are not to be had', () => {
      withBystander(stamp);

      it('by assigning a role above, beside, or that one does not have', async () => {
        const untouched = await assignments();
        const own = `/subscriptions/${OWN}`;
        const scopes = [
          '',
          `/subscriptions/${OTHER}`,
          `/subscriptions/${RESELLER}`,
          `/subscriptions/${OTHER}/resourceGroups/web-rg`,
        ];
        for (const as of ['owner', 'user', 'group', 'provider', 'emitter', 'big'] as const) {
          for (const scope of scopes) {
            for (const given of [
              'Owner',
              'Operator',
              'Reader',
              'Emitter',
              'DelegatedProvider',
            ] as const) {
              const answer = await assign(as, scope, given);
              assert.equal(refused(answer, `${as} ${scope} ${given}`), 'AuthorizationFailed');
            }
          }
        }
        for (const as of ['owner', 'user'] as const) {
          for (const scope of [own, `${own}/resourceGroups/web-rg`]) {
            refused(await assign(as, scope, 'Operator'), `${as} ${scope} Operator`);
            refused(await assign(as, scope, 'Emitter'), `${as} ${scope} Emitter`);
            const some = { providers: ['Microsoft.Compute'] };
            refused(await assign(as, scope, 'Emitter', some), `${as} ${scope} Emitter of some`);
          }
        }
        for (const as of ['group', 'provider', 'emitter', 'big'] as const) {
          refused(await assign(as, own, 'Reader'), `${as} at ${own}`);
          refused(await assign(as, `${own}/resourceGroups/web-rg`, 'Reader'), `${as} in its group`);
        }
        assert.equal(await assignments(), untouched);
      });

      it('by naming another scope in the body, or in a path that can be read in two ways', async () => {
        const own = `/subscriptions/${OWN}`;
        const scopes = [
          `${own}/../..`,
          `${own}%2f..%2f..`,
          `${own}/resourceGroups/..`,
          `${own}/resourceGroups/%2e%2e%2f`,
          `${own}/resourceGroups/%2f`,
          `${own}/resourceGroups/web-rg%00`,
          `${own}/resourceGroups/web-rg%2fproviders`,
          `/subscriptions/${OWN},${OTHER}`,
        ];
        const untouched = await assignments();
        for (const scope of scopes) refused(await assign('owner', scope, 'Reader'), scope);
        assert.equal(await assignments(), untouched);
        const answer = await assign('owner', own, 'Reader', {
          scope: '/',
          principalTenantId: randomUUID(),
        });
        assert.equal(answer.status, 201, answer.text);
        const { rows } = await stamp.server.database.pool.query<{ scope: string }>(
          `select distinct scope from role_assignment where principal_id = $1 order by scope`,
          [stamp.actor('owner').principalId],
        );
        assert.deepEqual(rows, [{ scope: own }]);
        for (const path of [usagePath(OTHER), '/api/v1/audit', '/api/v1/quarantine']) {
          refused(await stamp.as('owner', { path }), path);
        }
      });

      it('by taking over, changing or removing an assignment of others', async () => {
        const names: string[] = [];
        await stamp.server.database.transaction(async (tx) => {
          const { tenantId } = stamp.actor('big');
          for (const scope of ['/', `/subscriptions/${OTHER}`]) {
            const added = await addRoleAssignment(
              tx,
              {
                principalId: parsePrincipalId(randomUUID())!,
                principalTenantId: parseDirectoryTenantId(tenantId)!,
                principalType: 'ServicePrincipal',
                role: 'BillingReader',
                scope: parseScope(scope),
              },
              { clock: systemClock, actor: SYSTEM },
            );
            names.push(added.assignmentId);
          }
        });
        const untouched = await assignments();
        for (const name of names) {
          for (const scope of [
            '',
            `/subscriptions/${OTHER}`,
            `/subscriptions/${OWN}`,
            `/subscriptions/${OWN}/resourceGroups/g`,
          ]) {
            const path = `${scope}/${PROVIDER}/${name}?${VERSION}`;
            const removed = await stamp.as('owner', { method: 'DELETE', path });
            if (removed.status !== 204) refused(removed, `DELETE ${path}`);
            refused(await assign('owner', scope, 'Reader', {}, name), `PUT ${path}`);
            refused(await stamp.as('owner', { path }), `GET ${path}`);
          }
        }
        assert.equal(await assignments(), untouched);
      });

      it('by a provider over subscriptions outside of its tree', async () => {
        const admin = `/subscriptions/${RESELLER}/providers/Microsoft.Subscriptions.Admin`;
        const root = stamp.server.stamp.defaultProviderSubscriptionId;
        const untouched = await subscriptions();
        const version = 'api-version=2015-11-01';
        for (const id of [OWN, OTHER, root, RESELLER, SUBSCRIPTIONS.deletedSubscription]) {
          for (const more of ['', '&includeIndirect=true']) {
            const path = `${admin}/subscriptions/${id}?${version}${more}`;
            const patched = await stamp.as('provider', {
              method: 'PATCH',
              path,
              json: { state: 'Disabled', displayName: 'mine' },
            });
            assert.equal(refused(patched, `PATCH ${path}`), 'SubscriptionNotFound');
            const put = await stamp.as('provider', {
              method: 'PUT',
              path,
              json: { displayName: 'mine', owner: 'me', state: 'Disabled' },
            });
            refused(put, `PUT ${path}`);
            const removed = await stamp.as('provider', { method: 'DELETE', path });
            if (removed.status !== 204) refused(removed, `DELETE ${path}`);
          }
          for (const verb of ['moveSubscriptions', 'validateMoveSubscriptions']) {
            const path = `${admin}/${verb}?${version}`;
            for (const resources of [[id], [BELOW, id]]) {
              refused(
                await stamp.as('provider', { method: 'POST', path, json: { resources } }),
                `${verb} ${id}`,
              );
            }
          }
          const reading = usagePath(RESELLER).replace(
            'Microsoft.Commerce/usageAggregates',
            CHARGED,
          );
          for (const more of ['', '&includeIndirect=true']) {
            if (id === RESELLER) continue;
            const path = `${reading}&subscriberId=${id}${more}`;
            const code = refused(await stamp.as('provider', { path }), path);
            assert.equal(code, 'SubscriberIdIsNotDirectTenant');
          }
        }
        assert.equal(await subscriptions(), untouched);
      });

      it('by asking for a whole tree that one is not the provider of', async () => {
        for (const [as, id] of [
          ['owner', OWN],
          ['big', SUBSCRIPTIONS.bigSubscription],
        ] as const) {
          const path = `${usagePath(id)}&includeIndirect=true&subscriberId=${OTHER}`;
          const answer = await stamp.as(as, { path });
          assert.equal(answer.status, 200);
          for (const other of Object.values(SUBSCRIPTIONS)) {
            if (other !== id) assert.ok(!answer.text.includes(other), other);
          }
          const root = stamp.server.stamp.defaultProviderSubscriptionId;
          const asProvider = usagePath(root).replace('Microsoft.Commerce/usageAggregates', CHARGED);
          refused(await stamp.as(as, { path: `${asProvider}&includeIndirect=true` }), asProvider);
        }
      });

      it('of a group over the rest of its subscription', async () => {
        const ofGroup = (group: string): string =>
          usagePath().replace('/providers', `/resourceGroups/${group}/providers`);
        assert.equal((await stamp.as('group', { path: ofGroup('WEB-rg') })).status, 200);
        const codes = new Set<string>();
        for (const group of [
          'other',
          'web-rg2',
          'web',
          '%25',
          'web-r_',
          '*',
          "web-rg' or '1'='1",
        ]) {
          const answer = await stamp.as('group', { path: ofGroup(encodeURIComponent(group)) });
          codes.add(refused(answer, group));
        }
        codes.add(
          refused(await stamp.as('group', { path: usagePath() }), 'the whole subscription'),
        );
        codes.add(
          refused(await stamp.as('group', { path: `/api/v1/events?subject=${OWN}` }), 'records'),
        );
        assert.deepEqual([...codes], ['AuthorizationFailed']);
      });
    });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import {
  disablePrincipal,
  enablePrincipal,
  listRoleAssignments,
  removeRoleAssignment,
} from '../../src/identity/index.ts';
import { parsePrincipalId, parseSubscriptionId } from '../../src/kernel/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { SUBSCRIPTIONS } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { withBystander } from './support/bystander.ts';
import { nextLinkOf } from './support/foreign.ts';
import type { Answer } from './support/https.ts';
import { assertEnvelope } from './support/refused.ts';
import { usagePath, withAttackedStamp, type Actor } from './support/stamp.ts';

const {
  bigSubscription: BIG,
  otherSubscription: OTHER,
  resellerSubscription: RESELLER,
} = SUBSCRIPTIONS;
const BIG_USAGE = usagePath(BIG);
const changing = { clock: systemClock, actor: SYSTEM };

/** The address of the usage of a provider's tenants. */
function providerPath(provider: string, more = ''): string {
  return `${usagePath(provider).replace('Commerce/usage', 'Commerce.Admin/subscriberUsage')}${more}`;
}

describe('between two pages', () => {
  const db = withTestDatabase();
  describe('on a whole server', () => {
    const stamp = withAttackedStamp(withServer(db));

    const refused = ({ status, headers, text }: Answer, statuses: readonly number[]): string =>
      assertEnvelope({ status, type: headers['content-type'] ?? '', text }, 'page', statuses).code;

    /** Reads the first page, and gives the address of the second. */
    const begin = async (token: string, path = BIG_USAGE): Promise<string> => {
      const first = await stamp.ask(token, { path });
      assert.equal(first.status, 200, first.text.slice(0, 300));
      const { pathname, search } = nextLinkOf(first.text);
      return pathname + search;
    };
    const reader = (): Promise<Actor> => stamp.newClient('Reader', `/subscriptions/${BIG}`);
    const setState = async (state: string): Promise<void> => {
      const { pool } = stamp.server.database;
      await pool.query('update subscription set state = $2 where subscription_id = $1', [
        BIG,
        state,
      ]);
    };

    describe('nobody keeps what was taken away', () => {
      withBystander(stamp);

      it('a second page is there for whoever may read it still', async () => {
        const { token } = await reader();
        const second = await stamp.ask(token, { path: await begin(token) });
        assert.equal(second.status, 200);
        assert.match(second.text, new RegExp(BIG));
      });

      it('a role is removed', async () => {
        const { token, principalId } = await reader();
        const next = await begin(token);
        await stamp.server.database.transaction(async (tx) => {
          const id = parsePrincipalId(principalId);
          assert.ok(id);
          for (const { assignmentId } of await listRoleAssignments(tx, { principalId: id })) {
            await removeRoleAssignment(tx, assignmentId, changing);
          }
        });
        assert.equal(refused(await stamp.ask(token, { path: next }), [403]), 'AuthorizationFailed');
      });

      it('the caller is disabled, and let in again', async () => {
        const { token, principalId } = await reader();
        const id = parsePrincipalId(principalId);
        assert.ok(id);
        const next = await begin(token);
        await stamp.server.database.transaction((tx) => disablePrincipal(tx, id, changing));
        refused(await stamp.ask(token, { path: next }), [401]);
        await stamp.server.database.transaction((tx) => enablePrincipal(tx, id, changing));
        assert.equal((await stamp.ask(token, { path: next })).status, 200);
      });

      it('the subscription is deleted', async () => {
        const { token } = await reader();
        const next = await begin(token);
        for (const state of ['Deleting', 'PartiallyDeleted', 'Deleted']) {
          await setState(state);
          const code = refused(await stamp.ask(token, { path: next }), [404]);
          assert.equal(code, 'SubscriptionNotFound');
        }
        await setState('Enabled');
        assert.equal((await stamp.ask(token, { path: next })).status, 200);
      });

      it('the subscription is disabled: its users still read what it used', async () => {
        const { token } = await reader();
        const next = await begin(token);
        await setState('Disabled');
        assert.equal((await stamp.ask(token, { path: next })).status, 200);
        await setState('Enabled');
      });

      it('the subscription moves to another provider', async () => {
        const { token } = stamp.actor('provider');
        const moveTo = async (provider: string): Promise<void> => {
          await stamp.server.database.pool.query(
            'update subscription set delegated_provider_subscription_id = $2 where subscription_id = $1',
            [BIG, parseSubscriptionId(provider)],
          );
        };
        await moveTo(RESELLER);
        const [all, one] = [
          await begin(token, providerPath(RESELLER)),
          await begin(token, providerPath(RESELLER, `&subscriberId=${BIG}`)),
        ];
        await moveTo(stamp.server.stamp.defaultProviderSubscriptionId);
        const second = await stamp.ask(token, { path: all });
        assert.equal(second.status, 200);
        assert.ok(!second.text.includes(BIG), 'rows of the one that is gone');
        const code = refused(await stamp.ask(token, { path: one }), [400]);
        assert.equal(code, 'SubscriberIdIsNotDirectTenant');
      });
    });

    describe('a continuation token opens its own query and no other', () => {
      withBystander(stamp);

      it('not of another caller, path, interface, time, granularity or option', async () => {
        const next = await begin(stamp.actor('big').token);
        const token =
          new URL(`https://localhost${next}`).searchParams.get('continuationToken') ?? '';
        assert.ok(token !== '');
        const withToken = (path: string): string =>
          `${path}&continuationToken=${encodeURIComponent(token)}`;
        const root = stamp.server.stamp.defaultProviderSubscriptionId;
        const asked: readonly (readonly ['owner' | 'big' | 'operator' | 'group', string])[] = [
          ['owner', usagePath()],
          ['big', BIG_USAGE.replace('03T00', '02T00')],
          ['big', BIG_USAGE.replace('01T00', '02T00')],
          ['big', BIG_USAGE.replace('Daily', 'Hourly')],
          ['big', `${BIG_USAGE}&showRecordId=true`],
          ['operator', usagePath(OTHER)],
          ['operator', providerPath(root)],
          ['operator', providerPath(root, `&subscriberId=${BIG}`)],
          ['operator', providerPath(root, '&includeIndirect=true')],
          ['operator', BIG_USAGE.replace('/providers', '/resourceGroups/web-rg/providers')],
          ['group', usagePath().replace('/providers', '/resourceGroups/web-rg/providers')],
        ];
        for (const [role, path] of asked) {
          const answer = await stamp.as(role, { path: withToken(path) });
          assert.equal(refused(answer, [400]), 'InvalidProperty', path);
          assert.ok(!answer.text.includes(BIG) || path.includes(BIG));
        }
        // Whoever has no right to the subscription is not told whether the token is good.
        for (const role of ['owner', 'provider', 'emitter', 'group', 'user'] as const) {
          const [good, bad] = [withToken(BIG_USAGE), `${BIG_USAGE}&continuationToken=a.b`];
          const answers = [
            await stamp.as(role, { path: good }),
            await stamp.as(role, { path: bad }),
          ];
          for (const answer of answers) assert.equal(refused(answer, [403]), 'AuthorizationFailed');
          assert.equal(answers[0]?.text, answers[1]?.text);
        }
      });

      it('not altered, cut, repeated or made by hand', async () => {
        const { token } = stamp.actor('big');
        const link = new URL(`https://localhost${await begin(token)}`);
        const good = link.searchParams.get('continuationToken') ?? '';
        const [payload = '', signature = ''] = good.split('.');
        const other = Buffer.from(JSON.stringify([0, OTHER, 0, OTHER, 0])).toString('base64url');
        const alterations = [
          `${other}.${signature}`,
          `${payload}.`,
          payload,
          `.${signature}`,
          `${payload}.${signature}.`,
          `${payload}.${signature.slice(0, -4)}`,
          `${payload}A.${signature}`,
          `${signature}.${payload}`,
          `${payload}.${'A'.repeat(43)}`,
          'null',
          'a'.repeat(9_000),
          '\u0000',
          "' or 1=1 --",
          '%00',
        ];
        for (const altered of alterations) {
          link.searchParams.set('continuationToken', altered);
          const answer = await stamp.ask(token, { path: link.pathname + link.search });
          assert.equal(refused(answer, [400, 431]), 'InvalidProperty', altered.slice(0, 60));
        }
      });
    });

    describe('a skip token opens nothing', () => {
      withBystander(stamp);

      it('of the directory: it is of one list and one caller', async () => {
        const list = (provider: string, query: string): string =>
          `/subscriptions/${provider}/providers/Microsoft.Subscriptions.Admin/subscriptions?api-version=2015-11-01${query}`;
        const root = stamp.server.stamp.defaultProviderSubscriptionId;
        const first = await stamp.as('operator', { path: list(root, '&$top=1') });
        const token = nextLinkOf(first.text).searchParams.get('$skiptoken') ?? '';
        for (const skip of [token, OTHER, '00000000-0000-0000-0000-000000000000']) {
          const answer = await stamp.as('provider', {
            path: list(RESELLER, `&$skiptoken=${skip}`),
          });
          assert.equal(refused(answer, [400]), 'InvalidProperty');
        }
        const denied = await stamp.as('provider', { path: list(root, `&$skiptoken=${token}`) });
        assert.equal(refused(denied, [403]), 'AuthorizationFailed');
      });

      it('of the subscriptions of a caller: one that is not its own is refused', async () => {
        const path = '/subscriptions?api-version=2016-06-01&$skiptoken=';
        const forged = Buffer.concat([Buffer.from(OTHER), Buffer.alloc(32)]).toString('base64url');
        for (const token of [OTHER, forged, 'a', '%00', "'", 'a'.repeat(5_000)]) {
          const answer = await stamp.as('owner', { path: path + token });
          assert.equal(refused(answer, [400]), 'InvalidProperty');
        }
      });
    });
  });
});

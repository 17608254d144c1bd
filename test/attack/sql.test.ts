import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { verifyAudit } from '../../src/audit/index.ts';
import { SUBSCRIPTIONS } from '../conformance/fixture.ts';
import { REPORTED_DIRECTORY, REPORTED_SUBSCRIPTIONS } from '../conformance/reported-fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { makeBilledThings, type BilledThings } from './support/billing.ts';
import { bodiesWith, usageEvent } from './support/bodies.ts';
import { withBystander } from './support/bystander.ts';
import { makeForeignThings, type ForeignThings } from './support/foreign.ts';
import { forEachOf, type Answer } from './support/https.ts';
import { SQL, textsFor, withEachReplaced } from './support/injections.ts';
import { readKept, type Kept } from './support/kept.ts';
import { readOperations, targetOf, type Operation } from './support/operations.ts';
import {
  assertEnvelope,
  assertNoRateCard,
  assertNothingInside,
  createFindings,
} from './support/refused.ts';
import { withAttackedStamp, type Role } from './support/stamp.ts';

const SLOWEST_MS = 6_000;
/** Bodies of operations for which nobody else has one. */
const MORE_BODIES: Readonly<Record<string, readonly unknown[]>> = {
  addMeter: [
    { id: 'a', name: 'b', unit: 'c', unitKind: 'other', resourceProvider: 'A.B', category: 'd' },
  ],
  discardQuarantined: [{ reason: 'a' }],
  sendEvents: [{ ...usageEvent(SUBSCRIPTIONS.tenantSubscription), extension: 'a' }],
  replayQuarantined: [usageEvent(SUBSCRIPTIONS.tenantSubscription)],
  putPlan: [{ location: 'a', properties: { displayName: 'b', description: 'c', quotaIds: ['d'] } }],
  putTenantSubscription: [
    { displayName: 'a', owner: 'b', externalReferenceId: 'c', state: 'Enabled' },
  ],
  assignRole: [
    {
      properties: {
        roleDefinitionId: 'a',
        principalId: 'b',
        principalType: 'c',
        principalTenantId: 'd',
        providers: ['e'],
        scope: 'f',
      },
    },
  ],
};
const FORM_FIELDS = [
  'grant_type',
  'client_id',
  'client_secret',
  'scope',
  'resource',
  'code',
  'device_code',
  'refresh_token',
  'client_assertion',
  'client_assertion_type',
  'code_verifier',
  'redirect_uri',
  'user_code',
  'xsrf',
  'user_name',
  'password',
  'claims',
];
const HEADERS = [
  'x-ms-client-request-id',
  'x-ms-correlation-request-id',
  'accept',
  'accept-language',
  'authorization',
  'cookie',
  'content-encoding',
  'user-agent',
  'x-forwarded-for',
  'if-match',
];

describe('texts that are commands to somebody else', () => {
  const db = withTestDatabase();
  describe('sent to a whole server', () => {
    const stamp = withAttackedStamp(withServer(db, { readBudget: 1e6, writeBudget: 1e6 }));
    let operations: readonly Operation[] = [];
    let things: ForeignThings;
    let billed: BilledThings;
    let kept: Kept;
    before(async () => {
      operations = await readOperations(stamp.caller);
      things = await makeForeignThings(stamp);
      billed = await makeBilledThings(stamp, {
        account: stamp.known('billedAccount'),
        number: stamp.known('invoiceNumber'),
        charge: stamp.known('charge'),
      });
      kept = await readKept(stamp.server.database);
    });

    describe('stay texts', () => {
      withBystander(stamp);

      /** What an operator who means well would put in the place of each parameter. */
      const right = (): Record<string, string> => ({
        subscriptionId: stamp.server.stamp.defaultProviderSubscriptionId,
        targetSubscriptionId: SUBSCRIPTIONS.otherSubscription,
        delegatedProviderId: stamp.server.stamp.defaultProviderSubscriptionId,
        resourceGroup: 'g',
        offer: 'gold',
        plan: 'silver',
        acquisitionId: things.acquisition,
        operationId: things.operation,
        id: things.quarantined,
        subject: SUBSCRIPTIONS.tenantSubscription,
        name: 'adfs',
        tenant: 'common',
        registration: 'stamp',
        registrationId: stamp.known('stampRegistrationId'),
        window: '2018-06-01T00Z',
        sequence: '1',
        customerSubscription: REPORTED_SUBSCRIPTIONS.reportedSubscription,
        customerSubscriptionId: REPORTED_SUBSCRIPTIONS.otherReportedSubscription,
        customerTenantId: REPORTED_DIRECTORY,
        period: '201806-1',
        activation: 'default',
        ...billed,
        line: '1',
        kind: 'pdf',
        priceListId: 'wire',
        version: '1',
        resource: 'vm1',
        day: '2026-09-20',
      });

      /** The same for this operation, which may be one of commerce or of the bridge. */
      const rightFor = ({ path }: Operation): Record<string, string> => {
        const { reportingSubscription, reportedSubscription, lapsedSubscription } =
          REPORTED_SUBSCRIPTIONS;
        const values = right();
        if (path.includes('commerce-subscriptions')) {
          return { ...values, subscriptionId: lapsedSubscription };
        }
        if (/Microsoft\.(?:Billing\/billingPeriods|Consumption)|customers/.test(path)) {
          return { ...values, subscriptionId: reportedSubscription };
        }
        if (/Microsoft\.Billing\/invoices|\/RateCard|rate-cards/.test(path)) {
          const name = stamp.known('invoiceNumber');
          return { ...values, subscriptionId: stamp.known('billedSubscription'), name };
        }
        if (/\/accounts\/|billed-usage/.test(path)) {
          const registrationId = stamp.known('billingRegistrationId');
          return { ...values, period: '202610-1', registrationId };
        }
        if (path.includes('AzureBridge')) {
          return { ...values, resourceGroup: 'azurestack-activation' };
        }
        if (!/Microsoft\.AzureStack|moveResources/.test(path)) return values;
        return { ...values, subscriptionId: reportingSubscription, resourceGroup: 'azurestack' };
      };

      /** Reports are taken from their own stamp only. */
      const callerOf = ({ path }: Operation): Role =>
        path.includes('/reported-usage/') ? 'stamp' : 'operator';

      /** What may be removed: it is not there. */
      const nobodys = {
        targetSubscriptionId: randomUUID(),
        acquisitionId: randomUUID(),
        offer: 'none',
        plan: 'none',
        registration: 'none',
        endpoint: randomUUID(),
        term: randomUUID(),
      };

      const check = (answer: Answer, what: string, isProtected: boolean): void => {
        const { status, headers, text, ms } = answer;
        assert.ok(status < 500, `${what}: ${status} ${text.slice(0, 500)}`);
        const type = headers['content-type'] ?? '';
        const isCard = status === 400 && what.includes('/RateCard');
        if (isCard && text.includes('"Message"')) assertNoRateCard({ status, type, text }, what);
        else if (status >= 400 && isProtected) assertEnvelope({ status, type, text }, what);
        else assertNothingInside(text, what);
        assert.ok(ms < SLOWEST_MS, `${what} takes ${Math.round(ms)} ms`);
        assert.equal(headers['x-injected'], undefined, what);
      };

      it('in each parameter of the path and the query of each operation', async () => {
        const findings = createFindings();
        let seed = 0;
        const all = operationsOnce().flatMap((operation) =>
          operation.parameters
            .filter(({ in: place }) => place === 'path' || place === 'query')
            .flatMap(({ name }) =>
              textsFor(seed++, 5).map((text) => [operation, name, text] as const),
            ),
        );
        assert.ok(all.length > 3_000, `only ${all.length} requests`);
        await forEachOf(all, 12, async ([operation, name, text]) => {
          const values =
            operation.method === 'DELETE'
              ? { ...rightFor(operation), ...nobodys }
              : rightFor(operation);
          const path = targetOf(operation, { ...values, [name]: text });
          // What cannot be in a path is refused before any operation sees it, and told in another test.
          const { method, id } = operation;
          const needsBody = operation.types.includes('application/json');
          const json = needsBody ? bodiesWith(id, randomUUID())[0] : undefined;
          const answer = await stamp.as(callerOf(operation), { method, path, json });
          await findings.check(() => check(answer, `${method} ${path}`, operation.isProtected));
        });
        findings.assertNone();
      });

      it('in each field of each body', async () => {
        const findings = createFindings();
        const fields = operationsOnce().flatMap((operation) => {
          const bodies = [
            ...bodiesWith(operation.id, randomUUID()),
            ...(MORE_BODIES[operation.id] ?? []),
          ];
          return bodies
            .filter((body) => body !== undefined)
            .map((body) => [operation, body] as const);
        });
        let seed = 0;
        const all = fields.flatMap(([operation, body]) =>
          textsFor(seed++, 8).flatMap((text) =>
            withEachReplaced(body, text).map((json) => [operation, json] as const),
          ),
        );
        assert.ok(all.length > 1_000, `only ${all.length} requests`);
        await forEachOf(all, 12, async ([operation, json]) => {
          const { method, types } = operation;
          const path = targetOf(operation, rightFor(operation));
          const headers = { 'content-type': types[0] ?? 'application/json' };
          const answer = await stamp.as(callerOf(operation), { method, path, headers, json });
          await findings.check(() =>
            check(answer, `${method} ${path} ${JSON.stringify(json)}`, true),
          );
        });
        findings.assertNone();
      });

      it('in each field of the forms of the authority', async () => {
        const findings = createFindings();
        const paths = ['token', 'devicecode', 'deviceauth', 'logout/confirm', 'signin/a'];
        const texts = [...SQL, '\u0000', '\r\nX-Injected: yes', 'a'.repeat(5_000), '\u{1f4a3}'];
        const all = paths.flatMap((path) =>
          FORM_FIELDS.flatMap((field) => texts.map((text) => [path, field, text] as const)),
        );
        await forEachOf(all, 12, async ([path, field, text]) => {
          const form = new URLSearchParams({
            grant_type: field.endsWith('code') ? 'authorization_code' : 'client_credentials',
            client_id: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
            client_secret: 'a',
            resource: stamp.server.baseUrl,
          });
          form.set(field, text);
          const answer = await stamp.caller.ask({
            method: 'POST',
            path: `/adfs/oauth2/${path}`,
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: form.toString(),
          });
          await findings.check(() => check(answer, `${path} ${form.toString()}`, false));
        });
        findings.assertNone();
      });

      it('in headers', async () => {
        const findings = createFindings();
        const texts = textsFor(3, 12).filter((text) => /^[\x20-\x7e]+$/.test(text));
        const { token } = stamp.actor('operator');
        for (const path of [
          '/api/v1/quarantine',
          '/subscriptions?api-version=2016-06-01',
          '/adfs/oauth2/userinfo',
        ]) {
          for (const header of HEADERS) {
            await forEachOf(texts, 8, async (text) => {
              const value = header === 'authorization' ? `Bearer ${text}` : text;
              const headers = { authorization: `Bearer ${token}`, [header]: value };
              const answer = await stamp.caller.ask({ path, headers });
              const isOurs = !path.startsWith('/adfs');
              await findings.check(() => check(answer, `${header}: ${value} to ${path}`, isOurs));
            });
          }
        }
        findings.assertNone();
      });

      it('and the database is what it was', async () => {
        const now = await readKept(stamp.server.database);
        assert.deepEqual(now.hashes, kept.hashes);
        for (const [table, count] of Object.entries(kept.counts)) {
          const present = now.counts[table] ?? 0;
          assert.ok(present >= count, `${table} had ${count} rows and has ${present}`);
        }
        const verdict = await verifyAudit(stamp.server.database.pool);
        assert.equal('problem' in verdict ? verdict.problem : undefined, undefined);
      });
    });

    /** Each operation at one path only, where the authority has it at several. */
    function operationsOnce(): readonly Operation[] {
      const seen = new Set<string>();
      return operations.filter(({ id, isProtected }) => {
        const isNew = !seen.has(id);
        seen.add(id);
        return isProtected || isNew;
      });
    }
  });
});

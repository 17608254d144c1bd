import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { isGuid } from '../../src/kernel/index.ts';
import { BILLING_SUBSCRIPTIONS } from '../conformance/billing-fixture.ts';
import { COMMERCE_SUBSCRIPTIONS } from '../conformance/commerce-fixture.ts';
import { SUBSCRIPTIONS } from '../conformance/fixture.ts';
import { REPORTED_SUBSCRIPTIONS } from '../conformance/reported-fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { makeBilledThings, pairsOf } from './support/billing.ts';
import { bodiesWith, usageEvent } from './support/bodies.ts';
import { withBystander } from './support/bystander.ts';
import {
  GUARDED,
  makeForeignThings,
  rowsOf,
  toldBy,
  withoutId,
  type ForeignThings,
} from './support/foreign.ts';
import { forEachOf, type Answer } from './support/https.ts';
import { readOperations, targetOf, type Operation } from './support/operations.ts';
import {
  assertEnvelope,
  assertNoRateCard,
  assertNothingInside,
  createFindings,
} from './support/refused.ts';
import { withAttackedStamp, type Role } from './support/stamp.ts';

const S = {
  ...SUBSCRIPTIONS,
  ...COMMERCE_SUBSCRIPTIONS,
  ...REPORTED_SUBSCRIPTIONS,
  ...BILLING_SUBSCRIPTIONS,
};
/** Nobody has these. */
const NOBODYS = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5fff';
const NOBODYS_NUMBER = '9';

const ATTACKERS: readonly (readonly [Role, own: string, foreign: readonly string[]])[] = [
  [
    'owner',
    S.tenantSubscription,
    [S.otherSubscription, S.resellerSubscription, S.deletedSubscription, S.baseSubscription],
  ],
  ['user', S.tenantSubscription, [S.otherSubscription, S.disabledSubscription]],
  [
    'partner',
    S.reportingSubscription,
    [S.baseSubscription, S.customerSubscription, S.lapsedSubscription, S.tenantSubscription],
  ],
  ['customer', S.reportedSubscription, [S.otherReportedSubscription, S.baseSubscription]],
  ['stamp', S.reportingSubscription, [S.baseSubscription, S.lapsedSubscription]],
  ['group', S.tenantSubscription, [S.otherSubscription, S.indirectSubscription]],
  [
    'provider',
    S.resellerSubscription,
    [S.otherSubscription, S.tenantSubscription, S.deletedSubscription],
  ],
  ['emitter', S.tenantSubscription, [S.otherSubscription, S.disabledSubscription]],
];

/** Where an id of something stands in a path below the caller's own subscription, or in a query. */
const INNER = new Set([
  'targetSubscriptionId',
  'delegatedProviderId',
  'acquisitionId',
  'operationId',
  'name',
  'id',
  'subscriberId',
  'subject',
  'tenant',
  'offer',
  'plan',
  'delegation',
  'registrationId',
  'registration',
  'customerSubscription',
  'customerSubscriptionId',
  'customerTenantId',
  'activation',
  'account',
  'book',
  'party',
  'reference',
  'number',
  'charge',
  'endpoint',
  'term',
]);
const OWN = {
  partner: S.reportingSubscription,
  customer: S.reportedSubscription,
  stamp: S.reportingSubscription,
};
/** Where the partner has its registration. */
const OWN_PLACE = { resourceGroup: 'azurestack', registration: 'stamp' };
/** Whose invoices the partner that sells reads anyway. */
const SEEN_BY_SELLER: readonly string[] = [S.billedSubscription];
/** Whose usage the partner reads anyway. */
const SEEN_BY_PARTNER: readonly string[] = [S.reportedSubscription, S.otherReportedSubscription];

interface Attempt {
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  readonly json: unknown;
  readonly id: string;
}

/** Every way in which an operation can be asked about the id, by somebody who has a subscription. */
function attempts(operation: Operation, own: string, id: string): Attempt[] {
  const names = operation.parameters.map(({ name }) => name);
  const values: Record<string, string>[] = [];
  const place = own === S.reportingSubscription ? OWN_PLACE : {};
  if (names.includes('subscriptionId') && isGuid(id)) values.push({ ...place, subscriptionId: id });
  for (const name of names.filter((each) => INNER.has(each))) {
    // Under whose name a role is assigned in the caller's own subscription is the caller's choice.
    const isFree =
      (name === 'name' && (operation.id === 'assignRole' || !isOfAssignments(operation))) ||
      // The contract has an error for each reason why a partner cannot map to a subscription.
      (name.startsWith('customerSubscription') && isMapping(operation));
    if (!isFree) values.push({ ...place, subscriptionId: own, [name]: id });
  }
  if (names.includes('$filter')) {
    values.push({ subscriptionId: own, $filter: `principalId eq '${id}'` });
    values.push({ subscriptionId: own, $filter: `subscriptionId eq '${id}'` });
  }
  if (names.includes('includeIndirect') && names.includes('targetSubscriptionId')) {
    values.push({ subscriptionId: own, targetSubscriptionId: id, includeIndirect: 'true' });
  }
  if (names.includes('subscriberId')) {
    values.push({ subscriptionId: own, subscriberId: id, includeIndirect: 'true' });
  }
  // Ids in the body alone, on behalf of the caller's own subscription.
  if (
    operation.types.length > 0 &&
    !names.some((name) => INNER.has(name)) &&
    !changesOwn(operation)
  ) {
    values.push({ ...place, subscriptionId: own });
  }
  return values.flatMap((given) =>
    bodiesWith(operation.id, id).map((json) => {
      const { method } = operation;
      return { operation, method, path: targetOf(operation, given), json, id };
    }),
  );
}

const isOfAssignments = ({ path }: Operation): boolean => path.includes('roleAssignments');
const isMapping = ({ id }: Operation): boolean =>
  ['putCustomerSubscription', 'previewCustomerSubscription'].includes(id);
const changesOwn = ({ id }: Operation): boolean =>
  ['putSubscription', 'renameSubscription'].includes(id);

describe('what belongs to others', () => {
  const db = withTestDatabase();
  describe('on a whole server', () => {
    const stamp = withAttackedStamp(withServer(db, { readBudget: 100_000, writeBudget: 100_000 }));
    let operations: readonly Operation[] = [];
    let things: ForeignThings;
    before(async () => {
      operations = (await readOperations(stamp.caller)).filter((each) => each.isProtected);
      things = await makeForeignThings(stamp);
    });

    /** Words that stand in data of others. */
    const leaks = (own: string): readonly string[] =>
      Object.entries(S)
        .filter(
          ([, id]) =>
            id !== own &&
            !(own === S.resellerSubscription && id === S.indirectSubscription) &&
            !(own === S.reportingSubscription && SEEN_BY_PARTNER.includes(id)) &&
            !(own === S.billingPartnerSubscription && SEEN_BY_SELLER.includes(id)),
        )
        // One is called as a part of paths is.
        .flatMap(([name, id]) => (name === 'customerSubscription' ? [id] : [name, id]));

    const ask = (role: Role, { method, path, json }: Attempt): Promise<Answer> =>
      stamp.as(role, { method, path, json });

    describe('is as if it did not exist', () => {
      withBystander(stamp);

      for (const [role, own, foreign] of ATTACKERS) {
        it(`for the ${role}: each operation, each place for an id`, async () => {
          const pairs = foreign.map((id) => [id, NOBODYS] as const);
          await compare(role, own, pairs);
        });
      }

      it('for an owner and a provider: role assignments, operations, plans, records of others', async () => {
        const { roleAssignment, operation, acquisition, quarantined } = things;
        const pairs = [
          ...[roleAssignment, operation, acquisition].map((id) => [id, NOBODYS] as const),
          [quarantined, NOBODYS_NUMBER],
          ['silver', 'copper'],
          ['gold', 'lead'],
        ] as const;
        await compare('owner', S.tenantSubscription, pairs);
        await compare('provider', S.resellerSubscription, pairs);
      });

      it('for a partner, a customer and a stamp: registrations of others', async () => {
        const { partner, customer, stamp: ofStamp } = OWN;
        const expired = [stamp.known('expiredStampRegistrationId'), NOBODYS] as const;
        const byName = ['expiredStamp', 'nobodysStamp'] as const;
        await compare('partner', partner, [expired, byName]);
        await compare('customer', customer, [
          [stamp.known('stampRegistrationId'), NOBODYS],
          ['stamp', 'stamm'],
        ]);
        await compare('stamp', ofStamp, [expired, byName]);
      });

      it('for a partner that sells, its customer and a tenant: what is billed to others', async () => {
        const ofOther = await makeBilledThings(stamp, {
          account: stamp.known('otherBilledAccount'),
          number: stamp.known('otherInvoiceNumber'),
          charge: stamp.known('otherCharge'),
        });
        const ofSeller = await makeBilledThings(stamp, {
          account: stamp.known('billingPartnerAccount'),
          number: stamp.known('partnerInvoiceNumber'),
          charge: stamp.known('partnerCharge'),
        });
        const provider = [stamp.known('providerAccount'), NOBODYS] as const;
        const subscription = [S.otherBilledSubscription, NOBODYS] as const;
        await compare('seller', S.billingPartnerSubscription, [
          ...pairsOf(ofOther),
          subscription,
          provider,
        ]);
        await compare('buyer', S.billedSubscription, [
          ...pairsOf(ofOther),
          ...pairsOf(ofSeller),
          [S.billingPartnerSubscription, NOBODYS],
          provider,
        ]);
        await compare('owner', S.tenantSubscription, [...pairsOf(ofSeller), subscription]);
        await compare('stamp', S.reportingSubscription, [...pairsOf(ofOther), provider]);
      });

      it('for a customer: what a payment of somebody else was for', async () => {
        const { payment } = await makeBilledThings(stamp, {
          account: stamp.known('otherBilledAccount'),
          number: `${stamp.known('otherInvoiceNumber')} again`,
          charge: stamp.known('otherCharge'),
        });
        const reverse = async (reverses: string): Promise<string> => {
          const json = { reverses, receivedOn: '2026-10-02' };
          const path = '/api/v1/payments';
          return toldBy(await stamp.as('buyer', { method: 'POST', path, json }), reverses);
        };
        assert.equal(await reverse(payment), await reverse(NOBODYS));
      });

      it('for an emitter: what becomes of its records does not tell', async () => {
        const outcome = async (id: string, changes: object = {}): Promise<string> => {
          const json = usageEvent(id, changes);
          const answer = await stamp.as('emitter', {
            method: 'POST',
            path: '/api/v1/events',
            json,
          });
          assert.equal(answer.status, 200, answer.text);
          assert.match(answer.text, /"code":"NotPermittedToEmit"/);
          return toldBy(answer, id);
        };
        for (const changes of [
          {},
          { meterId: 'unknown' },
          { quantity: 'x' },
          { resourceUri: '/' },
        ]) {
          const right = await outcome(NOBODYS, changes);
          for (const id of [S.otherSubscription, S.deletedSubscription, S.disabledSubscription]) {
            assert.equal(await outcome(id, changes), right);
          }
        }
      });

      /** Asks about both ids of each pair, of which the first exists, and compares the answers. */
      async function compare(
        role: Role,
        own: string,
        pairs: readonly (readonly [exists: string, nobodys: string])[],
      ): Promise<void> {
        const findings = createFindings();
        const words = leaks(own);
        const untouched = await everything(own);
        const twins = operations.flatMap((operation) =>
          pairs.flatMap(([exists, nobodys]) => {
            const others = attempts(operation, own, nobodys);
            return attempts(operation, own, exists).map((attempt, at) => {
              const other = others[at];
              assert.ok(other);
              return [attempt, other] as const;
            });
          }),
        );
        assert.ok(twins.length > 50, `only ${twins.length} attempts`);
        let refused = 0;
        const wantedOf = new Map<string, Promise<Answer>>();
        const askOnce = (other: Attempt): Promise<Answer> =>
          wantedOf.getOrInsertComputed(JSON.stringify(other), () => ask(role, other));
        await forEachOf(twins, 8, async ([attempt, other]) => {
          await findings.check(async () => {
            const [got, wanted] = [await ask(role, attempt), await askOnce(other)];
            const what = `${attempt.method} ${attempt.path} ${JSON.stringify(attempt.json)}`;
            const type = got.headers['content-type'] ?? '';
            if (got.status >= 300) {
              refused += 1;
              const isCard = got.status === 400 && attempt.operation.id === 'getRateCard';
              const told = { status: got.status, type, text: got.text };
              if (isCard) assertNoRateCard(told, what);
              else assertEnvelope(told, what);
            } else assertNothingInside(got.text, what);
            assert.equal(toldBy(got, attempt.id), toldBy(wanted, other.id), what);
            const left = withoutId(got.text, attempt.id);
            // What was sent may come back.
            for (const word of words.filter((one) => !what.includes(one)))
              assert.ok(!left.includes(word), `${what} tells ${word}: ${left}`);
          });
        });
        findings.assertNone();
        assert.ok(refused > twins.length / 2, `only ${refused} of ${twins.length} refused`);
        assert.equal(await everything(own), untouched, 'nothing of others has changed');
      }
    });

    async function everything(own: string): Promise<string> {
      const texts = await Promise.all(GUARDED.map((table) => rowsOf(stamp, table, own)));
      return texts.join('\n\n');
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSubscriptionId } from '../kernel/index.ts';
import { allActions, type Action } from './action.ts';
import {
  actionsOfRole,
  allows,
  emittableGroups,
  mayEmitFor,
  parseRole,
  reachOf,
  roles,
  type Grant,
  type Role,
} from './role.ts';

const A = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001');
const B = parseSubscriptionId('bbbbbbbb-0000-4000-8000-000000000002');
const EMIT = 'Stackmeter.Metering/usage/emit';

function grant(role: Role, parts: Partial<Grant> = {}): Grant {
  return {
    role,
    subscriptionId: undefined,
    resourceGroup: undefined,
    providers: undefined,
    ...parts,
  };
}

const reading = allActions.filter((action) => action.endsWith('/read'));
const without = (...left: string[]): Action[] =>
  allActions.filter((action) => !left.some((part) => action.startsWith(part)));

/** What only the operator of commerce may do. */
const PAYING = [
  'Stackmeter.Commerce/subscriptions/write',
  'Stackmeter.Commerce/meters/write',
  ...['accounts', 'prices', 'charges', 'invoices', 'payments', 'webhooks', 'adapters'].map(
    (what) => `Stackmeter.Billing/${what}/write`,
  ),
];

/** What each role allows, spelled out apart from the patterns that it is made of. */
const table: Record<Role, readonly Action[]> = {
  Operator: allActions,
  Owner: without(EMIT, ...PAYING),
  Contributor: without(
    EMIT,
    ...PAYING,
    'Stackmeter.Audit',
    'Stackmeter.Identity',
    'Microsoft.Authorization/roleAssignments/write',
    'Microsoft.Authorization/roleAssignments/delete',
  ),
  Reader: reading.filter((action) => !/^Stackmeter\.(Audit|Identity)/.test(action)),
  Auditor: reading,
  BillingReader: [
    'Microsoft.Commerce/usageAggregates/read',
    'Microsoft.Commerce.Admin/subscriberUsageAggregates/read',
    'Microsoft.Consumption/usageDetails/read',
    'Microsoft.Consumption/budgets/read',
    'Stackmeter.Billing/adapters/read',
    'Microsoft.Billing/billingPeriods/read',
    'Microsoft.Billing/invoices/read',
    'Microsoft.Commerce/rateCard/read',
    'Stackmeter.Billing/accounts/read',
    'Stackmeter.Billing/prices/read',
    'Stackmeter.Billing/charges/read',
    'Stackmeter.Billing/invoices/read',
    'Stackmeter.Billing/payments/read',
    'Stackmeter.Billing/ledger/read',
    'Stackmeter.Billing/webhooks/read',
    'Microsoft.Subscriptions/subscriptions/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Resources/providers/read',
    'Stackmeter.Commerce/subscriptions/read',
    'Stackmeter.Commerce/meters/read',
    'Stackmeter.Commerce/reportedUsage/read',
    'Stackmeter.Commerce/utilizations/read',
    'Stackmeter.Metering/meters/read',
    'Stackmeter.Metering/reconciliation/read',
  ],
  DelegatedProvider: [
    'Microsoft.Commerce/usageAggregates/read',
    'Microsoft.Commerce.Admin/subscriberUsageAggregates/read',
    'Microsoft.Subscriptions/subscriptions/read',
    'Microsoft.Subscriptions.Admin/read',
    'Microsoft.Subscriptions.Admin/write',
    'Microsoft.Authorization/roleAssignments/read',
    'Microsoft.Authorization/roleDefinitions/read',
    'Microsoft.Resources/providers/read',
  ],
  Emitter: [EMIT],
};

const anyGrants = fc.array(
  fc.record({
    role: fc.constantFrom(...roles),
    subscriptionId: fc.constantFrom(undefined, A, B),
    resourceGroup: fc.constantFrom(undefined, 'web'),
    providers: fc.constantFrom(undefined, new Set(['microsoft.compute'])),
  }),
);
const anyTarget = fc.record({
  subscriptionId: fc.constantFrom(undefined, A, B),
  resourceGroup: fc.constantFrom(undefined, 'WEB', 'other'),
  provider: fc.constantFrom(undefined, 'Microsoft.Compute', 'Microsoft.Storage'),
});

describe('roles', () => {
  it('deny by default', () => {
    for (const action of allActions) assert.equal(allows([], action, { subscriptionId: A }), false);
  });

  for (const role of roles) {
    it(`${role} allows exactly what the table says, where it is assigned`, () => {
      assert.deepEqual([...actionsOfRole(role)].toSorted(), [...table[role]].toSorted());
      for (const action of allActions) {
        const right = table[role].includes(action);
        const ask = (on: Partial<Grant>, subscriptionId?: string, resourceGroup?: string) =>
          allows([grant(role, on)], action, { subscriptionId, resourceGroup });
        assert.equal(ask({}), right, `${action} stamp`);
        assert.equal(ask({}, A), right, `${action} stamp, on a subscription`);
        assert.equal(ask({ subscriptionId: A }, A?.toUpperCase()), right, `${action} own`);
        assert.equal(ask({ subscriptionId: A }, A, 'web'), right, `${action} own group`);
        assert.equal(ask({ subscriptionId: A }, B), false, `${action} other`);
        assert.equal(ask({ subscriptionId: A }), false, `${action} none`);
        const group = { subscriptionId: A, resourceGroup: 'web' };
        assert.equal(ask(group, A, 'WEB'), right, `${action} group`);
        assert.equal(ask(group, A, 'db'), false, `${action} other group`);
        assert.equal(ask(group, A), false, `${action} whole subscription`);
        assert.equal(ask(group, B, 'web'), false, `${action} same group elsewhere`);
      }
    });
  }

  it('an emitter held to providers emits for those only, in any case', () => {
    const grants = [
      grant('Emitter', { subscriptionId: A, providers: new Set(['microsoft.compute']) }),
    ];
    const ask = (provider?: string) => allows(grants, EMIT, { subscriptionId: A, provider });
    assert.equal(ask('Microsoft.Compute'), true);
    assert.equal(ask('Microsoft.Storage'), false);
    assert.equal(ask('Microsoft.Compute.Admin'), false);
    assert.equal(ask(undefined), false);
  });

  it('a further grant never takes anything away', () => {
    fc.assert(
      fc.property(
        anyGrants,
        anyGrants,
        fc.constantFrom(...allActions),
        anyTarget,
        (some, more, action, on) => {
          const both = allows([...some, ...more], action, on);
          assert.equal(both, allows(some, action, on) || allows(more, action, on));
        },
      ),
    );
  });

  it('the reach of an action holds everything on which it is allowed', () => {
    fc.assert(
      fc.property(anyGrants, fc.constantFrom(...allActions), anyTarget, (grants, action, on) => {
        const reach = reachOf(grants, action);
        if (!allows(grants, action, on) || reach.everywhere) return;
        assert.ok(reach.grants.some(({ subscriptionId }) => subscriptionId === on.subscriptionId));
      }),
    );
  });

  it('emittable groups are those for which each resource may be emitted', () => {
    fc.assert(
      fc.property(anyGrants, fc.constantFrom('web', 'other'), (grants, resourceGroup) => {
        const on = { subscriptionId: String(A), provider: 'Microsoft.Compute' };
        const groups = emittableGroups(grants, on);
        const may = groups === 'all' || groups.has(resourceGroup);
        assert.equal(may, allows(grants, EMIT, { ...on, resourceGroup }));
        if (may) assert.ok(mayEmitFor(grants, A) && mayEmitFor(grants));
      }),
    );
  });

  it('are read in any case, with or without spaces, and refused otherwise', () => {
    assert.equal(parseRole('emitter'), 'Emitter');
    assert.equal(parseRole('Billing Reader'), 'BillingReader');
    assert.throws(() => parseRole('Admin'), { code: 'InvalidProperty' });
  });
});

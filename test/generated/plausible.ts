import type { SeededRandom } from '../crash/random.ts';
import type { ApiOperation } from './document.ts';
import type { Hint } from './from-schema.ts';
import type { World } from './knowledge.ts';
import { billingHints, billingPools } from './billing.ts';
import { commerceHints, commercePools } from './commerce.ts';
import { signInHints } from './sign-in.ts';

const WORDS = ['one', 'Größe 2', 'line 1\nline 2', 'x', 'somebody@tenant.example', 'Zürich €'];

/** A value for a parameter of the path, with the cookies that go with it. */
export function pathValue(
  random: SeededRandom,
  { knowledge }: World,
  { path, method }: ApiOperation,
  name: string,
): string {
  const isWrite = method !== 'GET' && method !== 'POST';
  const isAdmin = /\.Admin\//i.test(path) || path.includes('operationresults');
  const byName: Readonly<Record<string, string>> = {
    // What others need to be there is changed by nobody.
    subscriptionId: isAdmin
      ? 'provider'
      : isWrite && path.endsWith('/{subscriptionId}')
        ? 'churn'
        : 'subscription',
    targetSubscriptionId: isWrite ? 'churn' : 'subscription',
    delegatedProviderId: 'provider',
    resourceGroup: 'group',
    tenant: /directoryTenants/i.test(path) ? 'directoryTenant' : 'authorityTenant',
    name: /roleDefinitions/i.test(path)
      ? 'roleDefinition'
      : /roleAssignments/i.test(path)
        ? 'assignment'
        : 'authorityName',
    id: /quarantine/i.test(path) ? 'quarantineId' : 'meter',
    uid: `step ${/\/(\w+)\/\{uid\}/.exec(path)?.[1]}`,
    ...commercePools(path, isWrite, random.next()),
    ...billingPools(path, isWrite),
  };
  return knowledge.pick(random, byName[name] ?? name) ?? 'none';
}

/** What bodies and queries may hold, by the name of the property. */
export function hintsFor(random: SeededRandom, world: World, operation: ApiOperation): Hint {
  const { knowledge } = world;
  const known = (kind: string): string | undefined => knowledge.pick(random, kind);
  const hints: Readonly<Record<string, Hint>> = {
    ...usageHints(random, world),
    ...queryHints(random, world, operation),
    ...(operation.tag === 'identity' && signInHints(random, world, operation.family)),
    tenantId: () => known('tenant'),
    principalTenantId: () => known('tenant'),
    displayName: () => random.pick(WORDS),
    description: () => random.pick(WORDS),
    owner: () => random.pick(WORDS),
    externalReferenceId: () => random.pick(WORDS),
    reason: () => random.pick(WORDS),
    name: () => random.pick(WORDS),
    offerId: () =>
      random.next() < 0.3 ? known('offer') : `/delegatedProviders/default/offers/${known('offer')}`,
    offerName: () => known('offer'),
    planId: () => known('plan'),
    'basePlanIds[]': () => known('plan'),
    maxSubscriptionsPerAccount: () => random.pick([0, 0, 0, 3, 1000]),
    maxAcquisitionCount: () => random.between(0, 3),
    state: () => (/offers/i.test(operation.path) && random.next() < 0.7 ? 'Public' : undefined),
    principalId: () => known('principal'),
    // What the stamp knows of the principal is right.
    principalType: () => 'ServicePrincipal',
    roleDefinitionId: () =>
      `/providers/Microsoft.Authorization/roleDefinitions/${known('roleDefinition')}`,
    'providers[]': () => 'Microsoft.Compute',
    'resources[]': () =>
      `/subscriptions/${known('provider')}/providers/Microsoft.Subscriptions.Admin/subscriptions/${known('churn')}`,
    targetDelegatedProviderOffer: () =>
      `/delegatedProviders/${known('provider')}/offers/${known('offer')}`,
    ...commerceHints(random, world, operation),
    ...billingHints(random, world, operation),
  };
  return (name, siblings) =>
    Object.hasOwn(hints, name) ? hints[name]!(name, siblings) : undefined;
}

function usageHints(random: SeededRandom, { knowledge, hour }: World): Record<string, Hint> {
  const known = (kind: string): string | undefined => knowledge.pick(random, kind);
  const start = hour.subtract({ hours: random.between(1, 48) });
  return {
    source: () => '/generated',
    // Some come twice, and some come twice with another content.
    id: () => `record ${random.between(0, 3000)}`,
    subscriptionId: () => known(random.next() < 0.8 ? 'subscription' : 'churn'),
    resourceUri: (_name, { subscriptionId }) =>
      `/subscriptions/${String(subscriptionId)}/resourceGroups/${known('group')}/providers/Microsoft.Compute/virtualMachines/vm${random.between(0, 9)}`,
    meterId: () => known('computeMeter'),
    quantity: () => random.pick([1, 0, 2.5, '0.000000000000001', '12345678901234567890.5']),
    usageStartTime: () => start.toString(),
    usageEndTime: () => start.add({ hours: 1 }).toString(),
    location: () => 'local',
    tags: () => random.pick<unknown>(['', '{"env":"prod"}', { env: 'prod' }, null]),
    additionalInfo: () => random.pick<unknown>(['', { ServiceType: 'A2', n: 1 }]),
    unit: () => random.pick(['1 hour', 'GB', 'GB*hours', 'things']),
    resourceProvider: () => random.pick(['Example.Backup', 'Microsoft.Compute']),
  };
}

function queryHints(
  random: SeededRandom,
  { knowledge }: World,
  { path, family }: ApiOperation,
): Record<string, Hint> {
  const known = (kind: string): string | undefined => knowledge.pick(random, kind);
  const [from, to] = random.pick([
    ['2018-06-01T00:00:00Z', '2018-06-02T00:00:00Z'],
    ['2018-06-01T00:00:00Z', '2018-06-03T00:00:00Z'],
    ['2018-06-02T00:00:00+00:00', '2018-06-03T00:00:00+00:00'],
  ]);
  const filters = /roleDefinitions/i.test(path)
    ? ["roleName eq 'Reader'", "type eq 'BuiltInRole' and atScopeAndBelow()"]
    : /roleAssignments/i.test(path)
      ? [
          'atScope()',
          `principalId eq '${known('principal')}'`,
          `assignedTo('${known('principal')}')`,
        ]
      : [
          "state eq 'Enabled'",
          `owner eq 'x' and tenantId eq '${known('tenant')}'`,
          "offerId eq 'gold'",
        ];
  return {
    $filter: () => random.pick(filters),
    $top: () => random.between(1, 5),
    $skiptoken: () => known('$skiptoken'),
    continuationToken: () => known('continuationtoken'),
    reportedStartTime: () => from,
    reportedEndTime: () => to,
    from: () => from,
    to: () => to,
    ingestedAtFrom: () => from,
    ingestedAtTo: () => to,
    subscriberId: () => known('subscription'),
    'subject[]': () => known('subscription'),
    limit: () => random.between(1, 20),
    after: () => (family === 'listAuditEvents' ? String(random.between(0, 500)) : known('next')),
    code: () => 'InvalidProperty',
    target: () => `/subscriptions/${known('churn')}`,
  };
}

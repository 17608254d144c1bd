import type { SeededRandom } from '../crash/random.ts';
import { batchText, digestOf, VM_HOURS } from '../conformance/cases/reported.ts';
import type { ApiOperation } from './document.ts';
import { LEFT_OUT, type Hint } from './from-schema.ts';
import type { World } from './knowledge.ts';

/**
 * From which kind of known things the parameters of a path of commerce, or of the bridge to it, are taken.
 *
 * @param chance from 0 to 1
 */
export function commercePools(
  path: string,
  isWrite: boolean,
  chance: number,
): Readonly<Record<string, string>> {
  // What is due is known from answers; older answers have passed.
  const window = { window: chance < 0.6 ? 'nextWindow' : 'window' };
  const customer = { customerSubscription: 'customer', customerSubscriptionId: 'customer' };
  if (path.startsWith('/api/v1/commerce-subscriptions')) {
    return { subscriptionId: isWrite ? 'accountChurn' : 'account' };
  }
  if (path.startsWith('/v1/customers')) {
    return { subscriptionId: 'customer', customerTenantId: 'accountTenant' };
  }
  if (/Microsoft\.(?:Billing|Consumption)\//i.test(path)) return { subscriptionId: 'account' };
  if (path.includes('Microsoft.AzureBridge.Admin')) return { resourceGroup: 'activationGroup' };
  if (/Microsoft\.Commerce\/usageAggregates/i.test(path)) {
    return chance < 0.3 ? { subscriptionId: 'usageSubscription' } : {};
  }
  if (!/Microsoft\.AzureStack\/|moveResources/i.test(path)) return window;
  // What others need to be there stays.
  const isChanged = isWrite && path.endsWith('/{registration}');
  return {
    ...customer,
    subscriptionId: 'base',
    resourceGroup: 'registrationGroup',
    registration: isChanged ? 'registrationChurn' : 'registration',
  };
}

/** What bodies and queries of commerce, or of the bridge to it, hold. */
export function commerceHints(
  random: SeededRandom,
  { knowledge }: World,
  { path, family, tag }: ApiOperation,
): Readonly<Record<string, Hint>> {
  if (!['registration', 'bridge', 'reported usage', 'commerce'].includes(tag)) return {};
  const known = (kind: string): string | undefined => knowledge.pick(random, kind);
  const isPeriods = path.endsWith('/billingPeriods');
  const [start, end] = random.pick([
    ['2018-06-01T00:00:00Z', '2018-06-01T01:00:00Z'],
    ['2018-05-01T00:00:00Z', '2018-05-02T00:00:00Z'],
    ['2018-06-01T00:00:00Z', '2018-06-02T00:00:00Z'],
  ]);
  const windows = path.startsWith('/api/v1/reported-usage') || path.includes('/bridge');
  const group = `/subscriptions/${known('base')}/resourceGroups/${known('registrationGroup')}`;
  return {
    tenantId: () => known('accountTenant'),
    location: () => 'global',
    registrationToken: () =>
      known(family === 'putReportingCredential' ? 'newKeyToken' : 'registrationToken'),
    // Both at once are refused.
    expiration: () => (random.next() < 0.8 ? LEFT_OUT : '2999-12-31T00:00:00Z'),
    effectiveFrom: () => (random.next() < 0.8 ? LEFT_OUT : '2999-12-31T00:00:00Z'),
    activationKey: () => known('activationKey'),
    partnerId: (_name, { kind }) => (String(kind).startsWith('CSP') ? 'adatum' : LEFT_OUT),
    'resources[]': () =>
      `${group}/providers/Microsoft.AzureStack/registrations/${known('registrationChurn')}`,
    targetResourceGroup: () => group,
    from: () => (windows ? '2018-06-01T00Z' : start),
    to: () => (windows ? '2018-06-03T00Z' : end),
    by: () => random.pick(['meter', 'day', 'day,meter', 'subscription']),
    window: () => '2018-06-01T01Z',
    start_time: () => start,
    end_time: () => end,
    granularity: () => (end.includes('T01') ? 'hourly' : random.pick(['daily', 'hourly'])),
    days: () => random.between(1, 366),
    $filter: () =>
      isPeriods
        ? "billingPeriodEndDate ge '2018-01-01'"
        : random.pick([
            "usageStart ge '2018-05-01' and usageEnd lt '2018-07-01'",
            "resourceGroup eq 'web'",
          ]),
    $expand: () => random.pick(['meterDetails', 'properties/additionalProperties']),
  };
}

const PLACE = /\/windows\/(\d{4}-\d\d-\d\dT\d\dZ)(?:\/batches\/(\d+))?$/;

/** What a stamp would report at an address; undefined for what is no report. */
export function reportOf(random: SeededRandom, { family }: ApiOperation, path: string): unknown {
  const [, window, sequence = '1'] = PLACE.exec(decodeURIComponent(path)) ?? [];
  const batch = (number: number): string =>
    batchText(window ?? '', number, [[0, VM_HOURS, 424_392, '1.5']]);
  if (window === undefined) return undefined;
  if (family === 'putReportedBatch') return JSON.parse(batch(Number.parseInt(sequence, 10)));
  if (family !== 'putReportedWindow') return undefined;
  const batches = random.pick([0, 0, 0, 1, 2]);
  const texts = Array.from({ length: batches }, (_, at) => batch(at + 1));
  const meters = batches === 0 ? [] : [[VM_HOURS, batches, batches === 1 ? '1.5' : '3']];
  return { version: 1, window, batches, rows: batches, digest: digestOf(...texts), meters };
}

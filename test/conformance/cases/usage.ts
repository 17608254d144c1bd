import type { As, Expectation, WireCase, WireRequest } from '../case.ts';

/** The query that each usage interface takes. */
export const USAGE_QUERY = {
  'api-version': '2015-06-01-preview',
  reportedStartTime: '2018-06-02T00:00:00Z',
  reportedEndTime: '2018-06-03T00:00:00Z',
} as const;

export const HOURLY = { ...USAGE_QUERY, aggregationGranularity: 'Hourly' } as const;

export const OPERATOR: As = { client: 'operator' };
export const TENANT: As = { client: 'tenant' };

export const PROVIDER_PATH =
  '/subscriptions/{operatorSubscription}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates';
export const OLD_PROVIDER_PATH =
  '/subscriptions/{operatorSubscription}/providers/Microsoft.Commerce/subscriberUsageAggregates';
export const TENANT_PATH =
  '/subscriptions/{tenantSubscription}/providers/Microsoft.Commerce/usageAggregates';

const INTERFACES = [
  ['provider interface', { path: PROVIDER_PATH, as: OPERATOR }],
  ['provider interface of 2018', { path: OLD_PROVIDER_PATH, as: OPERATOR }],
  ['tenant interface', { path: TENANT_PATH, as: TENANT }],
] as const;

/** The same request to each of the usage interfaces, which share what they take and how they refuse. */
export function onEach(
  name: string,
  request: Omit<WireRequest, 'path' | 'as'>,
  expect: Expectation,
): WireCase[] {
  return INTERFACES.map(([which, own]) => ({
    name: `${which}: ${name}`,
    steps: [{ request: { ...own, ...request }, expect }],
  }));
}

/** A copy of the query with another value of one parameter; without it when there is none. */
export function withParameter(
  name:
    keyof typeof HOURLY | 'subscriberId' | 'continuationToken' | 'includeIndirect' | 'showRecordId',
  value: string | undefined,
  query: Readonly<Record<string, string>> = USAGE_QUERY,
): Record<string, string> {
  const { [name]: _replaced, ...rest } = query;
  return value === undefined ? rest : { ...rest, [name]: value };
}

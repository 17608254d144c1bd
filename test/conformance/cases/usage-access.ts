import { onFixture, one, type WireCase } from '../case.ts';
import {
  HOURLY,
  onEach,
  OPERATOR,
  PROVIDER_PATH,
  TENANT,
  TENANT_PATH,
  USAGE_QUERY,
} from './usage.ts';

const tenantPathOf = (subscription: string): string =>
  TENANT_PATH.replace('tenantSubscription', subscription);
const providerPathOf = (subscription: string): string =>
  PROVIDER_PATH.replace('operatorSubscription', subscription);

const forbidden = { status: 403, code: 'AuthorizationFailed' } as const;

/** Who may read what, and what stands in the way of an answer. */
export const usageAccess: readonly WireCase[] = [
  ...[TENANT_PATH, PROVIDER_PATH, '/api/v1/meters', '/api/v1/quarantine'].flatMap((path) => [
    one(
      `no credentials: ${path}`,
      { path, query: USAGE_QUERY },
      {
        status: 401,
        code: 'AuthenticationFailed',
        headers: { 'www-authenticate': '/^Bearer authorization_uri="https://.*/adfs/' },
      },
    ),
    one(
      `a token that nobody signed: ${path}`,
      { path, query: USAGE_QUERY, headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } },
      {
        status: 401,
        code: 'InvalidAuthenticationToken',
        headers: { 'www-authenticate': '/error="invalid_token"/' },
      },
    ),
  ]),
  one(
    'another kind of credentials',
    { path: TENANT_PATH, query: USAGE_QUERY, headers: { authorization: 'Negotiate abc' } },
    { status: 401, code: 'AuthenticationFailed' },
  ),
  one(
    'client id and secret in place of a token, outside of the intake',
    { path: TENANT_PATH, query: USAGE_QUERY, as: { client: 'tenant', by: 'key' } },
    { status: 401, code: 'AuthenticationFailed' },
  ),
  ...['otherSubscription', 'unknownSubscription', 'operatorSubscription'].flatMap(
    (subscription) => [
      one(
        `a tenant asks for the usage of ${subscription}`,
        { path: tenantPathOf(subscription), as: TENANT, query: USAGE_QUERY },
        forbidden,
      ),
      one(
        `a tenant asks for the tenants of ${subscription}`,
        { path: providerPathOf(subscription), as: TENANT, query: USAGE_QUERY },
        forbidden,
      ),
    ],
  ),
  one(
    'an emitter reads no usage, not even what it may emit',
    { path: TENANT_PATH, as: { client: 'emitter' }, query: USAGE_QUERY },
    forbidden,
  ),
  one(
    'the operator asks for an unknown subscription',
    { path: tenantPathOf('unknownSubscription'), as: OPERATOR, query: USAGE_QUERY },
    { status: 404, code: 'SubscriptionNotFound', message: '{unknownSubscription}' },
  ),
  one(
    'a deleted subscription is gone for its own people',
    { path: tenantPathOf('deletedSubscription'), as: { client: 'deleted' }, query: USAGE_QUERY },
    { status: 404, code: 'SubscriptionNotFound', message: '{deletedSubscription}' },
  ),
  onFixture(
    'the usage of a deleted subscription stays readable for its provider',
    {
      path: PROVIDER_PATH,
      as: OPERATOR,
      query: { ...HOURLY, subscriberId: '{deletedSubscription}' },
    },
    { status: 200, count: { '/value': 1 } },
  ),
  ...onEach(
    'a reported day that is not closed',
    { query: { ...USAGE_QUERY, reportedEndTime: '2018-06-06' } },
    {
      status: 202,
      code: 'ProcessingNotCompleted',
      message: '2018-06-05T00:00:00+00:00',
    },
  ).map((each) => ({ ...each, fixture: true as const })),
  ...onEach(
    'a reported hour that is not closed',
    {
      query: {
        ...HOURLY,
        reportedStartTime: '2018-06-05T03:00:00Z',
        reportedEndTime: '2018-06-05T04:00:00Z',
      },
    },
    { status: 202, code: 'ProcessingNotCompleted', message: '2018-06-05T03:00:00+00:00' },
  ).map((each) => ({ ...each, fixture: true as const })),
  ...onEach(
    'hourly usage past retention',
    { query: { ...HOURLY, reportedStartTime: '2018-01-01', reportedEndTime: '2018-01-02' } },
    { status: 410, code: 'UsageDataExpired', message: '2018-01-02T00:00:00+00:00' },
  ).map((each) => ({ ...each, fixture: true as const })),
  ...onEach(
    'daily usage of the same time is kept',
    { query: { ...USAGE_QUERY, reportedStartTime: '2018-01-01', reportedEndTime: '2018-01-02' } },
    { status: 200, text: '{"value":[]}' },
  ).map((each) => ({ ...each, fixture: true as const })),
];

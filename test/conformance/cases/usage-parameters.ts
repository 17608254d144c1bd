import { one, type WireCase } from '../case.ts';
import {
  HOURLY,
  onEach,
  OPERATOR,
  PROVIDER_PATH,
  TENANT,
  USAGE_QUERY,
  withParameter,
} from './usage.ts';

const invalid = { status: 400, code: 'InvalidProperty' } as const;

/** What the parameters of the usage interfaces have to be. */
export const usageParameters: readonly WireCase[] = [
  ...onEach(
    'api-version missing',
    { query: withParameter('api-version', undefined) },
    {
      status: 400,
      code: 'NoApiVersion',
      message: '2015-06-01-preview',
    },
  ),
  ...onEach(
    'api-version empty',
    { query: withParameter('api-version', '') },
    {
      status: 400,
      code: 'NoApiVersion',
    },
  ),
  ...onEach(
    'api-version unknown',
    { query: withParameter('api-version', '2019-01-01') },
    {
      status: 400,
      code: 'InvalidApiVersionParameter',
      message: "'2019-01-01' is not supported; supported are '2015-06-01-preview'",
    },
  ),
  ...onEach(
    'reportedStartTime missing',
    { query: withParameter('reportedStartTime', undefined) },
    {
      ...invalid,
      message: 'reportedStartTime',
    },
  ),
  ...onEach(
    'reportedStartTime empty',
    { query: withParameter('reportedStartTime', '') },
    {
      ...invalid,
      message: 'reportedStartTime',
    },
  ),
  ...onEach(
    'reportedEndTime missing',
    { query: withParameter('reportedEndTime', undefined) },
    {
      ...invalid,
      message: 'reportedEndTime',
    },
  ),
  ...onEach(
    'reportedStartTime not at midnight, Daily',
    { query: withParameter('reportedStartTime', '2018-06-01T01:00:00Z') },
    { ...invalid, message: "'2018-06-01T01:00:00Z' of reportedStartTime" },
  ),
  ...onEach(
    'reportedEndTime at midnight of another zone, Daily',
    { query: withParameter('reportedEndTime', '2018-06-03T00:00:00+02:00') },
    { ...invalid, message: "'2018-06-03T00:00:00+02:00' of reportedEndTime" },
  ),
  ...onEach(
    'reportedStartTime not on a whole hour, Hourly',
    { query: withParameter('reportedStartTime', '2018-06-02T00:30:00Z', HOURLY) },
    { ...invalid, message: 'reportedStartTime' },
  ),
  ...onEach(
    'reportedEndTime a nanosecond after a whole hour, Hourly',
    { query: withParameter('reportedEndTime', '2018-06-02T01:00:00.000000001Z', HOURLY) },
    { ...invalid, message: 'reportedEndTime' },
  ),
  ...onEach(
    'start equal to end',
    { query: withParameter('reportedEndTime', '2018-06-02') },
    {
      ...invalid,
      message: 'reportedStartTime',
    },
  ),
  ...onEach('start after end', { query: withParameter('reportedEndTime', '2018-06-01') }, invalid),
  ...onEach(
    'end in the future',
    { query: withParameter('reportedEndTime', '2999-01-01') },
    {
      status: 400,
      code: 'RequestEndTimeIsInFuture',
      message: '2999-01-01',
    },
  ),
  ...onEach(
    'end in the future, off the hour',
    { query: withParameter('reportedEndTime', '2999-01-01T00:00:01Z') },
    { status: 400, code: 'RequestEndTimeIsInFuture' },
  ),
  ...onEach(
    'granularity unknown',
    { query: { ...USAGE_QUERY, aggregationGranularity: 'Weekly' } },
    { status: 400, code: 'InvalidAggregationGranularity', message: 'Weekly' },
  ),
  ...onEach(
    'token that nobody made',
    { query: { ...USAGE_QUERY, continuationToken: 'bm90IG91cnM.c2lnbmF0dXJl' } },
    { ...invalid, message: 'continuationToken' },
  ),
  ...onEach(
    'token without signature',
    { query: { ...USAGE_QUERY, continuationToken: 'x' } },
    { ...invalid, message: 'continuationToken' },
  ),
  ...onEach(
    'showRecordId neither true nor false',
    { query: { ...USAGE_QUERY, showRecordId: 'yes' } },
    { ...invalid, message: 'showRecordId' },
  ),
  ...onEach(
    'a parameter given twice, in two cases',
    { query: { ...USAGE_QUERY, REPORTEDSTARTTIME: '2018-06-01' } },
    { ...invalid, message: 'once' },
  ),
  one(
    'provider interface: includeIndirect neither true nor false',
    { path: PROVIDER_PATH, as: OPERATOR, query: { ...USAGE_QUERY, includeIndirect: '1' } },
    { ...invalid, message: 'includeIndirect' },
  ),
  one(
    'provider interface: subscriberId no GUID',
    { path: PROVIDER_PATH, as: OPERATOR, query: { ...USAGE_QUERY, subscriberId: 'all' } },
    { ...invalid, message: 'subscriberId' },
  ),
  ...[
    ['unknown', '{unknownSubscription}'],
    ["another provider's tenant", '{indirectSubscription}'],
    ['the caller itself', '{operatorSubscription}'],
  ].map(([what, subscriberId = '']) =>
    one(
      `provider interface: subscriberId ${what}`,
      { path: PROVIDER_PATH, as: OPERATOR, query: { ...USAGE_QUERY, subscriberId } },
      { status: 400, code: 'SubscriberIdIsNotDirectTenant', message: subscriberId },
    ),
  ),
  ...[
    '/subscriptions/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates',
    '/subscriptions//providers/Microsoft.Commerce/usageAggregates',
    '/providers/Microsoft.Commerce/subscriberUsageAggregates',
    '/subscriptions/me/providers/Microsoft.Commerce/usageAggregates',
  ].map((path) =>
    one(
      `no subscription of the caller: ${path}`,
      { path, as: TENANT, query: USAGE_QUERY },
      { status: 400, code: 'SubscriptionIdMissingInRequest' },
    ),
  ),
];

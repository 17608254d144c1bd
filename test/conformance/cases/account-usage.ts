import { onFixture, type As, type Expectation, type WireCase, type WireRequest } from '../case.ts';
import { OPERATOR, TENANT } from './usage.ts';

const CUSTOMER: As = { client: 'reportedCustomer' };
const PARTNER: As = { client: 'reportingPartner' };
const AGGREGATES =
  '/subscriptions/{reportedSubscription}/providers/Microsoft.Commerce/UsageAggregates';
const VM_HOURS = '6DAB500F-A4FD-49C4-956D-229BB9C8C793';

/** The hour that the cases of reported usage have reported. */
const HOUR = {
  'api-version': '2015-06-01-preview',
  reportedStartTime: '2018-06-01T00:00:00Z',
  reportedEndTime: '2018-06-01T01:00:00Z',
  aggregationGranularity: 'Hourly',
} as const;

const aggregates = (query: Readonly<Record<string, string>> = HOUR): WireRequest => ({
  path: AGGREGATES,
  as: CUSTOMER,
  query,
});
const refused = (code: Expectation['code'] & string, message?: string): Expectation => ({
  status: 400,
  code,
  ...(message !== undefined && { message }),
});

const usageAggregates: readonly WireCase[] = [
  onFixture('usage that was reported for a customer', aggregates(), {
    status: 200,
    count: { '/value': 3 },
    contains: ['"quantity":1.5,', '"quantity":0.12345678901234567890123456789,', 'vm1'],
    json: {
      value: [
        {
          name: 'Hourly_BRSDT_20180601_0000',
          type: 'Microsoft.Commerce/UsageAggregate',
          properties: { subscriptionId: '{reportedSubscription}', meterId: VM_HOURS },
        },
        {},
        {},
      ],
    },
    matches: { '/value/0/properties/instanceData': 'azureStackRegistrationId' },
    absent: ['/nextLink'],
  }),
  onFixture('its sums, without details', aggregates({ ...HOUR, showDetails: 'false' }), {
    status: 200,
    count: { '/value': 3 },
    absent: ['/value/0/properties/instanceData'],
  }),
  onFixture(
    'usage of a directory that is not mapped goes to the base',
    {
      path: AGGREGATES.replace('{reportedSubscription}', '{reportingSubscription}'),
      as: PARTNER,
      query: HOUR,
    },
    { status: 200, count: { '/value': 1 }, contains: ['ip1', '"quantity":1.0,'] },
  ),
  onFixture(
    'an hour that has not been reported',
    aggregates({
      ...HOUR,
      reportedStartTime: '2018-06-01T02:00:00Z',
      reportedEndTime: '2018-06-01T03:00:00Z',
    }),
    { status: 202, code: 'ProcessingNotCompleted' },
  ),
  onFixture(
    'reported usage in the future',
    aggregates({ ...HOUR, reportedEndTime: '2999-01-01T00:00:00Z' }),
    refused('RequestEndTimeIsInFuture'),
  ),
  onFixture(
    'reported usage in weeks',
    aggregates({ ...HOUR, aggregationGranularity: 'Weekly' }),
    refused('InvalidAggregationGranularity'),
  ),
  onFixture(
    'reported usage a day at a time, from the middle of one',
    aggregates({ ...HOUR, aggregationGranularity: 'Daily' }),
    { status: 400 },
  ),
  onFixture(
    'reported usage with details that are neither shown nor not',
    aggregates({ ...HOUR, showDetails: 'perhaps' }),
    refused('InvalidProperty', 'showDetails'),
  ),
  onFixture(
    'reported usage from a token that is none',
    aggregates({ ...HOUR, continuationToken: 'none' }),
    refused('InvalidProperty', 'continuationToken'),
  ),
  onFixture('reported usage in no version', aggregates({}), refused('NoApiVersion')),
  onFixture(
    'reported usage for somebody without a role',
    { ...aggregates(), as: TENANT },
    { status: 403, code: 'AuthorizationFailed' },
  ),
];

const BILLING = { 'api-version': '2018-03-01-preview' } as const;
const PERIODS = '/subscriptions/{reportedSubscription}/providers/Microsoft.Billing/billingPeriods';
const DETAILS =
  '/subscriptions/{reportedSubscription}/providers/Microsoft.Consumption/usageDetails';
const PERIOD_DETAILS = `${PERIODS}/201806-1/providers/Microsoft.Consumption/usageDetails`;
const CONSUMPTION = { 'api-version': '2018-01-31' } as const;

const billing: readonly WireCase[] = [
  {
    name: 'billing periods, newest first, a page at a time',
    fixture: true,
    steps: [
      {
        request: { path: PERIODS, as: CUSTOMER, query: { ...BILLING, $top: '1' } },
        expect: { status: 200, count: { '/value': 1 } },
        save: { nextPeriods: '/nextLink' },
      },
      {
        request: { address: '{nextPeriods}', as: CUSTOMER },
        expect: { status: 200, count: { '/value': 1 } },
      },
    ],
  },
  onFixture(
    'a billing period',
    { path: `${PERIODS}/201806-1`, as: CUSTOMER, query: BILLING },
    {
      status: 200,
      json: {
        name: '201806-1',
        type: 'Microsoft.Billing/billingPeriods',
        properties: {
          billingPeriodStartDate: '2018-06-01',
          billingPeriodEndDate: '2018-06-30',
        },
      },
    },
  ),
  onFixture(
    'a billing period before there was anything',
    { path: `${PERIODS}/201001-1`, as: CUSTOMER, query: BILLING },
    { status: 404, code: 'NotFound' },
  ),
  onFixture(
    'billing periods in no version',
    { path: PERIODS, as: CUSTOMER },
    refused('MissingApiVersionParameter'),
  ),
  onFixture(
    'billing periods of a subscription of the stamp alone',
    {
      path: PERIODS.replace('{reportedSubscription}', '{tenantSubscription}'),
      as: OPERATOR,
      query: BILLING,
    },
    { status: 404, code: 'SubscriptionNotFound' },
  ),
  onFixture(
    'usage in detail of a billing period',
    { path: PERIOD_DETAILS, as: CUSTOMER, query: { ...CONSUMPTION, $expand: 'meterDetails' } },
    {
      status: 200,
      json: {
        value: [
          {
            type: 'Microsoft.Consumption/usageDetails',
            tags: { env: 'prod' },
            properties: {
              usageStart: '2018-06-01T00:00:00Z',
              usageEnd: '2018-06-01T23:59:59Z',
              instanceName: 'vm1',
              subscriptionGuid: '{reportedSubscription}',
              meterDetails: { meterName: 'VM size hours' },
            },
          },
        ],
      },
      contains: ['"usageQuantity":0.12345678901234567890123456789,'],
    },
  ),
  onFixture(
    'usage in detail across billing periods, of one resource',
    {
      path: DETAILS,
      as: CUSTOMER,
      query: {
        ...CONSUMPTION,
        $filter:
          "usageStart ge '2018-05-01' and usageEnd lt '2018-07-01' and instanceName eq 'VM1'",
      },
    },
    { status: 200, count: { '/value': 2 }, absent: ['/value/0/properties/meterDetails'] },
  ),
  onFixture(
    'usage in detail of the present billing period',
    { path: DETAILS, as: CUSTOMER, query: CONSUMPTION },
    { status: 200, count: { '/value': 0 } },
  ),
  onFixture(
    'usage in detail by what it cannot be told apart by',
    { path: DETAILS, as: CUSTOMER, query: { ...CONSUMPTION, $filter: "colour eq 'blue'" } },
    refused('InvalidProperty', '$filter'),
  ),
  onFixture(
    'usage in detail for somebody without a role',
    { path: DETAILS, as: TENANT, query: CONSUMPTION },
    { status: 403, code: 'AuthorizationFailed' },
  ),
];

const UTILIZATIONS =
  '/v1/customers/{reportedDirectory}/subscriptions/{reportedSubscription}/utilizations/azure';
const UTILIZED = {
  start_time: HOUR.reportedStartTime,
  end_time: HOUR.reportedEndTime,
  granularity: 'hourly',
} as const;

const utilizations: readonly WireCase[] = [
  {
    name: 'utilization of a customer for its partner, a page at a time',
    fixture: true,
    steps: [
      {
        request: { path: UTILIZATIONS, as: PARTNER, query: { ...UTILIZED, size: '2' } },
        expect: {
          status: 200,
          count: { '/items': 2 },
          json: {
            totalCount: 2,
            items: [
              { resource: { id: VM_HOURS }, attributes: { objectType: 'AzureUtilizationRecord' } },
              {},
            ],
            attributes: { objectType: 'Collection' },
          },
          matches: { '/links/next/uri': 'seekOperation=Next' },
        },
        save: { nextUtilizations: '/links/next/uri' },
      },
      {
        request: { address: '{nextUtilizations}', as: PARTNER },
        expect: { status: 200, count: { '/items': 1 }, absent: ['/links/next'] },
      },
    ],
  },
  onFixture(
    'utilization of a customer without details',
    { path: UTILIZATIONS, as: OPERATOR, query: { ...UTILIZED, show_details: 'false' } },
    { status: 200, count: { '/items': 3 }, absent: ['/items/0/instanceData'] },
  ),
  onFixture(
    'utilization that has not been reported',
    {
      path: UTILIZATIONS,
      as: PARTNER,
      query: { ...UTILIZED, end_time: '2018-06-01T03:00:00Z' },
    },
    { status: 202, code: 'ProcessingNotCompleted' },
  ),
  onFixture(
    'utilization from no time',
    { path: UTILIZATIONS, as: PARTNER, query: { end_time: UTILIZED.end_time } },
    { status: 400, code: 'InvalidProperty', message: 'start_time' },
  ),
  onFixture(
    'utilization under the directory of another customer',
    {
      path: UTILIZATIONS.replace('{reportedDirectory}', '{otherReportedDirectory}'),
      as: PARTNER,
      query: UTILIZED,
    },
    { status: 404, code: 'SubscriptionNotFound' },
  ),
  onFixture(
    'utilization of a customer of another partner',
    {
      path: '/v1/customers/{customerDirectory}/subscriptions/{customerSubscription}/utilizations/azure',
      as: PARTNER,
      query: UTILIZED,
    },
    { status: 403, code: 'AuthorizationFailed' },
  ),
];

const PREVIEW =
  '/subscriptions/{reportingSubscription}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/stamp/customerSubscriptions/{otherReportedSubscription}/preview';
const REGISTRATION = { 'api-version': '2017-06-01' } as const;

const previews: readonly WireCase[] = [
  onFixture(
    'what a mapping would change',
    {
      path: PREVIEW,
      as: PARTNER,
      query: { ...REGISTRATION, tenantId: '{reportedDirectory}', days: '1' },
    },
    {
      status: 200,
      json: {
        tenantId: '{reportedDirectory}',
        customerSubscriptionId: '{otherReportedSubscription}',
        shared: false,
        hiddenRegistrations: 0,
        registrations: [
          {
            registrationId: '{stampRegistrationId}',
            presentSubscriptionId: '{reportedSubscription}',
            futureSubscriptionId: '{otherReportedSubscription}',
            changes: true,
          },
        ],
      },
    },
  ),
  onFixture(
    'what a mapping of many days would change',
    { path: PREVIEW, as: PARTNER, query: { ...REGISTRATION, days: '1000' } },
    { status: 400, code: 'InvalidProperty', message: 'days' },
  ),
  onFixture(
    'what a mapping to the customer of another partner would change',
    {
      path: PREVIEW.replace('{otherReportedSubscription}', '{customerSubscription}'),
      as: PARTNER,
      query: REGISTRATION,
    },
    { status: 403, code: 'BadCustomerSubscriptionId' },
  ),
  onFixture(
    'what a mapping would change, for a customer',
    { path: PREVIEW, as: CUSTOMER, query: REGISTRATION },
    { status: 403, code: 'AuthorizationFailed' },
  ),
];

/** The interfaces at which what was reported is read. */
export const accountUsageCases: readonly WireCase[] = [
  ...usageAggregates,
  ...billing,
  ...utilizations,
  ...previews,
];

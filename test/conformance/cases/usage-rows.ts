import { onFixture, type WireCase } from '../case.ts';
import {
  HOURLY,
  OLD_PROVIDER_PATH,
  onEach,
  OPERATOR,
  PROVIDER_PATH,
  TENANT,
  TENANT_PATH,
  USAGE_QUERY,
} from './usage.ts';

const VM_HOURS = '6dab500f-a4fd-49c4-956d-229bb9c8c793';

/** The one row of the other subscription at that hour, byte for byte. */
const ROW = (times: string, recordId: string): string =>
  '{"value":[{"id":"/subscriptions/{operatorSubscription}/providers/Microsoft.Commerce/UsageAggregate/{otherSubscription}-' +
  `${VM_HOURS}","name":"{otherSubscription}-${VM_HOURS}","type":"Microsoft.Commerce/UsageAggregate",` +
  `"properties":{"subscriptionId":"{otherSubscription}",${times},` +
  '"instanceData":"{\\"Microsoft.Resources\\":{\\"resourceUri\\":\\"/subscriptions/{otherSubscription}/resourceGroups/web-RG/providers/Microsoft.Compute/virtualMachines/wéb\\\\\\"01\\\\\\"\\",' +
  '\\"location\\":\\"local\\",\\"tags\\":\\"{ \\\\\\"env\\\\\\" : \\\\\\"prod\\\\\\" }\\",' +
  '\\"additionalInfo\\":\\"{\\\\\\"ServiceType\\\\\\":\\\\\\"Standard_A2\\\\\\",\\\\\\"ImageType\\\\\\":null}\\"}}",' +
  `"quantity":0.12345678901234567890123456789,"meterId":"${VM_HOURS}","name":"{otherSubscription}-${VM_HOURS}"${recordId}}}]}`;

const AN_HOUR =
  '"usageStartTime":"2018-06-02T04:00:00+00:00","usageEndTime":"2018-06-02T05:00:00+00:00"';

const FIVE = {
  ...HOURLY,
  reportedStartTime: '2018-06-02T05:00:00Z',
  reportedEndTime: '2018-06-02T06:00:00Z',
};
const OTHER_AT_FIVE = { ...FIVE, subscriberId: '{otherSubscription}' };
const ELEVEN = {
  ...HOURLY,
  reportedStartTime: '2018-06-02T11:00:00Z',
  reportedEndTime: '2018-06-02T12:00:00Z',
  subscriberId: '{otherSubscription}',
};

/** A case for any way of writing the same question. */
const same = (
  name: string,
  path: string,
  query: Record<string, string> = OTHER_AT_FIVE,
): WireCase =>
  onFixture(name, { path, as: OPERATOR, query }, { status: 200, text: ROW(AN_HOUR, '') });

/** What answers look like: rows, headers, whose rows. */
export const usageRows: readonly WireCase[] = [
  same('a row, byte for byte', PROVIDER_PATH),
  same('a row through the path of 2018', OLD_PROVIDER_PATH),
  same(
    'a path in upper case',
    PROVIDER_PATH.toUpperCase().replace(/\{.*?\}/, '{operatorSubscription}'),
  ),
  same(
    'a path in lower case',
    PROVIDER_PATH.toLowerCase().replace(/\{.*?\}/, '{operatorSubscription}'),
  ),
  same(
    'repeated slashes and one at the end',
    `/${PROVIDER_PATH.replaceAll('/providers', '//providers')}/`,
  ),
  same('names of parameters in upper case', PROVIDER_PATH, {
    'API-VERSION': FIVE['api-version'],
    REPORTEDSTARTTIME: FIVE.reportedStartTime,
    REPORTEDENDTIME: FIVE.reportedEndTime,
    AGGREGATIONGRANULARITY: 'HOURLY',
    SUBSCRIBERID: '7C1E9A40-5B2D-4F83-9E16-2D3A8B4C5F02',
  }),
  same('names of parameters in lower case', PROVIDER_PATH, {
    'api-version': '2015-06-01-PREVIEW',
    reportedstarttime: FIVE.reportedStartTime,
    reportedendtime: FIVE.reportedEndTime,
    aggregationgranularity: 'hourly',
    subscriberid: '{otherSubscription}',
  }),
  same('unknown parameters are passed over', PROVIDER_PATH, {
    ...OTHER_AT_FIVE,
    showDetails: 'true',
    colour: 'blue',
  }),
  same('optional parameters left empty', PROVIDER_PATH, {
    ...OTHER_AT_FIVE,
    continuationToken: '',
    includeIndirect: '',
    showRecordId: '',
  }),
  onFixture(
    'a row with its id, when asked for',
    { path: PROVIDER_PATH, as: OPERATOR, query: { ...OTHER_AT_FIVE, showRecordId: 'True' } },
    {
      status: 200,
      matches: {
        '/value/0/properties/recordId':
          '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
      },
    },
  ),
  {
    name: 'the id of a row is the same each time',
    fixture: true,
    steps: [
      {
        request: {
          path: PROVIDER_PATH,
          as: OPERATOR,
          query: { ...OTHER_AT_FIVE, showRecordId: 'true' },
        },
        expect: { status: 200 },
        save: { recordId: '/value/0/properties/recordId' },
      },
      {
        request: {
          path: PROVIDER_PATH,
          as: OPERATOR,
          query: { ...OTHER_AT_FIVE, showRecordId: 'true' },
        },
        expect: { status: 200, text: ROW(AN_HOUR, ',"recordId":"{recordId}"') },
      },
    ],
  },
  onFixture(
    'rows of several usage hours in one reported hour, and quantities as they are written',
    { path: PROVIDER_PATH, as: OPERATOR, query: ELEVEN },
    {
      status: 200,
      count: { '/value': 3 },
      contains: ['"quantity":0.0,', '"quantity":0.0000000001,', '"quantity":10.5,'],
      json: {
        value: [
          { properties: { usageStartTime: '2018-06-02T09:00:00+00:00', quantity: 0 } },
          { properties: { usageStartTime: '2018-06-02T10:00:00+00:00' } },
          { properties: { usageEndTime: '2018-06-02T11:00:00+00:00' } },
        ],
      },
    },
  ),
  onFixture(
    'a day, most of it reported on the day itself',
    {
      path: TENANT_PATH,
      as: TENANT,
      query: { ...USAGE_QUERY, reportedStartTime: '2018-06-01', reportedEndTime: '2018-06-02' },
    },
    {
      status: 200,
      json: {
        value: [
          {
            properties: {
              usageStartTime: '2018-06-01T00:00:00+00:00',
              usageEndTime: '2018-06-02T00:00:00+00:00',
              quantity: 23,
              meterId: 'F271A8A388C44D93956A063E1D2FA80B',
            },
          },
        ],
      },
    },
  ),
  onFixture(
    'its last hour, reported on the next day and not merged',
    {
      path: TENANT_PATH,
      as: TENANT,
      query: { ...USAGE_QUERY, reportedStartTime: '2018-06-01', aggregationGranularity: 'daily' },
    },
    {
      status: 200,
      json: {
        value: [
          { properties: { usageStartTime: '2018-06-01T00:00:00+00:00', quantity: 23 } },
          { properties: { usageStartTime: '2018-06-01T00:00:00+00:00', quantity: 1 } },
        ],
      },
    },
  ),
  onFixture(
    "a tenant's rows carry its own subscription in their id",
    { path: TENANT_PATH, as: TENANT, query: { ...USAGE_QUERY, showDetails: 'false' } },
    {
      status: 200,
      matches: {
        '/value/0/id':
          '^/subscriptions/{tenantSubscription}/providers/Microsoft.Commerce/UsageAggregate/{tenantSubscription}-F271A8A388C44D93956A063E1D2FA80B$',
      },
    },
  ),
  onFixture(
    'a tenant cannot ask for another subscription by subscriberId: it is not a parameter there',
    { path: TENANT_PATH, as: TENANT, query: OTHER_AT_FIVE },
    { status: 200, text: '{"value":[]}' },
  ),
  ...onEach(
    'nothing was used',
    {
      query: {
        ...HOURLY,
        reportedStartTime: '2018-06-02T22:00:00Z',
        reportedEndTime: '2018-06-03T00:00:00Z',
      },
    },
    {
      status: 200,
      text: '{"value":[]}',
      headers: { 'content-length': '12', 'content-type': 'application/json; charset=utf-8' },
    },
  ),
  onFixture(
    'a provider sees its direct tenants',
    { path: PROVIDER_PATH, as: OPERATOR, query: FIVE },
    {
      status: 200,
      json: {
        value: [
          { properties: { subscriptionId: '{otherSubscription}' } },
          { properties: { subscriptionId: '{resellerSubscription}', quantity: 3 } },
        ],
      },
    },
  ),
  onFixture(
    'a provider sees the whole tree below it when it asks for that',
    { path: PROVIDER_PATH, as: OPERATOR, query: { ...FIVE, includeIndirect: 'true' } },
    {
      status: 200,
      json: {
        value: [
          { properties: { subscriptionId: '{otherSubscription}' } },
          { properties: { subscriptionId: '{resellerSubscription}' } },
          { properties: { subscriptionId: '{indirectSubscription}', quantity: 2 } },
        ],
      },
    },
  ),
  onFixture(
    'one indirect tenant, when the tree is asked for',
    {
      path: PROVIDER_PATH,
      as: OPERATOR,
      query: { ...FIVE, includeIndirect: 'true', subscriberId: '{indirectSubscription}' },
    },
    { status: 200, count: { '/value': 1 } },
  ),
  onFixture(
    'a delegated provider sees its own tenants only',
    {
      path: PROVIDER_PATH.replace('operatorSubscription', 'resellerSubscription'),
      as: { client: 'reseller' },
      query: FIVE,
    },
    {
      status: 200,
      json: { value: [{ properties: { subscriptionId: '{indirectSubscription}' } }] },
    },
  ),
  onFixture(
    'a subscription without tenants sees none as a provider, its own usage least of all',
    {
      path: PROVIDER_PATH.replace('operatorSubscription', 'tenantSubscription'),
      as: TENANT,
      query: { ...USAGE_QUERY, reportedStartTime: '2018-06-01' },
    },
    { status: 200, text: '{"value":[]}' },
  ),
  onFixture(
    'a role on the whole stamp reads any subscription',
    { path: TENANT_PATH, as: { client: 'stampReader' }, query: USAGE_QUERY },
    { status: 200, count: { '/value': 1 } },
  ),
  ...onEach(
    'headers of an answer',
    {
      query: USAGE_QUERY,
      headers: {
        'x-ms-client-request-id': 'my-request-1',
        'x-ms-return-client-request-id': 'true',
      },
    },
    {
      status: 200,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'content-length': '/^[0-9]+$/',
        'cache-control': 'no-cache',
        pragma: 'no-cache',
        expires: '-1',
        date: '/GMT$/',
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-ms-request-id': '/^[0-9a-f-]{36}$/',
        'x-ms-correlation-request-id': '/^[0-9a-f-]{36}$/',
        'x-ms-routing-request-id': '/^[A-Z0-9]+:[0-9]{8}T[0-9]{6}Z:[0-9a-f-]{36}$/',
        'x-ms-client-request-id': 'my-request-1',
        'x-powered-by': null,
      },
    },
  ),
];

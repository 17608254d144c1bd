import { onFixture, type As, type WireCase, type WireRequest } from '../case.ts';
import { OPERATOR } from './usage.ts';

const VERSION = { 'api-version': '2017-06-01' } as const;
const JSON_BODY = { 'content-type': 'application/json' } as const;
const PARTNER: As = { client: 'partner' };
const CUSTOMER: As = { client: 'customer' };

const inGroup = (subscription: string, group = 'azurestack'): string =>
  `/subscriptions/{${subscription}}/resourceGroups/${group}/providers/Microsoft.AzureStack/registrations`;
const REGISTRATIONS = inGroup('baseSubscription');
const FIRST = `${REGISTRATIONS}/first`;

const ask = (path: string, as: As = PARTNER, method = 'GET'): WireRequest => ({
  method,
  path,
  as,
  query: VERSION,
});
const put = (path: string, token: string, as: As = PARTNER): WireRequest => ({
  ...ask(path, as, 'PUT'),
  headers: JSON_BODY,
  body: { json: { location: 'global', properties: { registrationToken: token } } },
});
const map = (
  path: string,
  customer: string,
  properties?: object,
  as: As = PARTNER,
): WireRequest => ({
  ...ask(`${path}/customerSubscriptions/${customer}`, as, 'PUT'),
  ...(properties && { headers: JSON_BODY, body: { json: { properties } } }),
});

/** Registrations of stamps, from the first PUT to the last DELETE; later cases build on earlier ones. */
export const registrationCases: readonly WireCase[] = [
  onFixture('a registration that is not there', ask(FIRST), {
    status: 404,
    code: 'RegistrationNotFound',
    message: "'first' in the resource group 'azurestack' of the subscription '{baseSubscription}'",
  }),
  onFixture('a stamp is registered', put(FIRST, '{firstToken}'), {
    status: 201,
    json: {
      name: 'first',
      type: 'Microsoft.AzureStack/registrations',
      location: 'global',
      properties: { cloudId: 'a1b2c3d4-0000-4000-8000-000000000001', billingModel: 'PayAsYouUse' },
    },
    matches: {
      '/id':
        '^/subscriptions/{baseSubscription}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/first$',
      '/etag': '.+',
      '/properties/objectId': '^[0-9a-f-]{36}$',
    },
  }),
  onFixture('the same again is an update', put(FIRST, '{firstToken}'), { status: 200 }),
  onFixture(
    'PATCH takes the same body',
    { ...put(FIRST, '{firstToken}'), method: 'PATCH' },
    { status: 200, json: { name: 'first' } },
  ),
  onFixture(
    'a registration, its path in another case',
    ask(
      FIRST.toUpperCase()
        .replace('{BASESUBSCRIPTION}', '{baseSubscription}')
        .replace('/FIRST', '/First'),
    ),
    {
      status: 200,
      json: { name: 'first' },
    },
  ),
  onFixture('the registrations of a group', ask(REGISTRATIONS), {
    status: 200,
    count: { '/value': 1 },
    absent: ['/nextLink'],
  }),
  onFixture(
    'the registrations of a subscription',
    ask('/subscriptions/{baseSubscription}/providers/Microsoft.AzureStack/registrations'),
    { status: 200, count: { '/value': 1 } },
  ),
  onFixture(
    'a registration without api-version',
    { ...ask(FIRST), query: {} },
    {
      status: 400,
      code: 'MissingApiVersionParameter',
    },
  ),
  onFixture(
    'a registration in a version that there is not',
    { ...ask(FIRST), query: { 'api-version': '2016-01-01' } },
    { status: 400, code: 'InvalidApiVersionParameter' },
  ),
  onFixture('a registration asked for by a stranger', ask(FIRST, CUSTOMER), {
    status: 403,
    code: 'AuthorizationFailed',
  }),
  onFixture(
    'a registration that is not to be there yet',
    { ...put(FIRST, '{firstToken}'), headers: { ...JSON_BODY, 'if-none-match': '*' } },
    { status: 412, code: 'PreconditionFailed' },
  ),
  onFixture('another stamp under the same name', put(FIRST, '{secondToken}'), {
    status: 409,
    code: 'CloudIdUpdateNotAllowed',
  }),
  onFixture('the same stamp under another name', put(`${REGISTRATIONS}/other`, '{firstToken}'), {
    status: 409,
    code: 'CloudIdAlreadyRegistered',
    message: 'is already registered',
  }),
  onFixture('a token that no stamp signed', put(`${REGISTRATIONS}/other`, 'eyJ.e30.x'), {
    status: 400,
    code: 'InvalidRegistrationToken',
  }),
  onFixture(
    'a body without a token',
    {
      ...ask(`${REGISTRATIONS}/other`, PARTNER, 'PUT'),
      headers: JSON_BODY,
      body: { json: { location: 'global', properties: {} } },
    },
    { status: 400, code: 'InvalidProperty', message: 'registrationToken' },
  ),
  onFixture(
    'capacity without an agreement number',
    put(`${REGISTRATIONS}/other`, '{tokenWithoutAgreement}'),
    { status: 400, code: 'MissingAgreementNumber' },
  ),
  onFixture(
    'custom without an asset tag',
    put(`${REGISTRATIONS}/other`, '{tokenWithoutAssetTag}'),
    {
      status: 400,
      code: 'MissingMsAssetTag',
    },
  ),
  onFixture(
    'pay as you use under a subscription for kits',
    put(`${inGroup('payAsYouGoSubscription')}/kit`, '{secondToken}', OPERATOR),
    { status: 409, code: 'BillingModelNotAllowed' },
  ),
  onFixture(
    'a development kit under it',
    put(`${inGroup('payAsYouGoSubscription')}/kit`, '{kitToken}', OPERATOR),
    { status: 201, json: { properties: { billingModel: 'Development' } } },
  ),
  onFixture(
    'under a subscription that commerce does not know',
    put(`${inGroup('tenantSubscription')}/kit`, '{secondToken}', OPERATOR),
    { status: 404, code: 'SubscriptionNotFound' },
  ),
  onFixture('the activation key', ask(`${FIRST}/getactivationkey`, PARTNER, 'POST'), {
    status: 200,
    matches: { '/activationKey': '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$' },
  }),
  onFixture('the activation key for a reader', ask(`${FIRST}/getactivationkey`, CUSTOMER, 'POST'), {
    status: 403,
    code: 'AuthorizationFailed',
  }),
  onFixture('remote management', ask(`${FIRST}/enableRemoteManagement`, PARTNER, 'POST'), {
    status: 200,
  }),
];

const CUSTOMERS = `${FIRST}/customerSubscriptions`;

/** Mapping of directories to subscriptions of customers, with each error of the contract. */
export const customerSubscriptionCases: readonly WireCase[] = [
  onFixture('no customers yet', ask(CUSTOMERS), { status: 200, count: { '/value': 0 } }),
  onFixture('a customer that is not mapped', ask(`${CUSTOMERS}/{customerSubscription}`), {
    status: 404,
    code: 'CustomerSubscriptionNotFound',
  }),
  onFixture(
    'a customer is mapped, its directory known to commerce',
    map(FIRST, '{customerSubscription}'),
    {
      status: 200,
      json: {
        name: '{customerSubscription}',
        type: 'Microsoft.AzureStack/registrations/customerSubscriptions',
        properties: { tenantId: '{customerDirectory}' },
      },
      matches: { '/etag': '.+', '/id': '/customerSubscriptions/{customerSubscription}$' },
    },
  ),
  onFixture('a customer whose directory nobody knows', map(FIRST, '{secondCustomerSubscription}'), {
    status: 400,
    code: 'InvalidProperty',
    message: 'tenantId',
  }),
  onFixture(
    'a customer is mapped, its directory stated; in upper case it is the same',
    map(FIRST, '8D2F0B51-6C3E-4A94-8F27-3E4B9C5D6A03', { tenantId: '{secondCustomerDirectory}' }),
    {
      status: 200,
      json: {
        name: '{secondCustomerSubscription}',
        properties: { tenantId: '{secondCustomerDirectory}' },
      },
    },
  ),
  onFixture('the customers', ask(CUSTOMERS), { status: 200, count: { '/value': 2 } }),
  onFixture(
    'a second subscription for a directory replaces the first',
    map(FIRST, '{secondCustomerSubscription}', { tenantId: '{customerDirectory}' }),
    { status: 200, json: { properties: { tenantId: '{customerDirectory}' } } },
  ),
  onFixture('so that one is left', ask(CUSTOMERS), {
    status: 200,
    count: { '/value': 1 },
    json: { value: [{ name: '{secondCustomerSubscription}' }] },
  }),
  onFixture('what is no id', map(FIRST, 'not-an-id', { tenantId: '{customerDirectory}' }), {
    status: 400,
    code: 'InvalidCustomerSubscriptionId',
  }),
  onFixture(
    'an id that nobody knows',
    map(FIRST, '{unknownSubscription}', { tenantId: '{customerDirectory}' }),
    { status: 400, code: 'InvalidCustomerSubscriptionId' },
  ),
  onFixture(
    'a customer of another partner',
    map(FIRST, '{foreignCustomerSubscription}', { tenantId: '{customerDirectory}' }),
    { status: 403, code: 'BadCustomerSubscriptionId' },
  ),
  onFixture(
    'a subscription of another kind',
    map(FIRST, '{enterpriseSubscription}', { tenantId: '{customerDirectory}' }),
    { status: 400, code: 'InvalidCSPSubscription' },
  ),
  onFixture(
    'the directory of subscriptions fails',
    map(FIRST, '{unresolvableSubscription}', { tenantId: '{customerDirectory}' }),
    { status: 502, code: 'MetadataResolverBadGatewayError' },
  ),
  onFixture(
    'a customer of a registration that is not there',
    map(`${REGISTRATIONS}/nobody`, '{customerSubscription}'),
    { status: 404, code: 'RegistrationNotFound' },
  ),
  {
    name: 'a registration that is not approved for several tenants',
    fixture: true,
    steps: [
      {
        request: put(`${inGroup('unapprovedSubscription')}/plain`, '{unapprovedToken}', OPERATOR),
        expect: { status: 201 },
      },
      {
        request: map(
          `${inGroup('unapprovedSubscription')}/plain`,
          '{customerSubscription}',
          undefined,
          OPERATOR,
        ),
        expect: { status: 403, code: 'UnauthorizedCspRegistration' },
      },
      {
        request: put(`${inGroup('enterpriseSubscription')}/plain`, '{enterpriseToken}', OPERATOR),
        expect: { status: 201 },
      },
      {
        request: map(
          `${inGroup('enterpriseSubscription')}/plain`,
          '{customerSubscription}',
          undefined,
          OPERATOR,
        ),
        expect: { status: 403, code: 'UnauthorizedCspRegistration' },
      },
    ],
  },
  {
    name: 'a registration by capacity maps nobody',
    fixture: true,
    steps: [
      { request: put(`${REGISTRATIONS}/capacity`, '{capacityToken}'), expect: { status: 201 } },
      {
        request: map(`${REGISTRATIONS}/capacity`, '{customerSubscription}'),
        expect: { status: 409, code: 'CustomerSubscriptionsNotAllowed' },
      },
    ],
  },
  onFixture(
    'an effective date in the past',
    map(FIRST, '{secondCustomerSubscription}', {
      tenantId: '{secondCustomerDirectory}',
      effectiveFrom: '2018-01-01T00:00:00Z',
    }),
    { status: 400, code: 'InvalidProperty', message: 'effectiveFrom' },
  ),
  onFixture('customers are mapped by who may', map(FIRST, '{customerSubscription}', {}, CUSTOMER), {
    status: 403,
    code: 'AuthorizationFailed',
  }),
  onFixture(
    'a mapping is removed',
    ask(`${CUSTOMERS}/{secondCustomerSubscription}`, PARTNER, 'DELETE'),
    { status: 200 },
  ),
  onFixture(
    'and a mapping is not there to be removed again',
    ask(`${CUSTOMERS}/{secondCustomerSubscription}`, PARTNER, 'DELETE'),
    { status: 204 },
  ),
  onFixture('a registration is removed', ask(FIRST, PARTNER, 'DELETE'), { status: 200 }),
  onFixture('and a registration is not there to be removed again', ask(FIRST, PARTNER, 'DELETE'), {
    status: 204,
  }),
];

import { one, onFixture, type WireCase } from '../case.ts';
import { OPERATOR, TENANT, USAGE_QUERY } from './usage.ts';

const OLD = { 'api-version': '2016-06-01' } as const;
const NEW = { 'api-version': '2022-12-01' } as const;
const ROLES = { 'api-version': '2022-04-01' } as const;
const TENANT_SCOPE = '/subscriptions/{tenantSubscription}';
const JSON_BODY = { 'content-type': 'application/json' } as const;
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';

const assignmentAt = (scope: string): string =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/{assignment}`;
const assign = (roleDefinitionId: string): { readonly json: unknown } => ({
  json: { properties: { roleDefinitionId, principalId: '{someone}' } },
});

/** What stock clients ask for before anything else. */
const subscriptions: readonly WireCase[] = [
  one(
    'the subscriptions of a tenant are those on which it has a role',
    { path: '/subscriptions', as: TENANT, query: OLD },
    {
      status: 200,
      count: { '/value': 1 },
      json: {
        value: [
          {
            id: TENANT_SCOPE,
            subscriptionId: '{tenantSubscription}',
            displayName: 'tenantSubscription',
            state: 'Enabled',
            tenantId: '{homeTenant}',
            subscriptionPolicies: { locationPlacementId: 'AzureStack' },
          },
        ],
      },
      absent: ['/nextLink'],
    },
  ),
  one(
    'subscriptions under a newer version, with a slash too many',
    { path: '//Subscriptions/', as: TENANT, query: NEW },
    { status: 200, count: { '/value': 1 } },
  ),
  one(
    'one subscription',
    { path: TENANT_SCOPE, as: TENANT, query: OLD },
    { status: 200, json: { id: TENANT_SCOPE, state: 'Enabled' } },
  ),
  one(
    'the directory of the caller',
    { path: '/tenants', as: TENANT, query: OLD },
    {
      status: 200,
      count: { '/value': 1 },
      json: { value: [{ id: '/tenants/{homeTenant}', tenantId: '{homeTenant}' }] },
    },
  ),
  ...['{otherSubscription}', '{unknownSubscription}'].map((id) =>
    one(
      `a tenant asks for the subscription ${id}`,
      { path: `/subscriptions/${id}`, as: TENANT, query: OLD },
      { status: 403, code: 'AuthorizationFailed' },
    ),
  ),
  one(
    'a subscription that is not there, for the operator',
    { path: '/subscriptions/{unknownSubscription}', as: OPERATOR, query: OLD },
    { status: 404, code: 'SubscriptionNotFound' },
  ),
  one(
    'subscriptions without a token',
    { path: '/subscriptions', query: OLD },
    { status: 401, code: 'AuthenticationFailed' },
  ),
  ...['/subscriptions', '/tenants', TENANT_SCOPE].map((path) =>
    one(
      `without api-version: ${path}`,
      { path, as: TENANT },
      { status: 400, code: 'MissingApiVersionParameter' },
    ),
  ),
  one(
    'subscriptions with a version that is none',
    { path: '/subscriptions', as: TENANT, query: { 'api-version': 'latest' } },
    { status: 400, code: 'InvalidApiVersionParameter' },
  ),
];

const providers: readonly WireCase[] = [
  one(
    'the resource providers of a subscription',
    { path: `${TENANT_SCOPE}/providers`, as: TENANT, query: OLD },
    { status: 200, contains: ['"Microsoft.Commerce"', '"registrationState":"Registered"'] },
  ),
  one(
    'a resource provider that nobody offers',
    { path: '/providers/Contoso.Lab', as: TENANT, query: OLD },
    { status: 404, code: 'InvalidResourceNamespace', message: 'Contoso.Lab' },
  ),
  one(
    'a path into a resource provider that is not there',
    {
      path: `${TENANT_SCOPE}/providers/Microsoft.Compute/virtualMachines`,
      as: TENANT,
      query: OLD,
    },
    { status: 404, code: 'InvalidResourceNamespace', message: 'Microsoft.Compute' },
  ),
  one(
    'a type that its resource provider does not have',
    { path: `${TENANT_SCOPE}/providers/Microsoft.Commerce/rateCards`, as: TENANT, query: OLD },
    { status: 404, code: 'InvalidResourceType', message: 'rateCards' },
  ),
  one(
    'the operations of a resource provider',
    {
      path: '/providers/Microsoft.Commerce.Admin/operations',
      as: OPERATOR,
      query: { 'api-version': '2015-06-01-preview' },
    },
    { status: 200, contains: ['Microsoft.Commerce.Admin/subscriberUsageAggregates/read'] },
  ),
  one(
    'renewing the encryption, which there is nothing to do for',
    {
      method: 'POST',
      path: '/subscriptions/{operatorSubscription}/providers/Microsoft.Commerce.Admin/updateEncryption',
      as: OPERATOR,
      query: { 'api-version': '2015-06-01-preview' },
    },
    { status: 200, text: '' },
  ),
];

const roles: readonly WireCase[] = [
  one(
    'what a role allows',
    {
      path: `${TENANT_SCOPE}/providers/Microsoft.Authorization/roleDefinitions/${READER}`,
      as: TENANT,
      query: ROLES,
    },
    {
      status: 200,
      json: { name: READER, properties: { roleName: 'Reader', type: 'BuiltInRole' } },
    },
  ),
  {
    name: 'a role is assigned, found, refused twice under two names, and taken away',
    steps: [
      {
        request: {
          method: 'PUT',
          headers: JSON_BODY,
          path: assignmentAt(TENANT_SCOPE),
          as: OPERATOR,
          query: ROLES,
          body: assign(READER),
        },
        expect: {
          status: 201,
          json: { name: '{assignment}', properties: { principalId: '{someone}' } },
        },
      },
      {
        request: {
          method: 'PUT',
          headers: JSON_BODY,
          path: assignmentAt(TENANT_SCOPE),
          as: OPERATOR,
          query: ROLES,
          body: assign(READER),
        },
        expect: { status: 200 },
      },
      {
        request: {
          method: 'PUT',
          headers: JSON_BODY,
          path: assignmentAt(TENANT_SCOPE).replace('{assignment}', '{someone}'),
          as: OPERATOR,
          query: ROLES,
          body: assign(READER),
        },
        expect: { status: 409, code: 'RoleAssignmentExists' },
      },
      {
        request: {
          path: `${TENANT_SCOPE}/providers/Microsoft.Authorization/roleAssignments`,
          as: OPERATOR,
          query: { ...ROLES, $filter: `principalId eq '{someone}'` },
        },
        expect: { status: 200, count: { '/value': 1 } },
      },
      {
        request: {
          method: 'DELETE',
          path: assignmentAt(TENANT_SCOPE),
          as: OPERATOR,
          query: ROLES,
        },
        expect: { status: 200, json: { name: '{assignment}' } },
      },
      {
        request: {
          method: 'DELETE',
          path: assignmentAt(TENANT_SCOPE),
          as: OPERATOR,
          query: ROLES,
        },
        expect: { status: 204, text: '' },
      },
    ],
  },
  ...[TENANT_SCOPE, '', '/subscriptions/{otherSubscription}'].map((scope) =>
    one(
      `a reader assigns roles on ${scope === '' ? 'the stamp' : scope}`,
      {
        method: 'PUT',
        headers: JSON_BODY,
        path: assignmentAt(scope),
        as: TENANT,
        query: ROLES,
        body: assign(OWNER),
      },
      { status: 403, code: 'AuthorizationFailed' },
    ),
  ),
];

const GROUP_USAGE = `${TENANT_SCOPE}/resourceGroups/{group}/providers/Microsoft.Commerce/usageAggregates`;
const inGroup = (group: string): string => GROUP_USAGE.replace('{group}', group);
const GROUP: { readonly client: string } = { client: 'groupReader' };

const groups: readonly WireCase[] = [
  onFixture(
    'whoever has one resource group reads its usage, the group named in any case',
    { path: inGroup('WEB-rg'), as: GROUP, query: USAGE_QUERY },
    { status: 200, count: { '/value': 1 } },
  ),
  onFixture(
    'of another group of the subscription there is none',
    { path: inGroup('db'), as: TENANT, query: USAGE_QUERY },
    { status: 200, text: '{"value":[]}' },
  ),
  ...[inGroup('db'), GROUP_USAGE.replace('/resourceGroups/{group}', '')].map((path) =>
    one(
      `whoever has one resource group asks for ${path}`,
      { path, as: GROUP, query: USAGE_QUERY },
      { status: 403, code: 'AuthorizationFailed' },
    ),
  ),
  one(
    'whoever has one resource group sees the subscription that it is in',
    { path: '/subscriptions', as: GROUP, query: OLD },
    { status: 200, count: { '/value': 1 } },
  ),
];

const audit: readonly WireCase[] = [
  one(
    'the audit trail',
    { path: '/api/v1/audit', as: { client: 'auditor' }, query: { limit: '1' } },
    {
      status: 200,
      count: { '/value': 1 },
      json: { value: [{ number: '1' }], next: '1' },
      matches: { '/value/0/hash': '^[0-9a-f]{64}$' },
    },
  ),
  ...[TENANT, { client: 'stampReader' }].map((as) =>
    one(
      `the audit trail, for ${as.client}`,
      { path: '/api/v1/audit', as },
      { status: 403, code: 'AuthorizationFailed' },
    ),
  ),
  one(
    'the audit trail, too much at once',
    { path: '/api/v1/audit', as: OPERATOR, query: { limit: '1001' } },
    { status: 400, code: 'InvalidProperty' },
  ),
  one(
    'an auditor changes nothing',
    {
      method: 'PUT',
      path: assignmentAt(TENANT_SCOPE),
      headers: JSON_BODY,
      as: { client: 'auditor' },
      query: ROLES,
      body: assign(READER),
    },
    { status: 403, code: 'AuthorizationFailed' },
  ),
];

/** The surface of the resource manager: what clients of the cloud ask before and around usage. */
export const resourceManagerCases: readonly WireCase[] = [
  ...subscriptions,
  ...providers,
  ...roles,
  ...groups,
  ...audit,
];

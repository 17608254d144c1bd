import {
  apiVersionParameter,
  named,
  type ApiVersions,
  type Operation,
  type Schema,
} from '../../platform/index.ts';

/** Each client asks with another one: any is taken. */
export const RESOURCE_VERSIONS: ApiVersions = { oldest: '2015-01-01', newest: '2022-12-01' };
export const COMMERCE_VERSIONS: ApiVersions = ['2015-06-01-preview'];

const subscription = named('UserSubscription', {
  type: 'object',
  required: ['id', 'subscriptionId', 'displayName', 'state', 'subscriptionPolicies'],
  properties: {
    id: { type: 'string', description: '/subscriptions/{id}' },
    subscriptionId: { type: 'string', format: 'uuid' },
    displayName: { type: 'string' },
    state: {
      enum: ['Enabled', 'Disabled', 'Warned', 'PastDue', 'Deleting', 'PartiallyDeleted', 'Deleted'],
      description: 'The last three are seen by readers of the whole stamp only.',
    },
    tenantId: {
      type: 'string',
      format: 'uuid',
      description: 'Its directory tenant; left out where a subscription of commerce has none.',
    },
    offerId: { type: 'string', description: 'The offer that it was made from, if any.' },
    subscriptionPolicies: {
      type: 'object',
      properties: { locationPlacementId: { const: 'AzureStack' } },
    },
    authorizationSource: { const: 'RoleBased' },
  },
});

const tenant = named('Tenant', {
  type: 'object',
  required: ['id', 'tenantId'],
  properties: {
    id: { type: 'string' },
    tenantId: { type: 'string', format: 'uuid' },
    displayName: { type: 'string' },
    tenantCategory: { const: 'Home' },
  },
});

const location = named('Location', {
  type: 'object',
  required: ['id', 'name', 'displayName'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string' },
    displayName: { type: 'string' },
  },
});

const provider = named('ResourceProvider', {
  type: 'object',
  required: ['id', 'namespace', 'registrationState', 'resourceTypes'],
  properties: {
    id: { type: 'string' },
    namespace: { type: 'string' },
    registrationState: { const: 'Registered' },
    resourceTypes: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          resourceType: { type: 'string' },
          locations: { type: 'array', items: { type: 'string' } },
          apiVersions: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
});

const providerOperation = named('ProviderOperation', {
  type: 'object',
  required: ['name', 'display'],
  properties: {
    name: { type: 'string', description: 'As roles name it.' },
    display: {
      type: 'object',
      properties: {
        provider: { type: 'string' },
        resource: { type: 'string' },
        operation: { type: 'string' },
        description: { type: 'string' },
      },
    },
  },
});

function listOf(items: Schema): Schema {
  return {
    type: 'object',
    required: ['value'],
    properties: {
      value: { type: 'array', items },
      nextLink: {
        type: 'string',
        format: 'uri',
        description: 'The next page; absent on the last.',
      },
    },
  };
}

const VERSION = apiVersionParameter(RESOURCE_VERSIONS);
const VERSION_ERRORS = ['MissingApiVersionParameter', 'InvalidApiVersionParameter'] as const;

function reading(
  part: Pick<Operation, 'id' | 'summary' | 'errors' | 'parameters'>,
  description: string,
  schema: Schema,
): Operation {
  return {
    tag: 'resources',
    access: 'token',
    ...part,
    parameters: [VERSION, ...(part.parameters ?? [])],
    answers: { 200: { description, contents: { 'application/json': schema } } },
    errors: [...VERSION_ERRORS, ...(part.errors ?? [])],
  };
}

/** What the routes of the resource manager tell of themselves. */
export const resourceOperations = {
  tenants: reading(
    { id: 'listTenants', summary: "The caller's own directory tenant" },
    'One tenant.',
    listOf(tenant),
  ),
  subscriptions: reading(
    {
      id: 'listSubscriptions',
      summary: 'The subscriptions on which the caller has a role',
      parameters: [
        {
          name: '$skiptoken',
          in: 'query',
          description: 'From the nextLink of the page before.',
          schema: { type: 'string' },
        },
      ],
    },
    'Up to 1,000, by id.',
    listOf(subscription),
  ),
  subscription: reading(
    { id: 'getSubscription', summary: 'One subscription', errors: ['SubscriptionNotFound'] },
    'The subscription.',
    subscription,
  ),
  locations: reading(
    { id: 'listLocations', summary: 'The region of the stamp', errors: ['SubscriptionNotFound'] },
    'One location.',
    listOf(location),
  ),
  providers: reading(
    { id: 'listProviders', summary: 'The resource providers of this stamp' },
    'All of them.',
    listOf(provider),
  ),
  provider: reading(
    { id: 'getProvider', summary: 'One resource provider', errors: ['InvalidResourceNamespace'] },
    'The provider.',
    provider,
  ),
  providersOf: reading(
    {
      id: 'listProvidersOfSubscription',
      summary: 'The resource providers, all of which a subscription may use',
      errors: ['SubscriptionNotFound'],
    },
    'All of them.',
    listOf(provider),
  ),
  providerOf: reading(
    {
      id: 'getProviderOfSubscription',
      summary: 'One resource provider',
      errors: ['SubscriptionNotFound', 'InvalidResourceNamespace'],
    },
    'The provider.',
    provider,
  ),
  operations: reading(
    {
      id: 'listOperations',
      summary: 'What roles can allow in a namespace',
      errors: ['InvalidResourceNamespace'],
    },
    'All actions.',
    listOf(providerOperation),
  ),
  updateEncryption: {
    id: 'updateEncryption',
    tag: 'resources',
    summary:
      'Does nothing, since nothing of usage is encrypted apart; scripts of the original call it',
    access: 'token',
    surface: 'operator',
    parameters: [apiVersionParameter(COMMERCE_VERSIONS)],
    answers: { 200: { description: 'Nothing had to be done.' } },
    errors: [...VERSION_ERRORS, 'SubscriptionNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

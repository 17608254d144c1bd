import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { apiVersionParameter, type Operation } from '../../platform/index.ts';
import { allActions } from '../../identity/index.ts';
import {
  findProvider,
  resourceProvidersOf,
  toWireProvider,
  wireOperationsOf,
} from './resource-provider.ts';

function route(url: string, versions?: readonly string[]) {
  const operation: Operation | undefined = versions && {
    id: url,
    tag: 'resources',
    summary: url,
    access: 'token',
    parameters: [apiVersionParameter(versions)],
    answers: {},
  };
  return { method: 'GET', url, operation };
}

const ROUTES = [
  route('/subscriptions/:id/providers/Microsoft.Commerce/UsageAggregates', ['2015-06-01-preview']),
  route('/subscriptions/providers/Microsoft.Commerce/usageAggregates'),
  route(
    '/subscriptions/:id/providers/Microsoft.Subscriptions.Admin/offers/:offer/delegations/:name',
    ['2015-11-01'],
  ),
  route('/subscriptions/:id/providers/Microsoft.Subscriptions.Admin/offers', ['2015-11-01']),
  route('/subscriptions/:id/providers/Microsoft.Subscriptions.Admin/offers/:offer', ['2016-01-01']),
  route('/providers/:namespace/operations'),
  route('/subscriptions'),
  route('/subscriptions/:id'),
  route('/subscriptions/:id/locations'),
  route('/tenants'),
  route('/offers'),
  route('/api/v1/events'),
  route('/health/live'),
];

describe('resource providers', () => {
  const providers = resourceProvidersOf(ROUTES);

  it('are read off the routes, with their types and versions', () => {
    const types = Object.fromEntries(
      providers.map(({ namespace, resourceTypes }) => [
        namespace,
        resourceTypes.map(({ resourceType, apiVersions }) =>
          [resourceType, ...apiVersions].join(' '),
        ),
      ]),
    );
    assert.deepEqual(types, {
      'Microsoft.Commerce': ['UsageAggregates 2015-06-01-preview'],
      'Microsoft.Resources': ['providers/operations', 'subscriptions/locations', 'tenants'],
      'Microsoft.Subscriptions': ['offers', 'subscriptions'],
      'Microsoft.Subscriptions.Admin': [
        'offers 2016-01-01 2015-11-01',
        'offers/delegations 2015-11-01',
      ],
    });
  });

  it('are found in any case and told with the region', () => {
    const provider = findProvider(providers, 'microsoft.COMMERCE')!;
    assert.deepEqual(toWireProvider(provider, 'local', 'x'), {
      id: '/subscriptions/x/providers/Microsoft.Commerce',
      namespace: 'Microsoft.Commerce',
      registrationState: 'Registered',
      resourceTypes: [
        {
          resourceType: 'UsageAggregates',
          locations: ['local'],
          apiVersions: ['2015-06-01-preview'],
        },
      ],
    });
    assert.equal(findProvider(providers, 'Microsoft.Compute'), undefined);
  });

  it('tell every action once as an operation', () => {
    const namespaces = new Set(allActions.map((action) => action.split('/')[0]!));
    const told = [...namespaces].flatMap((namespace) => wireOperationsOf(namespace) ?? []);
    assert.equal(told.length, allActions.length);
    assert.deepEqual(wireOperationsOf('microsoft.commerce'), [
      {
        name: 'Microsoft.Commerce/usageAggregates/read',
        display: {
          provider: 'Microsoft.Commerce',
          resource: 'usageAggregates',
          operation: 'read',
          description: 'Read the usage of a subscription',
        },
      },
      {
        name: 'Microsoft.Commerce/rateCard/read',
        display: {
          provider: 'Microsoft.Commerce',
          resource: 'rateCard',
          operation: 'read',
          description: 'See the prices of a subscription',
        },
      },
    ]);
    assert.equal(wireOperationsOf('Microsoft.Compute'), undefined);
  });
});

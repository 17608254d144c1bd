import { one, type WireCase } from '../case.ts';
import { OPERATOR, TENANT } from './usage.ts';

const VERSION = { 'api-version': '2015-11-01' } as const;
const JSON_BODY = { 'content-type': 'application/json' } as const;
const ADMIN = '/subscriptions/{operatorSubscription}/providers/Microsoft.Subscriptions.Admin';
const RESELLER = { client: 'resellerProvider' } as const;
const RESELLER_ADMIN =
  '/subscriptions/{resellerSubscription}/providers/Microsoft.Subscriptions.Admin';

/** The directory, as operators and delegated providers see and change it. */
export const directoryCases: readonly WireCase[] = [
  one(
    'the operator sees the subscriptions made directly under it, flat',
    { path: `${ADMIN}/subscriptions/{tenantSubscription}`, as: OPERATOR, query: VERSION },
    {
      status: 200,
      json: {
        subscriptionId: '{tenantSubscription}',
        delegatedProviderSubscriptionId: '{operatorSubscription}',
        owner: 'owner@tenant.example',
        tenantId: '{homeTenant}',
        routingResourceManagerType: 'Default',
        state: 'Enabled',
      },
      absent: ['/properties'],
    },
  ),
  one(
    'a delegated provider sees those made directly under it',
    { path: `${RESELLER_ADMIN}/subscriptions`, as: RESELLER, query: VERSION },
    {
      status: 200,
      count: { '/value': 1 },
      json: { value: [{ subscriptionId: '{indirectSubscription}' }] },
    },
  ),
  ...['otherSubscription', 'unknownSubscription'].map((id) =>
    one(
      `a delegated provider asks for ${id}, which is not below it`,
      { path: `${RESELLER_ADMIN}/subscriptions/{${id}}`, as: RESELLER, query: VERSION },
      { status: 404, code: 'SubscriptionNotFound' },
    ),
  ),
  one(
    'a delegated provider asks as if it were the operator',
    { path: `${ADMIN}/subscriptions`, as: RESELLER, query: VERSION },
    { status: 403, code: 'AuthorizationFailed' },
  ),
  one(
    'a reader changes a state',
    {
      method: 'PUT',
      path: '/subscriptions/{tenantSubscription}/providers/Microsoft.Subscriptions.Admin/subscriptions/{indirectSubscription}',
      headers: JSON_BODY,
      as: TENANT,
      query: VERSION,
      body: { json: { state: 'Disabled' } },
    },
    { status: 403, code: 'AuthorizationFailed' },
  ),
  one(
    'a plan that was not acquired',
    {
      path: `${ADMIN}/subscriptions/{tenantSubscription}/acquiredPlans/{assignment}`,
      as: OPERATOR,
      query: VERSION,
    },
    { status: 404, code: 'PlanAcquisitionNotFound' },
  ),
  one(
    'an offer that is not there',
    {
      path: '/subscriptions/{operatorSubscription}/resourceGroups/system.local/providers/Microsoft.Subscriptions.Admin/offers/none',
      as: OPERATOR,
      query: VERSION,
    },
    { status: 404, code: 'ResourceNotFound' },
  ),
  one(
    'the directory without api-version',
    { path: `${ADMIN}/subscriptions`, as: OPERATOR },
    { status: 400, code: 'MissingApiVersionParameter' },
  ),
];

import { onFixture, type As, type WireCase, type WireRequest } from '../case.ts';
import { OPERATOR, TENANT } from './usage.ts';

const VERSION = { 'api-version': '2016-01-01' } as const;
const LIST =
  '/subscriptions/{operatorSubscription}/resourceGroups/azurestack-activation/providers/Microsoft.AzureBridge.Admin/activations';
const ITEM = `${LIST}/default`;

const ask = (path: string, method = 'GET', as: As = OPERATOR): WireRequest => ({
  method,
  path,
  as,
  query: VERSION,
});
const activate = (activationKey: string): WireRequest => ({
  ...ask(ITEM, 'PUT'),
  headers: { 'content-type': 'application/json' },
  body: { json: { properties: { activationKey } } },
});
const post = (path: string, json?: unknown): WireRequest => ({
  method: 'POST',
  path,
  as: OPERATOR,
  ...(json !== undefined && { headers: { 'content-type': 'application/json' }, body: { json } }),
});

const JUNE = { from: '2018-06-01T00:00:00Z', to: '2018-06-02T00:00:00Z' } as const;

const withoutActivation: readonly WireCase[] = [
  onFixture('no activation in the list', ask(LIST), { status: 200, json: { value: [] } }),
  onFixture('an activation that is not there', ask(ITEM), {
    status: 404,
    code: 'ResourceNotFound',
  }),
  onFixture('an activation under another name', ask(`${LIST}/other`), {
    status: 404,
    code: 'ResourceNotFound',
  }),
  onFixture('an activation for a tenant', ask(ITEM, 'GET', TENANT), {
    status: 403,
    code: 'AuthorizationFailed',
  }),
  onFixture(
    'an activation in no version',
    { ...ask(ITEM), query: {} },
    { status: 400, code: 'MissingApiVersionParameter' },
  ),
  onFixture('an activation key that commerce did not sign', activate('eyJ.e30.x'), {
    status: 400,
    code: 'InvalidActivationKey',
  }),
  onFixture('an empty activation key', activate(''), {
    status: 400,
    code: 'InvalidProperty',
    message: 'activationKey',
  }),
  onFixture('no activation to be removed', ask(ITEM, 'DELETE'), { status: 204, text: '' }),
  onFixture(
    'reporting of a stamp that is not activated',
    { path: '/api/v1/bridge', as: OPERATOR },
    {
      status: 200,
      json: { activation: null, progress: null },
      matches: { '/cloudId': '^[0-9a-f-]{36}$' },
    },
  ),
  onFixture(
    'what would be sent, without activation',
    { path: '/api/v1/bridge/dry-run', as: OPERATOR },
    { status: 409, code: 'NotActivated' },
  ),
  onFixture(
    'what would be sent of one window',
    { path: '/api/v1/bridge/dry-run', as: OPERATOR, query: { window: '2018-06-02T05Z' } },
    { status: 200, json: { windows: 1 } },
  ),
  onFixture(
    'what would be sent of a window that is not there',
    { path: '/api/v1/bridge/dry-run', as: OPERATOR, query: { window: '2017-06-02T05Z' } },
    { status: 404, code: 'NotFound' },
  ),
  onFixture('another key without activation', post('/api/v1/bridge/rotate-key'), {
    status: 409,
    code: 'NotActivated',
  }),
  onFixture(
    'a registration token',
    post('/api/v1/bridge/registration-token', { billingModel: 'PayAsYouUse' }),
    { status: 200, matches: { '/registrationToken': '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$' } },
  ),
  onFixture(
    'a registration token of a billing model that there is not',
    post('/api/v1/bridge/registration-token', { billingModel: 'Free' }),
    { status: 400, code: 'InvalidProperty', message: 'billingModel' },
  ),
  onFixture(
    'a comparison without activation',
    { path: '/api/v1/reconciliation', as: OPERATOR, query: JUNE },
    {
      status: 200,
      json: { by: ['meter'], commerce: { state: 'not activated' }, rows: { stamp: 23 } },
    },
  ),
  onFixture(
    'a comparison by what lines cannot be told apart by',
    { path: '/api/v1/reconciliation', as: OPERATOR, query: { ...JUNE, by: 'colour' } },
    { status: 400, code: 'InvalidProperty', message: 'by' },
  ),
  onFixture(
    'a comparison from no time',
    { path: '/api/v1/reconciliation', as: OPERATOR, query: { from: 'yesterday' } },
    { status: 400, code: 'BadRequest', message: 'from' },
  ),
  onFixture(
    'a comparison for a tenant',
    { path: '/api/v1/reconciliation', as: TENANT },
    { status: 403, code: 'AuthorizationFailed' },
  ),
];

/** With a commerce at whose address nobody answers; removed again at the end. */
const outOfReach: readonly WireCase[] = [
  onFixture('the stamp is activated', activate('{activationKey}'), {
    status: 201,
    json: {
      name: 'default',
      type: 'Microsoft.AzureBridge.Admin/activations',
      properties: {
        usageReportingEnabled: false,
        provisioningState: 'Succeeded',
        expiration: '9999-12-30T23:59:59Z',
      },
    },
    matches: { '/properties/azureRegistrationResourceIdentifier': '/registrations/this-stamp$' },
  }),
  onFixture('and the stamp is activated again', activate('{activationKey}'), { status: 200 }),
  onFixture(
    'the activation, its path in another case',
    ask(ITEM.replace('/activations', '/ACTIVATIONS')),
    {
      status: 200,
      json: { name: 'default' },
    },
  ),
  onFixture('another key while commerce does not answer', post('/api/v1/bridge/rotate-key'), {
    status: 502,
    code: 'CommerceUnreachable',
    message: 'https://127.0.0.1:9',
  }),
  onFixture(
    'a comparison while commerce does not answer',
    { path: '/api/v1/reconciliation', as: OPERATOR, query: JUNE },
    {
      status: 200,
      json: {
        commerce: { state: 'no answer', error: { code: 'CommerceUnreachable' } },
        verdict: 'unknown',
      },
    },
  ),
  onFixture('the activation is removed', ask(ITEM, 'DELETE'), {
    status: 200,
    json: { windowsLeftBehind: 0 },
  }),
];

/** The activation of a stamp, and what depends on it; later cases build on earlier ones. */
export const activationCases: readonly WireCase[] = [...withoutActivation, ...outOfReach];

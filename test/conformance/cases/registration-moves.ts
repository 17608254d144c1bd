import { onFixture, type As, type WireCase, type WireRequest } from '../case.ts';
import { OPERATOR } from './usage.ts';

const PARTNER: As = { client: 'partner' };
const VERSION = { 'api-version': '2020-06-01' } as const;
const JSON_BODY = { 'content-type': 'application/json' } as const;

const groupOf = (subscription: string, group: string): string =>
  `/subscriptions/{${subscription}}/resourceGroups/${group}`;
const itemOf = (group: string): string =>
  `${group}/providers/Microsoft.AzureStack/registrations/movable`;
const FROM = groupOf('baseSubscription', 'azurestack');
const TO = groupOf('baseSubscription', 'elsewhere');
const COLLEAGUE = groupOf('colleagueSubscription', 'azurestack');

const move = (from: string, to: string, as: As = PARTNER): WireRequest => ({
  method: 'POST',
  path: `${from}/moveResources`,
  as,
  query: VERSION,
  headers: JSON_BODY,
  body: { json: { resources: [itemOf(from)], targetResourceGroup: to } },
});
const show = (group: string): WireRequest => ({
  path: itemOf(group),
  as: OPERATOR,
  query: { 'api-version': '2017-06-01' },
});

/** Registrations are moved; later cases build on earlier ones. */
export const moveCases: readonly WireCase[] = [
  onFixture('a registration is moved that is not there', move(FROM, TO), {
    status: 404,
    code: 'RegistrationNotFound',
  }),
  {
    name: 'a registration is moved to another group',
    fixture: true,
    steps: [
      {
        request: {
          ...show(FROM),
          method: 'PUT',
          headers: JSON_BODY,
          body: { json: { location: 'global', properties: { registrationToken: '{movedToken}' } } },
        },
        expect: { status: 201 },
        save: { movedRegistration: '/properties/registrationId' },
      },
      { request: move(FROM, TO), expect: { status: 204, text: '' } },
      { request: show(FROM), expect: { status: 404, code: 'RegistrationNotFound' } },
      {
        request: show(TO),
        expect: {
          status: 200,
          json: { id: itemOf(TO), properties: { registrationId: '{movedRegistration}' } },
        },
      },
    ],
  },
  onFixture('a registration is moved to where the caller may not write', move(TO, COLLEAGUE), {
    status: 403,
    code: 'AuthorizationFailed',
  }),
  onFixture(
    'a registration is moved to another subscription of its partner',
    move(TO, COLLEAGUE, OPERATOR),
    { status: 204, text: '' },
  ),
  onFixture(
    'a registration is moved to somebody else',
    move(COLLEAGUE, groupOf('enterpriseSubscription', 'azurestack'), OPERATOR),
    { status: 409, code: 'Conflict', message: 'one partner' },
  ),
  onFixture(
    'what is moved from another group than its own',
    {
      ...move(FROM, TO),
      body: { json: { resources: [itemOf(TO)], targetResourceGroup: FROM } },
    },
    { status: 400, code: 'InvalidProperty', message: 'resources' },
  ),
];

import { one, type As, type WireCase, type WireRequest } from '../case.ts';
import { OPERATOR, TENANT } from './usage.ts';

const METERS = '/api/v1/commerce-meters';
const setMeter = (id: string, json: object, as: As = OPERATOR): WireRequest => ({
  method: 'PUT',
  path: `${METERS}/${id}`,
  as,
  headers: { 'content-type': 'application/json' },
  body: { json },
});

/** What meters of stamps are in commerce. */
export const commerceMeterCases: readonly WireCase[] = [
  one(
    'the meters of commerce',
    { path: METERS, as: OPERATOR },
    { status: 200, matches: { '/value/0/commerceMeterId': '.', '/value/0/createdAt': 'Z$' } },
  ),
  {
    name: 'a meter of commerce, entered and changed; the same again makes no version',
    steps: [
      {
        request: setMeter('copies-{unique}', { name: 'Copies', unit: '1 GB' }),
        expect: {
          status: 200,
          json: { version: 1, name: 'Copies', unit: '1 GB', paid: false, origin: 'operator' },
        },
      },
      {
        request: setMeter('COPIES-{unique}', { paid: true }),
        expect: { status: 200, json: { version: 2, name: 'Copies', unit: '1 GB', paid: true } },
      },
      {
        request: setMeter('copies-{unique}', { paid: true }),
        expect: { status: 200, json: { version: 2 } },
      },
    ],
  },
  one('a meter of commerce that is half paid', setMeter('half', { paid: 'half' }), {
    status: 400,
    code: 'InvalidProperty',
    message: 'paid',
  }),
  one(
    'a tenant reads no meters of commerce',
    { path: METERS, as: TENANT },
    {
      status: 403,
      code: 'AuthorizationFailed',
    },
  ),
  one('a tenant changes no meters of commerce', setMeter('x', { paid: true }, TENANT), {
    status: 403,
    code: 'AuthorizationFailed',
  }),
];

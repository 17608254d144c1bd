import { one, type WireCase, type WireRequest } from '../case.ts';
import { COUNTED, eventOf, OPERATOR, post, STRUCTURED } from './events.ts';

const METERS = '/api/v1/meters';
const METER = {
  id: 'backup {unique}',
  name: 'Backup space',
  unit: 'GB*hours',
  resourceProvider: 'Example.Backup',
};

const add = (json: object): WireRequest => ({
  method: 'POST',
  path: METERS,
  as: OPERATOR,
  headers: { 'content-type': 'application/json' },
  body: { json },
});

/** The catalogue of meters. */
export const meterCases: readonly WireCase[] = [
  one(
    'the catalogue',
    { path: METERS, as: OPERATOR },
    { status: 200, matches: { '/value/0/id': '.' } },
  ),
  one(
    'a meter, its id in another case',
    { path: `${METERS}/6DAB500F-A4FD-49C4-956D-229BB9C8C793`, as: OPERATOR },
    {
      status: 200,
      json: {
        name: 'VM size hours',
        resourceProvider: 'Microsoft.Compute',
        origin: 'reference',
      },
    },
  ),
  one('no such meter', { path: `${METERS}/none`, as: OPERATOR }, { status: 404, code: 'NotFound' }),
  one(
    'a tenant reads no catalogue',
    { path: METERS, as: { client: 'tenant' } },
    {
      status: 403,
      code: 'AuthorizationFailed',
    },
  ),
  {
    name: "a meter of the operator's own: added, the same again, not another under its id, used",
    steps: [
      {
        request: add(METER),
        expect: {
          status: 201,
          json: { ...METER, unitKind: 'GB-hours', category: 'Example.Backup', origin: 'operator' },
        },
      },
      { request: add(METER), expect: { status: 201 } },
      {
        request: add({ ...METER, id: 'BACKUP {unique}', name: 'Something else' }),
        expect: { status: 409, code: 'Conflict' },
      },
      {
        request: post(
          { json: eventOf('own meter', { meterId: 'Backup {unique}' }) },
          STRUCTURED,
          OPERATOR,
        ),
        expect: COUNTED,
      },
    ],
  },
  one('a meter without a name', add({ ...METER, id: 'nameless', name: ' ' }), {
    status: 400,
    code: 'InvalidProperty',
    message: 'name',
  }),
  one(
    'a meter in broken JSON',
    { ...add({}), body: { text: '{"id":' } },
    { status: 400, code: 'InvalidRequestContent' },
  ),
  one(
    'a meter in another media type',
    { ...add({}), headers: { 'content-type': 'text/plain' } },
    {
      status: 415,
      code: 'UnsupportedMediaType',
      message: 'application/json',
    },
  ),
  one(
    'a meter too large',
    { ...add({}), body: { spaces: 1024 * 1024 + 1 } },
    {
      status: 413,
      code: 'PayloadTooLarge',
    },
  ),
  one(
    'who reads the stamp adds no meters',
    { ...add(METER), as: { client: 'stampReader' } },
    { status: 403, code: 'AuthorizationFailed' },
  ),
];

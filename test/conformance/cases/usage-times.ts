import { onFixture, one, type WireCase, type WireRequest } from '../case.ts';
import { HOURLY, OPERATOR, PROVIDER_PATH, TENANT, TENANT_PATH, USAGE_QUERY } from './usage.ts';

type Value = NonNullable<WireRequest['query']>[string];

/** Forms of 2018-06-02T05:00Z and an hour later; the one that cannot be read as such would give other rows. */
const ACCEPTED: readonly (readonly [string, Value, Value])[] = [
  ['Z', '2018-06-02T05:00:00Z', '2018-06-02T06:00:00Z'],
  ['offset', '2018-06-02T05:00:00+00:00', '2018-06-02T06:00:00+00:00'],
  ['another offset', '2018-06-02T07:00:00+02:00', '2018-06-02T03:30:00-02:30'],
  ['seven decimals', '2018-06-02T05:00:00.0000000+00:00', '2018-06-02T06:00:00.0000000+00:00'],
  ['nine decimals', '2018-06-02T05:00:00.000000000Z', '2018-06-02T06:00:00.000000000Z'],
  ['two decimals', '2018-06-02T05:00:00.00Z', '2018-06-02T06:00:00.00Z'],
  [
    'colons and plus escaped in lower case, offset and Z',
    { raw: '2018-06-02T05%3a00%3a00%2b00%3a00Z' },
    { raw: '2018-06-02T06%3a00%3a00%2b00%3a00Z' },
  ],
  [
    'plus not escaped',
    { raw: '2018-06-02T05:00:00.0000000+00:00' },
    { raw: '2018-06-02T06:00:00+00:00' },
  ],
  ['a space for the plus', '2018-06-02T05:00:00 00:00', '2018-06-02T06:00:00 00:00'],
  ['no zone', '2018-06-02T05:00:00', '2018-06-02T06:00:00'],
  ['no zone, decimals', '2018-06-02T05:00:00.000', '2018-06-02T06:00:00.000'],
];

const REFUSED = [
  '5/1/2015 12:00:00 AM',
  '2018-06-02 05:00:00Z',
  '2018-6-2',
  '2018-06-31',
  '2018-06-02T24:00:00Z',
  '2018-06-02T05:00:00Z,',
  '2018-06-02T05:00:00.0000000000Z',
  '2018-06-02T05:00:00 UTC',
  'yesterday',
  '1527915600',
];

/** Every form of time that clients send, and those that are refused. */
export const usageTimes: readonly WireCase[] = [
  ...ACCEPTED.map(([name, reportedStartTime, reportedEndTime]) =>
    onFixture(
      `time form: ${name}`,
      {
        path: PROVIDER_PATH,
        as: OPERATOR,
        query: {
          ...HOURLY,
          subscriberId: '{otherSubscription}',
          reportedStartTime,
          reportedEndTime,
        },
      },
      { status: 200, count: { '/value': 1 } },
    ),
  ),
  onFixture(
    'time form: date alone',
    {
      path: TENANT_PATH,
      as: TENANT,
      query: { ...USAGE_QUERY, reportedStartTime: '2018-06-02', reportedEndTime: '2018-06-03' },
    },
    { status: 200, count: { '/value': 1 } },
  ),
  ...REFUSED.flatMap((value) =>
    (['reportedStartTime', 'reportedEndTime'] as const).map((parameter) =>
      one(
        `time form refused: ${parameter}=${value}`,
        { path: TENANT_PATH, as: TENANT, query: { ...USAGE_QUERY, [parameter]: value } },
        { status: 400, code: 'BadRequest', message: `'${value}' of ${parameter}` },
      ),
    ),
  ),
];

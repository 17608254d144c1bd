import type { RecordErrorCode } from '../../../src/kernel/index.ts';
import { one, type As, type WireCase, type WireRequest } from '../case.ts';
import { COUNTED, DATA, EMITTER, eventOf, OPERATOR, post, STRUCTURED } from './events.ts';

const OTHER_URI = DATA.resourceUri.replace('tenantSubscription', 'otherSubscription');

interface Refusal {
  readonly what: string;
  readonly code: RecordErrorCode;
  readonly data?: object;
  readonly envelope?: object;
  readonly as?: As;
}

/** Every reason for which a record is kept aside. */
const REFUSALS: readonly Refusal[] = [
  {
    what: 'subscription unknown',
    code: 'UnknownSubscription',
    data: {
      subscriptionId: '{unknownSubscription}',
      resourceUri: DATA.resourceUri.replace('tenantSubscription', 'unknownSubscription'),
    },
  },
  { what: 'subscription no GUID', code: 'UnknownSubscription', data: { subscriptionId: 'mine' } },
  {
    what: 'subscription disabled',
    code: 'SubscriptionNotActive',
    data: {
      subscriptionId: '{disabledSubscription}',
      resourceUri: DATA.resourceUri.replace('tenantSubscription', 'disabledSubscription'),
    },
  },
  {
    what: 'resource of another subscription',
    code: 'ResourceOutsideSubscription',
    data: { resourceUri: OTHER_URI },
  },
  { what: 'no resource', code: 'InvalidResourceUri', data: { resourceUri: '/web01' } },
  { what: 'meter unknown', code: 'UnknownMeter', data: { meterId: 'no-such-meter' } },
  { what: 'quantity no number', code: 'InvalidQuantity', data: { quantity: '1,5' } },
  { what: 'quantity negative', code: 'NegativeQuantity', data: { quantity: -0.5 } },
  { what: 'quantity too long', code: 'QuantityTooLong', data: { quantity: `0.${'3'.repeat(31)}` } },
  { what: 'time unreadable', code: 'InvalidTime', data: { usageStartTime: '1/6/2018' } },
  {
    what: 'start not before end',
    code: 'StartNotBeforeEnd',
    data: { usageEndTime: DATA.usageStartTime },
  },
  {
    what: 'period too long',
    code: 'PeriodTooLong',
    data: { usageEndTime: '2018-07-02T10:00:01Z' },
  },
  {
    what: 'usage in the future',
    code: 'UsageInFuture',
    data: { usageStartTime: '2200-01-01T00:00Z', usageEndTime: '2200-01-01T01:00Z' },
  },
  {
    what: 'another type of event',
    code: 'UnsupportedEventType',
    envelope: { type: 'order.placed' },
  },
  { what: 'no version', code: 'InvalidEvent', envelope: { specversion: '0.3' } },
  { what: 'no id', code: 'InvalidEvent', envelope: { id: '' } },
  { what: 'no data', code: 'InvalidEvent', envelope: { data: null } },
  { what: 'no meter', code: 'InvalidEvent', data: { meterId: null } },
  { what: 'tags that no store can keep', code: 'InvalidEvent', data: { tags: 'a\u0000b' } },
  { what: 'an id that no text can hold', code: 'InvalidEvent', envelope: { id: 'a\u0000b' } },
  { what: 'location too long', code: 'PropertyTooLong', data: { location: 'x'.repeat(129) } },
  {
    what: 'emitter of another subscription',
    code: 'NotPermittedToEmit',
    as: EMITTER,
    data: { subscriptionId: '{otherSubscription}', resourceUri: OTHER_URI },
  },
  {
    what: 'emitter of another resource provider',
    code: 'NotPermittedToEmit',
    as: EMITTER,
    data: { meterId: 'F271A8A388C44D93956A063E1D2FA80B' },
  },
  {
    what: 'emitter of a subscription that does not exist, told as of one that does',
    code: 'NotPermittedToEmit',
    as: EMITTER,
    data: {
      subscriptionId: '{unknownSubscription}',
      resourceUri: DATA.resourceUri.replace('tenantSubscription', 'unknownSubscription'),
    },
  },
];

const refusals = REFUSALS.map(({ what, code, data, envelope, as }) =>
  one(
    `kept aside: ${what}`,
    post({ json: eventOf(`refused: ${what}`, data, envelope) }, STRUCTURED, as ?? OPERATOR),
    { status: 200, json: { accepted: 0, duplicates: 0, quarantined: [{ index: 0, code }] } },
  ),
);

const conflict: WireCase = {
  name: 'kept aside: the same id with other content; the first one counts',
  steps: [
    { request: post({ json: eventOf('conflict') }), expect: COUNTED },
    {
      request: post({ json: eventOf('conflict', { quantity: 2 }) }),
      expect: {
        status: 200,
        json: { accepted: 0, duplicates: 0, quarantined: [{ code: 'RecordConflict' }] },
      },
    },
    {
      request: post({ json: eventOf('conflict') }),
      expect: { status: 200, json: { accepted: 0, duplicates: 1 } },
    },
  ],
};

const QUARANTINE = '/api/v1/quarantine';
const get = (path: string): WireRequest => ({ path: `${QUARANTINE}${path}`, as: OPERATOR });
const act = (path: string, json?: object): WireRequest => ({
  method: 'POST',
  path: `${QUARANTINE}${path}`,
  as: OPERATOR,
  ...(json && { headers: { 'content-type': 'application/json' }, body: { json } }),
});

/** A record without its meter, held, then replayed and mended. */
const BAD = eventOf('mend me', { meterId: 'missing-meter' });
const hold = (name: string, event: object) =>
  ({
    request: post({ json: event }, STRUCTURED, OPERATOR),
    expect: { status: 200, json: { accepted: 0 } },
    save: { [name]: '/quarantined/0/quarantineId' },
  }) as const;

const replay: WireCase = {
  name: 'a held record: shown, replayed in vain, mended, replayed, not twice',
  steps: [
    hold('held', BAD),
    {
      request: get('/{held}'),
      expect: {
        status: 200,
        json: {
          quarantineId: '{held}',
          state: 'held',
          code: 'UnknownMeter',
          id: 'mend me',
          source: '/conformance/{unique}',
          occurrences: '1',
        },
        matches: {
          '/body': '"missing-meter"',
          '/firstReceivedAt': 'Z$',
          '/clientId': '^[0-9a-f-]{36}$',
        },
        absent: ['/resolvedAt'],
      },
    },
    {
      request: act('/{held}/replay'),
      expect: { status: 200, json: { state: 'held', code: 'UnknownMeter' } },
    },
    {
      request: act('/{held}/replay', eventOf('mend me')),
      expect: { status: 200, json: { state: 'replayed', counted: true } },
    },
    {
      request: get('/{held}'),
      expect: {
        status: 200,
        json: { state: 'replayed' },
        matches: { '/resolvedAt': 'Z$', '/resolution': 'mended' },
      },
    },
    { request: act('/{held}/replay'), expect: { status: 409, code: 'Conflict' } },
    {
      request: act('/{held}/discard', { reason: 'too late' }),
      expect: { status: 409, code: 'Conflict' },
    },
    {
      request: post({ json: eventOf('mend me') }),
      expect: { status: 200, json: { duplicates: 1 } },
    },
  ],
};

const discard: WireCase = {
  name: 'a held record given up stays listed with the reason',
  steps: [
    hold('given', eventOf('give me up', { meterId: 'missing-meter-2' })),
    {
      request: act('/{given}/discard', { reason: ' ' }),
      expect: { status: 400, code: 'InvalidProperty', message: 'reason' },
    },
    {
      request: act('/{given}/discard', { reason: 'a\u0000b' }),
      expect: { status: 400, code: 'InvalidRequestContent', message: 'U+0000' },
    },
    {
      request: act('/{given}/discard', { reason: 'a test of the emitter' }),
      expect: { status: 204, text: '' },
    },
    {
      request: get('/{given}'),
      expect: { status: 200, json: { state: 'discarded', resolution: 'a test of the emitter' } },
    },
  ],
};

const list: WireCase = {
  name: 'the list of held records: by state and code, a page at a time',
  steps: [
    hold('first', eventOf('list-1', { meterId: 'listed-1' })),
    hold('second', eventOf('list-2', { meterId: 'listed-2' })),
    {
      request: { ...get(''), query: { state: 'HELD', code: 'UnknownMeter', limit: '1' } },
      expect: {
        status: 200,
        count: { '/value': 1 },
        json: { value: [{ state: 'held', code: 'UnknownMeter' }] },
      },
      save: { next: '/next', firstListed: '/value/0/quarantineId' },
    },
    {
      request: {
        ...get(''),
        query: { state: 'held', code: 'UnknownMeter', limit: '1', after: '{next}' },
      },
      expect: { status: 200, count: { '/value': 1 } },
    },
    {
      request: { ...get(''), query: { code: 'NoSuchCode' } },
      expect: { status: 200, text: '{"value":[]}' },
    },
  ],
};

/** Records that could not be counted. */
export const quarantineCases: readonly WireCase[] = [
  ...refusals,
  conflict,
  replay,
  discard,
  list,
  {
    name: 'the same refused bytes again are one entry',
    steps: [
      hold('once', eventOf('again', { meterId: 'again' })),
      {
        request: post({ json: eventOf('again', { meterId: 'again' }) }, STRUCTURED, OPERATOR),
        expect: { status: 200, json: { quarantined: [{ quarantineId: '{once}' }] } },
      },
      { request: get('/{once}'), expect: { status: 200, json: { occurrences: '2' } } },
    ],
  },
  one('no such entry', get('/999999999999'), { status: 404, code: 'NotFound' }),
  one('replay of no entry', act('/999999999999/replay'), { status: 404, code: 'NotFound' }),
  one('an entry that is no number', get('/one'), { status: 400, code: 'InvalidProperty' }),
  one(
    'a list of no state',
    { ...get(''), query: { state: 'lost' } },
    {
      status: 400,
      code: 'InvalidProperty',
      message: 'state',
    },
  ),
  one(
    'a list of no length',
    { ...get(''), query: { limit: '0' } },
    {
      status: 400,
      code: 'InvalidProperty',
      message: 'limit',
    },
  ),
  ...(['tenant', 'emitter'] as const).map((client) =>
    one(
      `quarantine is not for ${client}`,
      { path: QUARANTINE, as: { client } },
      {
        status: 403,
        code: 'AuthorizationFailed',
      },
    ),
  ),
  one(
    'who reads the stamp reads its quarantine',
    { path: QUARANTINE, as: { client: 'stampReader' } },
    {
      status: 200,
    },
  ),
  one(
    'and changes nothing in it',
    { method: 'POST', path: `${QUARANTINE}/1/replay`, as: { client: 'stampReader' } },
    { status: 403, code: 'AuthorizationFailed' },
  ),
];

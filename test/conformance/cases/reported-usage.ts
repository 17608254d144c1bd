import { onFixture, type As, type Expectation, type WireCase } from '../case.ts';
import {
  ADDRESS_HOURS,
  batchText,
  digestOf,
  EMPTY_MANIFEST,
  FIRST_BATCH,
  FIRST_MANIFEST,
  FIRST_WINDOW,
  LATER_BATCH,
  report,
  REPORTED,
  SECOND_BATCH,
  SECOND_WINDOW,
  THIRD_WINDOW,
  USER,
  USER_WITHOUT_MAPPING,
  VM_HOURS,
  VM_SUM,
} from './reported.ts';
import { OPERATOR, TENANT } from './usage.ts';

const EXPIRED: As = { client: 'expiredStamp' };
const SILENT: As = { client: 'silentStamp' };
const AHEAD: As = { client: 'aheadStamp' };
const PARTNER: As = { client: 'reportingPartner' };

const batch = (window: string, sequence: number): string =>
  `/windows/${window}/batches/${sequence}`;
const ONE = batch(FIRST_WINDOW, 1);
const MANIFEST = `/windows/${FIRST_WINDOW}`;
const RECEIPT: Expectation = {
  status: 201,
  json: { registrationId: '{stampRegistrationId}', window: FIRST_WINDOW },
  matches: {
    '/acceptedAt': 'Z$',
    '/previousHash': '^0{64}$',
    '/hash': '^[0-9a-f]{64}$',
    '/kid': '^[\\w-]{43}$',
    '/signature': '^[\\w-]{86}$',
  },
};
const invalid = (message: string): Expectation => ({ status: 400, code: 'InvalidReport', message });

/** A stamp reports, from the first batch to the receipt; later cases build on earlier ones. */
const reporting: readonly WireCase[] = [
  onFixture('where reporting stands before anything was sent', report('GET', ''), {
    status: 200,
    json: {
      registrationId: '{stampRegistrationId}',
      status: 'Registered',
      billingModel: 'PayAsYouUse',
      usageReporting: true,
      nextWindow: FIRST_WINDOW,
      periods: [{ fromWindow: FIRST_WINDOW, nextWindow: FIRST_WINDOW, endedAt: null }],
    },
    matches: { '/resourceId': '/registrations/stamp$' },
  }),
  onFixture('a batch', report('PUT', ONE, { text: FIRST_BATCH }), {
    status: 201,
    json: { window: FIRST_WINDOW, sequence: 1, rows: 3 },
    matches: { '/digest': '^[0-9a-f]{64}$' },
  }),
  onFixture(
    'the same batch again, as gzip',
    report('PUT', ONE, { text: FIRST_BATCH, encoding: 'gzip' }),
    { status: 200, json: { sequence: 1, rows: 3 } },
  ),
  onFixture(
    'a batch with other content under its number',
    report('PUT', ONE, { text: FIRST_BATCH.replace('"1.5"', '"1.6"') }),
    { status: 409, code: 'ReportedBatchAltered', message: 'Batch 1' },
  ),
  onFixture(
    'a manifest before all batches are there',
    report('PUT', MANIFEST, { json: FIRST_MANIFEST }),
    { status: 409, code: 'ManifestMismatch' },
  ),
  onFixture(
    'another batch, as zstd and in pieces',
    report('PUT', batch(FIRST_WINDOW, 2), {
      text: SECOND_BATCH,
      encoding: 'zstd',
      chunked: true,
    }),
    { status: 201, json: { window: FIRST_WINDOW, sequence: 2, rows: 1 } },
  ),
  onFixture(
    'a batch of the window after the next',
    report('PUT', batch(SECOND_WINDOW, 1), { text: LATER_BATCH }),
    { status: 409, code: 'ReportedWindowGap', message: FIRST_WINDOW },
  ),
  onFixture('a batch that is no JSON', report('PUT', ONE, { text: '[' }), invalid('JSON')),
  onFixture('a batch without a body', report('PUT', ONE), invalid('JSON')),
  onFixture('a batch without rows', report('PUT', ONE, { text: batchText(FIRST_WINDOW, 1, []) }), {
    status: 400,
    code: 'InvalidReport',
    message: 'rows',
  }),
  onFixture(
    'a batch of another window than its address',
    report('PUT', ONE, { text: LATER_BATCH }),
    invalid('window'),
  ),
  onFixture(
    'a batch of a window that is none',
    report('PUT', '/windows/yesterday/batches/1', { text: FIRST_BATCH }),
    invalid('the address'),
  ),
  onFixture(
    'a manifest whose sums are not those of the rows',
    report('PUT', MANIFEST, { json: { ...FIRST_MANIFEST, rows: 5, meters: [] } }),
    {
      status: 409,
      code: 'ManifestMismatch',
      message: FIRST_WINDOW,
      matches: { '/error/details/0/message': 'rows', '/error/details/2/code': 'ManifestMismatch' },
    },
  ),
  onFixture('a window is accepted', report('PUT', MANIFEST, { json: FIRST_MANIFEST }), RECEIPT),
  onFixture('and an accepted window again', report('PUT', MANIFEST, { json: FIRST_MANIFEST }), {
    ...RECEIPT,
    status: 200,
  }),
  onFixture(
    'an accepted window with another manifest',
    report('PUT', MANIFEST, { json: { ...FIRST_MANIFEST, digest: digestOf('') } }),
    { status: 409, code: 'ManifestMismatch' },
  ),
  onFixture('a batch of an accepted window again', report('PUT', ONE, { text: FIRST_BATCH }), {
    status: 200,
  }),
  onFixture('an accepted window is not started over', report('DELETE', MANIFEST), {
    status: 409,
    code: 'ReportedWindowGap',
    message: SECOND_WINDOW,
  }),
  {
    name: 'a window is started over, and then accepted without rows',
    fixture: true,
    steps: [
      {
        request: report('PUT', batch(SECOND_WINDOW, 1), { text: LATER_BATCH }),
        expect: { status: 201 },
      },
      { request: report('DELETE', `/windows/${SECOND_WINDOW}`), expect: { status: 204, text: '' } },
      {
        request: report('PUT', `/windows/${SECOND_WINDOW}`, { json: EMPTY_MANIFEST }),
        expect: { status: 201, json: { window: SECOND_WINDOW } },
      },
    ],
  },
  onFixture('where reporting stands afterwards', report('GET', ''), {
    status: 200,
    json: { nextWindow: THIRD_WINDOW },
  }),
];

const RANGE = { from: FIRST_WINDOW, to: THIRD_WINDOW } as const;

/** What was accepted, for the stamp and for who may read it. */
const reading: readonly WireCase[] = [
  onFixture(
    'the accepted windows',
    { path: `${REPORTED}/windows`, as: PARTNER, query: RANGE },
    {
      status: 200,
      json: {
        windows: [
          { window: FIRST_WINDOW, batches: 2, rows: 4, meters: FIRST_MANIFEST.meters },
          { window: SECOND_WINDOW, batches: 0, rows: 0, meters: [] },
        ],
      },
    },
  ),
  onFixture(
    'a statement',
    { ...report('GET', '/statement'), query: RANGE },
    { status: 200, contains: ['{stampRegistrationId}', FIRST_MANIFEST.digest] },
  ),
  onFixture(
    'what was received, a day, meter and subscription each',
    { path: `${REPORTED}/totals`, as: OPERATOR, query: RANGE },
    {
      status: 200,
      json: {
        totals: [
          ['2018-06-01', USER, VM_HOURS, 3, VM_SUM, '0', VM_SUM],
          ['2018-06-01', USER_WITHOUT_MAPPING, ADDRESS_HOURS, 1, '1', '1', '1'],
        ],
      },
    },
  ),
  onFixture(
    'windows of a range that ends before it begins',
    { ...report('GET', '/windows'), query: { from: THIRD_WINDOW, to: FIRST_WINDOW } },
    { status: 400, code: 'InvalidProperty', message: 'from' },
  ),
  onFixture(
    'windows from no hour',
    { ...report('GET', '/totals'), query: { from: '2018-06-01T00:30:00Z' } },
    { status: 400, code: 'InvalidProperty', message: 'from' },
  ),
  onFixture(
    'accepted windows for somebody else',
    { path: `${REPORTED}/windows`, as: TENANT },
    { status: 403, code: 'AuthorizationFailed' },
  ),
  onFixture(
    'accepted windows of a registration that is not there, for an operator',
    { path: '/api/v1/reported-usage/{unknownSubscription}/windows', as: OPERATOR },
    { status: 404, code: 'RegistrationNotFound' },
  ),
  {
    name: 'the keys of statements are public',
    steps: [
      {
        request: { path: '/api/v1/statement-keys' },
        expect: {
          status: 200,
          json: { keys: [{ kty: 'OKP', crv: 'Ed25519' }] },
          matches: { '/keys/0/kid': '^[\\w-]{43}$', '/keys/0/x': '^[\\w-]{43}$' },
          absent: ['/keys/0/d'],
        },
      },
    ],
  },
];

/** Registrations that take nothing, and registrations of others. */
const refusing: readonly WireCase[] = [
  onFixture(
    'a batch after the registration has expired',
    report('PUT', ONE, { text: FIRST_BATCH }, EXPIRED),
    { status: 403, code: 'RegistrationExpired', message: '2018-07-01' },
  ),
  onFixture('where reporting stands while expired', report('GET', '', undefined, EXPIRED), {
    status: 200,
    json: { status: 'Expired', nextWindow: FIRST_WINDOW },
  }),
  onFixture('a batch while reporting is off', report('PUT', ONE, { text: FIRST_BATCH }, SILENT), {
    status: 409,
    code: 'UsageReportingOff',
    message: 'switched off',
  }),
  onFixture('where reporting stands while it is off', report('GET', '', undefined, SILENT), {
    status: 200,
    json: { usageReporting: false, nextWindow: null, periods: [] },
  }),
  onFixture(
    'a window that has not happened',
    report(
      'PUT',
      '/windows/2999-01-01T00Z',
      { json: { ...EMPTY_MANIFEST, window: '2999-01-01T00Z' } },
      AHEAD,
    ),
    { status: 409, code: 'ReportedWindowInFuture', message: '2999-01-01T00Z' },
  ),
  onFixture(
    'the registration of another stamp',
    { path: '/api/v1/reported-usage/{silentStampRegistrationId}', as: { client: 'stamp' } },
    { status: 404, code: 'RegistrationNotFound' },
  ),
  onFixture(
    'a registration, for an operator who is not its stamp',
    { path: REPORTED, as: OPERATOR },
    { status: 404, code: 'RegistrationNotFound' },
  ),
  onFixture(
    'a report without a token',
    { path: REPORTED },
    { status: 401, code: 'AuthenticationFailed' },
  ),
  onFixture(
    'a new key that another stamp stated',
    report('PUT', '/credential', { json: { registrationToken: '{firstToken}' } }, SILENT),
    { status: 400, code: 'InvalidRegistrationToken' },
  ),
  onFixture(
    'a new key of the stamp',
    report('PUT', '/credential', { json: { registrationToken: '{silentStampNextToken}' } }, SILENT),
    { status: 200, matches: { '/thumbprint': '^[\\w-]{43}$' } },
  ),
];

/** The interfaces through which a stamp reports. */
export const reportedUsageCases: readonly WireCase[] = [...reporting, ...reading, ...refusing];

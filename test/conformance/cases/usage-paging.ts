import type { WireCase } from '../case.ts';
import { HOURLY, OPERATOR, PROVIDER_PATH } from './usage.ts';

const QUERY = {
  ...HOURLY,
  reportedStartTime: '2018-06-02T07:00:00Z',
  reportedEndTime: '2018-06-02T08:00:00Z',
  subscriberId: '{bigSubscription}',
};

const full = {
  status: 200,
  count: { '/value': 1000 },
  matches: { '/nextLink': '^{base}/.*[?&]api-version=2015-06-01-preview&.*continuationToken=' },
} as const;

const first = {
  request: { path: PROVIDER_PATH, as: OPERATOR, query: QUERY },
  expect: full,
  save: {
    nextLink: '/nextLink',
    token: { address: '/nextLink', parameter: 'continuationToken' },
    last: '/value/999/properties/instanceData',
  },
} as const;

/** Other questions with the token of the first one. */
const OTHER_QUERIES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['another end', { ...QUERY, reportedEndTime: '2018-06-02T09:00:00Z' }],
  ['another start', { ...QUERY, reportedStartTime: '2018-06-02T06:00:00Z' }],
  [
    'another granularity',
    {
      ...QUERY,
      aggregationGranularity: 'Daily',
      reportedStartTime: '2018-06-02',
      reportedEndTime: '2018-06-03',
    },
  ],
  ['another subscriber', { ...QUERY, subscriberId: '{otherSubscription}' }],
  ['all subscribers', { ...QUERY, subscriberId: '' }],
  ['the tree', { ...QUERY, includeIndirect: 'true' }],
  ['ids of rows', { ...QUERY, showRecordId: 'true' }],
];

const refused = { status: 400, code: 'InvalidProperty', message: 'continuationToken' } as const;

/** Pages of 1,000 rows, and what leads from one to the next. */
export const usagePaging: readonly WireCase[] = [
  {
    name: 'nextLink, followed as it is, to the last page',
    fixture: true,
    steps: [
      first,
      {
        request: { address: '{nextLink}', as: OPERATOR },
        expect: full,
        save: { secondLink: '/nextLink' },
      },
      {
        request: { address: '{secondLink}', as: OPERATOR },
        expect: { status: 200, count: { '/value': 500 }, absent: ['/nextLink'] },
      },
    ],
  },
  {
    name: 'the same page again from the same link',
    fixture: true,
    steps: [
      first,
      {
        request: { address: '{nextLink}', as: OPERATOR },
        expect: full,
        save: { again: '/value/0/properties/instanceData' },
      },
      {
        request: { address: '{nextLink}', as: OPERATOR },
        expect: {
          status: 200,
          json: { nextLink: '{secondLink}' },
          count: { '/value': 1000 },
        },
      },
    ],
  },
  {
    name: 'the token as a plain parameter, times written differently',
    fixture: true,
    steps: [
      first,
      {
        request: {
          path: PROVIDER_PATH,
          as: OPERATOR,
          query: {
            ...QUERY,
            reportedStartTime: '2018-06-02T09:00:00+02:00',
            continuationToken: '{token}',
          },
        },
        expect: full,
      },
    ],
  },
  {
    name: 'a token does not fit another query',
    fixture: true,
    steps: [
      first,
      ...OTHER_QUERIES.map(([, query]) => ({
        request: {
          path: PROVIDER_PATH,
          as: OPERATOR,
          query: { ...query, continuationToken: '{token}' },
        },
        expect: refused,
      })),
      {
        request: {
          path: '/subscriptions/{bigSubscription}/providers/Microsoft.Commerce/usageAggregates',
          as: OPERATOR,
          query: { ...QUERY, continuationToken: '{token}' },
        },
        expect: refused,
      },
      {
        request: {
          path: PROVIDER_PATH,
          as: OPERATOR,
          query: { ...QUERY, continuationToken: 'A{token}' },
        },
        expect: refused,
      },
    ],
  },
  {
    name: 'a token gives nobody rights',
    fixture: true,
    steps: [
      first,
      {
        request: { address: '{nextLink}', as: { client: 'tenant' } },
        expect: { status: 403, code: 'AuthorizationFailed' },
      },
      { request: { address: '{nextLink}' }, expect: { status: 401, code: 'AuthenticationFailed' } },
    ],
  },
];

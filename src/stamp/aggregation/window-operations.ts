import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';

/** Windows in one answer at most. */
export const MOST_WINDOWS = 1000;
/** Windows that one request may have verified: a month of days, a week of hours. */
export const MOST_VERIFIED = { hour: 168, day: 31 } as const;
/** After this long no further window is begun: the answer says where to go on. */
export const VERIFY_MILLISECONDS = 20_000;

const { text, time, decimal } = plainSchemas;
const granularity: Schema = { enum: ['hour', 'day'] };
const count: Schema = { type: 'integer' };

const sums: Schema = {
  type: 'object',
  required: ['rows', 'records', 'quantity', 'hash'],
  properties: {
    rows: text,
    records: text,
    quantity: { ...decimal, description: 'Of all meters together: a check, not a figure.' },
    hash: text,
  },
};

const window = named('Window', {
  type: 'object',
  required: ['granularity', 'start', 'end', 'state', 'origin', 'openedAt'],
  properties: {
    granularity,
    start: time,
    end: { ...time, description: 'Exclusive.' },
    state: { enum: ['open', 'closing', 'closed'] },
    origin: { enum: ['own', 'imported'] },
    openedAt: time,
    closedAt: time,
    rows: text,
    records: text,
    quantity: { ...decimal, description: 'Of all meters together: a check, not a figure.' },
    hash: text,
    expiredAt: { ...time, description: 'Since when its rows are past retention.' },
    recordsExpiredAt: { ...time, description: 'Since when its records are past retention.' },
  },
});

const parameters: readonly OperationParameter[] = [
  {
    name: 'granularity',
    in: 'query',
    description: 'day unless given.',
    schema: granularity,
  },
  {
    name: 'from',
    in: 'query',
    description: 'Windows that start then or later.',
    schema: time,
  },
  {
    name: 'to',
    in: 'query',
    description: 'Windows that end then or earlier.',
    schema: time,
  },
  {
    name: 'limit',
    in: 'query',
    description: `Most windows in the answer, 1 to ${MOST_WINDOWS}; 100 unless given.`,
    schema: { type: 'integer', minimum: 1, maximum: MOST_WINDOWS },
  },
  {
    name: '$skiptoken',
    in: 'query',
    description: 'From the nextLink of the page before.',
    schema: { type: 'string', pattern: '^[0-9]{1,9}$' },
  },
];

const status: Schema = {
  type: 'object',
  required: ['lagSeconds', 'importedOpen'],
  properties: {
    openHour: { ...time, description: 'The start of the reported hour that takes records now.' },
    firstHour: { ...time, description: 'The start of the first one that was opened here.' },
    dueSince: { ...time, description: 'Since when the window is due that has waited longest.' },
    lagSeconds: count,
    importedOpen: {
      ...count,
      description: 'Imported hours that are open: an import did not end.',
    },
  },
};

/** What the routes of windows tell of themselves. */
export const windowOperations = {
  list: {
    id: 'listWindows',
    tag: 'usage',
    summary: 'The reported windows, the newest first',
    access: 'token',
    surface: 'operator',
    parameters,
    answers: { 200: listAnswer('A page of windows.', window) },
    errors: ['BadRequest', 'InvalidProperty'],
  },
  status: {
    id: 'getWindowStatus',
    tag: 'usage',
    summary: 'Which hour is open, and how late closing is',
    access: 'token',
    surface: 'operator',
    answers: { 200: { description: 'How it stands now.', contents: json(status) } },
  },
  verify: {
    id: 'verifyWindows',
    tag: 'usage',
    summary: 'Computes closed windows anew and compares',
    description: `Changes nothing. At most ${MOST_VERIFIED.day} days or ${MOST_VERIFIED.hour} hours in a request, one request at a time; where time runs out, the answer says from where to go on.`,
    access: 'token',
    surface: 'operator',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['from', 'to'],
        properties: {
          granularity: { ...granularity, description: 'day unless given.' },
          from: { ...time, description: 'Windows that start then or later.' },
          to: { ...time, description: 'Windows that end then or earlier.' },
        },
      }),
    },
    answers: {
      200: {
        description: 'What the comparison came to.',
        contents: json({
          type: 'object',
          required: ['granularity', 'equal', 'unverifiable', 'different'],
          properties: {
            granularity,
            equal: count,
            unverifiable: {
              ...count,
              description: 'What they were made of is past retention.',
            },
            different: {
              type: 'array',
              items: {
                type: 'object',
                required: ['start', 'noted', 'stored', 'recomputed', 'examples'],
                properties: {
                  start: time,
                  noted: sums,
                  stored: sums,
                  recomputed: sums,
                  examples: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: { side: { enum: ['stored', 'recomputed'] }, row: text },
                    },
                  },
                },
              },
            },
            next: { ...time, description: 'There when time ran out: from where to go on.' },
          },
        }),
      },
    },
    errors: ['BadRequest', 'InvalidProperty', 'Conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

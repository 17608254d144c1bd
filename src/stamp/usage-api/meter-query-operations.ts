import type { ErrorCode } from '../../kernel/index.ts';
import {
  named,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';
import { DIMENSIONS, MOST_SUBJECTS } from './meter-query.ts';

const time: Schema = { type: 'string', format: 'date-time' };

const meterUsage = named('MeterUsage', {
  type: 'object',
  required: ['from', 'to', 'data'],
  properties: {
    from: { ...time, description: 'As asked for.' },
    to: {
      ...time,
      description: 'Exclusive. Where closed windows end, if that is before the time asked for.',
    },
    windowSize: { enum: ['HOUR', 'DAY'] },
    data: {
      type: 'array',
      maxItems: 10_000,
      items: {
        type: 'object',
        required: ['value', 'windowStart', 'windowEnd', 'subject', 'groupBy'],
        properties: {
          value: { type: 'number', description: 'Exact, with as many digits as it has.' },
          windowStart: { ...time, description: 'Of usage time, inclusive.' },
          windowEnd: { ...time, description: 'Exclusive.' },
          subject: { type: 'string', format: 'uuid', description: 'The subscription.' },
          groupBy: { type: 'object', additionalProperties: { type: 'string' } },
        },
      },
    },
  },
});

const keptRecord = named('KeptRecord', {
  type: 'object',
  required: ['event', 'ingestedAt', 'storedAt'],
  properties: {
    event: {
      type: 'object',
      description:
        'A CloudEvent with the usage record as its data. Its id is a hash of the source and id that were sent, of which nothing else is kept; its time is the start of usage.',
    },
    ingestedAt: { ...time, description: 'Start of the reported hour in which it came in.' },
    storedAt: { ...time, description: 'The same.' },
  },
});

const query = (name: string, description: string, schema: Schema): OperationParameter => ({
  name,
  in: 'query',
  description,
  schema,
});

const subject = (maxItems: number): OperationParameter => ({
  ...query('subject', 'The subscription; the caller needs a role on it.', {
    type: 'array',
    maxItems,
    items: { type: 'string', format: 'uuid' },
  }),
  required: true,
});

const ERRORS: readonly ErrorCode[] = ['BadRequest', 'SubscriptionNotFound'];

/** What the routes in the form of OpenMeter tell of themselves. */
export const meterQueryOperations = {
  query: {
    id: 'queryMeter',
    tag: 'usage',
    summary: 'Usage of one meter by usage time',
    description:
      'As clients of OpenMeter ask for it. Adds up what closed windows hold now; usage that is reported late changes the answer. The meter by its id or, if no other has the same, by its name as a slug like `base_vm_size_hours`.',
    access: 'token or key',
    parameters: [
      subject(MOST_SUBJECTS),
      {
        ...query(
          'from',
          'Start of usage time, inclusive: midnight UTC with DAY, else a whole hour.',
          time,
        ),
        required: true,
      },
      query('to', 'End, exclusive; absent: as far as windows are closed.', time),
      query('windowSize', 'Absent: one row for the whole time. At most 744 hours or 366 days.', {
        enum: ['HOUR', 'DAY'],
      }),
      query('windowTimeZone', 'UTC only.', { enum: ['UTC'] }),
      query('groupBy', 'A row for each value; rows are told apart by subject always.', {
        type: 'array',
        items: { enum: ['subject', ...DIMENSIONS] },
      }),
      query(
        'filterGroupBy',
        'Only what has this value, in any case: filterGroupBy[location]=local.',
        {
          type: 'object',
          properties: Object.fromEntries(DIMENSIONS.map((name) => [name, { type: 'string' }])),
        },
      ),
    ],
    answers: {
      200: { description: 'The usage.', contents: { 'application/json': meterUsage } },
    },
    errors: [...ERRORS, 'NotFound', 'UsageDataExpired'],
  },
  records: {
    id: 'listEvents',
    tag: 'usage',
    summary: 'Records of a subscription that came in last',
    description: 'As clients of OpenMeter ask for them; newest reported hour first.',
    access: 'token or key',
    parameters: [
      subject(1),
      query('ingestedAtFrom', 'Taken in since, to the hour; at most 24 hours.', time),
      query('ingestedAtTo', 'Taken in until, to the hour; absent: now.', time),
      query('from', 'Start of usage not before.', time),
      query('to', 'Start of usage not after.', time),
      query('limit', 'Most records.', { type: 'integer', minimum: 1, maximum: 100, default: 100 }),
    ],
    answers: {
      200: {
        description: 'The records.',
        contents: { 'application/json': { type: 'array', maxItems: 100, items: keptRecord } },
      },
    },
    errors: [...ERRORS, 'UsageDataExpired'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

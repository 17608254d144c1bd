import { json, named, type Operation, type Schema } from '../../platform/index.ts';
import { LIMITS, USAGE_EVENT_TYPE } from './event.ts';

const text = (maxLength: number, description: string): Schema => ({
  type: 'string',
  maxLength,
  description,
});

const usageData = named('UsageData', {
  type: 'object',
  required: [
    'subscriptionId',
    'resourceUri',
    'meterId',
    'quantity',
    'usageStartTime',
    'usageEndTime',
  ],
  properties: {
    subscriptionId: { type: 'string', format: 'uuid' },
    resourceUri: text(LIMITS.resourceUri, 'Begins with the subscription.'),
    meterId: text(LIMITS.meterId, 'From the catalogue of meters, in any case.'),
    quantity: {
      type: ['number', 'string'],
      description:
        'Not negative, in the unit of the meter, at most 30 digits; each one is kept, however it is written.',
    },
    usageStartTime: { type: 'string', format: 'date-time', description: 'Inclusive.' },
    usageEndTime: {
      type: 'string',
      format: 'date-time',
      description: 'Exclusive; at most 31 days after the start, at most 5 minutes ahead of now.',
    },
    location: text(LIMITS.location, 'Region, as rows shall show it.'),
    tags: { description: 'Text, or JSON whose text is kept as it is.' },
    additionalInfo: { description: 'Text, or JSON whose text is kept as it is.' },
  },
});

const usageEvent = named('UsageEvent', {
  type: 'object',
  description: 'A CloudEvent 1.0. Source and id together make it the same record, for ever.',
  required: ['specversion', 'type', 'source', 'id', 'data'],
  properties: {
    specversion: { const: '1.0' },
    type: { const: USAGE_EVENT_TYPE },
    source: text(LIMITS.source, 'Who emits.'),
    id: text(LIMITS.id, 'Unique within the source.'),
    data: usageData,
  },
});

const outcome = named('Outcome', {
  type: 'object',
  description: 'accepted, duplicates and the length of quarantined add up to the events sent.',
  required: ['accepted', 'duplicates', 'quarantined'],
  properties: {
    accepted: { type: 'integer' },
    duplicates: { type: 'integer', description: 'Events that had been counted before.' },
    quarantined: {
      type: 'array',
      items: {
        type: 'object',
        required: ['index', 'code', 'message', 'quarantineId'],
        properties: {
          index: { type: 'integer', description: 'Place in the request, from 0.' },
          id: { type: 'string' },
          code: { type: 'string' },
          message: { type: 'string' },
          quarantineId: { type: 'string' },
        },
      },
    },
  },
});

const entry = named('QuarantineEntry', {
  type: 'object',
  required: [
    'quarantineId',
    'state',
    'code',
    'message',
    'clientId',
    'firstReceivedAt',
    'lastReceivedAt',
    'occurrences',
    'bodyBytes',
    'body',
  ],
  properties: {
    quarantineId: { type: 'string' },
    state: { enum: ['held', 'replayed', 'discarded'] },
    code: { type: 'string', description: 'Why the event was not counted.' },
    message: { type: 'string' },
    source: { type: ['string', 'null'] },
    id: { type: ['string', 'null'] },
    clientId: { type: 'string', format: 'uuid', description: 'Who sent it.' },
    firstReceivedAt: { type: 'string', format: 'date-time' },
    lastReceivedAt: { type: 'string', format: 'date-time' },
    occurrences: { type: 'string', description: 'How often it was sent.' },
    resolvedAt: { type: 'string', format: 'date-time' },
    resolution: { type: ['string', 'null'] },
    bodyBytes: { type: 'string', description: 'How long the event is.' },
    body: {
      type: 'string',
      description: 'The event as received; in lists its first 4,096 bytes.',
    },
  },
});

const encoding = {
  name: 'Content-Encoding',
  in: 'header',
  description: 'How the body is compressed.',
  schema: { enum: ['identity', 'gzip', 'zstd'] },
} as const;

/** What the routes of the intake tell of themselves. */
export const intakeOperations = {
  send: {
    id: 'sendEvents',
    tag: 'intake',
    summary: 'Takes usage records in',
    description:
      'CloudEvents in structured, batched or binary mode (ce- headers, the data alone as application/json), or one structured event a line. At most 10,000 events and 16 MiB, after decompression. Answered after the commit: what an answer says is durable. Repeating a request is harmless.',
    access: 'token or key',
    budget: 'none',
    parameters: [encoding],
    body: {
      required: true,
      contents: {
        'application/cloudevents+json': usageEvent,
        'application/cloudevents-batch+json': { type: 'array', items: usageEvent },
        'application/x-ndjson': { type: 'string', description: 'A UsageEvent a line.' },
        'application/json': {
          anyOf: [usageEvent, { type: 'array', items: usageEvent }, usageData],
        },
      },
    },
    answers: {
      200: {
        description: 'All are durable; some were duplicates or went into quarantine.',
        contents: json(outcome),
      },
      204: { description: 'All are counted.' },
    },
    errors: ['TooManyRecords'],
  },
  list: {
    id: 'listQuarantine',
    tag: 'quarantine',
    summary: 'Events that were not counted',
    access: 'token',
    surface: 'operator',
    parameters: [
      {
        name: 'state',
        in: 'query',
        description: 'Only those in this state.',
        schema: { enum: ['held', 'replayed', 'discarded'] },
      },
      {
        name: 'code',
        in: 'query',
        description: 'Only those with this reason.',
        schema: { type: 'string' },
      },
      {
        name: 'limit',
        in: 'query',
        description: 'Most entries in one answer.',
        schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
      },
      {
        name: 'after',
        in: 'query',
        description: 'What `next` of the page before says.',
        schema: { type: 'string' },
      },
    ],
    answers: {
      200: {
        description: 'A page of entries.',
        contents: json({
          type: 'object',
          required: ['value'],
          properties: { value: { type: 'array', items: entry }, next: { type: 'string' } },
        }),
      },
    },
  },
  show: {
    id: 'getQuarantined',
    tag: 'quarantine',
    summary: 'One event that was not counted',
    access: 'token',
    surface: 'operator',
    answers: { 200: { description: 'The entry.', contents: json(entry) } },
    errors: ['NotFound'],
  },
  replay: {
    id: 'replayQuarantined',
    tag: 'quarantine',
    summary: 'Sends a held event through the intake again',
    description: 'With a body: that event in its place. It stays held when it fails again.',
    access: 'token',
    surface: 'operator',
    body: { required: false, contents: { 'application/cloudevents+json': usageEvent } },
    answers: {
      200: {
        description: 'What became of it.',
        contents: json({
          type: 'object',
          required: ['state'],
          properties: {
            state: { enum: ['replayed', 'held'] },
            counted: { type: 'boolean', description: 'False when it had been counted before.' },
            code: { type: 'string' },
            message: { type: 'string' },
          },
        }),
      },
    },
    errors: ['NotFound', 'Conflict'],
  },
  discard: {
    id: 'discardQuarantined',
    tag: 'quarantine',
    summary: 'Gives a held event up; it stays listed with the reason',
    access: 'token',
    surface: 'operator',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['reason'],
        properties: { reason: { type: 'string', minLength: 1, maxLength: 1000 } },
      }),
    },
    answers: { 204: { description: 'It is given up.' } },
    errors: ['NotFound', 'Conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

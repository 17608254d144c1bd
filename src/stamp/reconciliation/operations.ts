import { named, type Operation, type Schema } from '../../platform/index.ts';
import { MOST_LINES } from './bounds.ts';
import { causes } from './compare.ts';

const time: Schema = { type: 'string', format: 'date-time' };
const count: Schema = { type: 'integer' };
const quantity: Schema = {
  type: 'string',
  description: 'Exact, in the unit of the meter; there only where it is of one meter.',
};
const amount: Schema = {
  type: 'object',
  required: ['rows'],
  properties: { rows: count, quantity },
};
const cause: Schema = { enum: [...causes] };
const meterFields = {
  meterId: { type: 'string' },
  meterName: { type: 'string' },
  unit: { type: 'string' },
};

const line = named('ReconciliationLine', {
  type: 'object',
  required: ['stamp', 'received', 'difference', 'causes', 'notes'],
  properties: {
    day: { type: 'string', format: 'date', description: 'The reported day, if asked for.' },
    ...meterFields,
    subscriptionId: { type: 'string', format: 'uuid' },
    stamp: amount,
    received: { oneOf: [amount, { type: 'null' }], description: 'null: commerce did not answer.' },
    difference: { oneOf: [amount, { type: 'null' }], description: 'Stamp less received.' },
    billed: {
      ...amount,
      description: 'What is billed of what was received; absent where commerce does not say it.',
      properties: {
        rows: count,
        quantity,
        notYetRated: amount,
        unexplained: { ...amount, description: 'Of windows that are rated: received less billed.' },
      },
    },
    causes: {
      type: 'array',
      description: 'Their quantities add up to that of the difference.',
      items: {
        type: 'object',
        required: ['cause', 'rows', 'places'],
        properties: { cause, rows: count, quantity, places: count },
      },
    },
    notes: {
      type: 'array',
      description: 'No difference, but where it went.',
      items: {
        type: 'object',
        required: ['note'],
        properties: {
          note: { enum: ['mapped to base', 'unpaid meter', 'receipted', 'daily rows'] },
          quantity,
        },
      },
    },
  },
});

const booked: Schema = {
  type: 'object',
  properties: {
    ...meterFields,
    received: quantity,
    onCustomers: quantity,
    onBase: quantity,
    unpaid: quantity,
  },
};

const reconciliation = named('Reconciliation', {
  type: 'object',
  required: ['from', 'to', 'by', 'lines', 'commerce', 'rows', 'causes', 'booked', 'verdict'],
  properties: {
    from: time,
    to: { ...time, description: 'Exclusive.' },
    by: { type: 'array', items: { enum: ['day', 'meter', 'subscription'] } },
    lines: { type: 'array', maxItems: MOST_LINES, items: line },
    commerce: {
      type: 'object',
      required: ['state'],
      properties: {
        state: { enum: ['answered', 'not activated', 'no answer'] },
        registrationId: { type: 'string' },
        status: { type: 'string' },
        billingModel: { type: 'string' },
        error: {
          type: 'object',
          properties: { code: { type: 'string' }, message: { type: 'string' } },
        },
      },
    },
    rows: {
      type: 'object',
      properties: { stamp: count, received: { type: ['integer', 'null'] } },
    },
    causes: {
      type: 'array',
      items: {
        type: 'object',
        required: ['cause', 'rows'],
        properties: {
          cause,
          rows: count,
          windows: { type: 'integer', description: 'Reported hours that it is about.' },
          spans: {
            type: 'array',
            items: { type: 'object', properties: { from: time, to: time } },
          },
        },
      },
    },
    refusal: {
      type: 'object',
      description: 'What commerce refuses, or what is wrong with what is here, while that is so.',
      properties: {
        cause: { enum: ['refused', 'not fit to be sent'] },
        code: { type: 'string' },
        message: { type: 'string' },
      },
    },
    billing: {
      type: 'object',
      description: 'What is billed of what was received; absent where commerce does not say it.',
      properties: {
        ratedUpTo: {
          type: ['string', 'null'],
          format: 'date-time',
          description: 'Windows before this one are rated; null: none is.',
        },
        rows: { type: 'object', properties: { billed: count, notYetRated: count } },
        unexplained: {
          type: 'object',
          properties: {
            places: { type: 'integer', description: 'Days of a subscription and meter.' },
            first: { type: 'array', maxItems: 100, items: { type: 'object' } },
          },
        },
      },
    },
    booked: { type: 'array', description: 'Where it went, by meter.', items: booked },
    unexplained: {
      type: 'object',
      properties: {
        places: { type: 'integer', description: 'Days of a subscription and meter.' },
        first: { type: 'array', maxItems: 100, items: { type: 'object' } },
      },
    },
    verdict: {
      enum: ['explained', 'unexplained', 'unknown'],
      description: 'unknown: commerce did not answer.',
    },
  },
});

/** What the route tells of itself. */
export const reconciliationOperations = {
  compare: {
    id: 'getReconciliation',
    tag: 'reported usage',
    summary: 'What was counted beside what commerce received and billed',
    description:
      'Each difference comes with its cause; what no cause explains is named, and the verdict says so. When commerce does not answer, the side of the stamp is answered all the same, with the verdict unknown.',
    access: 'token',
    surface: 'operator',
    parameters: [
      {
        name: 'from',
        in: 'query',
        description:
          'Reported time, a whole hour, or the name of a window like 2026-11-23T10Z; the start of the present month if left out.',
        schema: { type: 'string' },
      },
      {
        name: 'to',
        in: 'query',
        description: 'Exclusive; the end of the present hour if left out.',
        schema: { type: 'string' },
      },
      {
        name: 'by',
        in: 'query',
        description:
          'What lines are told apart by: one or several of day, meter, subscription, with commas between.',
        schema: { type: 'string', default: 'meter' },
      },
    ],
    answers: {
      200: {
        description: 'Both sides beside each other.',
        contents: { 'application/json': reconciliation },
      },
    },
    errors: ['BadRequest', 'InvalidProperty'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

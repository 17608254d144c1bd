import { named, type Operation, type Schema } from '../../platform/index.ts';
import { LONGEST_METER_TEXT } from './commerce-meter.ts';

const text: Schema = { type: 'string' };
const given: Schema = { type: 'string', maxLength: LONGEST_METER_TEXT };

const meter = named('CommerceMeter', {
  type: 'object',
  required: ['localMeterId', 'version', 'commerceMeterId', 'name', 'paid', 'origin'],
  properties: {
    localMeterId: { ...text, description: 'Of the stamp; compares without case.' },
    version: { type: 'integer', minimum: 1, description: 'Rows keep the one that applied.' },
    commerceMeterId: text,
    name: text,
    category: text,
    subCategory: text,
    region: text,
    unit: { ...text, description: 'In words.' },
    paid: {
      type: 'boolean',
      description: 'Whether it costs anything under a billing model by which usage is paid.',
    },
    origin: {
      enum: ['reference', 'operator', 'unlisted'],
      description: 'unlisted: reported before anybody had entered it; costs nothing.',
    },
    createdAt: { type: 'string', format: 'date-time', description: 'Of this version.' },
  },
});

const common = { tag: 'reported usage', access: 'token', surface: 'operator' } as const;

/** What the routes of the meters of commerce tell of themselves. */
export const commerceMeterOperations = {
  list: {
    ...common,
    id: 'listCommerceMeters',
    summary: 'What each meter of stamps is in commerce',
    answers: {
      200: {
        description: 'The newest version of each, by category and name.',
        contents: {
          'application/json': {
            type: 'object',
            required: ['value'],
            properties: { value: { type: 'array', items: meter } },
          },
        },
      },
    },
  },
  put: {
    ...common,
    id: 'putCommerceMeter',
    summary: 'Says what a meter of stamps is in commerce',
    description:
      'What is left out stays. A change makes a version, for rows that are received from then on; none when nothing changes. No path can name an id with a slash: the command line can.',
    body: {
      required: true,
      contents: {
        'application/json': {
          type: 'object',
          properties: {
            commerceMeterId: given,
            name: given,
            category: given,
            subCategory: given,
            region: given,
            unit: given,
            paid: { type: 'boolean' },
          },
        },
      },
    },
    answers: {
      200: {
        description: 'The version that is in force.',
        contents: { 'application/json': meter },
      },
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;

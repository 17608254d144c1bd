import { unitKinds } from '../../kernel/index.ts';
import { named, type Operation } from '../../platform/index.ts';

const meter = named('Meter', {
  type: 'object',
  required: ['id', 'name', 'unit', 'unitKind', 'resourceProvider', 'category', 'origin'],
  properties: {
    id: { type: 'string', description: 'Compares without case.' },
    name: { type: 'string' },
    unit: { type: 'string', description: 'In words.' },
    unitKind: { enum: [...unitKinds, 'other'] },
    resourceProvider: { type: 'string', description: 'Whose emitters may use it.' },
    category: { type: 'string' },
    origin: { enum: ['reference', 'operator'] },
  },
});

const newMeter = named('NewMeter', {
  type: 'object',
  required: ['id', 'name', 'unit', 'resourceProvider'],
  properties: {
    id: { type: 'string', maxLength: 64 },
    name: { type: 'string', maxLength: 128 },
    unit: { type: 'string', maxLength: 64 },
    unitKind: { enum: [...unitKinds, 'other'], description: 'Follows from the unit if left out.' },
    resourceProvider: { type: 'string', maxLength: 128, examples: ['Example.Backup'] },
    category: { type: 'string', maxLength: 128, description: 'The provider if left out.' },
  },
});

/** What the routes of the catalogue tell of themselves. */
export const meterOperations = {
  list: {
    id: 'listMeters',
    tag: 'meters',
    summary: 'The catalogue of meters',
    access: 'token',
    answers: {
      200: {
        description: 'All meters.',
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
  show: {
    id: 'getMeter',
    tag: 'meters',
    summary: 'One meter, its id in any case',
    access: 'token',
    answers: { 200: { description: 'The meter.', contents: { 'application/json': meter } } },
    errors: ['NotFound'],
  },
  add: {
    id: 'addMeter',
    tag: 'meters',
    summary: "Adds a meter of the operator's own",
    description: 'The same once more changes nothing.',
    access: 'token',
    surface: 'operator',
    body: { required: true, contents: { 'application/json': newMeter } },
    answers: {
      201: { description: 'It is in the catalogue.', contents: { 'application/json': meter } },
    },
    errors: ['Conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

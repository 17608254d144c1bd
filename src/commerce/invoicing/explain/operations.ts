import { json, named, type Operation, type Schema } from '../../../platform/index.ts';

const text: Schema = { type: 'string' };
const decimal: Schema = { type: 'string', description: 'Exact.' };
const time: Schema = { type: 'string', format: 'date-time' };
const figures = { quantity: decimal, amount: decimal };

const row: Schema = {
  type: 'object',
  properties: {
    registrationId: text,
    window: { ...text, examples: ['2026-11-23T10Z'] },
    windowHash: { ...text, description: 'In the chain of accepted windows.' },
    acceptedAt: time,
    batch: { type: 'integer' },
    usageStart: time,
    quantity: decimal,
    tenantId: { ...text, description: 'Directory of the subscription on the stamp.' },
    mapping: {
      type: ['object', 'null'],
      description: 'By which it was booked; null: none applied.',
    },
    localMeterId: text,
    meterVersion: { type: 'integer' },
    records: {
      type: 'object',
      description:
        'What the stamp counted, where it is at hand and a resource and a day are asked for: found, expired, or counted elsewhere.',
      properties: {
        state: { enum: ['found', 'expired', 'elsewhere'] },
        value: { type: 'array', items: { type: 'object' } },
      },
    },
  },
};

const explanation = named('InvoiceLineExplanation', {
  type: 'object',
  required: ['invoice', 'line', 'rounding'],
  properties: {
    invoice: { type: 'object' },
    line: { type: 'object' },
    rounding: { ...decimal, description: 'What rounding added to the exact amount.' },
    cancels: { type: 'object', properties: { number: text, line: { type: 'integer' } } },
    charge: {
      type: 'object',
      description: 'What the line has some of, as it is now, and what invoices have of it.',
      properties: {
        charge: text,
        period: text,
        billable: { type: 'boolean' },
        ...figures,
        before: { type: 'object', properties: figures },
        after: { type: 'object', properties: figures },
        lines: { type: 'array', items: { type: 'object' } },
      },
    },
    price: {
      type: 'object',
      description:
        'By which prices, markups and rate of exchange, where who asks may see them; and how the amount of all usage that is counted together came about.',
    },
    resources: {
      type: 'object',
      properties: {
        value: { type: 'array', items: { type: 'object' } },
        next: { ...text, description: 'For after, when there are more.' },
      },
    },
    day: {
      type: 'object',
      description: 'Rows of one resource and day of use: those asked for, or the first.',
      properties: { rows: { type: 'array', items: row } },
    },
    term: { type: 'object', description: 'The term, and what it was computed from.' },
  },
});

/** What the route tells of itself. */
export const explanationOperation: Operation = {
  id: 'explainInvoiceLine',
  tag: 'invoices',
  summary: 'Where a line of an invoice comes from',
  description:
    'From its amount down: the charge, the price with its steps, resources, rows with the window and the mapping by which they were booked, and records. For buyers and for the seller; the markups of a seller are shown to those who may see its own invoices.',
  access: 'token',
  parameters: [
    {
      name: 'resource',
      in: 'query',
      description: 'One resource alone: its key, its URI or its name.',
      schema: text,
    },
    {
      name: 'day',
      in: 'query',
      description: 'Day of use in UTC of which to show the rows.',
      schema: { type: 'string', format: 'date' },
    },
    {
      name: 'after',
      in: 'query',
      description: 'Resources after this one: next of the page before.',
      schema: { type: 'string', format: 'uuid' },
    },
  ],
  answers: { 200: { description: 'It.', contents: json(explanation) } },
  errors: ['InvoiceNotFound', 'InvoiceLineNotFound'],
};

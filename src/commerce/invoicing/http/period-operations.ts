import { json, named, type Operation } from '../../../platform/index.ts';
import { ACCOUNT, count, draft, guid, invoice, text, time } from './schemas.ts';

const common = { tag: 'invoices', access: 'token' } as const satisfies Partial<Operation>;
const operator = { ...common, surface: 'operator' } as const;

const period = named('InvoicedPeriod', {
  type: 'object',
  required: ['name', 'from', 'to', 'state'],
  properties: {
    name: { ...text, examples: ['202610-1'] },
    from: time,
    to: { ...time, description: 'Exclusive.' },
    state: { enum: ['Open', 'InReview', 'Issued'] },
    reviewStartedAt: time,
    held: text,
  },
});

const reason = json({ type: 'object', required: ['reason'], properties: { reason: text } });

/** Why an invoice cannot be made. */
const REASONS = [
  'PeriodNotDue',
  'BillingAccountNotFound',
  'BillingAccountIncomplete',
  'TaxUnknown',
  'MeterWithoutPrice',
  'UsageWithoutPrices',
  'ExchangeRateMissing',
] as const;

/** What the routes of periods tell of themselves. */
export const periodOperations = {
  draft: {
    ...common,
    id: 'getInvoiceDraft',
    summary: 'What an invoice would be if it were issued now',
    parameters: [
      {
        name: 'period',
        in: 'query',
        description: 'Name of the period; the first that is not invoiced unless given.',
        schema: text,
      },
    ],
    answers: { 200: { description: 'It; nothing is changed.', contents: json(draft) } },
    errors: REASONS,
  },
  issue: {
    ...operator,
    id: 'issueInvoice',
    summary: 'Issues the invoice of a period that has ended, at once',
    description: 'Without waiting for the end of its review; usage that comes later is corrected.',
    answers: {
      200: {
        description: 'The invoice; null when there was nothing to invoice.',
        contents: json({
          type: 'object',
          properties: { invoice: { anyOf: [invoice, { type: 'null' }] } },
        }),
      },
    },
    errors: REASONS,
  },
  hold: {
    ...operator,
    id: 'holdPeriod',
    summary: 'Keeps a period from being invoiced by itself',
    body: { required: true, contents: reason },
    answers: { 200: { description: 'As it is now.', contents: json(period) } },
    errors: ['PeriodNotDue', 'BillingAccountNotFound'],
  },
  release: {
    ...operator,
    id: 'releasePeriod',
    summary: 'Lets a period that was held be invoiced by itself',
    answers: { 200: { description: 'As it is now.', contents: json(period) } },
    errors: ['PeriodNotDue', 'BillingAccountNotFound'],
  },
  problems: {
    ...common,
    id: 'listBillingProblems',
    summary: 'Periods that cannot be invoiced, and invoices without documents, with the reason',
    parameters: [ACCOUNT],
    answers: {
      200: {
        description: 'The oldest first; each is tried again by itself.',
        contents: json({
          type: 'object',
          required: ['value', 'documents'],
          properties: {
            value: {
              type: 'array',
              items: named('BillingProblem', {
                type: 'object',
                required: ['accountId', 'code', 'message', 'attempts', 'since'],
                properties: {
                  accountId: guid,
                  period: text,
                  code: text,
                  message: text,
                  attempts: count,
                  since: time,
                  lastAttemptAt: time,
                  nextAttemptAt: time,
                },
              }),
            },
            documents: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  number: text,
                  accountId: guid,
                  attempts: count,
                  problem: text,
                  nextAttemptAt: time,
                },
              },
            },
          },
        }),
      },
    },
    errors: ['BillingAccountNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

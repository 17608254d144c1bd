import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';
import { alertBases, filterDimensions, grains, thresholdUnits, views } from './budget.ts';

const { text, guid, time, decimal } = plainSchemas;

const filter: Schema = { type: 'array', items: text };
const filters: Schema = {
  type: 'object',
  description:
    'Any of the values of a name, all of the names, as in an analysis of costs. Empty: everything.',
  properties: {
    ...Object.fromEntries(filterDimensions.map((name) => [name, filter])),
    tag: { ...filter, description: 'Each written NAME:VALUE.' },
  },
};
const alert: Schema = {
  type: 'object',
  required: ['threshold'],
  properties: {
    of: { enum: [...alertBases], description: 'actual unless given.' },
    unit: { enum: [...thresholdUnits], description: 'percent unless given.' },
    threshold: { ...decimal, description: '80 for eighty percent of the budget, or an amount.' },
    notify: {
      type: 'object',
      properties: {
        emails: { type: 'array', items: { type: 'string', format: 'email' }, maxItems: 10 },
        webhook: {
          type: 'boolean',
          description:
            'Whether the webhook endpoints of the account, and of those above it, are told.',
        },
      },
    },
  },
};
const said = {
  amount: { ...decimal, description: 'In the currency of the account.' },
  grain: { enum: [...grains], description: 'Months, quarters and years are those of UTC.' },
  view: {
    enum: [...views],
    description: 'What the account pays its seller, or what is bought from it directly.',
  },
  filters,
  alerts: { type: 'array', items: alert, maxItems: 10 },
} satisfies Readonly<Record<string, Schema>>;

const forecast: Schema = {
  type: 'object',
  description: 'Absent while there is too little to go by.',
  required: ['amount', 'low', 'high'],
  properties: { amount: decimal, low: decimal, high: decimal, percent: decimal },
};
const budget = named('Budget', {
  type: 'object',
  required: ['name', 'accountId', 'amount', 'currency', 'grain', 'view', 'filters', 'alerts'],
  properties: {
    name: text,
    accountId: guid,
    ...said,
    currency: { type: 'string', description: 'ISO 4217.' },
    eTag: { ...text, description: 'Another with each change.' },
    createdAt: time,
    updatedAt: time,
    current: {
      type: 'object',
      description: 'How it stands in its present stretch; absent until it was looked at.',
      required: ['evaluatedAt'],
      properties: {
        evaluatedAt: time,
        from: time,
        to: { ...time, description: 'Exclusive.' },
        spent: decimal,
        percent: decimal,
        unpriced: {
          type: 'integer',
          description: 'Charges without a price: what they cost is in no figure.',
        },
        otherCurrencies: {
          type: 'array',
          description:
            'What is sold to buyers with other currencies than the account: it is in no figure. Absent where that is nothing.',
          items: {
            type: 'object',
            required: ['amount', 'currency'],
            properties: { amount: decimal, currency: text },
          },
        },
        forecast,
        problem: { type: 'string', description: 'Why it could not be looked at.' },
      },
    },
  },
});
const firing = named('BudgetFiring', {
  type: 'object',
  required: ['firedAt', 'from', 'to', 'of', 'unit', 'threshold', 'amount', 'spent'],
  properties: {
    firedAt: time,
    from: time,
    to: time,
    of: { enum: [...alertBases] },
    unit: { enum: [...thresholdUnits] },
    threshold: decimal,
    amount: { ...decimal, description: 'Of the budget, then.' },
    spent: decimal,
    percent: decimal,
    forecast: decimal,
    mails: { type: 'integer', description: 'Addresses that were told.' },
    mailsWithheld: {
      type: 'integer',
      description: 'Addresses that were not, because the account had sent too much that day.',
    },
    webhook: { type: 'boolean' },
  },
});

const headers = { ETag: 'Entity tag of the budget.' };
const IF_MATCH: OperationParameter = {
  name: 'If-Match',
  in: 'header',
  description: 'Only when the budget has this entity tag still.',
  schema: text,
};
const IF_NONE_MATCH: OperationParameter = {
  name: 'If-None-Match',
  in: 'header',
  description: '* makes a budget only where none is.',
  schema: text,
};

const common = { tag: 'billing accounts', access: 'token' } as const;

/** What the routes of budgets tell of themselves. */
export const budgetOperations = {
  list: {
    ...common,
    id: 'listBudgets',
    summary: 'The budgets of an account, and how they stood when they were looked at last',
    answers: { 200: listAnswer('By name.', budget) },
    errors: ['BillingAccountNotFound'],
  },
  show: {
    ...common,
    id: 'getBudget',
    summary: 'One budget, and how it stands now',
    answers: { 200: { description: 'It.', contents: json(budget), headers } },
    errors: ['BillingAccountNotFound', 'BudgetNotFound'],
  },
  put: {
    ...common,
    id: 'putBudget',
    summary: 'Makes a budget, or changes it',
    description:
      'What is left out of a change stays. Another amount, grain, view or filter lets all alerts go out anew.',
    parameters: [IF_MATCH, IF_NONE_MATCH],
    body: {
      required: true,
      contents: json({
        type: 'object',
        properties: {
          ...said,
          eTag: { ...text, description: 'As If-Match; a header counts before it.' },
        },
      }),
    },
    answers: {
      200: { description: 'As it is now.', contents: json(budget), headers },
      201: { description: 'It is there now.', contents: json(budget), headers },
    },
    errors: ['BillingAccountNotFound', 'BudgetsTooMany', 'Conflict', 'PreconditionFailed'],
  },
  remove: {
    ...common,
    id: 'deleteBudget',
    summary: 'Forgets a budget and what it told',
    parameters: [IF_MATCH],
    answers: { 204: { description: 'It is gone.' } },
    errors: ['BillingAccountNotFound', 'BudgetNotFound', 'PreconditionFailed'],
  },
  history: {
    ...common,
    id: 'listBudgetHistory',
    summary: 'The alerts of a budget that went out',
    answers: { 200: listAnswer('The newest first, at most 500.', firing) },
    errors: ['BillingAccountNotFound', 'BudgetNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type OperationParameter,
  type Schema,
} from '../../platform/index.ts';

const { text, guid, time, decimal } = plainSchemas;
const maybeDecimal: Schema = { type: ['string', 'null'], description: 'Null: there is no price.' };
const count: Schema = { type: 'integer', minimum: 0 };

const charge = named('Charge', {
  type: 'object',
  required: ['charge', 'accountId', 'period', 'meterId', 'billable', 'quantity', 'amount'],
  properties: {
    charge: { ...text, description: 'Its number.' },
    accountId: { ...guid, description: 'The buyer.' },
    period: { ...text, examples: ['202610-1'] },
    customerSubscriptionId: { ...guid, description: 'Of commerce, on which it is booked.' },
    subscriptionId: { ...guid, description: 'Of the stamp.' },
    meterId: text,
    meterName: text,
    category: text,
    subCategory: text,
    unit: text,
    billable: { type: 'boolean' },
    quantity: decimal,
    amount: { ...maybeDecimal, description: 'Exact; null while there is no price.' },
    invoicedQuantity: decimal,
    invoicedAmount: decimal,
    problem: { ...text, description: 'Why there is no price.' },
  },
});

const row: Schema = {
  type: 'object',
  description: 'A row as it was reported, with its window, batch, mapping and meter.',
  properties: {
    registrationId: guid,
    window: { ...text, examples: ['2026-11-23T10Z'] },
    sequence: count,
    usageTime: time,
    quantity: decimal,
    tenantId: guid,
    mapping: {
      type: ['object', 'null'],
      description: 'Null: none applied, and the subscription of the registration pays.',
      properties: { version: count, effectiveFrom: time },
    },
    localMeterId: text,
    meterVersion: count,
    acceptedAt: time,
    windowHash: text,
  },
};

const explanation = named('ChargeExplanation', {
  type: 'object',
  required: ['charge', 'resources'],
  properties: {
    charge,
    sellerId: guid,
    currency: text,
    plan: {
      type: 'object',
      description:
        'Price list, version, markups and rate of exchange; only for who may see the account of the seller, or where nothing was put on top.',
    },
    scope: { enum: ['account', 'subscription'] },
    priceKind: text,
    group: {
      type: 'object',
      description: 'All that the price counts together, and the steps by which it costs so much.',
      properties: {
        charges: count,
        before: decimal,
        quantity: decimal,
        total: decimal,
        amount: maybeDecimal,
        steps: { type: 'array', items: { type: 'object' } },
      },
    },
    resources: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          resourceKey: guid,
          resourceUri: text,
          location: text,
          quantity: decimal,
          amount: maybeDecimal,
          rows: count,
          days: { type: 'array', items: { type: 'object' } },
        },
      },
    },
    rows: { type: 'array', items: row, description: 'With resource and day alone.' },
    nextLink: { ...text, format: 'uri', description: 'More resources; absent on the last page.' },
  },
});

const periodParameter: OperationParameter = {
  name: 'period',
  in: 'query',
  description: 'Name of a billing period, like 202610-1.',
  schema: text,
};
const accountParameter: OperationParameter = {
  name: 'account',
  in: 'query',
  description: 'Id of the billing account that buys.',
  schema: guid,
};

const common = { tag: 'charges', access: 'token' } as const;
const operator = { ...common, surface: 'operator' } as const;

const run = named('RatingRun', {
  type: 'object',
  properties: {
    run: text,
    changes: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          accountId: guid,
          period: text,
          before: decimal,
          after: decimal,
          difference: decimal,
        },
      },
    },
  },
});

/** What the routes of rating tell of themselves. */
export const ratingOperations = {
  list: {
    ...common,
    id: 'listCharges',
    summary: 'What usage costs, invoiced or not',
    parameters: [{ ...accountParameter, required: true }, periodParameter],
    answers: { 200: listAnswer('Charges of the account, a page.', charge) },
    errors: ['BillingAccountNotFound'],
  },
  explain: {
    ...common,
    id: 'explainCharge',
    summary: 'How a charge came about',
    description:
      'With resource and day also the rows of reported usage that the line was added up from.',
    parameters: [
      {
        name: 'resource',
        in: 'query',
        description: 'Key of a resource of the charge.',
        schema: guid,
      },
      { name: 'day', in: 'query', description: 'UTC day, like 2026-10-01.', schema: text },
    ],
    answers: { 200: { description: 'It, as it is now.', contents: json(explanation) } },
    errors: ['ChargeNotFound'],
  },
  whatIf: {
    ...operator,
    id: 'whatIf',
    summary: 'What usage of a period would have cost at other prices',
    description: 'Changes nothing. Markups and rates of exchange stay as they are.',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['period', 'content'],
        properties: {
          period: { ...text, examples: ['202610-1'] },
          accountId: { ...guid, description: 'All buyers unless given.' },
          priceListId: {
            ...text,
            description: 'The list to replace; all of the same currency unless given.',
          },
          content: { type: 'object', description: 'A price list, decimals as texts.' },
        },
      }),
    },
    answers: {
      200: {
        description: 'By account and meter.',
        contents: json({
          type: 'object',
          properties: {
            lines: {
              type: 'array',
              items: {
                type: 'object',
                properties: {
                  accountId: guid,
                  currency: text,
                  meterId: text,
                  quantity: decimal,
                  before: decimal,
                  after: decimal,
                  difference: decimal,
                  unpriced: decimal,
                },
              },
            },
          },
        }),
      },
    },
    errors: ['PriceListInvalid', 'PriceListNotFound', 'BillingAccountNotFound'],
  },
  rerate: {
    ...operator,
    id: 'rerateUsage',
    summary: 'Rates usage anew at the prices that are in force for it now',
    description:
      'Whole periods that have an hour of the range. The difference is posted, and invoiced as a correction where the period was invoiced. Nothing happens where nothing is different.',
    body: {
      required: true,
      contents: json({
        type: 'object',
        required: ['from', 'to', 'reason'],
        properties: {
          accountId: { ...guid, description: 'All buyers unless given.' },
          from: { ...time, description: 'A whole hour of usage.' },
          to: { ...time, description: 'Exclusive.' },
          reason: text,
        },
      }),
    },
    answers: {
      200: {
        description: 'The runs that changed something.',
        contents: json({ type: 'object', properties: { runs: { type: 'array', items: run } } }),
      },
    },
    errors: ['BillingAccountNotFound', 'RatingRangeInvalid'],
  },
  verify: {
    ...operator,
    id: 'verifyRating',
    summary: 'Compares charges with the usage that was reported, to the last digit',
    description: 'For those who may read all charges. One is done at a time.',
    parameters: [accountParameter, periodParameter],
    answers: {
      200: {
        description: 'Periods that were compared, and what differs.',
        contents: json({
          type: 'object',
          properties: {
            checked: count,
            differences: { type: 'array', items: { type: 'object' } },
          },
        }),
      },
    },
    errors: ['BillingAccountNotFound', 'Conflict'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

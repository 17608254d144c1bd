import {
  analysisAnswer,
  analysisParameters,
  dimensionValue,
  filterParameters,
  groupParent,
  valuesParameters,
  type AnalysisOffer,
} from '../../../analysis/index.ts';
import {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Operation,
  type OperationParameter,
} from '../../../platform/index.ts';

const { decimal, guid, text, time } = plainSchemas;

/** What costs can be told apart by, and cut into. */
export const costOffer = {
  dimensions: [
    'subscription',
    'resourceGroup',
    'resource',
    'resourceType',
    'meter',
    'location',
    'service',
    'account',
  ],
  granularities: ['none', 'day', 'month'],
} as const satisfies AnalysisOffer;

const query = (name: string, description: string, schema: object): OperationParameter => ({
  name,
  in: 'query',
  description,
  schema: { ...schema },
});

const account = query(
  'account',
  'Whose costs: the id of the account or of its subscription. Needed unless all that the caller may see is below one account.',
  guid,
);
const view = query(
  'view',
  'buying: what the account pays its seller. selling: what those that buy from it directly pay it. Unless given, buying where it buys from somebody.',
  { enum: ['buying', 'selling'] },
);
const currency = query(
  'currency',
  'Of selling to buyers with several currencies, whose amounts are not added: one of `currencies`.',
  text,
);
const buyer = query(
  'buyer',
  'Only of this account: the key of a group by account, which is a direct buyer of selling, and of buying an account below on which usage is booked. Repeated: any of these.',
  { type: 'array', items: guid },
);
const WHOSE = [account, view, currency, buyer];
const FILTERS = filterParameters({
  dimensions: costOffer.dimensions.filter((dimension) => dimension !== 'account'),
});

const SHARED = {
  tag: 'analysis',
  access: 'token',
  errors: ['BillingAccountNotFound'],
} as const satisfies Partial<Operation>;

const whose = {
  account: { type: 'object', required: ['id', 'name'], properties: { id: guid, name: text } },
  view: { enum: ['buying', 'selling'] },
  currencies: { type: 'array', items: text, description: 'In which there are amounts.' },
};
const unpriced = {
  type: 'integer',
  minimum: 0,
  description: 'Charges that have no price; what they cost is in no amount.',
};
const count = { type: 'integer', minimum: 0 };
const freshness = { type: 'object', properties: { ratedTo: time, summarizedTo: time } };

const costAnswer = named('CostAnalysisAnswer', {
  allOf: [
    analysisAnswer,
    {
      type: 'object',
      required: [...Object.keys(whose), 'unpriced'],
      properties: {
        ...whose,
        unpriced,
        feesAndCredits: {
          type: 'string',
          description:
            'Fees, discounts, credits and commitments, net, on invoices of periods that end in the range, and on the notes that correct them. Not in the total; absent where there are none and of what is filtered.',
        },
      },
    },
  ],
});

const trend = {
  type: 'object',
  required: ['period', 'from', 'to', 'amount', 'daily'],
  properties: {
    period: text,
    from: time,
    to: time,
    amount: decimal,
    daily: {
      type: 'array',
      items: decimal,
      description:
        'By day of the period. Costs are kept by UTC day: in another time zone a day is the UTC day that it has most of.',
    },
  },
};
const top = {
  type: 'array',
  maxItems: 5,
  items: {
    type: 'object',
    required: ['key', 'name', 'amount'],
    properties: { key: text, name: text, amount: decimal, parent: groupParent },
  },
};
const forecastErrors = {
  type: 'object',
  description: 'Of the last three periods on the same day, where they can be told.',
  required: ['percent', 'periods'],
  properties: {
    percent: { ...decimal, description: 'Mean of the absolute errors.' },
    periods: {
      type: 'array',
      items: {
        type: 'object',
        required: ['period', 'forecast', 'actual', 'percent'],
        properties: { period: text, forecast: decimal, actual: decimal, percent: decimal },
      },
    },
  },
};
const margin = { bought: decimal, sold: decimal, margin: decimal, percent: decimal };

const attention = named('AttentionItem', {
  type: 'object',
  required: ['kind', 'severity', 'count', 'parameters', 'target'],
  properties: {
    kind: {
      enum: [
        'ratingFailed',
        'invoiceParked',
        'periodHeld',
        'periodInReview',
        'invoiceOverdue',
        'chargesUnpriced',
        'ratingBehind',
      ],
    },
    severity: { enum: ['error', 'warning', 'info'] },
    count,
    parameters: { type: 'object', additionalProperties: text },
    target: { type: 'object', required: ['place'], additionalProperties: text },
  },
});

const forecastFigures = {
  low: { ...decimal, description: 'With 80 % it will be between low and high.' },
  high: decimal,
};

export const costOperations = {
  analysis: {
    ...SHARED,
    id: 'analyseCosts',
    summary: 'What usage costs, by what it is told apart by',
    description:
      'Exact, before rounding to what can be paid, fees and taxes. By UTC day of use; a day in which a billing period begins is in two parts. A part of a charge costs its share by quantity: what all groups cost is the cost of the charges, and of a whole billing period the amounts of its charges to the last digit.',
    parameters: [
      ...analysisParameters(costOffer).filter(({ name }) => name !== 'account'),
      ...WHOSE,
    ],
    answers: { 200: { description: 'A page of groups.', contents: json(costAnswer) } },
  },
  values: {
    ...SHARED,
    id: 'listCostValues',
    summary: 'Values of a dimension that have costs',
    parameters: [...valuesParameters, ...WHOSE],
    answers: { 200: listAnswer('By name, a page of them.', dimensionValue) },
  },
  forecast: {
    ...SHARED,
    id: 'forecastCosts',
    summary: 'What the present billing period will cost',
    description:
      'What is known, and for each day to come the mean of its weekday in the last 28 complete days. The interval leaves out a tenth at each end of the errors that the same method made on past days. Figures of a forecast are absent while there are fewer than seven days.',
    parameters: [...FILTERS, ...WHOSE],
    answers: {
      200: {
        description: 'It, and how good such forecasts were.',
        contents: json({
          type: 'object',
          required: [
            ...Object.keys(whose),
            'currency',
            'period',
            'from',
            'to',
            'amount',
            'unpriced',
            'freshness',
          ],
          properties: {
            ...whose,
            currency: text,
            period: text,
            from: time,
            to: time,
            amount: { ...decimal, description: 'So far.' },
            forecast: { ...decimal, description: 'By the end of the period.' },
            ...forecastFigures,
            unpriced,
            freshness,
            error: forecastErrors,
          },
        }),
      },
    },
  },
  margin: {
    ...SHARED,
    id: 'getMargins',
    summary: 'What a seller bought for each of its buyers, sold to it, and has left',
    parameters: [
      ...analysisParameters(costOffer).filter(({ name }) => ['from', 'to', 'limit'].includes(name)),
      account,
      currency,
    ],
    answers: {
      200: {
        description:
          'By what was sold, the most first. What was bought is absent where it is in another currency, and of the provider.',
        contents: json({
          type: 'object',
          required: [
            'account',
            'from',
            'to',
            'currency',
            'currencies',
            'buyers',
            'total',
            'unpriced',
          ],
          properties: {
            account: whose.account,
            from: time,
            to: time,
            currency: text,
            currencies: whose.currencies,
            boughtCurrency: text,
            buyers: {
              type: 'array',
              items: {
                type: 'object',
                required: ['key', 'name', 'sold'],
                properties: { key: guid, name: text, ...margin },
              },
            },
            others: {
              type: 'object',
              required: ['count', 'sold'],
              properties: { count, ...margin },
            },
            total: { type: 'object', required: ['sold'], properties: margin },
            ownUse: {
              ...decimal,
              description:
                'What the seller bought for its own use: it is sold to nobody, and in no margin.',
            },
            unpriced,
          },
        }),
      },
    },
  },
  overview: {
    ...SHARED,
    id: 'getOverview',
    summary: 'Costs at a glance, and what needs attention',
    description:
      'Of the present billing period of the account by its calendar, beside the last on the same day.',
    parameters: [account, view, currency],
    answers: {
      200: {
        description: 'It.',
        contents: json({
          type: 'object',
          required: [
            ...Object.keys(whose),
            'currency',
            'current',
            'previous',
            'compared',
            'top',
            'unpriced',
            'freshness',
            'attention',
          ],
          properties: {
            ...whose,
            currency: text,
            current: trend,
            previous: trend,
            compared: {
              type: 'object',
              description: 'After so many complete days of each.',
              required: ['days', 'current', 'previous'],
              properties: {
                days: count,
                current: decimal,
                previous: decimal,
                changePercent: decimal,
              },
            },
            forecast: {
              type: 'object',
              required: ['amount', 'low', 'high'],
              properties: { amount: decimal, ...forecastFigures, error: forecastErrors },
            },
            top: {
              type: 'object',
              required: ['meters', 'resources', 'subscriptions'],
              properties: { meters: top, resources: top, subscriptions: top },
            },
            unpriced,
            freshness,
            attention: { type: 'array', items: attention },
          },
        }),
      },
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;

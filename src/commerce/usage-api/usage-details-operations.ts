import { apiVersionParameter, named, type Operation } from '../../platform/index.ts';
import { listParameters } from './list-page.ts';

export const DETAILS_VERSIONS = ['2018-01-31', '2017-11-30'] as const;
/** Most rows in one answer. */
export const MOST_DETAILS = 1000;

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

const usageDetail = named('UsageDetail', {
  type: 'object',
  required: ['id', 'name', 'type', 'properties'],
  properties: {
    id: text,
    name: { type: 'string', format: 'uuid', description: 'Stable and unique.' },
    type: { const: 'Microsoft.Consumption/usageDetails' },
    tags: { description: 'As emitted; absent when there are none.' },
    properties: {
      type: 'object',
      properties: {
        billingPeriodId: text,
        invoiceId: { type: 'string', description: 'Absent until it is invoiced.' },
        usageStart: { ...time, description: 'Midnight UTC.' },
        usageEnd: { ...time, description: 'The last second of the same day.' },
        instanceName: text,
        instanceId: { type: 'string', description: 'The resource URI.' },
        instanceLocation: text,
        currency: { type: 'string', description: 'ISO 4217; with pretaxCost.' },
        usageQuantity: { type: 'number', description: 'In the unit of the meter; exact.' },
        billableQuantity: { type: 'number', description: 'The part that can cost anything.' },
        pretaxCost: {
          type: 'number',
          description:
            'The part of what is charged, before rounding; exact where it ends, otherwise to 20 digits after the point. Absent until it is rated, without a price, and where another account pays.',
        },
        isEstimated: {
          type: 'boolean',
          description:
            'Whether it can change: until all is rated and the billing period is issued.',
        },
        meterId: text,
        subscriptionGuid: { type: 'string', format: 'uuid', description: 'The account.' },
        subscriptionName: text,
        product: { type: 'string', description: 'Name of the meter.' },
        consumedService: { type: 'string', description: 'Namespace of the resource provider.' },
        meterDetails: {
          type: 'object',
          description: 'There when expanded.',
          properties: {
            meterName: text,
            meterCategory: text,
            meterSubCategory: text,
            meterLocation: text,
            unit: text,
          },
        },
        additionalProperties: {
          type: 'string',
          contentMediaType: 'application/json',
          description:
            'There when expanded: what was emitted, azureStackSubscriptionId and azureStackRegistrationId.',
        },
      },
    },
  },
});

const usageDetails = named('UsageDetails', {
  type: 'object',
  required: ['value'],
  properties: {
    value: { type: 'array', maxItems: MOST_DETAILS, items: usageDetail },
    nextLink: { type: 'string', format: 'uri', description: 'Absent on the last page.' },
  },
});

const SHARED = {
  tag: 'commerce',
  access: 'token',
  parameters: [
    apiVersionParameter(DETAILS_VERSIONS),
    ...listParameters(
      MOST_DETAILS,
      'Comparisons with and between them: usageStart and usageEnd by eq, lt, le, gt, ge; resourceGroup, instanceName and instanceId by eq, without case. Each with or without properties/ before it.',
    ),
    {
      name: '$expand',
      in: 'query',
      description:
        'meterDetails, additionalProperties or both with a comma, each with or without properties/ before it.',
      schema: text,
    },
  ],
  answers: {
    200: {
      description: 'A page of rows, by day.',
      contents: { 'application/json': usageDetails },
    },
  },
  errors: ['SubscriptionNotFound', 'MissingApiVersionParameter', 'InvalidApiVersionParameter'],
} as const satisfies Partial<Operation>;

const DESCRIPTION =
  'By usage time, one row for each resource, meter and day, of all that has been reported so far; late usage changes it. A day in which a billing period begins has a row in each of the two.';

/** What the lists of usage details tell of themselves. */
export const usageDetailsOperations = {
  present: {
    ...SHARED,
    id: 'listUsageDetails',
    summary: 'Usage in detail, of the present billing period unless filtered by time',
    description: `${DESCRIPTION} A filter on time may span 366 days.`,
  },
  ofPeriod: {
    ...SHARED,
    id: 'listUsageDetailsOfBillingPeriod',
    summary: 'Usage in detail of one billing period',
    description: DESCRIPTION,
  },
} as const satisfies Readonly<Record<string, Operation>>;

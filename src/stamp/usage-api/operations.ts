import type { ErrorCode } from '../../kernel/index.ts';
import {
  named,
  USAGE_QUERY_PARAMETERS,
  type Operation,
  type OperationParameter,
} from '../../platform/index.ts';

const usageRow = named('UsageRow', {
  type: 'object',
  description:
    'Usage of one resource and meter in one usage window, as far as it was reported in one reported window. The same usage window may come in several rows: add them up.',
  required: ['id', 'name', 'type', 'properties'],
  properties: {
    id: { type: 'string', description: 'Names subscription and meter; not unique among rows.' },
    name: { type: 'string', description: '{subscriptionId}-{meterId}' },
    type: { const: 'Microsoft.Commerce/UsageAggregate' },
    properties: {
      type: 'object',
      required: [
        'subscriptionId',
        'usageStartTime',
        'usageEndTime',
        'instanceData',
        'quantity',
        'meterId',
      ],
      properties: {
        subscriptionId: { type: 'string', format: 'uuid' },
        usageStartTime: {
          type: 'string',
          format: 'date-time',
          description: 'Inclusive; UTC, like 2018-06-01T10:00:00+00:00.',
        },
        usageEndTime: { type: 'string', format: 'date-time', description: 'Exclusive.' },
        instanceData: {
          type: 'string',
          contentMediaType: 'application/json',
          description:
            'JSON text {"Microsoft.Resources":{"resourceUri","location","tags","additionalInfo"}}, the four as emitted.',
        },
        quantity: {
          type: 'number',
          description: 'In the unit of the meter; exact, with as many digits as it has.',
        },
        meterId: { type: 'string', description: 'In the case in which it was emitted.' },
        name: { type: 'string', description: 'Absent where commerce answers for its own.' },
        recordId: {
          type: 'string',
          format: 'uuid',
          description: 'Stable and unique; there only when showRecordId=true.',
        },
      },
    },
  },
});

const usagePage = named('UsagePage', {
  type: 'object',
  required: ['value'],
  properties: {
    value: { type: 'array', maxItems: 1000, items: usageRow },
    nextLink: {
      type: 'string',
      format: 'uri',
      description: 'The next page, to be called as it is; absent on the last one.',
    },
  },
});

const SHARED: readonly OperationParameter[] = [
  ...USAGE_QUERY_PARAMETERS,
  {
    name: 'showRecordId',
    in: 'query',
    description: 'Gives each row a stable unique id.',
    schema: { type: 'boolean', default: false },
  },
];

const PROVIDER_ONLY: readonly OperationParameter[] = [
  {
    name: 'subscriberId',
    in: 'query',
    description: 'One tenant of the caller; absent for all.',
    schema: { type: 'string', format: 'uuid' },
  },
  {
    name: 'includeIndirect',
    in: 'query',
    description: 'The whole tree below the caller instead of its direct tenants.',
    schema: { type: 'boolean', default: false },
  },
];

const ERRORS: readonly ErrorCode[] = [
  'NoApiVersion',
  'InvalidApiVersionParameter',
  'BadRequest',
  'RequestEndTimeIsInFuture',
  'SubscriptionIdMissingInRequest',
  'InvalidAggregationGranularity',
  'ProcessingNotCompleted',
  'UsageDataExpired',
  'SubscriptionNotFound',
];

const ANSWERS = {
  200: {
    description: 'A page of rows. Final: the same query gives the same rows for ever.',
    contents: { 'application/json': usagePage },
  },
};

/** What each interface tells of itself. */
export const usageOperations: Readonly<Record<'provider' | 'tenant' | 'group', Operation>> = {
  provider: {
    id: 'listSubscriberUsage',
    tag: 'usage',
    summary: 'Usage of the tenants of a provider',
    access: 'token',
    surface: 'operator',
    parameters: [...SHARED, ...PROVIDER_ONLY],
    answers: ANSWERS,
    errors: [...ERRORS, 'SubscriberIdIsNotDirectTenant'],
  },
  tenant: {
    id: 'listUsage',
    tag: 'usage',
    summary: 'Usage of one subscription',
    access: 'token',
    parameters: SHARED,
    answers: ANSWERS,
    errors: ERRORS,
  },
  group: {
    id: 'listResourceGroupUsage',
    tag: 'usage',
    summary: 'Usage of one resource group of a subscription',
    access: 'token',
    parameters: SHARED,
    answers: ANSWERS,
    errors: ERRORS,
  },
};

/** The same paths without the caller's subscription: they say what is missing. */
export const missingSubscriptionOperation: Operation = {
  id: 'usageWithoutSubscription',
  tag: 'usage',
  summary: "Tells that the caller's subscription is missing in the path",
  access: 'token',
  answers: {},
  errors: ['SubscriptionIdMissingInRequest'],
};

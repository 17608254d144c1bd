import { named, USAGE_QUERY_PARAMETERS, type Operation } from '../../platform/index.ts';

const text = { type: 'string' };

const accountUsageRow = named('AccountUsageRow', {
  type: 'object',
  description:
    'Usage of one resource (or, with showDetails=false, of all) and one meter in one usage window. The same usage window may come in several rows: add them up.',
  required: ['id', 'name', 'type', 'properties'],
  properties: {
    id: { type: 'string', description: 'Not unique among rows.' },
    name: {
      type: 'string',
      description:
        'Granularity and reported window, like Daily_BRSDT_20150501_0000; of a sum, the start of the range.',
    },
    type: { const: 'Microsoft.Commerce/UsageAggregate' },
    properties: {
      type: 'object',
      required: [
        'subscriptionId',
        'usageStartTime',
        'usageEndTime',
        'meterId',
        'quantity',
        'infoFields',
      ],
      properties: {
        subscriptionId: { type: 'string', format: 'uuid', description: 'The account.' },
        usageStartTime: { type: 'string', format: 'date-time', description: 'Inclusive.' },
        usageEndTime: { type: 'string', format: 'date-time', description: 'Exclusive.' },
        meterName: text,
        meterCategory: text,
        meterSubCategory: text,
        meterRegion: text,
        unit: text,
        meterId: { type: 'string', description: 'Of commerce.' },
        instanceData: {
          type: 'string',
          contentMediaType: 'application/json',
          description:
            'JSON text {"Microsoft.Resources":{"resourceUri","location","tags","additionalInfo","partNumber","orderNumber"}}. tags is an object where it was emitted as one. additionalInfo holds what was emitted and azureStackSubscriptionId and azureStackRegistrationId, by which a charge is traced back; what was emitted and is no object stands under emitted.',
        },
        quantity: { type: 'number', description: 'In the unit; exact.' },
        infoFields: { type: 'object' },
      },
    },
  },
});

const accountUsagePage = named('AccountUsagePage', {
  type: 'object',
  required: ['value'],
  properties: {
    value: { type: 'array', maxItems: 1000, items: accountUsageRow },
    nextLink: {
      type: 'string',
      format: 'uri',
      description: 'The next page, to be called as it is; absent on the last one.',
    },
  },
});

/** What the usage interface of accounts tells of itself. */
export const usageAggregatesOperation: Operation = {
  id: 'listAccountUsage',
  tag: 'commerce',
  summary: 'Usage booked on a subscription that commerce bills',
  description:
    'By reported time of the stamps, so that the same range gives the same sums here and there. 202 until every registration that books on the account has reported the whole range.',
  access: 'token',
  parameters: [
    ...USAGE_QUERY_PARAMETERS,
    {
      name: 'showDetails',
      in: 'query',
      description: 'A row for each resource; false: one for each meter and usage window.',
      schema: { type: 'boolean', default: true },
    },
  ],
  answers: {
    200: {
      description: 'A page of rows. Final: the same query gives the same rows for ever.',
      contents: { 'application/json': accountUsagePage },
    },
  },
  errors: [
    'NoApiVersion',
    'InvalidApiVersionParameter',
    'BadRequest',
    'RequestEndTimeIsInFuture',
    'InvalidAggregationGranularity',
    'ProcessingNotCompleted',
    'SubscriptionNotFound',
  ],
};

import { named, type Operation } from '../../platform/index.ts';

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

const utilization = named('AzureUtilizationRecord', {
  type: 'object',
  required: ['usageStartTime', 'usageEndTime', 'resource', 'quantity', 'unit', 'attributes'],
  properties: {
    usageStartTime: { ...time, description: 'Inclusive.' },
    usageEndTime: { ...time, description: 'Exclusive.' },
    resource: {
      type: 'object',
      description: 'The meter of commerce.',
      properties: { id: text, name: text, category: text, subcategory: text, region: text },
    },
    quantity: { type: 'number', description: 'Exact.' },
    unit: text,
    infoFields: { type: 'object' },
    instanceData: {
      type: 'object',
      description:
        'There unless show_details=false. additionalInfo as in the usage of the account.',
      properties: {
        resourceUri: text,
        location: text,
        partNumber: text,
        orderNumber: text,
        tags: {},
        additionalInfo: { type: 'object' },
      },
    },
    attributes: { type: 'object', properties: { objectType: { const: 'AzureUtilizationRecord' } } },
  },
});

const link = {
  type: 'object',
  properties: {
    uri: { type: 'string', format: 'uri' },
    method: { const: 'GET' },
    headers: { type: 'array', maxItems: 0 },
  },
};

const utilizations = named('AzureUtilizationRecords', {
  type: 'object',
  required: ['totalCount', 'items', 'links', 'attributes'],
  properties: {
    totalCount: { type: 'integer', description: 'Records in this page.' },
    items: { type: 'array', maxItems: 1000, items: utilization },
    links: {
      type: 'object',
      required: ['self'],
      properties: { self: link, next: { ...link, description: 'Absent on the last page.' } },
    },
    attributes: { type: 'object', properties: { objectType: { const: 'Collection' } } },
  },
});

/** What the utilization interface tells of itself. */
export const utilizationsOperation: Operation = {
  id: 'listCustomerUtilizations',
  tag: 'commerce',
  summary: 'Usage of a customer, for its partner',
  description:
    'By reported time, final: 202 until everything of the range has been reported. For whoever may read the utilization of the subscription, of a subscription of the same partner that is approved to map customers, or of all. Errors have the envelope that all errors here have; a missing start_time is InvalidProperty, not a numbered code as with Partner Center.',
  access: 'token',
  parameters: [
    {
      name: 'start_time',
      in: 'query',
      required: true,
      description:
        'Start of the range of reported time, inclusive. A whole hour with hourly, midnight UTC with daily.',
      schema: time,
    },
    {
      name: 'end_time',
      in: 'query',
      required: true,
      description: 'End of the range, exclusive, not in the future.',
      schema: time,
    },
    {
      name: 'granularity',
      in: 'query',
      description: 'In any case.',
      schema: { enum: ['daily', 'hourly'], default: 'daily' },
    },
    {
      name: 'show_details',
      in: 'query',
      description: 'A record for each resource; false: one for each meter and usage window.',
      schema: { type: 'boolean', default: true },
    },
    {
      name: 'size',
      in: 'query',
      description: 'Records in a page.',
      schema: { type: 'integer', minimum: 1, maximum: 1000, default: 1000 },
    },
    {
      name: 'seekOperation',
      in: 'query',
      description: 'Goes with the token; may be left out.',
      schema: { enum: ['Next'] },
    },
    {
      name: 'continuationToken',
      in: 'query',
      description: 'From links.next of this very query.',
      schema: text,
    },
  ],
  answers: {
    200: {
      description: 'A page of records.',
      contents: { 'application/json': utilizations },
    },
  },
  errors: [
    'BadRequest',
    'RequestEndTimeIsInFuture',
    'InvalidAggregationGranularity',
    'ProcessingNotCompleted',
    'SubscriptionNotFound',
  ],
};

import { named, plainSchemas, type OperationParameter, type Schema } from '../platform/index.ts';
import type { AnalysisOffer } from './query.ts';

const { decimal, text, time } = plainSchemas;

const query = (name: string, description: string, schema: Schema): OperationParameter => ({
  name,
  in: 'query',
  description,
  schema,
});

/** The parameters of an interface of analysis, for its description. */
export function analysisParameters({
  dimensions,
  granularities,
}: AnalysisOffer): OperationParameter[] {
  const moment = 'A date (midnight UTC) or a time on the hour';
  return [
    { ...query('from', `${moment}; usage since then.`, time), required: true },
    { ...query('to', `${moment}; exclusive.`, time), required: true },
    query('granularity', 'The pieces into which the range is cut. Hours: at most 31 days.', {
      enum: [...granularities],
      default: 'day',
    }),
    query('groupBy', `One of ${dimensions.join(', ')}, or tag:NAME.`, {
      type: 'string',
      maxLength: 2000,
      default: 'meter',
    }),
    ...filterParameters({ dimensions }),
    query('search', 'Only groups with this in their name are listed; the total stays.', {
      type: 'string',
      maxLength: 200,
    }),
    query('order', 'The largest first, or by name.', {
      enum: ['-amount', 'name'],
      default: '-amount',
    }),
    query('top', 'How many groups of a page carry points.', {
      type: 'integer',
      minimum: 0,
      maximum: 25,
      default: 10,
    }),
    query('limit', 'Groups of a page.', {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 50,
    }),
    query('$skiptoken', 'From the nextLink of this very question.', text),
  ];
}

/** Filters by dimensions and tags. */
export function filterParameters({
  dimensions,
}: Pick<AnalysisOffer, 'dimensions'>): OperationParameter[] {
  const values = { type: 'array', items: { type: 'string', maxLength: 2000 } };
  return [
    ...dimensions.map((dimension) =>
      query(dimension, 'Only this; repeated: any of these. The key of a group.', values),
    ),
    query(
      'tag',
      'NAME:VALUE, a colon or backslash of the name after a backslash; no VALUE: what has no such tag, or has it empty.',
      values,
    ),
  ];
}

const points = {
  type: 'array',
  items: decimal,
  description: 'One for each bucket; they add up to the amount.',
};

/** Where a resource or a resource group is. */
export const groupParent = {
  type: 'object',
  required: ['subscription'],
  properties: { subscription: text, subscriptionName: text, resourceGroup: text },
};

const sums = {
  type: 'object',
  required: ['amount'],
  properties: { amount: decimal, points },
};

/** The schema of an answer. */
export const analysisAnswer = named('AnalysisAnswer', {
  type: 'object',
  description: 'What is listed and the others add up to the total, exactly, on every page.',
  required: ['from', 'to', 'granularity', 'groupBy', 'freshness', 'buckets', 'groups'],
  properties: {
    from: time,
    to: time,
    granularity: text,
    groupBy: text,
    unit: { type: 'string', description: 'Of a quantity of one meter.' },
    currency: { type: 'string', description: 'Of costs.' },
    freshness: {
      type: 'object',
      description: 'Up to when the answer is complete: closed, rated and added up.',
      properties: { closedTo: time, ratedTo: time, summarizedTo: time },
    },
    buckets: { type: 'array', items: time, description: 'When each begins.' },
    groups: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['key', 'name', 'amount'],
        properties: {
          key: { type: 'string', description: 'What a filter picks the group out by.' },
          name: text,
          amount: decimal,
          points,
          share: { type: 'string', description: 'Of the total, in percent.' },
          unit: text,
          parent: groupParent,
        },
      },
    },
    others: {
      ...sums,
      description: 'All groups that are not on this page.',
      required: ['count', 'amount'],
      properties: { ...sums.properties, count: { type: 'integer', minimum: 0 } },
    },
    total: { ...sums, description: 'Absent where amounts of different groups do not add up.' },
    nextLink: { type: 'string', format: 'uri', description: 'Absent on the last page.' },
  },
});

/** One value of a dimension, for boxes of filters. */
export const dimensionValue = named('DimensionValue', {
  type: 'object',
  required: ['key', 'name'],
  properties: { key: text, name: text },
});

/** Parameters of the list of values, besides what an interface adds. */
export const valuesParameters: readonly OperationParameter[] = [
  {
    ...query('dimension', 'As for groupBy; `tag` alone lists the names of tags.', text),
    required: true,
  },
  query('search', 'Only values with this in their name.', { type: 'string', maxLength: 200 }),
  query('limit', 'Values of a page.', {
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 50,
  }),
  query('$skiptoken', 'From the nextLink of this very question.', text),
];

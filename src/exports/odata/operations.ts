import { json, type Operation, type OperationParameter } from '../../platform/index.ts';

const option = (name: string, description: string): OperationParameter => {
  return { name, in: 'query', description, schema: { type: 'string' } };
};

const FILTER = option(
  '$filter',
  'Which rows: comparisons, and, or, not, in, functions of texts and times.',
);

const rows = json({
  type: 'object',
  required: ['value'],
  properties: {
    '@odata.context': { type: 'string', format: 'uri' },
    '@odata.count': { type: 'integer' },
    value: { type: 'array', items: { type: 'object' } },
    '@odata.nextLink': { type: 'string', format: 'uri', description: 'Absent on the last page.' },
  },
});

export const serviceOperation: Operation = {
  id: 'getFeed',
  tag: 'exports',
  summary: 'What the OData feed has',
  access: 'token or key',
  answers: { 200: { description: 'The sets.', contents: json({ type: 'object' }) } },
  errors: ['InvalidProperty', 'UnsupportedMediaType'],
};

export const metadataOperation: Operation = {
  id: 'getFeedMetadata',
  tag: 'exports',
  summary: 'What rows of the OData feed are made of',
  access: 'token or key',
  answers: {
    200: {
      description: 'Types and sets, in the schema language of OData.',
      contents: { 'application/xml': { type: 'string' } },
    },
  },
};

export const setOperation: Operation = {
  id: 'getFeedRows',
  tag: 'exports',
  summary: 'Rows of the OData feed, or one of them by its key',
  description:
    'OData 4: what the caller may see, page by page. Decimals are JSON numbers with all their digits, or texts where Accept says IEEE754Compatible=true.',
  access: 'token or key',
  parameters: [
    FILTER,
    option('$select', 'Properties that are wanted, with commas between them.'),
    option('$orderby', 'In which order; large sets go by their key only, up or down.'),
    option('$top', 'Most rows.'),
    option('$skip', 'Rows to pass over, 100,000 at most.'),
    option('$count', 'true: how many rows there are is told as well.'),
    option('$format', 'json, or its media type with parameters.'),
    option('$skiptoken', 'From the link to the next page.'),
  ],
  answers: { 200: { description: 'Rows.', contents: rows } },
  errors: ['InvalidProperty', 'UnsupportedMediaType', 'AuthorizationFailed', 'NotFound'],
};

export const countOperation: Operation = {
  id: 'countFeedRows',
  tag: 'exports',
  summary: 'How many rows a set of the OData feed has',
  access: 'token or key',
  parameters: [FILTER],
  answers: {
    200: { description: 'A number.', contents: { 'text/plain': { type: 'string' } } },
  },
  errors: ['InvalidProperty', 'AuthorizationFailed', 'NotFound'],
};

export const pbidsOperation: Operation = {
  id: 'getPowerBiConnection',
  tag: 'exports',
  summary: 'The connection to the feed as a file for Power BI Desktop',
  access: 'token or key',
  answers: {
    200: { description: 'The file.', contents: { 'application/json': { type: 'object' } } },
  },
};

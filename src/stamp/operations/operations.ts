import {
  apiVersionParameter,
  named,
  type ApiVersions,
  type Operation,
} from '../../platform/index.ts';

/** The poller repeats the version of the request that began the work, whichever that was. */
export const POLLING_VERSIONS: ApiVersions = { oldest: '2015-01-01', newest: '2022-12-01' };

const status = named('OperationStatus', {
  type: 'object',
  required: ['id', 'name', 'status', 'startTime', 'percentComplete'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string', format: 'uuid' },
    status: { enum: ['InProgress', 'Succeeded', 'Failed'] },
    startTime: { type: 'string', format: 'date-time' },
    endTime: { type: 'string', format: 'date-time', description: 'Absent while it runs.' },
    percentComplete: { type: 'integer', description: '100 once it has succeeded, 0 before.' },
    error: {
      type: 'object',
      description: 'Why it failed.',
      properties: { code: { type: 'string' }, message: { type: 'string' } },
    },
  },
});

/** What polling tells of itself. */
export const pollingOperation: Operation = {
  id: 'getOperationResult',
  tag: 'resources',
  summary: 'What became of work that was answered with 202',
  description: 'For whoever began it; for everybody else there is nothing here.',
  access: 'token',
  parameters: [
    apiVersionParameter(POLLING_VERSIONS),
    {
      name: 'operationResultResponseType',
      in: 'query',
      description: 'Azure-AsyncOperation for the status as a document; otherwise the result.',
      schema: { enum: ['Azure-AsyncOperation'] },
    },
  ],
  answers: {
    200: { description: 'The status.', contents: { 'application/json': status } },
    202: { description: 'It is under way.', headers: { 'Retry-After': 'Seconds to wait.' } },
    204: { description: 'It is done, and has no result but that.' },
  },
  errors: ['MissingApiVersionParameter', 'InvalidApiVersionParameter', 'NotFound'],
};

/** The answer of a route that begins such work, for its own description. */
export const acceptedAnswer = {
  description: 'It is under way; ask one of the two addresses what became of it.',
  headers: {
    Location: 'Answers 202 while it is under way, then 204.',
    'Azure-AsyncOperation': 'The status as a document.',
    'Retry-After': 'Seconds to wait.',
  },
};

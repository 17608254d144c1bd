import type { FastifyRequest } from 'fastify';
import {
  invalidParameter,
  pathOf,
  queryParameters,
  type OperationParameter,
} from '../../platform/index.ts';

const SKIP_TOKEN = '$skiptoken';

/** Reads `$top`: how many there are in a page. */
export function readTop(request: FastifyRequest, most: number): number {
  const parameters = queryParameters(request);
  const text = parameters.get('$top');
  if (text === undefined) return most;
  const top = /^[0-9]{1,4}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (top >= 1 && top <= most) return top;
  throw invalidParameter(parameters, '$top', `it has to be a number from 1 to ${most}`);
}

/** The token of the page before; undefined for the first page. */
export function skipTokenOf(request: FastifyRequest): string | undefined {
  return queryParameters(request).get(SKIP_TOKEN);
}

/** All that decides what is listed: the path and each parameter but the token itself. */
export function canonicalList(request: FastifyRequest): string {
  const parameters = [...queryParameters(request)]
    .filter(([name]) => name !== SKIP_TOKEN)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([pathOf(request).toLowerCase(), parameters]);
}

/** `$top`, `$skiptoken` and `$filter` for the interface description. */
export function listParameters(most: number, filter: string): readonly OperationParameter[] {
  return [
    {
      name: '$filter',
      in: 'query',
      description: filter,
      schema: { type: 'string' },
    },
    {
      name: '$top',
      in: 'query',
      description: 'How many there are in a page.',
      schema: { type: 'integer', minimum: 1, maximum: most, default: most },
    },
    {
      name: SKIP_TOKEN,
      in: 'query',
      description: 'From the nextLink of this very list.',
      schema: { type: 'string' },
    },
  ];
}

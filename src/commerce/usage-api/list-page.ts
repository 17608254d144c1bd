import type { FastifyRequest } from 'fastify';
import {
  invalidParameter,
  makeContinuationToken,
  nextLinkOf,
  pathOf,
  queryParameters,
  readContinuationToken,
  readTokenKey,
  type Database,
  type OperationParameter,
  type PositionFields,
} from '../../platform/index.ts';

const SKIP_TOKEN = '$skiptoken';

/** Reads `$top`: how many there are in a page. */
function readTop(request: FastifyRequest, most: number): number {
  const parameters = queryParameters(request);
  const text = parameters.get('$top');
  if (text === undefined) return most;
  const top = /^[0-9]{1,4}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (top >= 1 && top <= most) return top;
  throw invalidParameter(parameters, '$top', `it has to be a number from 1 to ${most}`);
}

/** The token of the page before; undefined for the first page. */
function skipTokenOf(request: FastifyRequest): string | undefined {
  return queryParameters(request).get(SKIP_TOKEN);
}

/** All that decides what is listed: the path and each parameter but the token itself. */
function canonicalList(request: FastifyRequest): string {
  const parameters = [...queryParameters(request)]
    .filter(([name]) => name !== SKIP_TOKEN)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([pathOf(request).toLowerCase(), parameters]);
}

/** A page of a list that somebody asks for. */
export interface AskedPage<Position> {
  readonly request: FastifyRequest;
  readonly key: Buffer;
  readonly canonical: string;
  /** How many it may have. */
  readonly top: number;
  /** Where the page before ended; undefined for the first. */
  readonly after: Position | undefined;
}

/**
 * Reads `$top` and `$skiptoken`.
 *
 * @throws InvalidProperty
 */
export async function openList<Position>(
  database: Database,
  request: FastifyRequest,
  most: number,
  parse: (fields: readonly unknown[]) => Position | undefined,
): Promise<AskedPage<Position>> {
  const top = readTop(request, most);
  const key = await readTokenKey(database.pool);
  const canonical = canonicalList(request);
  const token = skipTokenOf(request);
  const after =
    token === undefined
      ? undefined
      : readContinuationToken(key, canonical, token, parse, SKIP_TOKEN);
  return { request, key, canonical, top, after };
}

/** Where the next page is; undefined after the last. @param last position of the last row of this page */
export function linkAfter(
  { request, key, canonical }: AskedPage<unknown>,
  last: PositionFields | undefined,
): string | undefined {
  if (last === undefined) return undefined;
  return nextLinkOf(request, makeContinuationToken(key, canonical, last));
}

/** The answer of a list. @param last position of the last row where there are more */
export function answerPage(
  list: AskedPage<unknown>,
  value: readonly object[],
  last: PositionFields | undefined,
): object {
  const nextLink = linkAfter(list, last);
  return { value, ...(nextLink !== undefined && { nextLink }) };
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

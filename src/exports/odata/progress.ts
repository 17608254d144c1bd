import type { FastifyRequest } from 'fastify';
import { readContinuationToken, type PositionFields } from '../../platform/index.ts';
import type { Position } from './order.ts';

/** How far the pages before have come. */
export interface Progress {
  readonly after: Position | undefined;
  /** Rows of the pages before. */
  readonly served: number;
  /** Rows of all pages, where that was asked for. */
  readonly count: string | undefined;
}

export const START: Progress = { after: undefined, served: 0, count: undefined };

/** What a token belongs to: the set and all that was asked of it. */
export function questionOf(
  request: FastifyRequest,
  parameters: ReadonlyMap<string, string>,
): string {
  const asked = [...parameters]
    .filter(([name]) => name !== '$skiptoken')
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
  return JSON.stringify(['odata', request.url.split('?', 1)[0]?.toLowerCase(), asked]);
}

/** What a token holds in the place of nothing. */
const NONE = 0;

/** Progress as a token holds it. */
export function fieldsOf({ after = [], served, count }: Progress): PositionFields {
  return [served, count ?? NONE, ...after.map((value) => value ?? NONE)];
}

/**
 * Reads a token back.
 *
 * @param columns how many there are in a position
 * @throws InvalidProperty when it is of another question
 */
export function readProgress(
  key: Buffer,
  question: string,
  token: string,
  columns: number,
): Progress {
  return readContinuationToken(
    key,
    question,
    token,
    ([served, count, ...values]): Progress | undefined => {
      const after = values.map((value) => (typeof value === 'string' ? value : null));
      if (typeof served !== 'number' || after.length !== columns) return undefined;
      return { served, count: typeof count === 'string' ? count : undefined, after };
    },
    '$skiptoken',
  );
}

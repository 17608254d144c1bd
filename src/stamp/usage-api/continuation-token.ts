import { isGuid } from '../../kernel/index.ts';
import { makeContinuationToken, readContinuationToken } from '../../platform/index.ts';

/** The last row of a page, by key: the next page starts after it. */
export interface RowPosition {
  readonly reported: number;
  readonly subscriptionId: string;
  readonly usage: number;
  readonly resourceKey: string;
  readonly meter: number;
}

/**
 * Makes the opaque token that continues a query after `position`.
 *
 * @param query canonical text of the whole query, without the token
 */
export function makeToken(key: Buffer, query: string, position: RowPosition): string {
  const { reported, subscriptionId, usage, resourceKey, meter } = position;
  return makeContinuationToken(key, query, [reported, subscriptionId, usage, resourceKey, meter]);
}

/**
 * Reads a token back.
 * @throws InvalidProperty naming continuationToken when it is altered or belongs to another query
 */
export function readToken(key: Buffer, query: string, token: string): RowPosition {
  return readContinuationToken(key, query, token, toPosition);
}

function toPosition(fields: readonly unknown[]): RowPosition | undefined {
  const [reported, subscriptionId, usage, resourceKey, meter] = fields;
  if (typeof reported !== 'number' || typeof usage !== 'number' || typeof meter !== 'number') {
    return undefined;
  }
  if (typeof subscriptionId !== 'string' || typeof resourceKey !== 'string') return undefined;
  if (!isGuid(subscriptionId) || !isGuid(resourceKey)) return undefined;
  return { reported, subscriptionId, usage, resourceKey, meter };
}

import type { Decimal } from '../../kernel/index.ts';
import { decimalOf } from '../../platform/index.ts';

/** As {@link decimalOf}; undefined where there is none, and where it is too long to be computed with. */
export function knownDecimal(text: string | null): Decimal | undefined {
  if (text === null) return undefined;
  try {
    return decimalOf(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A number of the database as a count. @throws RangeError for one that a count cannot hold */
export function countOf(value: bigint): number {
  const count = Number.parseInt(value.toString(), 10);
  if (!Number.isSafeInteger(count)) throw new RangeError(`${value} is too many to count.`);
  return count;
}

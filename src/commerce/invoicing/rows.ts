import type { Decimal } from '../../kernel/index.ts';
import { decimalOf } from '../../platform/index.ts';

/** A numeric column that may be null. */
export function optionalDecimal(text: string | null): Decimal | undefined {
  return text === null ? undefined : decimalOf(text);
}

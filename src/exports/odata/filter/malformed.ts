import type { StackmeterError } from '../../../kernel/index.ts';
import { invalidProperty } from '../../../platform/index.ts';

/** A filter that cannot be taken, and why. */
export function malformed(source: string, rule: string): StackmeterError {
  return invalidProperty('$filter', source.slice(0, 200), rule);
}

import type { InvoiceLine } from './line.ts';

/**
 * The lines of a credit note that takes a whole invoice back, or of a debit note that takes a whole credit note
 * back: each as it was, naming the line that it cancels. A credit note says positively what it gives
 * back, so nothing changes its sign.
 */
export function cancellingLines(lines: readonly InvoiceLine[]): InvoiceLine[] {
  return lines.map((line) => ({ ...line, kind: 'cancellation', cancels: line.line }));
}

import { Decimal } from '../../../kernel/index.ts';
import type { InvoiceData, LineData } from './invoice-data.ts';

/** A rule of EN 16931, or of a list of codes that it names. */
export interface Rule {
  /** As the standard names it: `BR-CO-10`. */
  readonly id: string;
  /** What has to hold, in one sentence. */
  readonly says: string;
  readonly holds: (invoice: InvoiceData) => boolean;
}

/** A rule about each line; one that is broken is told with the lines that break it. */
export interface LineRule {
  readonly id: string;
  readonly says: string;
  readonly holdsFor: (line: LineData) => boolean;
}

/** An amount that is missing or no number counts as nothing: other rules say that it is missing. */
export function number(text: string | undefined): Decimal {
  return (text === undefined ? undefined : Decimal.parse(text)) ?? Decimal.zero;
}

/** Whether the text is a number; an exponent is none. */
export function isNumber(text: string | undefined): boolean {
  return text !== undefined && !/e/i.test(text) && Decimal.parse(text) !== undefined;
}

/** The sum of amounts; what is missing counts as nothing. */
export function sum(texts: readonly (string | undefined)[]): Decimal {
  return texts.reduce((total, text) => total.add(number(text)), Decimal.zero);
}

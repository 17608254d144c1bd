import type { InvoiceDocument, TaxCategory } from './invoice-document.ts';

/** The syntax of an electronic invoice: UN/CEFACT's, which Factur-X embeds, or that of OASIS. */
export type Syntax = 'CII' | 'UBL';

/**
 * Kinds of document (UNTDID 1001). Factur-X knows invoices and credit notes only, so that a debit note
 * is an invoice there; what it corrects is said by its reference.
 */
export function typeCode(kind: InvoiceDocument['kind'], syntax: Syntax): string {
  if (kind === 'credit-note') return '381';
  return kind === 'debit-note' && syntax === 'UBL' ? '383' : '380';
}

/** Codes of reasons for not taxing (VATEX), where the category has exactly one. */
export const exemptionCodes: Readonly<Partial<Record<TaxCategory, string>>> = {
  AE: 'VATEX-EU-AE',
  G: 'VATEX-EU-G',
  O: 'VATEX-EU-O',
};

/** Means of payment (UNTDID 4461): a transfer within SEPA, and any other. */
export function paymentCode(currency: string): string {
  return currency === 'EUR' ? '58' : '30';
}

/** Units of UN/ECE Recommendation 20, by the last word of ours. */
const timeUnits: ReadonlyMap<string, string> = new Map([
  ['minute', 'MIN'],
  ['hour', 'HUR'],
  ['day', 'DAY'],
  ['month', 'MON'],
  ['year', 'ANN'],
]);

/** What has no code of its own: one of something. */
export const PIECE = 'C62';
const GIGABYTE = 'E34';

/**
 * The code of a unit in words: `1 vCPU Hour` is hours, `GB` gigabytes. Units of data times time, units
 * that count several at once (`10 Hours`, `10,000 requests`) and all others are pieces, so that a
 * reader cannot take the quantity for something else.
 */
export function unitCode(unit: string): string {
  const words = unit
    .trim()
    .toLowerCase()
    .replace(/^1\s+/, '')
    .split(/[\s/-]+/);
  if (words.some((word) => /^\d/.test(word))) return PIECE;
  const isData = words.some((word) =>
    /^(?:[kmgtp]?i?b|(?:kilo|mega|giga|tera)?bytes?)$/.test(word),
  );
  const last = words.at(-1) ?? '';
  if (isData) return words.length === 1 && /^(?:gb|gigabytes?)$/.test(last) ? GIGABYTE : PIECE;
  return timeUnits.get(last.replace(/s$/, '')) ?? PIECE;
}

import { minorUnitsOf, spreadsheetText } from '../../kernel/index.ts';
import { fixed } from './amounts.ts';
import { periodCode } from './corrected-period.ts';
import type { InvoiceDocument, InvoiceDocumentLine } from './invoice-document.ts';

type Field = (line: InvoiceDocumentLine, document: InvoiceDocument) => string | undefined;

/** The columns in their order. A column is never renamed or moved; new ones come last. */
const columns: readonly (readonly [name: string, of: Field])[] = [
  ['invoice', (_line, { number }) => spreadsheetText(number)],
  ['line', ({ line }) => line.toString()],
  ['kind', ({ kind }) => kind],
  ['service', ({ service }) => spreadsheetText(service)],
  ['description', ({ description }) => spreadsheetText(description)],
  ['unit', ({ unit }) => spreadsheetText(unit)],
  ['quantity', ({ quantity }) => quantity.toText()],
  ['unitPrice', ({ unitPrice }) => unitPrice?.toText()],
  ['amount', ({ amount }, { currency }) => fixed(amount, minorUnitsOf(currency))],
  ['currency', (_line, { currency }) => currency],
  ['taxCategory', ({ taxCategory }) => taxCategory],
  ['taxRate', ({ taxRate }) => taxRate.toText()],
  ['periodStart', (_line, { period }) => period.start],
  ['periodEnd', (_line, { period }) => period.end],
  ['correctsPeriod', ({ correctsPeriod }) => correctsPeriod && periodCode(correctsPeriod)],
  ['customerId', ({ customer }) => customer?.id],
  ['customerName', ({ customer }) => spreadsheetText(customer?.name ?? '')],
  ['subscriptionId', ({ subscriptionId }) => subscriptionId],
  ['meterId', ({ meterId }) => spreadsheetText(meterId ?? '')],
];

/**
 * The lines of an invoice as CSV (RFC 4180): UTF-8 without a byte order mark, a row of names, a row for each
 * line, all ended by CR LF. Numbers are plain decimals with a point. A text that a spreadsheet would
 * take for a formula gets an apostrophe in front; numbers, which may begin with a minus, do not.
 */
export function writeCsv(document: InvoiceDocument): string {
  const head = columns.map(([name]) => name).join(',');
  const rows = document.lines.map((line) =>
    columns.map(([, of]) => quote(of(line, document) ?? '')).join(','),
  );
  return [head, ...rows, ''].join('\r\n');
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import { hash } from 'node:crypto';
import { fail, minorUnitsOf, type Decimal } from '../../kernel/index.ts';
import { writeCsv } from './csv.ts';
import { writeEInvoice } from './e-invoice-xml.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { isUsableLogo } from './logo.ts';
import { renderPdf } from './pdf/render-pdf.ts';
import { checkRules, type RuleViolation } from './rules/check.ts';

/** A document of an invoice as it is kept and handed out. */
export interface RenderedDocument {
  readonly kind: 'pdf' | 'ubl' | 'csv';
  readonly mediaType: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
  readonly sha256: Uint8Array;
}

/** EN 16931 gives amounts two digits after the point, and currencies with three no way out. */
const standardDigits = 2;

/**
 * The documents of an invoice: `pdf` (PDF/A-3b with the Factur-X invoice of profile EN 16931 inside),
 * `ubl` (XML) and `csv` (its lines). The same invoice always gives the same bytes.
 *
 * In a currency of three digits after the point (KWD, TND) there can be no electronic invoice: the PDF
 * then has none inside, and `ubl` is not among the documents.
 *
 * @throws DocumentInvalid when the invoice breaks rules of EN 16931, has amounts that are no whole minor
 * units, or a logo that cannot be used; each broken rule is one of its details
 */
export async function renderDocuments(document: InvoiceDocument): Promise<RenderedDocument[]> {
  const { cii, ubl, isStandard } = await writeChecked(document);
  const pdf = await renderPdf(document, isStandard ? cii : undefined);
  const name = document.number.replace(/[^\p{L}\p{N}._-]+/gu, '_');
  const csv = writeCsv(document);
  return [
    rendered('pdf', 'application/pdf', `${name}.pdf`, pdf),
    ...(isStandard ? [rendered('ubl', 'application/xml', `${name}.xml`, Buffer.from(ubl))] : []),
    rendered('csv', 'text/csv; charset=utf-8', `${name}.csv`, Buffer.from(csv)),
  ];
}

/**
 * Checks what {@link renderDocuments} would refuse, without making documents.
 *
 * @throws DocumentInvalid as it does
 */
export async function checkDocument(document: InvoiceDocument): Promise<void> {
  await writeChecked(document);
}

/** The electronic invoice in both syntaxes, none of whose rules it breaks. */
async function writeChecked(
  document: InvoiceDocument,
): Promise<{ readonly cii: string; readonly ubl: string; readonly isStandard: boolean }> {
  const cii = await writeEInvoice(document, 'CII');
  const ubl = await writeEInvoice(document, 'UBL');
  const isStandard = minorUnitsOf(document.currency) <= standardDigits;
  const broken = [...ownRules(document), ...brokenRules([cii, ubl], isStandard)];
  if (broken.length === 0) return { cii, ubl, isStandard };
  const rules = [...new Set(broken.map(({ rule }) => rule))].join(', ');
  const details = broken.map(({ rule, message }) => ({ code: rule, message }));
  throw fail('DocumentInvalid', { number: document.number, rules }, { details });
}

function rendered(
  kind: RenderedDocument['kind'],
  mediaType: string,
  fileName: string,
  bytes: Uint8Array,
): RenderedDocument {
  return { kind, mediaType, fileName, bytes, sha256: hash('sha256', bytes, 'buffer') };
}

/** Each rule once, though both syntaxes break it. */
function brokenRules(xmls: readonly string[], isStandard: boolean): RuleViolation[] {
  const broken = new Map<string, RuleViolation>();
  for (const violation of xmls.flatMap(checkRules)) {
    const isAboutDigits = violation.rule.startsWith('BR-DEC-');
    if (isStandard || !isAboutDigits) broken.set(violation.rule, violation);
  }
  return [...broken.values()];
}

/** What the standard does not say, and a document would show wrong. */
function ownRules(document: InvoiceDocument): RuleViolation[] {
  const { currency, lines, taxes, net, tax, gross, seller } = document;
  const digits = minorUnitsOf(currency);
  const amounts: Decimal[] = [net, tax, gross];
  for (const { amount } of lines) amounts.push(amount);
  for (const { base, amount } of taxes) amounts.push(base, amount);
  const broken: RuleViolation[] = [];
  if (amounts.some(({ scale }) => scale > digits)) {
    const message = `Each amount has at most ${digits} digits after the point, as ${currency} has.`;
    broken.push({ rule: 'MINOR-UNITS', message });
  }
  if (seller.logo !== undefined && !isUsableLogo(seller.logo)) {
    const message = 'The logo is a whole PNG without interlacing, or a JPEG in gray or RGB.';
    broken.push({ rule: 'LOGO', message });
  }
  return broken;
}

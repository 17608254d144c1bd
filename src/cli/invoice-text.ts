import type { InvoiceDraft, InvoiceLine, KeptInvoice } from '../commerce/invoicing/index.ts';
import { minorUnitsOf, type Currency, type Decimal } from '../kernel/index.ts';
import { toTable } from './output.ts';

/** An amount with all digits of its currency: `7.80`. More, where it has more. */
export function moneyText(amount: Decimal, currency: Currency): string {
  const [whole = '', fraction = ''] = amount.toText().split('.');
  const digits = fraction.padEnd(minorUnitsOf(currency), '0');
  return digits === '' ? whole : `${whole}.${digits}`;
}

/** Invoices as a table. */
export function invoiceTable(invoices: readonly KeptInvoice[]): string {
  return toTable(
    [
      'NUMBER',
      'KIND',
      'BUYER',
      'PERIOD',
      'ISSUED',
      'DUE',
      'CURRENCY',
      'NET',
      'TAX',
      'GROSS',
      'OPEN',
    ],
    invoices.map((one) => [
      one.number,
      one.kind,
      one.parties.buyer.name,
      one.parties.period.name,
      one.issueDate,
      one.dueDate,
      one.currency,
      moneyText(one.net, one.currency),
      moneyText(one.tax, one.currency),
      moneyText(one.gross, one.currency),
      moneyText(one.open, one.currency),
    ]),
  );
}

/** Lines as a table. */
export function lineTable(
  lines: readonly InvoiceLine[],
  currency: Currency,
  customers: Readonly<Record<string, string>>,
): string {
  return toTable(
    ['LINE', 'KIND', 'CUSTOMER', 'DESCRIPTION', 'PERIOD', 'QUANTITY', 'UNIT PRICE', 'AMOUNT'],
    lines.map((line) => [
      String(line.line),
      line.kind,
      customers[line.customerSubscriptionId ?? ''] ?? '',
      line.description,
      line.correctsPeriod ?? '',
      line.quantity.toText(),
      line.unitPrice?.toText() ?? '',
      moneyText(line.amount, currency),
    ]),
  );
}

/** Names and values below each other. */
export function told(lines: readonly (readonly [string, string | undefined])[]): string {
  return lines
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(12)}${value}\n`)
    .join('');
}

/** A draft for people: who, what for, its lines and its sums. */
export function draftText(draft: InvoiceDraft): string {
  const { kind, sale, period, currency, lines, customers } = draft;
  const head = told([
    ['Draft', `${kind} of ${sale.seller.name} to ${sale.buyer.name}`],
    ['Period', `${period.name} (${period.state})`],
    ['Held', period.held],
  ]);
  if (lines.length === 0) return `${head}Nothing to invoice.\n`;
  return `${head}\n${lineTable(lines, currency, Object.fromEntries(customers))}\n${sumText(draft)}`;
}

/** What lines come to. */
export function sumText({
  net,
  tax,
  gross,
  currency,
}: Pick<InvoiceDraft, 'net' | 'tax' | 'gross' | 'currency'>): string {
  return told([
    ['Net', moneyText(net, currency)],
    ['Tax', moneyText(tax, currency)],
    ['Gross', `${moneyText(gross, currency)} ${currency}`],
  ]);
}

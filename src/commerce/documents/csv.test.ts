import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { writeCsv } from './csv.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { decimal, invoice, line, lines } from '../../../test/documents/invoices.ts';

function rowsOf(document: InvoiceDocument): Record<string, string>[] {
  return parse(writeCsv(document), { columns: true });
}

describe('the lines as CSV', () => {
  it('have a row of names and a row each, ended by CR LF', () => {
    const text = writeCsv(invoice(lines(2)));
    assert.equal(
      text,
      [
        'invoice,line,kind,service,description,unit,quantity,unitPrice,amount,currency,taxCategory,taxRate,periodStart,periodEnd,correctsPeriod,customerId,customerName,subscriptionId,meterId',
        'ACME-2026-000017,1,usage,Azure Stack Hub - Windows VM,"Windows VM vCPU hour, size class 1",1 vCPU Hour,744,0.0125,9.30,EUR,S,20,2026-10-01,2026-10-31,,,,5a5a5a5a-0000-4000-8000-000000000001,fab6eb84-500b-4a09-a8ca-7358f8bbaea5',
        'ACME-2026-000017,2,usage,Azure Stack Hub - Windows VM,"Windows VM vCPU hour, size class 2",1 vCPU Hour,744,0.0125,9.30,EUR,S,20,2026-10-01,2026-10-31,,,,5a5a5a5a-0000-4000-8000-000000000001,fab6eb84-500b-4a09-a8ca-7358f8bbaea5',
        '',
      ].join('\r\n'),
    );
  });

  it('hold numbers as they are, a minus included', () => {
    const change = { quantity: decimal('-0.000000000001'), amount: decimal('-12.5') };
    const [row] = rowsOf(invoice([line(1, { ...change, unitPrice: undefined })]));
    assert.equal(row?.['quantity'], '-0.000000000001');
    assert.equal(row?.['amount'], '-12.50');
    assert.equal(row?.['unitPrice'], '');
  });

  it('read back every text, and no text begins as a formula', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.tuple(fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ','), fc.string()),
    );
    fc.assert(
      fc.property(text, (given) => {
        const description = Array.isArray(given) ? given.join('') : given;
        const [row] = rowsOf(invoice([line(1, { description })]));
        const read = row?.['description'] ?? '';
        assert.doesNotMatch(read, /^[=+\-@\t\r\n]/);
        assert.equal(/^[=+\-@\t\r\n]/.test(description) ? read.slice(1) : read, description);
      }),
      { numRuns: 1000 },
    );
  });
});

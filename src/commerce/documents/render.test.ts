import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, it } from 'node:test';
import { Decimal, parseCurrency, StackmeterError } from '../../kernel/index.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { renderDocuments, type RenderedDocument } from './render.ts';
import { createRenderer } from './renderer.ts';
import { checkRules } from './rules/check.ts';
import { decimal, invoice, line, lines, seller } from '../../../test/documents/invoices.ts';

/** The invoice in a currency whose lines cost so much each. */
function inCurrency(code: string, text: string): InvoiceDocument {
  const currency = parseCurrency(code);
  const amount = decimal(text);
  assert.ok(currency !== undefined);
  const rate = Decimal.zero;
  const one = line(1, { unitPrice: undefined, amount, taxCategory: 'Z', taxRate: rate });
  const taxes = [{ category: 'Z', rate, base: amount, amount: rate, reason: undefined }] as const;
  return invoice([one], { currency, taxes, tax: rate, net: amount, gross: amount });
}

async function refusal(document: InvoiceDocument): Promise<StackmeterError> {
  const error: unknown = await renderDocuments(document).then(
    () => assert.fail('It was not refused.'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StackmeterError);
  assert.equal(error.code, 'DocumentInvalid');
  return error;
}

/** Bytes as text: a Buffer here is another array of bytes there. */
const facts = (documents: readonly RenderedDocument[]): unknown =>
  documents.map(({ bytes, sha256, ...rest }) => ({
    ...rest,
    bytes: Buffer.from(bytes).toString('base64'),
    sha256: Buffer.from(sha256).toString('hex'),
  }));

describe('renderDocuments', () => {
  it('gives PDF, UBL and CSV, named by the number, with their digests', async () => {
    const documents = await renderDocuments(invoice(lines(3), { number: 'A/2026 17' }));
    assert.deepEqual(
      documents.map(({ kind, mediaType, fileName }) => [kind, mediaType, fileName]),
      [
        ['pdf', 'application/pdf', 'A_2026_17.pdf'],
        ['ubl', 'application/xml', 'A_2026_17.xml'],
        ['csv', 'text/csv; charset=utf-8', 'A_2026_17.csv'],
      ],
    );
    for (const { bytes, sha256 } of documents) {
      assert.deepEqual(sha256, hash('sha256', bytes, 'buffer'));
    }
    const ubl = documents.find(({ kind }) => kind === 'ubl');
    assert.deepEqual(checkRules(Buffer.from(ubl?.bytes ?? []).toString()), []);
  });

  it('gives the same bytes for the same invoice, and others for another', async () => {
    const one = await renderDocuments(invoice(lines(30)));
    assert.deepEqual(facts(await renderDocuments(invoice(lines(30)))), facts(one));
    assert.notDeepEqual(facts(await renderDocuments(invoice(lines(31)))), facts(one));
  });

  it('refuses an invoice that breaks rules, with each of them as a detail', async () => {
    const document = invoice(lines(2), {
      gross: decimal('1'),
      seller: { ...seller, country: 'ZZ', taxId: '40303265045' },
    });
    const error = await refusal(document);
    assert.match(error.message, /ACME-2026-000017 .*: BR-CO-09, BR-CO-15, BR-CL-14\.$/);
    assert.deepEqual(
      error.details.map(({ code }) => code),
      ['BR-CO-09', 'BR-CO-15', 'BR-CL-14'],
    );
  });

  it('refuses a summary of services that is not the net amount', async () => {
    const document = invoice(lines(2));
    const error = await refusal({ ...document, net: document.net.add(decimal('0.01')) });
    assert.ok(error.details.some(({ code }) => code === 'BR-CO-10'));
  });

  it('refuses amounts that are no whole minor units, and a logo that is none', async () => {
    const error = await refusal(inCurrency('JPY', '10.5'));
    assert.deepEqual(
      error.details.map(({ code }) => code),
      ['MINOR-UNITS'],
    );
    const logo = Buffer.from('no image');
    const other = await refusal(invoice(lines(1), { seller: { ...seller, logo } }));
    assert.match(other.message, /: LOGO\.$/);
  });

  it('writes currencies without digits after the point', async () => {
    const [, ubl] = await renderDocuments(inCurrency('JPY', '1050'));
    assert.match(Buffer.from(ubl?.bytes ?? []).toString(), />1050<\/cbc:PayableAmount>/);
  });

  it('gives no electronic invoice in a currency of three digits', async () => {
    const documents = await renderDocuments(inCurrency('KWD', '10.125'));
    assert.deepEqual(
      documents.map(({ kind }) => kind),
      ['pdf', 'csv'],
    );
    assert.ok(!Buffer.from(documents[0]?.bytes ?? []).includes('factur-x'));
  });
});

describe('createRenderer', () => {
  it('gives in threads what there is without, whatever the order', async () => {
    const renderer = createRenderer({ threads: 2 });
    try {
      const all = [3, 1, 4, 2].map((count) => invoice(lines(count)));
      const found = await Promise.all(all.map((one) => renderer.render(one)));
      const expected = await Promise.all(all.map((one) => renderDocuments(one)));
      assert.deepEqual(found.map(facts), expected.map(facts));
    } finally {
      await renderer.close();
    }
  });

  it('refuses as without threads, and goes on', async () => {
    const renderer = createRenderer({ threads: 1 });
    try {
      const wrong = { ...invoice(lines(1)), number: '' };
      const [refused, done] = await Promise.allSettled([
        renderer.render(wrong),
        renderer.render(invoice(lines(1))),
      ]);
      const expected = await refusal(wrong);
      assert.ok(refused.status === 'rejected' && refused.reason instanceof StackmeterError);
      assert.equal(refused.reason.message, expected.message);
      assert.deepEqual(refused.reason.details, expected.details);
      assert.equal(done.status, 'fulfilled');
    } finally {
      await renderer.close();
    }
  });

  it('refuses what is not done when it is closed, and everything after', async () => {
    const renderer = createRenderer({ threads: 1 });
    const open = Promise.allSettled([1, 2].map((count) => renderer.render(invoice(lines(count)))));
    await renderer.close();
    assert.deepEqual(
      (await open).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    await assert.rejects(renderer.render(invoice(lines(1))), /closed/);
  });
});

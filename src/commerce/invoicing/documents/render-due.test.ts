import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, it } from 'node:test';
import { fail, sumOf } from '../../../kernel/index.ts';
import { hourAt } from '../../../../test/support/billing.ts';
import {
  renderDocuments,
  type InvoiceDocument,
  type RenderedDocument,
} from '../../documents/index.ts';
import { readAccountTree } from '../../accounts/index.ts';
import { voidInvoice } from '../issue/void.ts';
import { withTestRoom } from '../test-room.ts';
import { heardOf, hearOf } from '../test-webhooks.ts';
import { listDocumentProblems, readDocument, whyNotMade } from './document-store.ts';
import { renderDueDocuments } from './render-due.ts';

function plain(document: InvoiceDocument): RenderedDocument[] {
  const bytes = Buffer.from(document.number);
  const sha256 = hash('sha256', bytes, 'buffer');
  return [{ kind: 'csv', mediaType: 'text/csv', fileName: 'a.csv', bytes, sha256 }];
}

describe('documents', () => {
  const own = withTestRoom();
  const seen: InvoiceDocument[] = [];
  const renderer = {
    render: (document: InvoiceDocument) => {
      seen.push(document);
      return Promise.resolve(plain(document));
    },
  };

  it('are made once for each invoice, with its largest resources', async () => {
    const { pool } = own.test.database;
    const one = await own.customer({ name: 'Shop' });
    await hearOf(pool, one.accountId);
    const machines = Array.from({ length: 14 }, (_, at) => ({
      of: one,
      name: `vm${at}`,
      quantity: `${10 + at}.5`,
    }));
    await own.use('2026-10-02T00:00Z', machines);
    const invoice = await own.issue(one);
    assert.equal(await readDocument(pool, invoice.invoiceId, 'csv'), undefined);
    assert.deepEqual(await renderDueDocuments(own.room, renderer), { made: 1, failed: 0 });
    assert.deepEqual(await renderDueDocuments(own.room, renderer), { made: 0, failed: 0 });
    const kept = await readDocument(pool, invoice.invoiceId, 'csv');
    assert.equal(kept?.content.toString(), invoice.number);
    const [document] = seen;
    const [line] = document!.lines;
    assert.deepEqual(
      line?.resources.map(({ name }) => name),
      [...Array.from({ length: 10 }, (_, at) => `vm${13 - at}`), '4 others'],
    );
    assert.ok(sumOf(line.resources.map(({ amount }) => amount)).equals(line.amount));
    assert.ok(sumOf(line.resources.map(({ quantity }) => quantity)).equals(line.quantity));
    assert.equal(line.customer?.name, 'Shop');
    assert.deepEqual(document?.period, { start: '2026-10-01', end: '2026-10-31' });
    assert.match(document?.payment.terms ?? '', /within 30 days/);
    const types = (await heardOf(pool, one.accountId)).map(({ type }) => type);
    assert.deepEqual(types.toSorted(), ['invoice.document-ready', 'invoice.issued']);
  });

  it('name no resources where usage was added after the invoice', async () => {
    const one = await own.customer();
    await own.use('2026-10-03T00:00Z', [{ of: one }]);
    const invoice = await own.issue(one);
    await own.use('2026-10-04T00:00Z', [{ of: one, usageHour: hourAt('2026-10-03T05:00Z') }]);
    await renderDueDocuments(own.room, renderer);
    const document = seen.find(({ number }) => number === invoice.number);
    assert.deepEqual(document?.lines[0]?.resources, []);
  });

  it('that cannot be made are told and tried again; others are made', async () => {
    const { pool } = own.test.database;
    const [one, two] = [await own.customer(), await own.customer({ language: 'fr' })];
    await own.use('2026-10-05T00:00Z', [{ of: one }, { of: two }]);
    const wrong = await own.issue(one);
    await own.issue(two);
    const picky = {
      render: (document: InvoiceDocument) => {
        if (document.number !== wrong.number) return Promise.resolve(plain(document));
        const { number } = document;
        return Promise.reject(fail('DocumentInvalid', { number, rules: 'BR-08' }));
      },
    };
    assert.deepEqual(await renderDueDocuments(own.room, picky), { made: 1, failed: 1 });
    assert.match((await whyNotMade(pool, wrong.invoiceId)) ?? '', /breaks rules.*BR-08/);
    const [problem] = await listDocumentProblems(pool, [one.accountId]);
    assert.deepEqual([problem?.number, problem?.attempts], [wrong.number, 1]);
    assert.deepEqual(await renderDueDocuments(own.room, picky), { made: 0, failed: 0 });
    own.clock.advance(60_000);
    assert.deepEqual(await renderDueDocuments(own.room, renderer), { made: 1, failed: 0 });
    assert.deepEqual(await listDocumentProblems(pool), []);
  });

  it('are shared by two at work, each invoice once', async () => {
    const customers = [];
    for (let at = 0; at < 12; at++) customers.push(await own.customer());
    await own.use(
      '2026-10-06T00:00Z',
      customers.map((of) => ({ of })),
    );
    for (const of of customers) await own.issue(of);
    const reports = await Promise.all([
      renderDueDocuments(own.room, renderer),
      renderDueDocuments(own.room, renderer),
    ]);
    assert.equal(reports[0].made + reports[1].made, 12);
  });

  it('hold against the rules of electronic invoices: of an invoice, its credit note and terms', async () => {
    const { pool } = own.test.database;
    const address = { street: '1 rue', city: 'Lille', postalCode: '59000' };
    const one = await own.customer({ name: 'Real', ...address });
    await own.use('2026-10-07T00:00Z', [{ of: one, quantity: '123.456' }]);
    const invoice = await own.issue(one);
    const note = await voidInvoice(own.room, invoice.number, 'test', own.changing);
    const real = { render: renderDocuments };
    const { root } = await readAccountTree(pool);
    await own.change(root.accountId, { name: 'Another name' });
    // The seller has no number by which to know it: its account says who it is (BR-CO-26).
    assert.deepEqual(await renderDueDocuments(own.room, real), { made: 2, failed: 0 });
    for (const { invoiceId } of [invoice, note]) {
      const pdf = await readDocument(pool, invoiceId, 'pdf');
      assert.equal(pdf?.content.subarray(0, 5).toString(), '%PDF-');
      const ubl = await readDocument(pool, invoiceId, 'ubl');
      assert.match(ubl?.content.toString() ?? '', /<cbc:ID>PRO-/);
      assert.ok(ubl?.content.includes(root.accountId));
      assert.doesNotMatch(ubl?.content.toString() ?? '', /Another name/);
    }
  });
});

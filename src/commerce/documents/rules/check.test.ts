import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { writeEInvoice } from '../e-invoice-xml.ts';
import type { InvoiceDocument } from '../invoice-document.ts';
import { decimal, invoice, line, lines, untaxed } from '../../../../test/documents/invoices.ts';
import { checkRules, rules } from './check.ts';
import { categoryFaults, faults, type Fault } from './test-faults.ts';

const corrected = { number: 'ACME-2026-000003', issueDate: '2026-10-02' };
const taxed = invoice(lines(3), { kind: 'debit-note', corrects: corrected });
const reason = 'For this reason nothing is taxed.';

const documents: readonly (readonly [string, InvoiceDocument])[] = [
  ['S', invoice(lines(3))],
  ['Z', untaxed('Z', undefined)],
  ['E', untaxed('E', reason)],
  ['AE', untaxed('AE', reason)],
  ['G', untaxed('G', reason)],
  ['O', untaxed('O', reason)],
];

async function expectFound(document: InvoiceDocument, [rule, ubl, cii]: Fault): Promise<void> {
  for (const [syntax, plant] of [['UBL', ubl] as const, ['CII', cii] as const]) {
    const xml = await writeEInvoice(document, syntax);
    assert.deepEqual(checkRules(xml), [], `${syntax} without the fault`);
    const planted = plant(xml);
    assert.notEqual(planted, xml, `${syntax}: the fault was planted`);
    const broken = checkRules(planted).map((one) => one.rule);
    assert.ok(broken.includes(rule), `${syntax}: found ${broken.join(', ')}`);
  }
}

describe('the rules of EN 16931', () => {
  for (const fault of faults) {
    it(`find what breaks ${fault[0]}`, () => expectFound(taxed, fault));
  }
  for (const [category, document] of documents) {
    for (const fault of categoryFaults(category)) {
      it(`find what breaks ${fault[0]}`, () => expectFound(document, fault));
    }
  }

  it('each have a planted fault, and a name of their own', () => {
    const planted = [faults, ...documents.map(([category]) => categoryFaults(category))]
      .flat()
      .map(([rule]) => rule);
    assert.deepEqual(planted.toSorted(), rules.map(({ id }) => id).toSorted());
    assert.equal(new Set(planted).size, planted.length);
  });

  it('are all on the page of the documentation, word by word', () => {
    const page = readFileSync('docs/reference/e-invoices.md', 'utf8');
    for (const { id, says } of rules) {
      const row = page.split('\n').find((one) => one.startsWith(`| ${id} `));
      assert.ok(row?.includes(`| ${says} `), `${id}: ${says}`);
    }
  });

  it('name the first line that breaks a rule about lines', async () => {
    const [first, second, third] = lines(3);
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    const nameless = invoice([first, { ...second, description: '' }, third]);
    const broken = checkRules(await writeEInvoice(nameless, 'UBL'));
    const message = 'Each line has the name of its item (BT-153). (line 2)';
    assert.deepEqual(broken, [{ rule: 'BR-25', message }]);
  });

  it('take a half that was rounded up and one that was rounded to the even neighbour', async () => {
    const [rate, amount] = [decimal('5'), decimal('10.5')];
    const lineOf = line(1, { quantity: decimal('1'), unitPrice: amount, amount, taxRate: rate });
    for (const text of ['0.51', '0.52', '0.53', '0.54']) {
      const tax = decimal(text);
      const taxes = [
        { category: 'S', rate, base: amount, amount: tax, reason: undefined } as const,
      ];
      const document = invoice([lineOf], { taxes, tax, gross: amount.add(tax) });
      const broken = checkRules(await writeEInvoice(document, 'CII')).map(({ rule }) => rule);
      const isRight = text === '0.52' || text === '0.53';
      assert.deepEqual(broken, isRight ? [] : ['BR-CO-17', 'BR-S-09'], text);
    }
  });

  it('say that a text is no invoice at all', () => {
    for (const text of ['', 'invoice', '<Invoice/>', '<a></b>', '<!DOCTYPE a><a/>']) {
      assert.deepEqual(
        checkRules(text).map(({ rule }) => rule),
        ['SYNTAX'],
        text,
      );
    }
  });
});

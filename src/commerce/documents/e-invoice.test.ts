import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { InvoiceService, type Invoice } from '@e-invoice-eu/core';
import { unitCode, type Syntax } from './e-invoice-codes.ts';
import { writeCsv } from './csv.ts';
import { writeEInvoice } from './e-invoice-xml.ts';
import { eInvoice } from './e-invoice.ts';
import type { InvoiceDocument } from './invoice-document.ts';
import { checkRules } from './rules/check.ts';
import { elementsAt, readXml, textAt, type XmlElement } from './rules/xml-reader.ts';
import {
  buyer,
  decimal,
  invoice,
  line,
  lines,
  seller,
  untaxed,
} from '../../../test/documents/invoices.ts';

const corrected = { number: 'ACME-2026-000003', issueDate: '2026-10-02' };
/** Known by nothing but the number that it has here. */
const nameless = { ...seller, taxId: undefined, registrationId: undefined, id: 'account 7' };
const reason = 'For this reason nothing is taxed.';
const syntaxes: readonly Syntax[] = ['UBL', 'CII'];

async function write(document: InvoiceDocument, syntax: Syntax): Promise<XmlElement> {
  const xml = await writeEInvoice(document, syntax);
  assert.deepEqual(checkRules(xml), []);
  const root = readXml(xml);
  assert.ok(root !== undefined);
  return root;
}

/** What the library itself writes, after it has checked the data against its schema. */
async function writeByLibrary(document: InvoiceDocument, syntax: Syntax): Promise<string> {
  const service = new InvoiceService(console);
  const data = { 'ubl:Invoice': eInvoice(document, syntax) } as unknown as Invoice;
  const options = { format: syntax, lang: 'en', noWarnings: true };
  const written = await service.generate(data, options);
  assert.ok(typeof written === 'string');
  return written;
}

/** Everything in the tree as text, so that two can be compared; where the schema lies is left out. */
function outline(element: XmlElement | undefined): unknown {
  if (element === undefined) return undefined;
  const attributes = [...element.attributes].filter(([name]) => !name.endsWith('schemaLocation'));
  const { name, text, children } = element;
  return [name, Object.fromEntries(attributes), text, children.map(outline)];
}

describe('an electronic invoice', () => {
  const kinds: readonly (readonly [string, InvoiceDocument])[] = [
    ['of several lines', invoice(lines(5))],
    ['that is a credit note', invoice(lines(2), { kind: 'credit-note' })],
    ['that is a debit note', invoice(lines(2), { kind: 'debit-note' })],
    ['with reverse charge', untaxed('AE', reason)],
    ['outside the scope of the tax', untaxed('O', reason)],
    ['with a price of many digits', invoice([line(1, { unitPrice: decimal('0.01250001') })])],
  ];
  for (const [name, document] of kinds) {
    for (const syntax of syntaxes) {
      it(`${name} is in ${syntax} what the library writes, which checks it first`, async () => {
        const theirs = await writeByLibrary(document, syntax);
        // The library adds the process of Peppol, which we do not claim.
        const process =
          /\s*<(cbc:ProfileID|ram:BusinessProcessSpecifiedDocumentContextParameter)>[\s\S]*?<\/\1>/;
        const ours = await write(document, syntax);
        assert.deepEqual(outline(ours), outline(readXml(theirs.replace(process, ''))));
      });
    }
  }

  it('says the invoice that it corrects, with the day as each syntax writes it', async () => {
    const document = invoice(lines(1), { kind: 'credit-note', corrects: corrected });
    const ubl = await write(document, 'UBL');
    const ublPath = 'BillingReference/InvoiceDocumentReference';
    assert.equal(textAt(ubl, `${ublPath}/ID`), corrected.number);
    assert.equal(textAt(ubl, `${ublPath}/IssueDate`), '2026-10-02');
    const xml = await writeEInvoice(document, 'CII');
    assert.match(xml, /<qdt:DateTimeString format="102">20261002<\/qdt:DateTimeString>/);
    assert.match(xml, /<ram:IssuerAssignedID>ACME-2026-000003<\/ram:IssuerAssignedID>/);
  });

  it('says by what a seller is known that has no other number, where the library leaves it out', async () => {
    const document = { ...untaxed('O', reason), seller: nameless };
    const ubl = 'AccountingSupplierParty/Party/PartyIdentification/ID';
    assert.equal(textAt(await write(document, 'UBL'), ubl), 'account 7');
    assert.match(
      await writeEInvoice(document, 'CII'),
      /<ram:SellerTradeParty>\s*<ram:ID>account 7</,
    );
    assert.doesNotMatch(await writeByLibrary(document, 'CII'), /account 7/);
    for (const syntax of syntaxes) await write(document, syntax);
  });

  it('has the type of its kind', async () => {
    const typeOf = async (kind: InvoiceDocument['kind'], syntax: Syntax, path: string) =>
      textAt(await write(invoice(lines(1), { kind }), syntax), path);
    assert.equal(await typeOf('invoice', 'UBL', 'InvoiceTypeCode'), '380');
    assert.equal(await typeOf('debit-note', 'UBL', 'InvoiceTypeCode'), '383');
    assert.equal(await typeOf('credit-note', 'UBL', 'CreditNoteTypeCode'), '381');
    assert.equal(await typeOf('invoice', 'CII', 'ExchangedDocument/TypeCode'), '380');
    assert.equal(await typeOf('debit-note', 'CII', 'ExchangedDocument/TypeCode'), '380');
    assert.equal(await typeOf('credit-note', 'CII', 'ExchangedDocument/TypeCode'), '381');
  });

  it('says where to pay to, and of a credit note does not', async () => {
    const path = 'PaymentMeans/PayeeFinancialAccount';
    const root = await write(invoice(lines(1)), 'UBL');
    assert.equal(textAt(root, `${path}/ID`), 'FR7630006000011234567890189');
    assert.equal(textAt(root, 'PaymentMeans/PaymentMeansCode'), '58');
    const credit = await write(invoice(lines(1), { kind: 'credit-note' }), 'UBL');
    assert.deepEqual(elementsAt(credit, 'PaymentMeans'), []);
  });

  it('gives a correction the days that it is about, whole months or not', async () => {
    const months = [
      ['2028-02-01', '2028-02-29', '2028-02'],
      ['2028-02-01', '2028-02-28', '2028-02-01/2028-02-28'],
      ['2026-09-15', '2026-10-14', '2026-09-15/2026-10-14'],
    ] as const;
    for (const [start, end, named] of months) {
      const correctsPeriod = { name: '202609-2', start, end };
      const document = invoice([line(1, { correctsPeriod })]);
      const root = await write(document, 'UBL');
      assert.equal(textAt(root, 'InvoiceLine/InvoicePeriod/StartDate'), start);
      assert.equal(textAt(root, 'InvoiceLine/InvoicePeriod/EndDate'), end);
      assert.ok(textAt(root, 'InvoiceLine/Note')?.split('; ').includes(named));
      assert.equal(textAt(root, 'InvoicePeriod/EndDate'), '2026-10-31');
      assert.ok(writeCsv(document).split(',').includes(named));
    }
  });

  it('says a negative amount by a negative quantity and a price above zero', async () => {
    const credit = line(2, {
      quantity: decimal('1'),
      unitPrice: decimal('-2.5'),
      amount: decimal('-2.5'),
    });
    const root = await write(invoice([line(1), credit]), 'UBL');
    const second = elementsAt(root, 'InvoiceLine')[1];
    assert.equal(textAt(second, 'InvoicedQuantity'), '-1');
    assert.equal(textAt(second, 'Price/PriceAmount'), '2.50');
    assert.equal(textAt(second, 'LineExtensionAmount'), '-2.50');
  });

  it('names a number of nine digits in France a SIREN, and no other', async () => {
    const scheme = async (party: typeof seller): Promise<string | undefined> =>
      textAt(
        await write(invoice(lines(1), { buyer: party }), 'UBL'),
        'AccountingCustomerParty/Party/PartyLegalEntity/CompanyID',
        'schemeID',
      );
    assert.equal(await scheme(seller), '0002');
    assert.equal(await scheme({ ...buyer, registrationId: '303265045' }), undefined);
  });

  it('keeps texts whatever they are made of', async () => {
    const description = 'A & B <c> "d" \u0001 é € \u{1F600}';
    const root = await write(invoice([line(1, { description })]), 'CII');
    const name =
      'SupplyChainTradeTransaction/IncludedSupplyChainTradeLineItem/SpecifiedTradeProduct';
    assert.equal(textAt(root, `${name}/Name`), description.replace('\u0001', ' '));
  });
});

describe('unitCode', () => {
  const expected: Readonly<Record<string, string>> = {
    '1 vCPU Hour': 'HUR',
    hours: 'HUR',
    'vm-hours': 'HUR',
    '1 Minute': 'MIN',
    '1 site month': 'MON',
    '1 Day': 'DAY',
    GB: 'E34',
    '1 GB': 'E34',
    '1 GB Hour': 'C62',
    'GB-months': 'C62',
    'byte-hours': 'C62',
    '10 Hours': 'C62',
    '10,000 requests': 'C62',
    '10k-requests': 'C62',
    '': 'C62',
    constructor: 'C62',
  };
  it('takes time units from words, gigabytes, and pieces for what could be mistaken', () => {
    for (const [unit, code] of Object.entries(expected)) assert.equal(unitCode(unit), code, unit);
  });
});

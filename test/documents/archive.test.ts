import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  checkRules,
  renderDocuments,
  type InvoiceDocument,
} from '../../src/commerce/documents/index.ts';
import { invoice, lines, seller } from './invoices.ts';
import { open } from './pixels.ts';

async function pdfOf(document: InvoiceDocument): Promise<Uint8Array> {
  const [pdf] = await renderDocuments(document);
  assert.equal(pdf?.kind, 'pdf');
  return pdf.bytes;
}

describe('the archived form of an invoice', () => {
  let bytes: Uint8Array;
  /** Each byte as one character: the dictionaries of the file stand in it as they are. */
  let text: string;
  let xmp: string;

  before(async () => {
    bytes = await pdfOf(invoice(lines(40), { seller: { ...seller, name: 'A & B <C>' } }));
    text = Buffer.from(bytes).toString('latin1');
    const file = Buffer.from(bytes).toString('utf8');
    xmp = file.slice(file.indexOf('<x:xmpmeta'), file.indexOf('</x:xmpmeta>'));
  });

  it('carries the invoice as CII, which breaks no rule', async () => {
    const document = await open(bytes);
    try {
      const attachments: unknown = await document.getAttachments();
      assert.ok(typeof attachments === 'object' && attachments !== null);
      assert.deepEqual(Object.keys(attachments), ['factur-x.xml']);
      const attached: unknown = Reflect.get(attachments, 'factur-x.xml');
      assert.ok(typeof attached === 'object' && attached !== null);
      const content: unknown = Reflect.get(attached, 'content');
      assert.ok(content instanceof Uint8Array);
      const xml = Buffer.from(content).toString();
      assert.deepEqual(checkRules(xml), []);
      assert.match(xml, /<rsm:CrossIndustryInvoice/);
      assert.match(xml, /<ram:Name>A &amp; B &lt;C&gt;<\/ram:Name>/);
    } finally {
      await document.loadingTask.destroy();
    }
  });

  it('ties the attachment to the document as its alternative', () => {
    assert.match(text, /\/AFRelationship \/Alternative/);
    assert.match(text, /\/Subtype \/text#2Fxml/);
    assert.match(text, /\/AF \[\d+ 0 R\]/);
    assert.match(text, /\/EmbeddedFiles /);
  });

  it('says that it is PDF/A-3b and Factur-X of profile EN 16931', () => {
    for (const said of [
      '<pdfaid:part>3</pdfaid:part>',
      '<pdfaid:conformance>B</pdfaid:conformance>',
      'xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"',
      '<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>',
      '<fx:DocumentType>INVOICE</fx:DocumentType>',
      '<fx:Version>1.0</fx:Version>',
      '<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>',
      '<pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI>',
      '<rdf:li>A &amp; B &lt;C&gt;</rdf:li>',
      '<xmp:CreateDate>2026-11-03T00:00:00Z</xmp:CreateDate>',
    ]) {
      assert.ok(xmp.includes(said), said);
    }
    assert.doesNotMatch(xmp, /&(?!amp;|lt;|gt;|quot;)/);
  });

  it('has what PDF/A asks for: an intent, an ID, all fonts, and no encryption', () => {
    assert.ok(text.startsWith('%PDF-1.7'));
    assert.match(text, /\/S \/GTS_PDFA1/);
    assert.match(text, /\/DestOutputProfile \d+ 0 R/);
    assert.match(text, /\/ID \[<[0-9a-f]{32}> <[0-9a-f]{32}>\]/);
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
    assert.equal(count(/\/Type \/FontDescriptor/g), 2);
    assert.equal(count(/\/FontFile2 \d+ 0 R/g), 2);
    assert.equal(count(/\/Subtype \/Type0/g), 2);
    assert.equal(count(/\/Subtype \/Type1\b/g), 0);
    assert.doesNotMatch(text, /\/Encrypt|\/JavaScript|\/Launch/);
  });

  it('has another ID for another number', async () => {
    const other = Buffer.from(await pdfOf(invoice(lines(1), { number: 'B-1' }))).toString('latin1');
    const idOf = (file: string): string | undefined => /\/ID \[<([0-9a-f]+)>/.exec(file)?.[1];
    assert.notEqual(idOf(other), idOf(text));
  });

  it('has every time from the invoice, so that none is of the machine', () => {
    const times = [...text.matchAll(/D:\d{14}Z/g)].map(([time]) => time);
    assert.ok(times.length >= 3);
    assert.deepEqual([...new Set(times)], ['D:20261103000000Z']);
  });
});

import type { InvoiceDocument } from '../invoice-document.ts';
import { escapeXml } from '../xml-text.ts';
import type { Paper } from './paper.ts';
import type { Texts } from './texts.ts';

/** The name that Factur-X gives to the invoice inside. */
const ATTACHED = 'factur-x.xml';
const NAMESPACE = 'urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#';

/** What a document says of itself. Times are those of the invoice: the same invoice gives the same bytes. */
export function documentOptions(
  { number, issueDate, language, kind }: InvoiceDocument,
  texts: Texts,
): PDFKit.PDFDocumentOptions {
  // pdfkit writes the title into the metadata as it is, where these three would break the XML.
  const title = `${texts.title[kind]} ${number}`.replace(/[<>&]/g, ' ');
  return {
    pdfVersion: '1.7',
    subset: 'PDF/A-3b',
    lang: language,
    displayTitle: true,
    info: {
      Title: title,
      Producer: 'Stackmeter',
      Creator: 'Stackmeter',
      CreationDate: new Date(issueDate),
    },
  };
}

/** Attaches the invoice as CII and says so in the metadata, as Factur-X 1.0 asks for its profile EN 16931. */
export function attachInvoice(
  { document }: Paper,
  { issueDate, seller }: InvoiceDocument,
  xml: string,
): void {
  const date = new Date(issueDate);
  const options = {
    name: ATTACHED,
    type: 'text/xml',
    description: 'Factur-X invoice',
    creationDate: date,
    modifiedDate: date,
    relationship: 'Alternative',
  };
  document.file(Buffer.from(xml), options);
  document.appendXML(authorOf(seller.name));
  document.appendXML(FACTUR_X);
}

/** The author is said here alone: pdfkit would write it without escaping it. */
export function authorOf(name: string): string {
  return `<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:creator><rdf:Seq><rdf:li>${escapeXml(name)}</rdf:li></rdf:Seq></dc:creator>
</rdf:Description>`;
}

const properties: readonly (readonly [name: string, value: string, description: string])[] = [
  ['DocumentFileName', ATTACHED, 'name of the embedded XML invoice file'],
  ['DocumentType', 'INVOICE', 'INVOICE'],
  ['Version', '1.0', 'The actual version of the Factur-X XML schema'],
  ['ConformanceLevel', 'EN 16931', 'The conformance level of the embedded Factur-X data'],
];

/** PDF/A allows properties of a schema only when the schema is described beside them. */
const FACTUR_X = `<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>${NAMESPACE}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
${properties.map(([name, , description]) => describe(name, description)).join('\n')}
</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="${NAMESPACE}">
${properties.map(([name, value]) => `<fx:${name}>${value}</fx:${name}>`).join('\n')}
</rdf:Description>`;

function describe(name: string, description: string): string {
  return `<rdf:li rdf:parseType="Resource">
<pdfaProperty:name>${name}</pdfaProperty:name>
<pdfaProperty:valueType>Text</pdfaProperty:valueType>
<pdfaProperty:category>external</pdfaProperty:category>
<pdfaProperty:description>${description}</pdfaProperty:description>
</rdf:li>`;
}

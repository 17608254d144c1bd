import type { InvoiceDocument } from '../invoice-document.ts';
import { formatsOf } from './formats.ts';
import { setFront, setMargins } from './front.ts';
import { setLines } from './lines.ts';
import { attachInvoice, authorOf, documentOptions } from './metadata.ts';
import { closePaper, openPaper } from './paper.ts';
import { setPayment, setSummary } from './summary.ts';
import type { Flow } from './table.ts';
import { texts as allTexts } from './texts.ts';

/**
 * The invoice on A4 pages: who bills whom, sums by service, taxes and what to pay; then every line with its
 * resources.
 *
 * @param xml the invoice as CII, which is attached (Factur-X); without it the pages stand alone
 */
export function renderPdf(document: InvoiceDocument, xml: string | undefined): Promise<Uint8Array> {
  const texts = allTexts[document.language];
  const formats = formatsOf(texts, document.currency);
  const paper = openPaper(documentOptions(document, texts));
  const flow: Flow = { paper, y: 0 };
  setFront(flow, document, texts, formats);
  setSummary(flow, document, texts, formats);
  setPayment(flow, document, texts);
  setLines(flow, document, texts, formats);
  setMargins(flow, document, texts);
  if (xml === undefined) paper.document.appendXML(authorOf(document.seller.name));
  else attachInvoice(paper, document, xml);
  return closePaper(paper);
}

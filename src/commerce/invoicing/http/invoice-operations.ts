import { json, listAnswer, type Operation } from '../../../platform/index.ts';
import { invoiceKinds } from '../invoice.ts';
import { ACCOUNT, day, guid, invoice, line, SKIP_TOKEN, text } from './schemas.ts';

const common = {
  tag: 'invoices',
  access: 'token',
} as const satisfies Partial<Operation>;

/** What the routes of invoices tell of themselves. */
export const invoiceOperations = {
  list: {
    ...common,
    id: 'listInvoices',
    summary: 'Invoices, credit notes and debit notes, the newest first',
    parameters: [
      ACCOUNT,
      {
        name: 'issuer',
        in: 'query',
        description: 'Only those that this billing account issued.',
        schema: guid,
      },
      {
        name: 'kind',
        in: 'query',
        description: 'Only those of this kind.',
        schema: { enum: [...invoiceKinds] },
      },
      {
        name: 'state',
        in: 'query',
        description: 'open: not paid in full; settled: all others, credit notes among them.',
        schema: { enum: ['open', 'settled'] },
      },
      {
        name: 'period',
        in: 'query',
        description: 'Only those issued with the period of this name, like 202610-1.',
        schema: text,
      },
      {
        name: 'from',
        in: 'query',
        description: 'Only those issued on this day or later.',
        schema: day,
      },
      { name: 'to', in: 'query', description: 'Only those issued before this day.', schema: day },
      SKIP_TOKEN,
    ],
    answers: { 200: listAnswer('A page of them, without lines.', invoice) },
    errors: ['BillingAccountNotFound'],
  },
  show: {
    ...common,
    id: 'getInvoice',
    summary: 'One invoice, with its taxes',
    answers: { 200: { description: 'It, as it was issued.', contents: json(invoice) } },
    errors: ['InvoiceNotFound'],
  },
  lines: {
    ...common,
    id: 'listInvoiceLines',
    summary: 'The lines of an invoice',
    parameters: [SKIP_TOKEN],
    answers: { 200: listAnswer('A page of them, by number.', line) },
    errors: ['InvoiceNotFound'],
  },
  document: {
    ...common,
    id: 'getInvoiceDocument',
    summary: 'An invoice as a document: pdf, ubl or csv',
    description:
      'pdf is PDF/A-3 with the electronic invoice (Factur-X) inside; ubl is the electronic invoice as XML; csv has the lines.',
    answers: {
      200: {
        description: 'The document, byte for byte the same each time.',
        contents: {
          'application/pdf': { type: 'string', format: 'binary' },
          'application/xml': { type: 'string' },
          'text/csv': { type: 'string' },
        },
        headers: { ETag: 'SHA-256 of the bytes.', 'Content-Disposition': 'With its file name.' },
      },
    },
    errors: ['InvoiceNotFound', 'InvoiceDocumentNotReady'],
  },
  void: {
    ...common,
    surface: 'operator',
    id: 'voidInvoice',
    summary: 'Takes an invoice back by a credit note over all of it',
    description:
      'Its period goes back into review and is held, until it is released and invoiced again. For the seller.',
    body: {
      required: true,
      contents: json({ type: 'object', required: ['reason'], properties: { reason: text } }),
    },
    answers: { 200: { description: 'The credit note.', contents: json(invoice) } },
    errors: ['InvoiceNotFound', 'InvoiceNotOpen', 'BillingAccountNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

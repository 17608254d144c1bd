import {
  apiVersionParameter,
  json,
  listAnswer,
  named,
  type Operation,
} from '../../platform/index.ts';
import { listParameters } from './list-page.ts';

export const INVOICE_VERSIONS = ['2018-03-01-preview', '2017-04-24-preview'] as const;
/** Most invoices in one answer. */
export const MOST_INVOICES = 100;

const invoice = named('BillingInvoice', {
  type: 'object',
  required: ['id', 'name', 'type', 'properties'],
  properties: {
    id: { type: 'string' },
    name: { type: 'string', description: 'The number as printed.' },
    type: { const: 'Microsoft.Billing/invoices' },
    properties: {
      type: 'object',
      required: ['invoicePeriodStartDate', 'invoicePeriodEndDate', 'billingPeriodIds'],
      properties: {
        invoicePeriodStartDate: { type: 'string', format: 'date', description: 'Inclusive.' },
        invoicePeriodEndDate: { type: 'string', format: 'date', description: 'Inclusive.' },
        billingPeriodIds: {
          type: 'array',
          items: { type: 'string' },
          description: 'The period that it is of, then those that it corrects.',
        },
        downloadUrl: {
          type: 'object',
          description: 'There when expanded, as soon as the document has been made.',
          required: ['expiryTime', 'url'],
          properties: {
            expiryTime: { type: 'string', format: 'date-time' },
            url: {
              type: 'string',
              format: 'uri',
              description: 'Gives the PDF to whoever has it, without a token, until then.',
            },
          },
        },
      },
    },
  },
});

const SHARED = {
  tag: 'commerce',
  access: 'token',
  errors: ['SubscriptionNotFound', 'MissingApiVersionParameter', 'InvalidApiVersionParameter'],
} as const satisfies Partial<Operation>;

const ONE = { 200: { description: 'It.', contents: json(invoice) } };

/** What the invoices of a subscription tell of themselves. */
export const invoiceOperations = {
  list: {
    ...SHARED,
    id: 'listBillingInvoices',
    summary: 'The invoices of a subscription, newest first',
    description:
      'Credit notes and debit notes are among them. Where another account buys what is used on the subscription, that account has the invoices, and there are none here.',
    parameters: [
      apiVersionParameter(INVOICE_VERSIONS),
      ...listParameters(
        MOST_INVOICES,
        'Comparisons of invoicePeriodEndDate (eq, lt, le, gt, ge) with and between them.',
      ),
      {
        name: '$expand',
        in: 'query',
        description: 'downloadUrl, which is left out of lists otherwise.',
        schema: { enum: ['downloadUrl'] },
      },
    ],
    answers: { 200: listAnswer('A page of them.', invoice) },
  },
  latest: {
    ...SHARED,
    id: 'getLatestBillingInvoice',
    summary: 'The newest invoice of a subscription',
    parameters: [apiVersionParameter(INVOICE_VERSIONS)],
    answers: ONE,
    errors: [...SHARED.errors, 'NotFound'],
  },
  show: {
    ...SHARED,
    id: 'getBillingInvoice',
    summary: 'One invoice of a subscription',
    parameters: [apiVersionParameter(INVOICE_VERSIONS)],
    answers: ONE,
    errors: [...SHARED.errors, 'InvoiceNotFound'],
  },
  download: {
    id: 'downloadBillingInvoice',
    tag: 'commerce',
    summary: 'The document of an invoice, for whoever has the address',
    access: 'public',
    secretPath: true,
    answers: {
      200: {
        description: 'The PDF.',
        contents: { 'application/pdf': { type: 'string', format: 'binary' } },
      },
    },
    errors: ['NotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

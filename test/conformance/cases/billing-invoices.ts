import { onFixture, type WireCase } from '../case.ts';
import {
  BUYER,
  get,
  noAccount,
  noInvoice,
  OPERATOR,
  OTHER_BUYER,
  refusal,
  SELLER,
} from './billing.ts';

const INVOICE = '/invoices/{invoiceNumber}';
const NUMBER = '^PARTNER-2026-\\d{6}$';

const reading: readonly WireCase[] = [
  onFixture('invoices of a customer, and no others', get('/invoices', BUYER), {
    status: 200,
    count: { '/value': 1 },
    json: { value: [{ number: '{invoiceNumber}', kind: 'invoice', accountId: '{billedAccount}' }] },
    absent: ['/nextLink', '/value/0/taxes'],
  }),
  onFixture(
    'invoices of a partner: those that it pays and those that it issues',
    get('/invoices', SELLER, { period: '202609-1' }),
    {
      status: 200,
      count: { '/value': 2 },
      contains: ['{invoiceNumber}', '{partnerInvoiceNumber}'],
    },
  ),
  onFixture(
    'debit notes of an account',
    get('/invoices', OTHER_BUYER, { account: '{otherBilledAccount}', kind: 'debit-note' }),
    {
      status: 200,
      count: { '/value': 1 },
      json: {
        value: [
          {
            number: '{noteNumber}',
            corrects: '{otherInvoiceNumber}',
            // Ten more at the price of the second tier.
            net: '0.08',
            period: { name: '202609-1', start: '2026-09-01', end: '2026-09-30' },
          },
        ],
      },
    },
  ),
  onFixture(
    'invoices of the account of somebody else',
    get('/invoices', OTHER_BUYER, { account: '{billedAccount}' }),
    noAccount,
  ),
  onFixture(
    'invoices that are neither open nor settled',
    get('/invoices', BUYER, { state: 'lost' }),
    refusal(400, 'InvalidProperty', 'state'),
  ),
  onFixture(
    'an invoice',
    get(INVOICE.toLowerCase().replace('{invoicenumber}', '{invoiceNumber}'), BUYER),
    {
      status: 200,
      matches: { '/number': NUMBER },
      json: {
        kind: 'invoice',
        accountId: '{billedAccount}',
        issuerId: '{billingPartnerAccount}',
        currency: 'USD',
        // 150 at two tiers and 2 machines with Windows, and ten percent on each.
        net: '1.64',
        tax: '0',
        gross: '1.64',
        buyer: { name: 'billedSubscription', country: 'FR' },
        seller: { name: 'billingPartnerSubscription', registrationId: '123456789' },
        taxes: [{ category: 'O', percent: '0', base: '1.64', amount: '0' }],
      },
    },
  ),
  onFixture('an invoice of somebody else', get(INVOICE, OTHER_BUYER), noInvoice),
  onFixture(
    'the invoice of a partner, for its customer',
    get('/invoices/{partnerInvoiceNumber}', BUYER),
    noInvoice,
  ),
  onFixture('an invoice of nobody', get('/invoices/NONE-2026-000001', BUYER), noInvoice),
  onFixture(
    'an invoice without a token',
    { path: '/api/v1/invoices/{invoiceNumber}' },
    refusal(401, 'AuthenticationFailed'),
  ),
  onFixture('lines of an invoice', get(`${INVOICE}/lines`, BUYER), {
    status: 200,
    count: { '/value': 2 },
    contains: ['"exactAmount":"1.54"', '"exactAmount":"0.1012"', '"amount":"0.1"'],
    json: {
      value: [
        { line: 1, kind: 'usage' },
        { line: 2, kind: 'usage' },
      ],
    },
  }),
  onFixture(
    'lines of an invoice of somebody else',
    get(`${INVOICE}/lines`, OTHER_BUYER),
    noInvoice,
  ),
  {
    name: 'lines of a long invoice, a page at a time',
    fixture: true,
    steps: [
      {
        request: get('/invoices/{manyInvoiceNumber}/lines'),
        expect: { status: 200, count: { '/value': 500 } },
        save: { moreLines: '/nextLink' },
      },
      {
        request: { address: '{moreLines}', as: OPERATOR },
        expect: { status: 200, count: { '/value': 500 }, contains: ['{"value":[{"line":501,'] },
        save: { lastLines: '/nextLink' },
      },
      {
        request: { address: '{lastLines}', as: OPERATOR },
        expect: { status: 200, count: { '/value': 1 }, absent: ['/nextLink'] },
      },
      { request: { address: '{lastLines}', as: BUYER }, expect: noInvoice },
      {
        request: get('/invoices/{manyInvoiceNumber}/lines', OPERATOR, { $skiptoken: 'none' }),
        expect: refusal(400, 'InvalidProperty', '$skiptoken'),
      },
    ],
  },
];

const documents: readonly WireCase[] = [
  ...(
    [
      ['pdf', 'application\\/pdf'],
      ['ubl', 'application\\/xml'],
      ['csv', 'text\\/csv'],
    ] as const
  ).map(([kind, type]) =>
    onFixture(`an invoice as ${kind}`, get(`${INVOICE}/documents/${kind}`, BUYER), {
      status: 200,
      headers: {
        'content-type': `/^${type}/`,
        'content-disposition': `/^attachment; filename="[^"]+\\.\\w+"$/`,
        etag: '/^"[0-9a-f]{64}"$/',
      },
    }),
  ),
  onFixture(
    'an invoice as a picture',
    get(`${INVOICE}/documents/png`, BUYER),
    refusal(400, 'InvalidProperty', 'kind'),
  ),
  onFixture(
    'the document of an invoice of somebody else',
    get(`${INVOICE}/documents/pdf`, OTHER_BUYER),
    noInvoice,
  ),
  onFixture(
    'a document that has not been made',
    get('/invoices/{otherInvoiceNumber}/documents/pdf', OTHER_BUYER),
    {
      ...refusal(409, 'InvoiceDocumentNotReady', '{otherInvoiceNumber}'),
      headers: { 'retry-after': '60' },
    },
  ),
];

const explaining: readonly WireCase[] = [
  onFixture('where a line comes from', get(`${INVOICE}/lines/1/explanation`, BUYER), {
    status: 200,
    json: {
      invoice: { number: '{invoiceNumber}' },
      line: { line: 1, kind: 'usage' },
      resources: { value: [{ rows: 1 }] },
      day: { day: '2026-09-20', isExample: true, rows: [{ window: '2026-09-20T11Z', batch: 1 }] },
    },
    // What the partner puts on top is not its customer's business.
    absent: ['/price/factor', '/price/chain', '/price/priceListId'],
  }),
  onFixture(
    'where a line comes from, for who issued it',
    get(`${INVOICE}/lines/1/explanation`, SELLER),
    {
      status: 200,
      json: { price: { priceListId: 'wire', version: 1, factor: '1.1', exchangeRate: '1' } },
    },
  ),
  onFixture(
    'rows of one resource and day behind a line',
    get(`${INVOICE}/lines/1/explanation`, BUYER, { resource: 'vm1', day: '2026-09-20' }),
    {
      status: 200,
      json: { day: { isExample: false, rows: [{ quantity: '150', mapping: { version: 1 } }] } },
    },
  ),
  onFixture(
    'a line that an invoice does not have',
    get(`${INVOICE}/lines/99/explanation`, BUYER),
    refusal(404, 'InvoiceLineNotFound', '99'),
  ),
  onFixture(
    'where a line of somebody else comes from',
    get(`${INVOICE}/lines/1/explanation`, OTHER_BUYER),
    noInvoice,
  ),
  onFixture(
    'a line on a day that is none',
    get(`${INVOICE}/lines/1/explanation`, BUYER, { day: 'yesterday' }),
    refusal(400, 'InvalidProperty', 'day'),
  ),
];

/** Invoices, their documents, and where they come from. */
export const billingInvoiceCases: readonly WireCase[] = [...reading, ...documents, ...explaining];

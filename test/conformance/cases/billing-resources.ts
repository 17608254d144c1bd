import { onFixture, one, type As, type WireCase, type WireRequest } from '../case.ts';
import { BUYER, forbidden, noInvoice, OTHER_BUYER, refusal } from './billing.ts';

const VERSION = { 'api-version': '2018-03-01-preview' } as const;
const MICROSOFT = '/subscriptions/{billedSubscription}/providers/Microsoft.Billing/invoices';
const microsoft = (path: string, query = {}, as: As = BUYER): WireRequest => ({
  path: `${MICROSOFT}${path}`,
  as,
  query: { ...VERSION, ...query },
});

/** The same invoices as Microsoft.Billing has them; after those that issue some and take them back. */
export const billingResourceCases: readonly WireCase[] = [
  {
    name: 'the latest invoice of a subscription, and its document without a token',
    fixture: true,
    steps: [
      {
        request: microsoft('/{invoiceNumber}'),
        expect: {
          status: 200,
          json: {
            name: '{invoiceNumber}',
            type: 'Microsoft.Billing/invoices',
            properties: {
              invoicePeriodStartDate: '2026-09-01',
              invoicePeriodEndDate: '2026-09-30',
              billingPeriodIds: [
                '/subscriptions/{billedSubscription}/providers/Microsoft.Billing/billingPeriods/202609-1',
              ],
            },
          },
          matches: { '/properties/downloadUrl/expiryTime': '^2\\d{3}-.*Z$' },
        },
        save: { downloadUrl: '/properties/downloadUrl/url' },
      },
      {
        request: { address: '{downloadUrl}' },
        expect: {
          status: 200,
          headers: { 'content-type': 'application/pdf', 'cache-control': '/no-store/' },
        },
      },
      { request: { address: '{downloadUrl}x' }, expect: refusal(404, 'NotFound') },
      {
        request: microsoft('/latest'),
        expect: { status: 200, json: { name: '{creditNumber}' } },
      },
    ],
  },
  {
    name: 'invoices of a subscription, a page at a time',
    fixture: true,
    steps: [
      {
        request: microsoft('', { $top: '2' }),
        expect: {
          status: 200,
          json: { value: [{ name: '{creditNumber}' }, { name: '{octoberNumber}' }] },
        },
        save: { moreInvoices: '/nextLink' },
      },
      {
        request: { address: '{moreInvoices}', as: BUYER },
        expect: {
          status: 200,
          json: { value: [{ name: '{invoiceNumber}' }] },
          absent: ['/nextLink'],
        },
      },
      {
        request: microsoft('', {
          $filter: "invoicePeriodEndDate le '2026-09-30'",
          $expand: 'downloadUrl',
        }),
        expect: {
          status: 200,
          count: { '/value': 1 },
          matches: { '/value/0/properties/downloadUrl/url': '^https://' },
        },
      },
    ],
  },
  onFixture(
    'invoices of a subscription in no version',
    { path: MICROSOFT, as: BUYER },
    refusal(400, 'MissingApiVersionParameter'),
  ),
  onFixture(
    'invoices of the subscription of somebody else',
    microsoft('', {}, OTHER_BUYER),
    forbidden,
  ),
  onFixture('an invoice of another subscription', microsoft('/{otherInvoiceNumber}'), noInvoice),
  onFixture(
    'invoices with something that they do not have',
    microsoft('', { $expand: 'lines' }),
    refusal(400, 'InvalidProperty', '$expand'),
  ),
  one(
    'a download that nobody was given',
    { path: '/api/v1/invoice-downloads/none' },
    refusal(404, 'NotFound'),
  ),
];

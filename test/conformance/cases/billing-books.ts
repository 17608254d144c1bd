import { onFixture, type WireCase } from '../case.ts';
import {
  BUYER,
  forbidden,
  get,
  noAccount,
  OPERATOR,
  OTHER_BUYER,
  refusal,
  SELLER,
  send,
} from './billing.ts';

const ledger: readonly WireCase[] = [
  onFixture(
    'the entry of an invoice in the book of its seller',
    get('/ledger/entries', SELLER, {
      book: '{billingPartnerAccount}',
      reference: '{invoiceNumber}',
    }),
    {
      status: 200,
      count: { '/value': 1 },
      contains: ['"receivable"', '"1.64"', '"unbilled"', '"-1.6412"', '"rounding"'],
    },
  ),
  onFixture(
    'balances of a book',
    get('/ledger/balances', SELLER, { book: '{billingPartnerAccount}' }),
    {
      status: 200,
      contains: ['"revenue"', '{billedAccount}'],
    },
  ),
  onFixture(
    'the book of the provider, for a partner',
    get('/ledger/balances', SELLER, { book: '{providerAccount}' }),
    noAccount,
  ),
  onFixture(
    'the book of its seller, for a customer',
    get('/ledger/entries', BUYER, { book: '{billingPartnerAccount}' }),
    noAccount,
  ),
  onFixture('all books, for a partner', get('/ledger/entries', SELLER), forbidden),
  onFixture(
    'entries from a token that is none',
    get('/ledger/entries', OPERATOR, { $skiptoken: 'none' }),
    refusal(400, 'InvalidProperty', '$skiptoken'),
  ),
];

const ENDPOINT = '/webhook-endpoints/8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6e01';
/** Nobody listens there. */
const URL = 'https://127.0.0.1:9/hook';
const noEndpoint = refusal(404, 'WebhookEndpointNotFound');
const SECRET = '^whsec_[A-Za-z0-9+/]{32,}=*$';

const webhooks: readonly WireCase[] = [
  {
    name: 'a webhook endpoint is made, told its key once, tried, and forgotten',
    fixture: true,
    steps: [
      {
        request: send('PUT', ENDPOINT, { accountId: '{billingPartnerAccount}', url: URL }),
        expect: {
          status: 201,
          json: {
            accountId: '{billingPartnerAccount}',
            url: URL,
            eventTypes: [],
            state: 'Enabled',
          },
          matches: { '/secret': SECRET },
        },
      },
      {
        request: send('PUT', ENDPOINT, { description: 'ours', eventTypes: ['invoice.issued'] }),
        expect: { status: 200, json: { description: 'ours', url: URL }, absent: ['/secret'] },
      },
      {
        request: get(ENDPOINT, SELLER),
        expect: { status: 200, absent: ['/secret', '/previousSecret'] },
      },
      {
        request: get('/webhook-endpoints', SELLER, { account: '{billingPartnerAccount}' }),
        expect: { status: 200, count: { '/value': 1 }, absent: ['/value/0/secret'] },
      },
      {
        request: get('/webhook-endpoints', SELLER),
        expect: { status: 200, count: { '/value': 1 }, absent: ['/value/0/secret'] },
      },
      ...[BUYER, OTHER_BUYER].map((who) => ({
        request: get('/webhook-endpoints', who),
        expect: { status: 200, json: { value: [] }, count: { '/value': 0 } },
      })),
      {
        request: send('POST', `${ENDPOINT}/rotate-secret`, { hours: 1 }),
        expect: { status: 200, matches: { '/secret': SECRET, '/previousUntil': '^2' } },
      },
      {
        request: send('POST', `${ENDPOINT}/test`),
        expect: { status: 202, matches: { '/messageId': '^[0-9a-f-]{36}$' } },
        save: { message: '/messageId' },
      },
      {
        request: get(`${ENDPOINT}/messages`, SELLER),
        expect: {
          status: 200,
          json: { value: [{ messageId: '{message}', type: 'webhook.test' }] },
        },
      },
      {
        request: send('POST', `${ENDPOINT}/replay`, { messageId: '{message}' }),
        expect: { status: 202, json: { messages: 1 } },
      },
      {
        request: send('POST', `${ENDPOINT}/replay`, { messageId: '{unknownSubscription}' }),
        expect: refusal(404, 'WebhookMessageNotFound'),
      },
      { request: get(ENDPOINT, BUYER), expect: noEndpoint },
      { request: get(`${ENDPOINT}/messages`, OTHER_BUYER), expect: noEndpoint },
      { request: send('POST', `${ENDPOINT}/test`, undefined, SELLER), expect: forbidden },
      { request: { ...get(ENDPOINT), method: 'DELETE' }, expect: { status: 204, text: '' } },
      { request: get(ENDPOINT), expect: noEndpoint },
    ],
  },
  onFixture(
    'a webhook endpoint without encryption',
    send('PUT', ENDPOINT, { accountId: '{billingPartnerAccount}', url: 'http://localhost/hook' }),
    refusal(400, 'InvalidProperty', 'url'),
  ),
  onFixture(
    'a webhook endpoint of the account of somebody else',
    send('PUT', ENDPOINT, { accountId: '{billedAccount}', url: URL }, OTHER_BUYER),
    noAccount,
  ),
];

/** The books, and who is told. */
export const billingBookCases: readonly WireCase[] = [...ledger, ...webhooks];

import { onFixture, type WireCase } from '../case.ts';
import {
  account,
  BASE_VM,
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

const NEW = '/accounts/8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6d02';
/** The smallest picture that there is. */
const PIXEL =
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8cfc0f01f0005000201' +
  '5fc8f1d20000000049454e44ae426082';

const reading: readonly WireCase[] = [
  onFixture('billing accounts: a customer sees its own', get('/accounts', BUYER), {
    status: 200,
    count: { '/value': 1 },
    json: {
      value: [
        {
          accountId: '{billedAccount}',
          kind: 'customer',
          parentId: '{billingPartnerAccount}',
          subscriptionId: '{billedSubscription}',
          currency: 'USD',
          lateUsage: 'NextInvoice',
        },
      ],
    },
  }),
  onFixture(
    'billing accounts: a partner sees those below it too',
    get('/accounts', SELLER, { kind: 'customer' }),
    {
      status: 200,
      count: { '/value': 1 },
      json: { value: [{ accountId: '{billedAccount}' }] },
    },
  ),
  onFixture(
    'billing accounts: those below one',
    get('/accounts', OPERATOR, { parent: '{billingPartnerAccount}' }),
    { status: 200, count: { '/value': 1 } },
  ),
  onFixture(
    'billing accounts of a kind that is none',
    get('/accounts', OPERATOR, { kind: 'friend' }),
    refusal(400, 'InvalidProperty', 'kind'),
  ),
  onFixture(
    'billing accounts from a token that is none',
    get('/accounts', OPERATOR, { $skiptoken: 'none' }),
    refusal(400, 'InvalidProperty', '$skiptoken'),
  ),
  onFixture('a billing account by its subscription', get('/accounts/{billedSubscription}', BUYER), {
    status: 200,
    headers: { etag: '/^"[0-9a-f-]{36}"$/' },
    json: { accountId: '{billedAccount}', country: 'FR' },
  }),
  onFixture('the billing account of somebody else', get(account('billed'), OTHER_BUYER), noAccount),
  onFixture(
    'the billing account of the provider, for a partner',
    get(account('provider'), SELLER),
    noAccount,
  ),
  onFixture('the billing account of nobody', get('/accounts/{unknownSubscription}'), noAccount),
  onFixture(
    'billing accounts without a token',
    { path: '/api/v1/accounts' },
    refusal(401, 'AuthenticationFailed'),
  ),
  onFixture('billing periods of an account', get(account('billed', '/periods'), BUYER), {
    status: 200,
    contains: [
      '{"name":"202609-1","from":"2026-09-01T00:00:00Z","to":"2026-10-01T00:00:00Z","state":"Issued"}',
    ],
  }),
  onFixture(
    'billing periods of the account of somebody else',
    get(account('billed', '/periods'), OTHER_BUYER),
    noAccount,
  ),
  onFixture('at which prices an account buys', get(account('billed', '/pricing'), SELLER), {
    status: 200,
    contains: ['"markupPercent":"10"'],
  }),
];

const changing: readonly WireCase[] = [
  {
    name: 'a billing account is made, and changed while nobody else does',
    fixture: true,
    steps: [
      {
        request: send('PUT', NEW, { kind: 'enterprise', name: 'Woodgrove', country: 'DE' }),
        expect: {
          status: 201,
          headers: { etag: '/^".+"$/' },
          json: {
            kind: 'enterprise',
            parentId: '{providerAccount}',
            name: 'Woodgrove',
            country: 'DE',
          },
        },
        save: { woodgroveEtag: '/etag' },
      },
      {
        request: send('PUT', NEW, { name: 'Woodgrove' }),
        expect: { status: 200, json: { etag: '{woodgroveEtag}' } },
      },
      {
        request: send('PATCH', NEW, { city: 'Berlin', billingDay: 5, timeZone: 'Europe/Berlin' }),
        expect: { status: 200, json: { city: 'Berlin', billingDay: 5, timeZone: 'Europe/Berlin' } },
      },
      {
        request: {
          ...send('PATCH', NEW, { city: 'Bonn' }),
          headers: { 'content-type': 'application/json', 'if-match': '"{woodgroveEtag}"' },
        },
        expect: { status: 412, code: 'PreconditionFailed' },
      },
      {
        request: send('PATCH', NEW, { city: null }),
        expect: { status: 200, absent: ['/city'] },
      },
    ],
  },
  onFixture(
    'a billing account is changed so that something is wrong',
    send('PATCH', account('otherBilled'), { country: 'Atlantis' }),
    refusal(400, 'InvalidProperty', 'country'),
  ),
  onFixture(
    'a billing account of a subscription that has one',
    send('PUT', '/accounts/8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6d03', {
      kind: 'customer',
      name: 'Twice',
      subscriptionId: '{billedSubscription}',
    }),
    refusal(409, 'Conflict', '{billedSubscription}'),
  ),
  onFixture(
    'a billing account of a subscription that is not there',
    send('PUT', '/accounts/8d2f0b51-6c3e-4a94-8f27-3e4b9c5d6d03', {
      kind: 'customer',
      name: 'Nobody',
      subscriptionId: '{unknownSubscription}',
    }),
    refusal(404, 'SubscriptionNotFound', '{unknownSubscription}'),
  ),
  onFixture(
    'a billing account gets another currency after usage was charged',
    send('PATCH', account('billed'), { currency: 'EUR' }),
    refusal(409, 'BillingAccountInUse', 'currency'),
  ),
  onFixture(
    'a billing account is changed by the one who pays',
    send('PATCH', account('billed'), { paymentDays: 365 }, BUYER),
    forbidden,
  ),
  onFixture(
    'a billing account of its customer is changed by a partner',
    send('PATCH', account('billed'), { paymentDays: 365 }, SELLER),
    forbidden,
  ),
  onFixture(
    'a billing account is changed by somebody who does not see it',
    send('PATCH', account('billed'), { paymentDays: 365 }, OTHER_BUYER),
    noAccount,
  ),
  {
    name: 'the picture on invoices is set, read and taken away',
    fixture: true,
    steps: [
      {
        request: {
          ...get(account('billingPartner', '/logo')),
          method: 'PUT',
          body: { hex: PIXEL },
          headers: { 'content-type': 'image/png' },
        },
        expect: { status: 204, text: '' },
      },
      {
        request: get(account('billingPartner', '/logo'), SELLER),
        expect: { status: 200, headers: { 'content-type': 'image/png' } },
      },
      {
        request: { ...get(account('billingPartner', '/logo')), method: 'DELETE' },
        expect: { status: 204 },
      },
      { request: get(account('billingPartner', '/logo')), expect: refusal(404, 'NotFound') },
    ],
  },
  onFixture(
    'a picture that is none',
    {
      ...get(account('billingPartner', '/logo')),
      method: 'PUT',
      body: { text: 'GIF89a' },
      headers: { 'content-type': 'image/gif' },
    },
    refusal(400, 'InvalidProperty', 'logo'),
  ),
];

const HOUR = '2999-01-01T00:00:00Z';

const agreeing: readonly WireCase[] = [
  onFixture(
    'prices of an account from a later hour on',
    send('POST', account('otherBilled', '/pricing'), { priceListId: 'wire', effectiveFrom: HOUR }),
    { status: 201, json: { version: 3, priceListId: 'wire', effectiveFrom: HOUR } },
  ),
  onFixture(
    'prices of an account by a list that is not there',
    send('POST', account('otherBilled', '/pricing'), { priceListId: 'nobodys' }),
    refusal(404, 'PriceListNotFound', 'nobodys'),
  ),
  onFixture(
    'prices of an account for usage that was rated',
    send('POST', account('otherBilled', '/pricing'), {
      priceListId: 'sample',
      effectiveFrom: '2026-09-01T00:00:00Z',
    }),
    refusal(409, 'PriceInThePast', '2026-09-01'),
  ),
  onFixture(
    'a markup on the provider, who has no prices of its own',
    send('POST', account('otherBilled', '/pricing'), { markupPercent: '10' }),
    refusal(400, 'InvalidProperty', 'markupPercent'),
  ),
  {
    name: 'a term is agreed and ended',
    fixture: true,
    steps: [
      {
        request: send('POST', account('otherBilled', '/terms'), {
          name: 'Support',
          definition: { kind: 'fee', amount: '10', per: 'account', prorated: true },
        }),
        expect: {
          status: 201,
          json: { name: 'Support', definition: { kind: 'fee', amount: '10' } },
        },
        save: { term: '/termId' },
      },
      {
        request: get(account('otherBilled', '/terms'), OTHER_BUYER),
        expect: { status: 200, contains: ['{term}'], count: { '/value': 1 } },
      },
      {
        request: { ...get(account('otherBilled', '/terms/{term}')), method: 'DELETE' },
        expect: {
          status: 200,
          json: { termId: '{term}' },
          matches: { '/effectiveTo': ':00:00Z$' },
        },
      },
      {
        request: { ...get(account('otherBilled', '/terms/{term}')), method: 'DELETE' },
        expect: refusal(404, 'TermNotFound', '{term}'),
      },
    ],
  },
  onFixture(
    'a term that is none',
    send('POST', account('otherBilled', '/terms'), {
      name: 'Gift',
      definition: { kind: 'gift', meterIds: [BASE_VM] },
    }),
    refusal(400, 'InvalidProperty', 'kind'),
  ),
  onFixture(
    'terms of the account of somebody else',
    get(account('otherBilled', '/terms'), BUYER),
    noAccount,
  ),
];

/** Who is billed by whom, at which prices and on which terms. */
export const billingAccountCases: readonly WireCase[] = [...reading, ...changing, ...agreeing];

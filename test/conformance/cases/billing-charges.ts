import { onFixture, type WireCase } from '../case.ts';
import {
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

const SEPTEMBER = { account: '{billedAccount}', period: '202609-1' } as const;

const charges: readonly WireCase[] = [
  onFixture('what usage costs', get('/charges', BUYER, SEPTEMBER), {
    status: 200,
    count: { '/value': 2 },
    contains: ['"amount":"1.54"', '"invoicedAmount":"1.54"', '"amount":"0.1012"'],
    json: { value: [{ accountId: '{billedAccount}', period: '202609-1', billable: true }, {}] },
  }),
  onFixture(
    'what the usage of a customer costs its partner',
    get('/charges', SELLER, { ...SEPTEMBER, account: '{billingPartnerAccount}' }),
    { status: 200, contains: ['"amount":"1.4"', '"amount":"0.092"'] },
  ),
  onFixture(
    'what usage of somebody else costs',
    get('/charges', OTHER_BUYER, SEPTEMBER),
    noAccount,
  ),
  onFixture(
    'what usage costs a partner, for its customer',
    get('/charges', BUYER, { account: '{billingPartnerAccount}' }),
    noAccount,
  ),
  onFixture(
    'what usage of nobody in particular costs',
    get('/charges', BUYER),
    refusal(400, 'InvalidProperty', 'account'),
  ),
  {
    name: 'many charges, a page at a time',
    fixture: true,
    steps: [
      {
        request: get('/charges', OPERATOR, { account: '{manyBilledAccount}' }),
        expect: { status: 200, count: { '/value': 1000 } },
        save: { moreCharges: '/nextLink' },
      },
      {
        request: { address: '{moreCharges}', as: OPERATOR },
        expect: { status: 200, count: { '/value': 1 }, absent: ['/nextLink'] },
      },
      { request: { address: '{moreCharges}', as: BUYER }, expect: noAccount },
    ],
  },
  onFixture(
    'how a charge came about, for who pays it',
    get('/charges/{charge}/explanation', BUYER),
    {
      status: 200,
      json: {
        charge: { charge: '{charge}', meterId: BASE_VM.toUpperCase(), quantity: '150' },
        sellerId: '{billingPartnerAccount}',
        group: {
          total: '150',
          amount: '1.54',
          steps: [
            { kind: 'tier', quantity: '100', unitPrice: '0.011' },
            { kind: 'tier', quantity: '50', unitPrice: '0.0088' },
          ],
        },
        resources: [{ quantity: '150', rows: 1, days: [{ day: '2026-09-20' }] }],
      },
      absent: ['/plan'],
    },
  ),
  onFixture(
    'how a charge came about, for who earns by it',
    get('/charges/{charge}/explanation', SELLER),
    {
      status: 200,
      json: { plan: { priceListId: 'wire', version: 1, factor: '1.1', exchangeRate: '1' } },
    },
  ),
  {
    name: 'the many resources of a charge, a page at a time, and the rows of one',
    fixture: true,
    steps: [
      {
        request: get('/charges/{octoberCharge}/explanation', OTHER_BUYER),
        expect: { status: 200, count: { '/resources': 100 } },
        save: { moreResources: '/nextLink', resource: '/resources/0/resourceKey' },
      },
      {
        request: { address: '{moreResources}', as: OTHER_BUYER },
        expect: { status: 200, count: { '/resources': 1 }, absent: ['/nextLink'] },
      },
      {
        request: get('/charges/{octoberCharge}/explanation', OTHER_BUYER, {
          resource: '{resource}',
          day: '2026-10-20',
        }),
        expect: {
          status: 200,
          json: {
            rows: [
              {
                registrationId: '{billingRegistrationId}',
                window: '2026-10-20T11Z',
                quantity: '1',
              },
            ],
          },
        },
      },
    ],
  },
  ...(
    [
      ['of somebody else', 'otherCharge'],
      ['of the seller', 'partnerCharge'],
    ] as const
  ).map(([whose, name]) =>
    onFixture(
      `how a charge ${whose} came about`,
      get(`/charges/{${name}}/explanation`, BUYER),
      refusal(404, 'ChargeNotFound'),
    ),
  ),
  onFixture(
    'how no charge came about',
    get('/charges/999999999/explanation', BUYER),
    refusal(404, 'ChargeNotFound'),
  ),
  onFixture(
    'how a charge came about whose number is larger than any',
    get('/charges/9999999999999999999/explanation', BUYER),
    refusal(404, 'ChargeNotFound'),
  ),
  onFixture(
    'a charge on a day without a resource',
    get('/charges/{charge}/explanation', BUYER, { day: '2026-09-20' }),
    refusal(400, 'InvalidProperty', 'resource'),
  ),
];

const HOUR = {
  from: '2026-09-20T10:00:00Z',
  to: '2026-09-20T11:00:00Z',
  reason: 'asked for',
} as const;
const CONTENT = {
  name: 'Dearer',
  currency: 'USD',
  items: [{ meterId: BASE_VM, price: { kind: 'flat', unitPrice: '1' } }],
};

const rating: readonly WireCase[] = [
  onFixture(
    'usage is rated anew, and nothing changes',
    send('POST', '/rating/rerate', { ...HOUR, accountId: '{billedAccount}' }),
    { status: 200, contains: ['"runs":['] },
  ),
  onFixture(
    'usage is rated anew that ends before it begins',
    send('POST', '/rating/rerate', { ...HOUR, to: HOUR.from }),
    refusal(400, 'RatingRangeInvalid'),
  ),
  onFixture(
    'usage is rated anew by who pays',
    send('POST', '/rating/rerate', { ...HOUR, accountId: '{billedAccount}' }, BUYER),
    forbidden,
  ),
  onFixture(
    'charges beside the usage that was reported',
    get('/rating/verification', OPERATOR, { account: '{billedAccount}' }),
    { status: 200, json: { differences: [] } },
  ),
  onFixture(
    'charges beside the usage that was reported, for a customer',
    get('/rating/verification', BUYER, { account: '{billedAccount}' }),
    forbidden,
  ),
  onFixture(
    'what usage would have cost at other prices',
    send('POST', '/what-if', {
      period: '202609-1',
      accountId: '{otherBilledAccount}',
      content: CONTENT,
    }),
    {
      status: 200,
      json: { lines: [{ accountId: '{otherBilledAccount}', currency: 'USD', after: '160' }] },
    },
  ),
  onFixture(
    'what usage would have cost at prices that are none',
    send('POST', '/what-if', { period: '202609-1', content: {} }),
    refusal(400, 'PriceListInvalid'),
  ),
  onFixture(
    'what usage would have cost its customer, for the customer',
    send(
      'POST',
      '/what-if',
      { period: '202609-1', accountId: '{billedAccount}', content: CONTENT },
      BUYER,
    ),
    forbidden,
  ),
  onFixture(
    'how far the usage of a stamp has been rated',
    get('/billed-usage/{billingRegistrationId}', SELLER),
    {
      status: 200,
      json: { registrationId: '{billingRegistrationId}', ratedUpTo: '2026-10-20T12Z' },
    },
  ),
  onFixture(
    'sums of what is billed of what a stamp reported',
    get('/billed-usage/{billingRegistrationId}/totals', OPERATOR, {
      from: '2026-10-20T00Z',
      to: '2026-10-21T00Z',
    }),
    { status: 200, contains: ['"{billedSubscription}"', '1,"40"'] },
  ),
  onFixture(
    'sums of what is billed in windows that are none',
    get('/billed-usage/{billingRegistrationId}/totals', OPERATOR, { from: 'a', to: 'b' }),
    refusal(400, 'InvalidProperty', 'from'),
  ),
  onFixture(
    'how far the usage of a stamp has been rated, for a customer of it',
    get('/billed-usage/{billingRegistrationId}', BUYER),
    refusal(403, 'AuthorizationFailed'),
  ),
  onFixture(
    'usage in detail with what it costs',
    {
      path: '/subscriptions/{billedSubscription}/providers/Microsoft.Billing/billingPeriods/202609-1/providers/Microsoft.Consumption/usageDetails',
      as: BUYER,
      query: { 'api-version': '2018-01-31', $filter: "instanceName eq 'vm1'" },
    },
    {
      status: 200,
      contains: ['"pretaxCost":1.54,', '"usageQuantity":150.0,'],
      json: {
        value: [
          {
            properties: {
              invoiceId:
                '/subscriptions/{billedSubscription}/providers/Microsoft.Billing/invoices/{invoiceNumber}',
              currency: 'USD',
              isEstimated: false,
            },
          },
        ],
      },
    },
  ),
];

/** What usage costs, how that came about, and what it would have cost. */
export const billingChargeCases: readonly WireCase[] = [...charges, ...rating];

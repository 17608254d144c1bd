import { onFixture, type WireCase, type WireRequest } from '../case.ts';
import {
  account,
  BUYER,
  forbidden,
  get,
  noAccount,
  noInvoice,
  OPERATOR,
  OTHER_BUYER,
  refusal,
  SELLER,
  send,
} from './billing.ts';

const NUMBER = '^PARTNER-2026-\\d{6}$';

const draftOf = (name: string): WireRequest => get(account(name, '/draft'));
const period = (name: string, path: string): string => account(name, `/periods/${path}`);

const drafts: readonly WireCase[] = [
  onFixture(
    'what the next invoice would be',
    get(account('billed', '/draft'), BUYER, { period: '202610-1' }),
    {
      status: 200,
      // 40 at the first tier and ten percent on top.
      json: {
        kind: 'invoice',
        period: '202610-1',
        net: '0.44',
        gross: '0.44',
        lines: [{ line: 1 }],
      },
    },
  ),
  onFixture(
    'what the next invoice of somebody else would be',
    get(account('billed', '/draft'), OTHER_BUYER),
    noAccount,
  ),
  onFixture(
    'a draft of a period that is none',
    get(account('billed', '/draft'), BUYER, { period: '209901-1' }),
    refusal(400, 'InvalidProperty', 'period'),
  ),
  onFixture(
    'usage of a meter without a price',
    draftOf('unpriced'),
    refusal(409, 'MeterWithoutPrice', 'wire'),
  ),
  onFixture(
    'usage without a rate of exchange',
    draftOf('francs'),
    refusal(409, 'ExchangeRateMissing', 'CHF'),
  ),
  onFixture('usage without prices', draftOf('listless'), refusal(409, 'UsageWithoutPrices')),
  onFixture(
    'an account without a country',
    send('POST', period('incomplete', '202609-1/issue')),
    refusal(409, 'BillingAccountIncomplete', 'country'),
  ),
  {
    name: 'a period is held, released and issued',
    fixture: true,
    steps: [
      {
        request: send('POST', period('billed', '202610-1/hold'), { reason: 'a question' }),
        expect: { status: 200, json: { name: '202610-1', held: 'a question' } },
      },
      {
        request: send('POST', period('billed', '202610-1/release')),
        expect: { status: 200, absent: ['/held'] },
      },
      {
        request: send('POST', period('billed', '202610-1/issue'), undefined, BUYER),
        expect: forbidden,
      },
      {
        request: send('POST', period('billed', '202610-1/issue'), undefined, SELLER),
        expect: forbidden,
      },
      {
        request: send('POST', period('billed', '202610-1/issue')),
        expect: { status: 200, matches: { '/invoice/number': NUMBER } },
        save: { octoberNumber: '/invoice/number' },
      },
      {
        request: send('POST', period('billed', '202610-1/issue')),
        expect: refusal(409, 'PeriodNotDue', '202610-1'),
      },
      {
        request: send('POST', period('billed', '202610-1/hold'), { reason: 'late' }),
        expect: refusal(409, 'PeriodNotDue', '202610-1'),
      },
    ],
  },
  {
    name: 'an invoice is taken back, once',
    fixture: true,
    steps: [
      {
        request: send('POST', '/invoices/{octoberNumber}/void', { reason: 'mine' }, BUYER),
        expect: forbidden,
      },
      {
        request: send('POST', '/invoices/{octoberNumber}/void', { reason: 'mine' }, OTHER_BUYER),
        expect: noInvoice,
      },
      {
        request: send('POST', '/invoices/{octoberNumber}/void', { reason: 'a mistake' }),
        expect: {
          status: 200,
          json: {
            kind: 'credit-note',
            corrects: '{octoberNumber}',
            reason: 'a mistake',
            gross: '0.44',
          },
        },
        save: { creditNumber: '/number' },
      },
      {
        request: send('POST', '/invoices/{octoberNumber}/void', { reason: 'again' }),
        expect: refusal(409, 'InvoiceNotOpen', '{creditNumber}'),
      },
      {
        request: get('/invoices/{creditNumber}/lines/1/explanation', BUYER),
        expect: { status: 200, json: { cancels: { number: '{octoberNumber}', line: 1 } } },
      },
    ],
  },
  onFixture(
    'what keeps periods from being invoiced, of one account',
    get('/billing-problems', BUYER),
    {
      status: 200,
      json: { value: [], documents: [] },
    },
  ),
  onFixture(
    'invoices without documents, with the reason',
    get('/billing-problems', OPERATOR, { account: '{otherBilledAccount}' }),
    { status: 200, contains: ['kept back by a test'] },
  ),
];

const payments: readonly WireCase[] = [
  {
    name: 'a payment is booked, booked again, and taken back',
    fixture: true,
    steps: [
      {
        request: send('POST', '/payments', {
          accountId: '{billedAccount}',
          amount: '1.00',
          receivedOn: '2026-11-01',
          reference: 'transfer 1',
          allocations: [{ number: '{invoiceNumber}' }],
        }),
        expect: {
          status: 200,
          json: { amount: '1', allocations: [{ number: '{invoiceNumber}', amount: '1' }] },
        },
        save: { payment: '/paymentId' },
      },
      {
        request: send('POST', '/payments', {
          accountId: '{billedAccount}',
          amount: '1.00',
          receivedOn: '2026-11-01',
          reference: 'transfer 1',
        }),
        expect: { status: 200, json: { paymentId: '{payment}' } },
      },
      {
        request: get(account('billed', '/statement'), BUYER, {
          from: '2026-10-01',
          to: '2999-01-01',
        }),
        expect: {
          status: 200,
          contains: ['{invoiceNumber}', 'transfer 1'],
          json: {
            accountId: '{billedAccount}',
            issuerId: '{billingPartnerAccount}',
            closing: '0.64',
          },
        },
      },
      {
        request: send('POST', '/payments', { reverses: '{payment}', receivedOn: '2026-11-02' }),
        expect: { status: 200, json: { amount: '-1', accountId: '{billedAccount}' } },
      },
      { request: get('/payments', BUYER), expect: { status: 200, count: { '/value': 2 } } },
      { request: get('/payments', OTHER_BUYER), expect: { status: 200, count: { '/value': 0 } } },
    ],
  },
  onFixture(
    'a payment in whole nothing',
    send('POST', '/payments', {
      accountId: '{billedAccount}',
      amount: '0',
      receivedOn: '2026-11-01',
      reference: 'nothing',
    }),
    refusal(400, 'PaymentInvalid'),
  ),
  onFixture(
    'a payment of the one who says that it paid',
    send(
      'POST',
      '/payments',
      {
        accountId: '{billedAccount}',
        amount: '1',
        receivedOn: '2026-11-01',
        reference: 'believe me',
      },
      BUYER,
    ),
    forbidden,
  ),
  onFixture(
    'payments of somebody else',
    get('/payments', BUYER, { account: '{otherBilledAccount}' }),
    noAccount,
  ),
  onFixture(
    'what somebody else owes',
    get(account('billed', '/statement'), OTHER_BUYER),
    noAccount,
  ),
];

/** What is not invoiced yet, what is taken back, and what is paid. */
export const billingPeriodCases: readonly WireCase[] = [...drafts, ...payments];

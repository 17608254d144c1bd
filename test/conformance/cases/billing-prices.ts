import { onFixture, one, type WireCase, type WireRequest } from '../case.ts';
import {
  BASE_VM,
  BUYER,
  forbidden,
  get,
  OPERATOR,
  OTHER_BUYER,
  refusal,
  send,
  WINDOWS_VM,
} from './billing.ts';

const FLAT = { kind: 'flat', unitPrice: '0.05' };
const CONTENT = {
  name: 'Wire contract',
  currency: 'EUR',
  items: [
    { meterId: BASE_VM, price: FLAT, included: '10' },
    { meterId: WINDOWS_VM, price: { kind: 'package', size: '100', packagePrice: '4' } },
  ],
};
const HOUR = '2999-01-01T00:00:00Z';

const lists: readonly WireCase[] = [
  {
    name: 'a price list is published, again the same, and a further version',
    fixture: true,
    steps: [
      {
        request: send('PUT', '/price-lists/Contract', { content: CONTENT, effectiveFrom: HOUR }),
        expect: {
          status: 201,
          json: { priceListId: 'contract', version: 1, effectiveFrom: HOUR, content: CONTENT },
        },
      },
      {
        request: send('PUT', '/price-lists/contract', { content: CONTENT, effectiveFrom: HOUR }),
        expect: { status: 200, json: { version: 1 } },
      },
      {
        request: send('POST', '/price-lists/contract/versions', {
          content: CONTENT,
          note: 'second',
        }),
        expect: { status: 201, json: { version: 2, note: 'second', sample: false } },
      },
      {
        request: get('/price-lists/CONTRACT'),
        expect: { status: 200, json: { currency: 'EUR' }, count: { '/versions': 2 } },
      },
      {
        request: get('/price-lists/contract/versions/1'),
        expect: { status: 200, json: { content: { items: [{ included: '10' }, {}] } } },
      },
      {
        request: send('POST', '/price-lists/contract/versions', {
          content: { ...CONTENT, currency: 'USD' },
        }),
        expect: refusal(409, 'Conflict', 'EUR'),
      },
    ],
  },
  onFixture('price lists', get('/price-lists'), {
    status: 200,
    contains: ['"priceListId":"sample"', '"priceListId":"wire"'],
  }),
  onFixture('price lists for a customer', get('/price-lists', BUYER), forbidden),
  onFixture(
    'a price list that is not there',
    get('/price-lists/nobodys'),
    refusal(404, 'PriceListNotFound'),
  ),
  onFixture(
    'a version of a price list that is not there',
    get('/price-lists/wire/versions/99'),
    refusal(404, 'PriceListNotFound', 'version 99'),
  ),
  onFixture(
    'a price list with a hole in its tiers',
    send('PUT', '/price-lists/holes', {
      content: {
        ...CONTENT,
        items: [
          {
            meterId: BASE_VM,
            price: { kind: 'graduated', tiers: [{ upTo: '5', unitPrice: '1' }] },
          },
        ],
      },
    }),
    refusal(400, 'PriceListInvalid', 'tiers'),
  ),
  onFixture(
    'prices for usage that was rated',
    send('POST', '/price-lists/wire/versions', {
      content: { ...CONTENT, currency: 'USD' },
      effectiveFrom: '2026-09-01T00:00:00Z',
    }),
    refusal(409, 'PriceInThePast', '2026-09-01'),
  ),
];

const tables: readonly WireCase[] = [
  {
    name: 'a rate of exchange is entered',
    fixture: true,
    steps: [
      {
        request: send('PUT', '/exchange-rates', {
          from: 'EUR',
          to: 'JPY',
          day: '2026-09-01',
          rate: '169.25',
          source: 'central bank',
        }),
        expect: { status: 200, json: { from: 'EUR', to: 'JPY', rate: '169.25', version: 1 } },
      },
      {
        request: get('/exchange-rates'),
        expect: { status: 200, contains: ['"rate":"169.25"'] },
      },
    ],
  },
  onFixture(
    'a rate of exchange of a currency that is none',
    send('PUT', '/exchange-rates', {
      from: 'EUR',
      to: 'XQX',
      day: '2026-09-01',
      rate: '1',
      source: 'x',
    }),
    refusal(400, 'CurrencyUnknown', 'XQX'),
  ),
  {
    name: 'a tax is entered',
    fixture: true,
    steps: [
      {
        request: send('POST', '/tax-rates', {
          sellerCountry: 'NZ',
          buyerCountry: 'NZ',
          category: 'S',
          percent: '15',
        }),
        expect: { status: 201, json: { sellerCountry: 'NZ', percent: '15', businessOnly: false } },
      },
      {
        request: get('/tax-rates'),
        expect: { status: 200, contains: ['"sellerCountry":"*"', '"percent":"15"'] },
      },
      { request: get('/tax-rates', BUYER), expect: forbidden },
    ],
  },
  onFixture(
    'what usage would cost',
    send('POST', '/quotes', {
      priceListId: 'wire',
      usage: [{ meterId: BASE_VM, quantity: '150' }],
    }),
    { status: 200, json: { currency: 'USD', amount: '1.4', total: '1.4', lines: [{}] } },
  ),
  onFixture(
    'what usage of a meter without a price would cost',
    send('POST', '/quotes', { priceListId: 'wire', usage: [{ meterId: 'none', quantity: '1' }] }),
    refusal(409, 'MeterWithoutPrice', 'none'),
  ),
];

const CARD = '/subscriptions/{otherBilledSubscription}/providers/Microsoft.Commerce/RateCard';
const FILTER =
  "OfferDurableId eq 'MS-AZR-0003P' and Currency eq 'USD' and Locale eq 'en-US' and RegionInfo eq 'US'";
const card = ($filter: string, version = '2016-08-31-preview'): WireRequest => ({
  path: CARD,
  as: OTHER_BUYER,
  query: { 'api-version': version, $filter },
});
/** No code, and no envelope. */
const NO_CARD = {
  status: 400,
  headers: { 'content-type': '/^application\\/json/' },
  matches: { '/Message': '^No rate card fits' },
  absent: ['/error', '/code'],
} as const;

const cards: readonly WireCase[] = [
  {
    name: 'the rate card of a subscription, by way of an address that needs no token',
    fixture: true,
    steps: [
      {
        request: card(FILTER),
        expect: {
          status: 302,
          headers: {
            location: '/^https:\\/\\/[^/]+\\/api\\/v1\\/rate-card-documents\\/[\\w.-]+$/',
          },
        },
        save: { rateCard: { header: 'location' } },
      },
      {
        request: { address: '{rateCard}' },
        expect: {
          status: 200,
          headers: { 'content-type': '/^application\\/json/' },
          contains: ['"MeterRates":{"0":0.01,"100":0.008}', '"MeterRates":{"0":0.046}'],
          json: {
            OfferTerms: [],
            Currency: 'USD',
            Locale: 'en-US',
            IsTaxIncluded: false,
            Meters: [{}, {}],
          },
        },
      },
      {
        request: { address: '{rateCard}x' },
        expect: refusal(404, 'NotFound'),
      },
    ],
  },
  onFixture(
    'a rate card by three terms',
    card(FILTER.split(' and ').slice(1).join(' and ')),
    NO_CARD,
  ),
  onFixture('a rate card of another offer', card(FILTER.replace('0003P', '0029P')), NO_CARD),
  onFixture('a rate card in another currency', card(FILTER.replace('USD', 'CHF')), NO_CARD),
  onFixture(
    'a rate card in no version',
    card(FILTER, '2010-01-01'),
    refusal(400, 'InvalidApiVersionParameter'),
  ),
  onFixture('the rate card of somebody else', { ...card(FILTER), as: BUYER }, forbidden),
  onFixture(
    'the rate card of a subscription that is not there',
    { ...card(FILTER), as: OPERATOR, path: CARD.replace('{otherBilled', '{unknown') },
    refusal(404, 'SubscriptionNotFound'),
  ),
  onFixture(
    'prices of a subscription, its markup in them and not beside them',
    get('/rate-cards/{billedSubscription}', BUYER),
    {
      status: 200,
      json: {
        subscriptionId: '{billedSubscription}',
        currency: 'USD',
        items: [{ price: { kind: 'graduated' } }, {}],
        terms: [],
      },
    },
  ),
  onFixture(
    'prices of a subscription that has none',
    get('/rate-cards/{listlessSubscription}'),
    refusal(404, 'PriceListNotFound'),
  ),
  one(
    'an address of a rate card that nobody was given',
    { path: '/api/v1/rate-card-documents/none' },
    refusal(404, 'NotFound'),
  ),
];

/** Price lists, rates of exchange, taxes, quotes and rate cards. */
export const billingPriceCases: readonly WireCase[] = [...lists, ...tables, ...cards];

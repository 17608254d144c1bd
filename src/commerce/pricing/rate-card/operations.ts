import { apiVersionParameter, json, named, type Operation } from '../../../platform/index.ts';
import { priceItem } from '../schemas.ts';

/** The versions in which the cloud has rate cards, newest first. */
export const RATE_CARD_VERSIONS = ['2016-08-31-preview', '2015-06-01-preview'] as const;

const text = { type: 'string' };
const time = { type: 'string', format: 'date-time' };

const rateCard = named('RateCard', {
  type: 'object',
  required: ['OfferTerms', 'Meters', 'Currency', 'Locale', 'IsTaxIncluded'],
  properties: {
    OfferTerms: {
      type: 'array',
      items: {
        type: 'object',
        required: ['Name', 'EffectiveDate'],
        properties: {
          Name: { enum: ['Recurring Charge', 'Monetary Commitment', 'Monetary Credit'] },
          EffectiveDate: time,
          RecurringCharge: { type: 'number' },
          TieredDiscount: { type: 'object', additionalProperties: { type: 'number' } },
          Credit: { type: 'number' },
          ExcludedMeterIds: { type: 'array', items: text },
        },
      },
    },
    Meters: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          MeterId: text,
          MeterName: text,
          MeterCategory: text,
          MeterSubCategory: text,
          MeterRegion: text,
          MeterTags: { type: 'array', items: text },
          Unit: text,
          MeterRates: {
            type: 'object',
            description: 'Price of a unit by the quantity from which on it holds; "0" first.',
            additionalProperties: { type: 'number' },
          },
          IncludedQuantity: { type: 'number' },
          EffectiveDate: time,
        },
      },
    },
    Currency: text,
    Locale: text,
    IsTaxIncluded: { const: false },
  },
});

const ownCard = named('SubscriptionPrices', {
  type: 'object',
  required: ['subscriptionId', 'currency', 'effectiveFrom', 'sample', 'items', 'terms'],
  properties: {
    subscriptionId: { type: 'string', format: 'uuid' },
    currency: { ...text, description: 'In which the subscription pays, and all prices are.' },
    effectiveFrom: time,
    sample: { type: 'boolean', description: 'Whether the figures are an example.' },
    items: {
      type: 'array',
      items: priceItem,
      description: 'As they are paid: markups and exchange included.',
    },
    terms: { type: 'array', items: { type: 'object' } },
  },
});

export const rateCardOperations = {
  card: {
    id: 'getRateCard',
    tag: 'prices',
    summary: 'Where the rate card of a subscription is',
    description:
      'For subscriptions that are bought without contract and partner. The address in Location needs no Authorization and lasts ten minutes. A filter that is wrong or fits no card is answered with 400 and {"Message":"..."}, which does not say which term it was.',
    access: 'token',
    parameters: [
      apiVersionParameter(RATE_CARD_VERSIONS),
      {
        name: '$filter',
        in: 'query',
        required: true,
        description:
          "All of OfferDurableId eq 'MS-AZR-0003P' and Currency eq 'USD' and Locale eq 'en-US' and RegionInfo eq 'US', in any order.",
        schema: text,
      },
    ],
    answers: {
      302: { description: 'The card is there.', headers: { location: 'Address of the card.' } },
      // As of the cloud: no envelope where no card fits.
      400: {
        description:
          'No card fits, with a Message alone; or InvalidApiVersionParameter, InvalidProperty or MissingApiVersionParameter.',
        contents: json({
          anyOf: [
            { type: 'object', required: ['Message'], properties: { Message: text } },
            { type: 'object', required: ['error'], properties: { error: { type: 'object' } } },
          ],
        }),
      },
    },
    errors: ['MissingApiVersionParameter', 'InvalidApiVersionParameter', 'SubscriptionNotFound'],
  },
  document: {
    id: 'getRateCardDocument',
    tag: 'prices',
    summary: 'A rate card, by the address that was given for it',
    access: 'public',
    secretPath: true,
    answers: { 200: { description: 'The card.', contents: json(rateCard) } },
    errors: ['NotFound'],
  },
  ownCard: {
    id: 'getSubscriptionPrices',
    tag: 'prices',
    summary: 'The prices of a subscription, with all that their kinds have',
    access: 'token',
    answers: { 200: { description: 'They.', contents: json(ownCard) } },
    errors: ['SubscriptionNotFound', 'PriceListNotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

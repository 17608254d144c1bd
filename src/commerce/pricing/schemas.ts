import { named, type Schema } from '../../platform/index.ts';
import { priceKinds } from './price.ts';
import { taxCategories } from './taxes/tax.ts';

const text: Schema = { type: 'string' };
const time: Schema = { type: 'string', format: 'date-time' };
const day: Schema = { type: 'string', format: 'date', description: 'A day in UTC.' };
const decimal: Schema = {
  type: 'string',
  pattern: String.raw`^-?\d+(\.\d+)?$`,
  description: 'A decimal, exact.',
};
const currency: Schema = { type: 'string', description: 'Code of ISO 4217.' };

const bounds = {
  from: { ...decimal, description: 'Where it begins; follows from the one before.' },
  upTo: { ...decimal, description: 'Up to which quantity, inclusive; the last has none.' },
};

const price = named('Price', {
  type: 'object',
  required: ['kind'],
  properties: {
    kind: { enum: [...priceKinds] },
    unitPrice: { ...decimal, description: 'Of the kind flat.' },
    tiers: {
      type: 'array',
      description: 'Of the kinds graduated and volume.',
      items: {
        type: 'object',
        required: ['unitPrice'],
        properties: { ...bounds, unitPrice: decimal, fixed: decimal },
      },
    },
    size: { ...decimal, description: 'Of the kind package: units in one.' },
    packagePrice: { ...decimal, description: 'Of the kind package.' },
    steps: {
      type: 'array',
      description: 'Of the kind stairstep.',
      items: { type: 'object', required: ['amount'], properties: { ...bounds, amount: decimal } },
    },
    percent: { ...decimal, description: 'Of the kind percentage; 10 is ten percent.' },
  },
});

export const priceItem = named('PriceItem', {
  type: 'object',
  required: ['meterId', 'price'],
  properties: {
    meterId: { ...text, description: 'Of a meter of commerce; compares without case.' },
    name: text,
    scope: {
      enum: ['account', 'subscription'],
      description: 'Over what quantities are counted; account unless given.',
    },
    price,
    included: { ...decimal, description: 'Free in each period.' },
    minimum: { ...decimal, description: 'Least that the usage of a period costs.' },
    maximum: { ...decimal, description: 'Most that it costs.' },
  },
});

export const content = named('PriceListContent', {
  type: 'object',
  additionalProperties: false,
  required: ['name', 'currency', 'items'],
  properties: { name: text, currency, items: { type: 'array', items: priceItem } },
});

export const priceList = named('PriceList', {
  type: 'object',
  required: ['priceListId', 'name', 'currency', 'versions', 'sample', 'createdAt'],
  properties: {
    priceListId: text,
    name: text,
    currency,
    versions: { type: 'integer', minimum: 1, description: 'How many; the number of the newest.' },
    sample: { type: 'boolean', description: 'Whether the newest is an example, not an offer.' },
    createdAt: time,
  },
});

const versionProperties = {
  priceListId: text,
  version: { type: 'integer', minimum: 1 },
  effectiveFrom: { ...time, description: 'A whole hour.' },
  sample: { type: 'boolean' },
  note: text,
  publishedAt: time,
};
const versionRequired = ['priceListId', 'version', 'effectiveFrom', 'sample', 'publishedAt'];

export const version = named('PriceListVersion', {
  type: 'object',
  required: [...versionRequired, 'content'],
  properties: { ...versionProperties, content },
});

const bareVersion = named('PriceListVersionSummary', {
  type: 'object',
  required: versionRequired,
  properties: versionProperties,
});

export const priceListWithVersions = named('PriceListWithVersions', {
  type: 'object',
  required: ['priceListId', 'name', 'currency', 'versions'],
  properties: {
    priceListId: text,
    name: text,
    currency,
    inForce: { type: 'integer', description: 'The version that is in force now, if any.' },
    versions: { type: 'array', items: bareVersion },
  },
});

export const newVersion: Schema = {
  type: 'object',
  required: ['content'],
  properties: {
    content,
    effectiveFrom: { ...time, description: 'A whole hour; the next one unless given.' },
    sample: { type: 'boolean', description: 'Whether it is an example; not unless given.' },
    note: text,
    correctPast: {
      type: 'boolean',
      description: 'Whether usage that was rated may change; it is rated anew then.',
    },
  },
};

const exchangeRateProperties = {
  from: currency,
  to: currency,
  day: { ...day, description: 'From which day in UTC on.' },
  rate: { ...decimal, description: 'Units of the second currency for one of the first.' },
  source: { ...text, description: 'Where the figure comes from.' },
};

export const exchangeRate = named('ExchangeRate', {
  type: 'object',
  required: ['from', 'to', 'day', 'version', 'rate', 'source', 'createdAt'],
  properties: {
    ...exchangeRateProperties,
    version: { type: 'integer', minimum: 1, description: 'Of a day the highest counts.' },
    createdAt: time,
  },
});

export const newExchangeRate: Schema = {
  type: 'object',
  required: ['from', 'to', 'day', 'rate', 'source'],
  properties: {
    ...exchangeRateProperties,
    correctPast: {
      type: 'boolean',
      description:
        'Whether usage that was rated by another rate may change; it is rated anew then.',
    },
  },
};

const taxProperties = {
  sellerCountry: { ...text, description: 'Two letters of ISO 3166-1, or * for any.' },
  buyerCountry: { ...text, description: 'Two letters of ISO 3166-1, or * for any.' },
  businessOnly: { type: 'boolean', description: 'Only for buyers that have a tax number.' },
  category: { enum: [...taxCategories], description: 'Of UNTDID 5305.' },
  percent: decimal,
  reason: { ...text, description: 'Why nothing is charged, as invoices say it.' },
  from: { ...day, description: 'From which day in UTC on.' },
};

export const taxRate = named('TaxRate', {
  type: 'object',
  required: ['taxRate', 'sellerCountry', 'buyerCountry', 'category', 'percent', 'from'],
  properties: { taxRate: { type: 'integer' }, ...taxProperties, createdAt: time },
});

export const newTaxRate: Schema = {
  type: 'object',
  required: ['sellerCountry', 'buyerCountry', 'category', 'percent'],
  properties: { ...taxProperties, from: { ...day, description: 'Today unless given.' } },
};

export const quoted = named('QuoteRequest', {
  type: 'object',
  required: ['usage'],
  properties: {
    priceListId: { ...text, description: 'Of a list; or content in place of it.' },
    version: { type: 'integer', description: 'The one in force unless given.' },
    content,
    at: { ...time, description: 'When it has to be in force; now unless given.' },
    usage: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        required: ['meterId', 'quantity'],
        properties: { meterId: text, quantity: decimal, subscriptionId: text },
      },
    },
  },
});

const step = named('PriceStep', {
  type: 'object',
  required: ['kind', 'quantity', 'amount'],
  properties: {
    kind: {
      enum: ['included', 'flat', 'tier', 'package', 'step', 'percentage', 'minimum', 'maximum'],
    },
    from: decimal,
    upTo: decimal,
    quantity: decimal,
    unitPrice: decimal,
    fixed: { ...decimal, description: 'What of the amount is charged for entering the tier.' },
    packages: { ...decimal, description: 'How many.' },
    amount: decimal,
  },
});

export const quote = named('Quote', {
  type: 'object',
  required: ['currency', 'lines', 'amount', 'total'],
  properties: {
    priceList: bareVersion,
    currency,
    lines: {
      type: 'array',
      items: {
        type: 'object',
        required: ['meterId', 'quantity', 'amount', 'rounded', 'steps'],
        properties: {
          meterId: text,
          name: text,
          subscriptionId: text,
          quantity: decimal,
          amount: decimal,
          rounded: { ...decimal, description: 'As an invoice would have it.' },
          steps: { type: 'array', items: step },
        },
      },
    },
    amount: { ...decimal, description: 'Sum of the exact amounts.' },
    total: { ...decimal, description: 'Sum of the rounded lines.' },
  },
});

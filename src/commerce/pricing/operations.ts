import { json, listAnswer, type Operation } from '../../platform/index.ts';
import * as schemas from './schemas.ts';

const common = { tag: 'prices', access: 'token', surface: 'operator' } as const;

/** What the routes of prices, rates of exchange, taxes and quotes tell of themselves. */
export const pricingOperations = {
  listPriceLists: {
    ...common,
    id: 'listPriceLists',
    summary: 'The price lists',
    answers: { 200: listAnswer('All of them, by id.', schemas.priceList) },
  },
  showPriceList: {
    ...common,
    id: 'getPriceList',
    summary: 'One price list with its versions',
    answers: { 200: { description: 'It.', contents: json(schemas.priceListWithVersions) } },
    errors: ['PriceListNotFound'],
  },
  putPriceList: {
    ...common,
    id: 'putPriceList',
    summary: 'Publishes prices, unless the newest version says the same',
    description: 'The first version makes the list. Its currency stays for ever.',
    body: { required: true, contents: json(schemas.newVersion) },
    answers: {
      200: {
        description: 'The version that says so; a new one when none did.',
        contents: json(schemas.version),
      },
      201: { description: 'The list is there now.', contents: json(schemas.version) },
    },
    errors: ['PriceListInvalid', 'PriceInThePast', 'Conflict'],
  },
  showVersion: {
    ...common,
    id: 'getPriceListVersion',
    summary: 'One version of a price list with its prices',
    answers: { 200: { description: 'It.', contents: json(schemas.version) } },
    errors: ['PriceListNotFound'],
  },
  publishVersion: {
    ...common,
    id: 'publishPriceListVersion',
    summary: 'Publishes the next version of a price list',
    description: 'Every wrong place of a list that is refused is one of the details of the error.',
    body: { required: true, contents: json(schemas.newVersion) },
    answers: { 201: { description: 'It is published.', contents: json(schemas.version) } },
    errors: ['PriceListNotFound', 'PriceListInvalid', 'PriceInThePast', 'Conflict'],
  },
  listExchangeRates: {
    ...common,
    id: 'listExchangeRates',
    summary: 'The rates of exchange',
    answers: { 200: listAnswer('All, the newest of each pair first.', schemas.exchangeRate) },
  },
  putExchangeRate: {
    ...common,
    id: 'putExchangeRate',
    summary: 'Enters a rate of exchange from a day on',
    description:
      'Entries stay; of those of a day the newest counts. Periods that were rated keep their rate, unless the past is to be corrected.',
    body: { required: true, contents: json(schemas.newExchangeRate) },
    answers: { 200: { description: 'The entry.', contents: json(schemas.exchangeRate) } },
    errors: ['CurrencyUnknown', 'PriceInThePast'],
  },
  listTaxRates: {
    ...common,
    id: 'listTaxRates',
    summary: 'The table of taxes',
    answers: { 200: listAnswer('All entries.', schemas.taxRate) },
  },
  addTaxRate: {
    ...common,
    id: 'addTaxRate',
    summary: 'Enters a tax from a day on',
    description: 'Entries stay; for a sale the most particular one that has come counts.',
    body: { required: true, contents: json(schemas.newTaxRate) },
    answers: { 201: { description: 'The entry.', contents: json(schemas.taxRate) } },
  },
  quote: {
    ...common,
    id: 'quoteUsage',
    summary: 'What usage of a period would cost',
    description: 'By the rules by which usage is rated, before terms and taxes. Keeps nothing.',
    body: { required: true, contents: json(schemas.quoted) },
    answers: { 200: { description: 'It.', contents: json(schemas.quote) } },
    errors: ['PriceListNotFound', 'PriceListInvalid', 'MeterWithoutPrice'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

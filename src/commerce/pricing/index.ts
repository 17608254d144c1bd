export { priceUsage } from './engine.ts';
export {
  isPriceChangeQueued,
  listPriceChanges,
  queuePriceChanges,
  reasonOf,
  removePriceChanges,
  type PriceChange,
} from './price-changes.ts';
export { checkPriceList, type CheckedMeter } from './lists/check.ts';
export {
  parsePriceList,
  priceListToWire,
  readPriceList,
  type ReadPriceList,
} from './lists/content.ts';
export type { PriceListProblem } from './lists/places.ts';
export {
  ensureSamplePriceList,
  parsePriceListId,
  priceListInvalid,
  publishPriceList,
  type NewPriceListVersion,
} from './lists/publish.ts';
export {
  datedVersions,
  findPriceListVersion,
  listPriceLists,
  priceListVersions,
  type PriceList,
} from './lists/store.ts';
export { versionAt } from './lists/versions.ts';
export type {
  PeriodShare,
  Price,
  PricedAmount,
  PricedUsage,
  PriceItem,
  PriceKind,
  PriceListContent,
  PriceListVersion,
  PriceScale,
  PriceScope,
  PriceStep,
  Tier,
} from './price.ts';
export { holdBilling } from './lock.ts';
export type { PricesInForce } from './rate-card/card.ts';
export { pricingRoutes, type PricingApi } from './routes.ts';
export { publishVersion, type Published, type Publishing } from './lists/publishing.ts';
export { priceStepToWire, toWirePriceList, toWireQuote, toWireVersion } from './wire.ts';
export { quote, type Quote, type QuotedUsage, type QuoteLine } from './quote.ts';
export {
  exchangeRateOn,
  listExchangeRates,
  setExchangeRate,
  toWireExchangeRate,
  type ExchangeRate,
  type NewExchangeRate,
} from './rates/exchange-rate.ts';
export { pinnedRates, pinRates, type PinnedRate } from './rates/pin-store.ts';
export {
  ensureTaxTable,
  listTaxRates,
  setTaxRate,
  toWireTaxRate,
  type NewTaxRate,
} from './taxes/store.ts';
export {
  taxFor,
  taxCategories,
  type TaxCategory,
  type TaxedSale,
  type TaxRate,
  type TaxVerdict,
} from './taxes/tax.ts';
export { applyTerms, type TermsInput } from './terms/apply.ts';
export type { TermCharge, TermLine } from './terms/line.ts';
export {
  parseTerm,
  termToWire,
  type AccountTerm,
  type Commitment,
  type Credit,
  type Discount,
  type Fee,
  type Term,
  type TermUse,
} from './terms/term.ts';
export { parseDay, parseTaxCategory } from './reading.ts';
export { SAMPLE_ID } from './lists/sample.ts';

import {
  dayFromInstant,
  Decimal,
  fail,
  hourFromInstant,
  hourNumber,
  hourOf,
  parseCurrency,
  parseWireTime,
  type Currency,
  type DayNumber,
  type HourNumber,
  type Instant,
} from '../../kernel/index.ts';
import {
  invalidProperty,
  readParsed,
  readText,
  requireText,
  type Fields,
} from '../../platform/index.ts';
import { readPriceList } from './lists/content.ts';
import { priceListInvalid } from './lists/publish.ts';
import type { WantedVersion } from './lists/publishing.ts';
import type { PriceListContent } from './price.ts';
import type { NewExchangeRate } from './rates/exchange-rate.ts';
import type { NewTaxRate } from './taxes/store.ts';
import { taxCategories, type TaxCategory } from './taxes/tax.ts';

const LONGEST_NOTE = 2000;

/** A decimal as text. @throws InvalidProperty, for a JSON number too: it was binary floating point already */
export function requireDecimal(fields: Fields, name: string): Decimal {
  const value = fields[name];
  const number = typeof value === 'string' ? Decimal.parse(value) : undefined;
  if (number !== undefined) return number;
  throw invalidProperty(name, value, 'it has to be a decimal as text, such as "0.008"');
}

/** @throws InvalidProperty when it is not there, CurrencyUnknown */
export function requireCurrency(fields: Fields, name: string): Currency {
  const text = requireText(fields, name);
  const currency = parseCurrency(text);
  if (currency === undefined) throw fail('CurrencyUnknown', { currency: text });
  return currency;
}

/** A truth value that is false when it is left out. */
export function readTruth(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw invalidProperty(name, value, 'it is true or false');
}

/** A whole hour; undefined when it was left out. */
export function readHour(fields: Fields, name: string): HourNumber | undefined {
  return readParsed(
    fields,
    name,
    parseHour,
    'it is a time on a whole hour, such as 2026-11-01T00:00Z',
  );
}

function parseHour(text: string): HourNumber | undefined {
  const instant = parseWireTime(text);
  return instant && hourFromInstant(instant);
}

/** A UTC day such as `2026-11-01`; undefined for anything else. */
export function parseDay(text: string): DayNumber | undefined {
  const instant = parseWireTime(text);
  return instant && dayFromInstant(instant);
}

export function readDay(fields: Fields, name: string): DayNumber | undefined {
  return readParsed(fields, name, parseDay, 'it is a day such as 2026-11-01');
}

/** The hour that begins next: from which prices are in force when nothing else is said. */
export function nextHour(now: Instant): HourNumber {
  return hourNumber(hourOf(now) + 1);
}

/** @throws PriceListInvalid that tells every place */
export function requireContent(value: unknown): PriceListContent {
  const { content, problems } = readPriceList(value);
  if (content === undefined) throw priceListInvalid(problems);
  return content;
}

/** A version to publish, of the list that the path names. */
export function readNewVersion(fields: Fields, priceListId: string, now: Instant): WantedVersion {
  return {
    priceListId,
    content: requireContent(fields['content']),
    effectiveFrom: readHour(fields, 'effectiveFrom') ?? nextHour(now),
    sample: readTruth(fields, 'sample'),
    note: readText(fields, 'note', LONGEST_NOTE) ?? '',
    correctPast: readTruth(fields, 'correctPast'),
  };
}

export function readNewExchangeRate(fields: Fields): NewExchangeRate {
  const day = readDay(fields, 'day');
  if (day === undefined) throw invalidProperty('day', '', 'it has to be given');
  return {
    from: requireCurrency(fields, 'from'),
    to: requireCurrency(fields, 'to'),
    day,
    rate: requireDecimal(fields, 'rate'),
    source: requireText(fields, 'source'),
    correctPast: readTruth(fields, 'correctPast'),
  };
}

/** @param today the day from which on it counts unless the fields say */
export function readNewTaxRate(fields: Fields, today: DayNumber): NewTaxRate {
  const rule = `it is one of ${taxCategories.join(', ')}`;
  const category = readParsed(fields, 'category', parseTaxCategory, rule);
  if (category === undefined) throw invalidProperty('category', '', rule);
  return {
    sellerCountry: requireText(fields, 'sellerCountry'),
    buyerCountry: requireText(fields, 'buyerCountry'),
    businessOnly: readTruth(fields, 'businessOnly'),
    category,
    percent: requireDecimal(fields, 'percent'),
    reason: readText(fields, 'reason'),
    fromDay: readDay(fields, 'from') ?? today,
  };
}

/** Reads a category in any case; undefined for anything else. */
export function parseTaxCategory(text: string): TaxCategory | undefined {
  return taxCategories.find((category) => category === text.toUpperCase());
}

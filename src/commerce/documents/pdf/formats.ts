import { Decimal, halfEven, minorUnitsOf, type Currency } from '../../../kernel/index.ts';
import type { Texts } from './texts.ts';

/** How a language writes numbers, money and days. Nothing here becomes a binary number. */
export interface Formats {
  /** With the sign of the currency: `€1,860.00`. */
  money(amount: Decimal): string;
  /** In the digits of the currency, without its sign. */
  amount(amount: Decimal): string;
  /** All digits, at least those of the currency. */
  price(price: Decimal): string;
  /** At most six digits after the point; the electronic invoice and the list of lines have all. */
  quantity(quantity: Decimal): string;
  percent(rate: Decimal): string;
  /** A day such as `2026-11-03`, in words. */
  day(day: string): string;
  /** A month such as `2026-09`, in words; any other text as it is. */
  month(period: string): string;
  country(code: string): string;
}

const quantityDigits = 6;
const hundredth = Decimal.fromBigInt(1n, 2);
const made = new Map<string, Formats>();

/** The formats of a language and a currency. */
export function formatsOf({ locale }: Texts, currency: Currency): Formats {
  const key = `${locale} ${currency}`;
  const formats = made.get(key) ?? makeFormats(locale, currency);
  made.set(key, formats);
  return formats;
}

function makeFormats(locale: string, currency: Currency): Formats {
  const digits = minorUnitsOf(currency);
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const amount = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 60 });
  const price = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: 60,
  });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 4 });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const months = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  const countries = new Intl.DisplayNames(locale, { type: 'region' });
  return {
    money: (value) => money.format(numeric(value)),
    amount: (value) => amount.format(numeric(value)),
    price: (value) => price.format(numeric(value)),
    quantity: (value) => exact.format(numeric(value.roundTo(quantityDigits, halfEven))),
    percent: (rate) => percent.format(numeric(rate.multiply(hundredth))),
    day: (day) => days.format(new Date(day)),
    month: (period) =>
      /^\d{4}-(?:0[1-9]|1[0-2])$/.test(period) ? months.format(new Date(period)) : period,
    country: (code) => (/^[A-Z]{2}$/.test(code) ? (countries.of(code) ?? code) : code),
  };
}

/** The decimal as text, of which `Intl` keeps every digit. */
function numeric(value: Decimal): `${number}` {
  const text = value.toText();
  if (!isNumeric(text)) throw new TypeError(`${text} is no number.`);
  return text;
}

function isNumeric(text: string): text is `${number}` {
  return /^-?\d+(?:\.\d+)?$/.test(text);
}

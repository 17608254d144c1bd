/**
 * Numbers, money and times as a language writes them. Amounts are decimals as text and stay text: the
 * browser formats such a text digit by digit, where a number would lose digits.
 */

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

export type Locale = string;

/** How a decimal is written. */
export interface DigitOptions {
  readonly minimumFractionDigits?: number;
  readonly maximumFractionDigits?: number;
}

/** Digits after the point of a quantity in a table; all of them are a click away. */
const QUANTITY_DIGITS = 6;
const MOST_DIGITS = 20;

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { roundingMode: 'halfEven', ...options });
    formats.set(key, format);
  }
  return format;
}

function isDecimal(text: string): text is `${number}` {
  return DECIMAL.test(text);
}

function write(format: Intl.NumberFormat, text: string): string {
  return isDecimal(text) ? format.format(text) : text;
}

/** A decimal, by default with up to 6 digits after the point. */
export function formatDecimal(locale: Locale, text: string, options: DigitOptions = {}): string {
  const { minimumFractionDigits = 0, maximumFractionDigits } = options;
  const most = maximumFractionDigits ?? Math.max(QUANTITY_DIGITS, minimumFractionDigits);
  const format = numberFormat(locale, { minimumFractionDigits, maximumFractionDigits: most });
  return write(format, text);
}

/** A decimal with every digit that it has. */
export function formatExact(locale: Locale, text: string): string {
  return formatDecimal(locale, text, { maximumFractionDigits: MOST_DIGITS });
}

/** Money in the minor units of its currency; `exact` with every digit that it has. */
export function formatMoney(
  locale: Locale,
  text: string,
  currency: string,
  { exact = false }: { readonly exact?: boolean } = {},
): string {
  try {
    // What is rounded to zero has no sign.
    const usual = { style: 'currency', currency, signDisplay: 'negative' } as const;
    return write(
      numberFormat(locale, exact ? { ...usual, maximumFractionDigits: MOST_DIGITS } : usual),
      text,
    );
  } catch {
    // A currency that the browser does not know is written as its code.
    return `${formatDecimal(locale, text, { minimumFractionDigits: 2 })} ${currency}`;
  }
}

/**
 * `12.5` percent, as text, with its sign.
 *
 * @param least digits after the point that are always there
 */
export function formatPercent(locale: Locale, text: string, digits = 1, least = 0): string {
  const format = numberFormat(locale, {
    style: 'unit',
    unit: 'percent',
    minimumFractionDigits: least,
    maximumFractionDigits: digits,
  });
  return write(format, text);
}

/**
 * A billing period by the month that it begins in, as people call it: `202611-1` is November 2026, and `202611-2` would be a
 * second one of it.
 */
export function formatPeriod(locale: Locale, name: string): string {
  const [, year, month, number] = /^(\d{4})(\d{2})-(\d+)$/.exec(name) ?? [];
  if (year === undefined || month === undefined) return name;
  const text = formatTime(locale, `${year}-${month}`, 'month');
  return number === '1' ? text : `${text} (${number})`;
}

/** A count of things. */
export function formatCount(locale: Locale, count: number): string {
  return numberFormat(locale, { maximumFractionDigits: 0 }).format(count);
}

/** To how much of it a time is written. */
export type TimePrecision = 'month' | 'day' | 'hour' | 'minute' | 'second';

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };
const HOUR: Intl.DateTimeFormatOptions = {
  ...DAY,
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
};
const PRECISIONS: Readonly<Record<TimePrecision, Intl.DateTimeFormatOptions>> = {
  month: { month: 'long', year: 'numeric' },
  day: DAY,
  hour: HOUR,
  minute: HOUR,
  second: { ...HOUR, second: '2-digit' },
};
const times = new Map<string, Intl.DateTimeFormat>();

/**
 * An instant (`2026-11-23T10:00:00Z`) or a day (`2026-11-23`). A day is the same day everywhere.
 *
 * @param zone in which an instant is told; UTC unless given, as in all of the API
 */
export function formatTime(
  locale: Locale,
  text: string,
  precision: TimePrecision = text.length > 10 ? 'minute' : 'day',
  zone = 'UTC',
): string {
  const time = Date.parse(text.length === 7 ? `${text}-01` : text);
  if (Number.isNaN(time)) return text;
  const usedZone = text.length > 10 ? zone : 'UTC';
  const key = `${locale}|${precision}|${usedZone}`;
  let format = times.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { ...PRECISIONS[precision], timeZone: usedZone });
    times.set(key, format);
  }
  return format.format(time);
}

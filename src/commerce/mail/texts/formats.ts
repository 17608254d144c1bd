import {
  Decimal,
  halfEven,
  minorUnitsOf,
  roundMoney,
  type Currency,
} from '../../../kernel/index.ts';

/** Languages in which mail is written. */
export type MailLanguage = 'en' | 'fr';

const LOCALES = { en: 'en-GB', fr: 'fr-FR' } as const;
const PERCENT_DIGITS = 2;

/** How a language writes what stands in a message; no amount becomes a binary number. */
export interface MailFormats {
  readonly money: (amount: Decimal) => string;
  /** 80 for eighty percent. */
  readonly percent: (percent: Decimal) => string;
  /** A day such as 2026-11-03. */
  readonly day: (day: string) => string;
}

export function formatsOf(language: MailLanguage, currency: Currency): MailFormats {
  const locale = LOCALES[language];
  const digits = minorUnitsOf(currency);
  // The code and not the sign: a dollar is not everywhere the same.
  const money = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const percents = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: PERCENT_DIGITS,
  });
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  return {
    money: (amount) => money.format(numeric(roundMoney(amount, currency))),
    percent: (percent) => percents.format(numeric(hundredthOf(percent))),
    day: (day) => days.format(Temporal.PlainDate.from(day)),
  };
}

function hundredthOf(percent: Decimal): Decimal {
  return percent.roundTo(PERCENT_DIGITS, halfEven).multiply(Decimal.fromBigInt(1n, 2));
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

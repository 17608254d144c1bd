import { parseCurrency, parseSubscriptionId } from '../../kernel/index.ts';
import {
  invalidProperty,
  readParsed,
  readText,
  requireText,
  type Fields,
} from '../../platform/index.ts';
import {
  accountKinds,
  languages,
  lateUsagePolicies,
  parseAccountId,
  parseAccountKind,
  type AccountId,
} from './account.ts';
import { parseTimeZone } from './calendar.ts';
import type { AccountChange } from './change.ts';

const GUID = 'it has to be a GUID';

/** Lines that stand on invoices as they are. */
const LINES = [
  'street',
  'street2',
  'city',
  'postalCode',
  'region',
  'taxId',
  'registrationId',
  'phone',
  'taxExemption',
  'buyerReference',
] as const;

/**
 * Reads what is said of an account: what is left out stays, null or an empty text takes away what need not
 * be there.
 *
 * @throws InvalidProperty naming the field
 */
export function readAccountChange(accountId: AccountId, fields: Fields): AccountChange {
  return {
    accountId,
    kind: readParsed(fields, 'kind', parseAccountKind, `it is one of ${accountKinds.join(', ')}`),
    parentId: readParsed(fields, 'parentId', parseAccountId, GUID),
    subscriptionId: clearable(fields, 'subscriptionId', parseSubscriptionId, GUID),
    name: isGiven(fields, 'name') ? requireText(fields, 'name') : undefined,
    ...readLines(fields),
    country: clearable(fields, 'country', parseCountry, 'it is a code of ISO 3166-1, such as FR'),
    email: clearable(fields, 'email', parseEmail, 'it is an address such as name@example.org'),
    iban: clearable(fields, 'iban', parseIban, 'it is an IBAN with its check digits'),
    bic: clearable(fields, 'bic', parseBic, 'it has 8 or 11 letters and digits'),
    seriesPrefix: readParsed(fields, 'seriesPrefix', parsePrefix, PREFIX_RULE),
    currency: readParsed(fields, 'currency', parseCurrency, 'it is a code of ISO 4217'),
    language: oneOf(fields, 'language', languages),
    timeZone: readParsed(fields, 'timeZone', parseTimeZone, 'it is a name such as Europe/Paris'),
    lateUsage: oneOf(fields, 'lateUsage', lateUsagePolicies),
    billingDay: readWhole(fields, 'billingDay', 1, 28),
    waitHours: readWhole(fields, 'waitHours', 0, 744),
    reviewDays: readWhole(fields, 'reviewDays', 0, 60),
    paymentDays: readWhole(fields, 'paymentDays', 0, 365),
  };
}

type Lines = { readonly [Name in (typeof LINES)[number]]?: string | null | undefined };

function readLines(fields: Fields): Lines {
  return Object.fromEntries(LINES.map((name) => [name, clearable(fields, name, trimmed, '')]));
}

function trimmed(text: string): string | undefined {
  return text.trim();
}

function isGiven(fields: Fields, name: string): boolean {
  return fields[name] !== undefined && fields[name] !== null;
}

function clearable<T>(
  fields: Fields,
  name: string,
  parse: (text: string) => T | undefined,
  rule: string,
): T | null | undefined {
  if (fields[name] === null || readText(fields, name)?.trim() === '') return null;
  return readParsed(fields, name, parse, rule);
}

function oneOf<T extends string>(fields: Fields, name: string, words: readonly T[]): T | undefined {
  const find = (text: string): T | undefined =>
    words.find((word) => word.toLowerCase() === text.toLowerCase());
  return readParsed(fields, name, find, `it is one of ${words.join(', ')}`);
}

function readWhole(fields: Fields, name: string, least: number, most: number): number | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (Number.isInteger(value) && typeof value === 'number' && value >= least && value <= most) {
    return value;
  }
  throw invalidProperty(name, value, `it is a whole number from ${least} to ${most}`);
}

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

function parseCountry(text: string): string | undefined {
  const code = text.trim().toUpperCase();
  return /^[A-Z]{2}$/.test(code) && code !== 'ZZ' && regions.of(code) !== undefined
    ? code
    : undefined;
}

function parseEmail(text: string): string | undefined {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim()) ? text.trim() : undefined;
}

const PREFIX_RULE = 'it has 1 to 12 letters and digits';

/** Letters in capitals. */
function parsePrefix(text: string): string | undefined {
  const prefix = text.trim().toUpperCase();
  return /^[A-Z0-9]{1,12}$/.test(prefix) ? prefix : undefined;
}

function parseBic(text: string): string | undefined {
  const bic = text.replaceAll(' ', '').toUpperCase();
  return /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?$/.test(bic) ? bic : undefined;
}

/** ISO 13616: the first four characters put last, letters as 10 to 35, the number is 1 modulo 97. */
function parseIban(text: string): string | undefined {
  const iban = text.replaceAll(' ', '').toUpperCase();
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(iban)) return undefined;
  const turned = iban.slice(4) + iban.slice(0, 4);
  const digits = turned.replace(/[A-Z]/g, (letter) => Number.parseInt(letter, 36).toString());
  return BigInt(digits) % 97n === 1n ? iban : undefined;
}

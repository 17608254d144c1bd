import { isJsonObject } from '../../kernel/index.ts';
import { parseAccountId, type Language } from '../accounts/index.ts';
import type { InvoiceParties, PartyThen } from './invoice.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads who an invoice is between, as it was kept when it was issued.
 *
 * @throws TypeError for a text that invoicing has not written
 */
export function readParties(text: string): InvoiceParties {
  const fields = objectOf(JSON.parse(text));
  const period = objectOf(fields['period']);
  const { paymentDays } = fields;
  if (typeof paymentDays !== 'number') throw notOurs('paymentDays');
  return {
    seller: readParty(objectOf(fields['seller'])),
    buyer: readParty(objectOf(fields['buyer'])),
    language: readLanguage(fields),
    period: {
      name: requireText(period, 'name'),
      start: requireText(period, 'start'),
      end: requireText(period, 'end'),
    },
    paymentDays,
    ...optionalTexts(fields, ['buyerReference', 'iban', 'bic']),
    customers: Object.fromEntries(
      Object.entries(objectOf(fields['customers'])).map(([id, name]) => [id, String(name)]),
    ),
  };
}

const ADDRESS = ['street', 'street2', 'city', 'postalCode', 'region'] as const;
const NUMBERS = ['taxId', 'registrationId', 'email', 'phone'] as const;

function readParty(fields: Fields): PartyThen {
  const accountId = parseAccountId(requireText(fields, 'accountId'));
  if (accountId === undefined) throw notOurs('accountId');
  return {
    accountId,
    name: requireText(fields, 'name'),
    country: requireText(fields, 'country'),
    ...optionalTexts(fields, ADDRESS),
    ...optionalTexts(fields, NUMBERS),
  };
}

function readLanguage({ language }: Fields): Language {
  if (language === 'en' || language === 'fr') return language;
  throw notOurs('language');
}

function objectOf(value: unknown): Fields {
  if (isJsonObject(value)) return value;
  throw notOurs('an object');
}

function requireText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw notOurs(name);
}

/** Those that are there; what was not known then is left out. */
function optionalTexts<Name extends string>(
  fields: Fields,
  names: readonly Name[],
): { readonly [name in Name]?: string } {
  const found: { [name in Name]?: string } = {};
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string') found[name] = value;
  }
  return found;
}

function notOurs(what: string): TypeError {
  return new TypeError(`An invoice was kept without ${what}.`);
}

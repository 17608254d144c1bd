import { hourOf, isJsonObject, isWholeHour, parseWireTime } from '../../kernel/index.ts';
import {
  invalidProperty,
  isKeepable,
  readCount,
  readFields,
  readParsed,
  readText,
  type Fields,
} from '../../platform/index.ts';
import { readCa, readUrl } from '../../commerce/webhooks/index.ts';
import { adapterKinds, type AdapterDefinition, type AdapterKind, type Names } from './adapter.ts';

/** What can be said of an adapter; what is left out stays, or is as it usually is. */
export interface AdapterChange {
  readonly name?: string | undefined;
  readonly kind?: AdapterKind | undefined;
  readonly url?: string | undefined;
  /** Null: the authorities that everybody trusts. */
  readonly ca?: string | null | undefined;
  readonly meters?: Names | undefined;
  readonly customers?: Names | undefined;
  readonly includeFree?: boolean | undefined;
  readonly decimals?: number | undefined;
  readonly secret?: string | undefined;
  readonly startHour?: number | undefined;
  readonly state?: Extract<AdapterDefinition['state'], 'Enabled' | 'Disabled'> | undefined;
}

const MOST_NAMES = 5000;
const LONGEST_KEY = 128;
const LONGEST_NAME = 100;
const LONGEST_SECRET = 300;
const MOST_DECIMALS = 12;

/** @throws InvalidProperty naming the field */
export function readAdapterChange(fields: Fields): AdapterChange {
  const { settings } = fields;
  const given = settings === undefined || settings === null ? {} : readFields(settings);
  const name = readText(fields, 'name', 100)?.trim();
  if (name === '') throw invalidProperty('name', '', 'it has to say something');
  const oneOf = <T extends string>(field: string, words: readonly T[]): T | undefined =>
    readParsed(
      fields,
      field,
      (text) => words.find((word) => word.toLowerCase() === text.toLowerCase()),
      `it is one of ${words.join(', ')}`,
    );
  return {
    name,
    kind: oneOf('kind', adapterKinds),
    url: readUrl(given),
    ca: readCa(given),
    meters: readNames(given, 'meters'),
    customers: readNames(given, 'customers'),
    includeFree: readBoolean(given, 'includeFree'),
    decimals: readDecimals(given),
    secret: readSecret(fields),
    startHour: readParsed(fields, 'startWindow', parseHour, 'it is a full hour in UTC'),
    state: oneOf('state', ['Enabled', 'Disabled']),
  };
}

function parseHour(text: string): number | undefined {
  const time = parseWireTime(text);
  return time !== undefined && isWholeHour(time) ? hourOf(time) : undefined;
}

function readBoolean(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw invalidProperty(name, value, 'it is true or false');
}

function readDecimals(fields: Fields): number | undefined {
  const decimals = readCount(fields, 'decimals');
  if (decimals === undefined || decimals <= MOST_DECIMALS) return decimals;
  throw invalidProperty('decimals', decimals, `it is a whole number from 0 to ${MOST_DECIMALS}`);
}

/** A refusal must not repeat what was given. */
function readSecret(fields: Fields): string | undefined {
  const { secret } = fields;
  if (secret === undefined || secret === null) return undefined;
  const isGood =
    typeof secret === 'string' && /^[\x21-\x7e]+$/.test(secret) && secret.length <= LONGEST_SECRET;
  if (isGood) return secret;
  const rule = `it has 1 to ${LONGEST_SECRET} printable characters of ASCII and no blanks`;
  throw invalidProperty('secret', undefined, rule);
}

function readNames(fields: Fields, name: string): Names | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  const entries = isJsonObject(value) ? Object.entries(value) : undefined;
  if (entries === undefined || entries.length > MOST_NAMES) {
    const rule = `it is an object of at most ${MOST_NAMES} names by id`;
    throw invalidProperty(name, undefined, rule);
  }
  const names = new Map<string, string>();
  for (const [key, text] of entries) {
    const id = key.toLowerCase();
    const isName = typeof text === 'string' && text.trim() !== '' && text.length <= LONGEST_NAME;
    if (!isName || !isKeepable(text) || !isKeepable(key) || key.length > LONGEST_KEY) {
      const rule = `ids have at most ${LONGEST_KEY} characters, names 1 to ${LONGEST_NAME}`;
      throw invalidProperty(`${name}.${key.slice(0, LONGEST_KEY)}`, text, rule);
    }
    if (names.has(id)) throw invalidProperty(`${name}.${key}`, text, 'it is given twice');
    names.set(id, text);
  }
  return Object.fromEntries(names);
}

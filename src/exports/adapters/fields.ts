import { X509Certificate } from 'node:crypto';
import { hourOf, isJsonObject, isWholeHour, parseWireTime } from '../../kernel/index.ts';
import {
  invalidProperty,
  isKeepable,
  readFields,
  readParsed,
  readText,
  type Fields,
} from '../../platform/index.ts';
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
  readonly secret?: string | undefined;
  readonly startHour?: number | undefined;
  readonly state?: Extract<AdapterDefinition['state'], 'Enabled' | 'Disabled'> | undefined;
}

const LONGEST_CA = 20_000;
const MOST_NAMES = 5000;
const LONGEST_KEY = 128;
const LONGEST_NAME = 100;
const LONGEST_SECRET = 300;

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
    url: readParsed(given, 'url', parseUrl, 'it is an https URL without user and password'),
    ca: readCa(given),
    meters: readNames(given, 'meters'),
    customers: readNames(given, 'customers'),
    includeFree: readBoolean(given, 'includeFree'),
    secret: readSecret(fields),
    startHour: readParsed(fields, 'startWindow', parseHour, 'it is a full hour in UTC'),
    state: oneOf('state', ['Enabled', 'Disabled']),
  };
}

/** What is sent is somebody's usage, and so is the key: encrypted, or not at all. */
function parseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  url.hash = '';
  return url.href;
}

function parseHour(text: string): number | undefined {
  const time = parseWireTime(text);
  return time !== undefined && isWholeHour(time) ? hourOf(time) : undefined;
}

function readCa(fields: Fields): string | null | undefined {
  if (fields['ca'] === null) return null;
  const text = readText(fields, 'ca', LONGEST_CA);
  if (text === undefined) return undefined;
  try {
    return new X509Certificate(text).toString();
  } catch {
    throw invalidProperty('ca', text.slice(0, 40), 'it is one certificate in PEM');
  }
}

function readBoolean(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  throw invalidProperty(name, value, 'it is true or false');
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

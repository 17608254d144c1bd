import { X509Certificate } from 'node:crypto';
import {
  invalidProperty,
  isBeyondReach,
  readParsed,
  readText,
  type Fields,
} from '../../platform/index.ts';

const LONGEST_CA = 20_000;

/** Reads `url`, where something is sent to: encrypted, or not at all. @throws InvalidProperty */
export function readUrl(fields: Fields): string | undefined {
  const rule = 'it is an https URL without user and password, not of a link-local address';
  return readParsed(fields, 'url', parseUrl, rule);
}

function parseUrl(text: string): string | undefined {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  if (isBeyondReach(url, 'network')) return undefined;
  url.hash = '';
  return url.href;
}

/**
 * Reads `ca`: PEM of the authority of a certificate, where it is a private one.
 *
 * @returns null for the authorities that everybody trusts
 * @throws InvalidProperty
 */
export function readCa(fields: Fields): string | null | undefined {
  if (fields['ca'] === null) return null;
  const text = readText(fields, 'ca', LONGEST_CA);
  if (text === undefined) return undefined;
  try {
    return new X509Certificate(text).toString();
  } catch {
    throw invalidProperty('ca', text.slice(0, 40), 'it is one certificate in PEM');
  }
}

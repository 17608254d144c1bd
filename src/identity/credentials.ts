import type { FastifyRequest } from 'fastify';
import { isGuid } from '../kernel/index.ts';
import type { ClientKey } from './client-store.ts';

/** How a caller shows who it is. */
export type Credentials =
  { readonly kind: 'token'; readonly token: string } | ({ readonly kind: 'key' } & ClientKey);

const BEARER = /^bearer +([\w.~+/=-]+) *$/i;
const BASIC = /^basic +([\w+/=-]+) *$/i;
const GUID_LENGTH = 36;

/** `<client id>.<secret>`; a signed token has two dots and no GUID before the first. */
function parseClientKey(credentials: string): ClientKey | undefined {
  const id = credentials.slice(0, GUID_LENGTH);
  if (!isGuid(id) || credentials[GUID_LENGTH] !== '.') return undefined;
  return { id, secret: credentials.slice(GUID_LENGTH + 1) };
}

/** Client id and secret of a Basic header, percent-encoded or not (OAuth 2.0 section 2.3.1). */
function parseBasic(header: string): ClientKey | undefined {
  const [, encoded] = BASIC.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether there is a second Authorization header, of which a proxy may have believed the other. */
function isRepeated({ raw }: FastifyRequest): boolean {
  const names = raw.rawHeaders.filter((_, at) => at % 2 === 0);
  return names.filter((name) => name.toLowerCase() === 'authorization').length > 1;
}

/** The credentials that a request carries, or why they are none, in words that a sentence can take in. */
export function readCredentials(request: FastifyRequest): Credentials | string {
  const header = request.headers.authorization;
  if (header === undefined) return 'the Authorization header is missing';
  if (isRepeated(request)) return 'there is more than one Authorization header';
  const [, token] = BEARER.exec(header) ?? [];
  const key = token === undefined ? parseBasic(header) : parseClientKey(token);
  if (key !== undefined) return { kind: 'key', ...key };
  return token === undefined
    ? 'the Authorization header has no bearer token'
    : { kind: 'token', token };
}

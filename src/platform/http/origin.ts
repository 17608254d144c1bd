import type { FastifyRequest } from 'fastify';
import { canonicalHost } from '../tls/index.ts';

/** The names by which callers may address this server. */
export interface ServerNames {
  /** Host part of addresses that we write when the caller used a name that is not ours. */
  readonly primary: string;
  readonly all: ReadonlySet<string>;
}

const ALWAYS = ['localhost', '127.0.0.1', '::1'];
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);
const HTTPS_PORT = 443;

/** The names of a server that listens on the host and is also called by the further names. */
export function serverNames(host: string, hostNames: readonly string[] = []): ServerNames {
  const given = [host, ...hostNames].flatMap((name) => canonicalHost(name) ?? []);
  const named = given.filter((name) => !ANY_ADDRESS.has(name));
  return { primary: named[0] ?? 'localhost', all: new Set([...ALWAYS, ...named]) };
}

function originText(host: string, port: number | undefined): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return `https://${name}${port === undefined || port === HTTPS_PORT ? '' : `:${port}`}`;
}

function hostHeader(
  request: FastifyRequest,
): { host: string; port: number | undefined } | undefined {
  const text = request.headers.host;
  if (text === undefined || !/^[\w.:[\]-]+$/.test(text) || !URL.canParse(`https://${text}`)) {
    return undefined;
  }
  const url = new URL(`https://${text}`);
  const host = canonicalHost(url.hostname);
  if (host === undefined || url.pathname !== '/') return undefined;
  return { host, port: url.port === '' ? undefined : Number.parseInt(url.port, 10) };
}

/**
 * Scheme, host and port under which the caller addressed this server, without a slash at the end.
 * Links, the issuer of tokens and discovery documents repeat it, because clients compare it with
 * the address they know. A Host header with a name that is not ours is never repeated.
 */
export function originOf(request: FastifyRequest): string {
  const names = request.server.serverNames;
  const header = hostHeader(request);
  if (header && names.all.has(header.host)) return originText(header.host, header.port);
  return originText(names.primary, request.socket.localPort);
}

/**
 * Whether the text is an address of this very server, as seen by the request: one of our names, and
 * the port the request came to (the one it names or the one it was received on). A slash may
 * follow.
 */
export function isOwnOrigin(request: FastifyRequest, text: string): boolean {
  if (!/^https:\/\//i.test(text) || !URL.canParse(text)) return false;
  const url = new URL(text);
  const host = canonicalHost(url.hostname);
  if (host === undefined || !request.server.serverNames.all.has(host)) return false;
  if (url.username !== '' || url.password !== '') return false;
  const port = url.port === '' ? HTTPS_PORT : Number.parseInt(url.port, 10);
  const ports = [hostHeader(request)?.port ?? HTTPS_PORT, request.socket.localPort];
  return url.pathname === '/' && url.search === '' && url.hash === '' && ports.includes(port);
}

/** The path of the request in the caller's spelling, slashes collapsed, without the query. */
export function pathOf(request: FastifyRequest): string {
  return (request.raw.url ?? '/').split('?', 1)[0] ?? '/';
}

/** The same path without percent-encoding, as the router reads it. What is no UTF-8 was refused before. */
export function decodedPathOf(request: FastifyRequest): string {
  return decodeURIComponent(pathOf(request));
}

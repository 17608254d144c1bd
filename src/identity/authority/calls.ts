import { IncomingMessage, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import type { Issuer } from './layout.ts';
import type { Language } from './pages/language.ts';

/** A request on its way through the library. */
export interface Call {
  readonly request: FastifyRequest;
  readonly issuer: Issuer;
  readonly language: Language;
  /** A device code that the address brought along, to be filled in. */
  readonly userCode: string | undefined;
}

const calls = new WeakMap<IncomingMessage, Call>();

/** The request behind one that the library handles. */
export function callOf(message: IncomingMessage): Call {
  const call = calls.get(message);
  if (call === undefined) throw new TypeError('This request did not come through the authority.');
  return call;
}

/** What the library is to read in place of what came. */
export interface Translated {
  /** Below the mount point, with its query. */
  readonly path: string;
  readonly form?: URLSearchParams | undefined;
}

/**
 * A request for the library: its path below the mount point as after a router, a Host header that is
 * ours whatever the caller wrote, and a form that has been read and translated.
 */
export function messageFor(call: Call, { path, form }: Translated): IncomingMessage {
  const { request, issuer } = call;
  // Never connected: the library asks its socket only whether it is encrypted.
  const message = new IncomingMessage(Object.assign(new Socket(), { encrypted: true }));
  message.method = request.method;
  message.url = path;
  message.httpVersion = '1.1';
  message.httpVersionMajor = 1;
  message.httpVersionMinor = 1;
  const { 'transfer-encoding': _chunked, ...headers } = request.headers;
  const body = form?.toString();
  message.headers = {
    ...headers,
    host: new URL(issuer.origin).host,
    ...(body !== undefined && {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
    }),
  };
  if (body !== undefined && body !== '') message.push(body);
  message.push(null);
  message.complete = true;
  calls.set(message, call);
  return Object.assign(message, { originalUrl: issuer.mount + path });
}

/** Lets the library answer the request. */
export async function answerWith(
  provider: Provider,
  reply: FastifyReply,
  message: IncomingMessage,
): Promise<FastifyReply> {
  reply.hijack();
  const response: ServerResponse = reply.raw;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) response.setHeader(name, value);
  }
  await provider.callback()(message, response);
  return reply;
}

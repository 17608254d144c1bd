import { Agent, request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { targetOf, type Draft } from './draft.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const PATIENCE_MS = 20_000;
const CLOSED = new Set(['ECONNRESET', 'EPIPE']);

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}

/** Sends drafts over connections that are kept open. */
export interface Sender {
  send(draft: Draft): Promise<Answer>;
  close(): void;
}

export function createSender(options: {
  readonly base: string;
  readonly ca: string;
  readonly connections: number;
}): Sender {
  const { hostname, port } = new URL(options.base);
  const agent = new Agent({ keepAlive: true, maxSockets: options.connections, ca: options.ca });
  const once = (draft: Draft, isRepeat: boolean): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const { method, headers, body } = draft;
    const request = httpsRequest({
      agent,
      hostname,
      port,
      method,
      path: targetOf(draft),
      // The certificate is that of the address, whatever Host says.
      servername: 'localhost',
      headers: {
        ...toOutgoing(headers),
        ...(body !== undefined && { 'content-length': String(body.length) }),
      },
      timeout: PATIENCE_MS,
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)));
    request.on('error', (error) => {
      // The server may close a connection just when it is used again; then nothing was answered.
      if (!isRepeat && request.reusedSocket && CLOSED.has(codeOf(error))) {
        resolve(once(draft, true));
      } else reject(error);
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0 } = response;
        resolve({ status, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.end(body);
    return promise;
  };
  return {
    send: (draft) => once(draft, false),
    close: () => agent.destroy(),
  };
}

/** Half characters cannot be sent, and neither can what is beyond Latin-1. */
function toOutgoing(headers: Draft['headers']): Record<string, string | string[]> {
  const clean = (text: string): string => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?');
  const entries = Object.entries(headers).map(
    ([name, value]) => [name, typeof value === 'string' ? clean(value) : value.map(clean)] as const,
  );
  return Object.fromEntries(entries);
}

import { request as httpsRequest } from 'node:https';
import type { ClientRequest, IncomingHttpHeaders } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Sent {
  readonly method: string;
  readonly address: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** Without Content-Length. */
  readonly chunked?: boolean;
}

const PATIENCE_MS = 30_000;

/** Sends a request as it is told to: nothing is followed, decoded, added or repeated. */
export function send(ca: string, sent: Sent): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = open(ca, sent);
  request.on('error', reject);
  request.on('response', (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        body: Buffer.concat(chunks),
      }),
    );
  });
  if (sent.body !== undefined && sent.chunked !== true) {
    request.setHeader('content-length', sent.body.length);
  }
  if (sent.chunked === true) request.flushHeaders();
  request.end(sent.body);
  return promise;
}

/** Begins a request with a body of `bytes` and leaves it at that. @returns how to give it up */
export function hold(ca: string, sent: Omit<Sent, 'body'>, bytes: number): () => void {
  const request = open(ca, sent);
  request.on('error', () => undefined);
  request.setHeader('content-length', bytes);
  request.flushHeaders();
  return () => request.destroy();
}

function open(ca: string, { method, address, headers }: Sent): ClientRequest {
  // The path is sent as written, which `new URL` might normalise.
  const { hostname, port } = new URL(address);
  const path = address.replace(/^https:\/\/[^/]*/, '');
  return httpsRequest({
    ca,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port,
    path: path === '' ? '/' : path,
    method,
    headers,
    timeout: PATIENCE_MS,
  }).on('timeout', function giveUp(this: ClientRequest) {
    this.destroy(new Error(`no answer within ${PATIENCE_MS} ms`));
  });
}

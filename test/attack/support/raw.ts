import { readFileSync } from 'node:fs';
import { connect, type TLSSocket } from 'node:tls';
import type { Server } from '../../../src/server/index.ts';

/** One answer among those that came over a connection. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; of a repeated one the last. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** What came back over one connection. */
export interface Exchange {
  readonly answers: readonly RawAnswer[];
  /** Whether the server ended the connection. */
  readonly ended: boolean;
  /** Milliseconds from the handshake to the end of the exchange. */
  readonly ms: number;
  /** Everything that came, also what is no answer. */
  readonly text: string;
}

export type Address = Pick<Server, 'baseUrl' | 'caFile'>;

const authorities = new Map<string, string>();

function authorityOf(caFile: string): string {
  const known = authorities.get(caFile) ?? readFileSync(caFile, 'utf8');
  authorities.set(caFile, known);
  return known;
}

/** Opens a TLS connection, through its handshake. */
export function openSocket({ baseUrl, caFile }: Address): Promise<TLSSocket> {
  const { hostname, port } = new URL(baseUrl);
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
  const socket = connect({ host: hostname, port: Number(port), ca: authorityOf(caFile) });
  socket.on('error', reject);
  socket.once('secureConnect', () => resolve(socket));
  return promise;
}

/**
 * Sends bytes as they are and collects what comes back, until the server ends the connection, until it has been
 * silent for a while after an answer, or until the patience is over.
 */
export async function exchange(
  address: Address,
  bytes: string | Buffer | readonly Buffer[],
  { silenceMs = 150, patienceMs = 10_000 } = {},
): Promise<Exchange> {
  const socket = await openSocket(address);
  const begun = performance.now();
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const patience = setTimeout(() => resolve(false), patienceMs);
  let silence: NodeJS.Timeout | undefined;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    clearTimeout(silence);
    silence = setTimeout(() => resolve(false), silenceMs);
  });
  socket.on('error', () => resolve(true));
  socket.on('end', () => resolve(true));
  socket.on('close', () => resolve(true));
  const parts = typeof bytes === 'string' ? [Buffer.from(bytes, 'latin1')] : [bytes].flat();
  for (const part of parts) socket.write(part);
  const ended = await promise;
  clearTimeout(patience);
  clearTimeout(silence);
  socket.destroy();
  const received = Buffer.concat(chunks);
  const ms = performance.now() - begun;
  return { answers: readAnswers(received), ended, ms, text: received.toString('latin1') };
}

function readAnswers(received: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let at = 0; at < received.length;) {
    const end = received.indexOf('\r\n\r\n', at);
    if (end === -1) break;
    const [first = '', ...lines] = received.toString('latin1', at, end).split('\r\n');
    const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(first) ?? [];
    if (status === undefined) break;
    const headers = new Map<string, string>();
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
      headers.set(name.toLowerCase(), value);
    }
    const { body, next } = readBody(received, end + 4, headers);
    answers.push({ status: Number.parseInt(status, 10), headers, body });
    at = next;
  }
  return answers;
}

function readBody(
  received: Buffer,
  from: number,
  headers: ReadonlyMap<string, string>,
): { readonly body: string; readonly next: number } {
  if (headers.get('transfer-encoding') !== 'chunked') {
    const next = from + Number.parseInt(headers.get('content-length') ?? '0', 10);
    return { body: received.toString('utf8', from, next), next };
  }
  const parts: Buffer[] = [];
  for (let at = from; ;) {
    const line = received.indexOf('\r\n', at);
    if (line === -1) return { body: Buffer.concat(parts).toString(), next: received.length };
    const size = Number.parseInt(received.toString('latin1', at, line), 16);
    parts.push(received.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
    if (!(size > 0)) return { body: Buffer.concat(parts).toString(), next: at };
  }
}

import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { Address } from './raw.ts';

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Milliseconds from sending to the end of the answer. */
  readonly ms: number;
}

export interface Asked {
  readonly method?: string;
  /** Sent as it is written. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | undefined;
  /** Address on this machine from which it is sent. */
  readonly localAddress?: string;
}

/** Sends requests over connections that are kept. */
export interface Caller {
  ask(asked: Asked): Promise<Answer>;
  /** Ends its connections. */
  end(): void;
}

/** A caller of the server with this many connections at most. */
export function createCaller({ baseUrl, caFile }: Address, maxSockets = 8): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets, ca: readFileSync(caFile) });
  const { hostname, port } = new URL(baseUrl);
  const ask = ({ method = 'GET', path, headers = {}, body, localAddress }: Asked) => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const begun = performance.now();
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request(
      {
        agent,
        hostname,
        port,
        path,
        method,
        headers: { ...length, ...headers },
        ...(localAddress !== undefined && { localAddress }),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const ms = performance.now() - begun;
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, ms });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
    return promise;
  };
  return { ask, end: () => agent.destroy() };
}

/** Does the work for each of the items, some at a time. */
export async function forEachOf<Item>(
  items: readonly Item[],
  atATime: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

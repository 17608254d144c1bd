import { request as plainRequest, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { request, type Agent } from 'node:https';
import { beyondReach, isBeyondReach, lookupWithin, type Reach } from './reach.ts';

/** A request to an HTTPS server whose certificate a private authority has signed. */
export interface Call {
  /** PEM of the authority; left out where the agent has it */
  readonly ca?: string;
  /** keeps the connection for the next call; without one it is closed after the answer */
  readonly agent?: Agent;
  /** How far it may go, where the address is somebody's own; anywhere unless given. */
  readonly reach?: Reach | undefined;
  /** GET unless given */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string | Uint8Array;
  /** Bytes that the answer may have; no limit unless given. */
  readonly maxBytes?: number;
  /** Ends the call when it is aborted. */
  readonly signal?: AbortSignal;
  /** Whether the address may be http as well. */
  readonly isPlainAllowed?: boolean;
}

/** An answer that came to its end. */
export interface CallAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/**
 * Makes one request and reads the whole answer, whatever its status. A kept connection that turns out to be closed when
 * it is used again is replaced by another, so with an agent a request has to be harmless to repeat.
 * Node's `fetch` takes no authority of its own, so the programs that call a server here do it this way.
 *
 * @throws when the connection fails before the answer has ended, when the answer is larger than
 * `maxBytes`, where it goes beyond its reach, and the reason of `signal` once that is aborted
 */
export function callHttps(url: string, call: Call): Promise<CallAnswer> {
  const { ca, agent, reach, method = 'GET', headers = {} } = call;
  const { body, maxBytes = Infinity, signal } = call;
  return new Promise((resolve, reject) => {
    if (reach !== undefined && isBeyondReach(new URL(url), reach))
      throw beyondReach(new URL(url).hostname);
    const lookup = reach && lookupWithin(reach);
    const isPlain = call.isPlainAllowed === true && new URL(url).protocol === 'http:';
    const sent = (isPlain ? plainRequest : request)(
      url,
      {
        method,
        headers,
        agent: agent ?? false,
        ...(ca !== undefined && { ca }),
        ...(lookup && { lookup }),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes <= maxBytes) chunks.push(chunk);
          else answer.destroy(new Error(`the answer is larger than ${maxBytes} bytes`));
        });
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    sent.on('error', (error) => {
      if (isStale(sent, error) && signal?.aborted !== true) resolve(callHttps(url, call));
      else reject(error);
    });
    const abort = (): void => {
      sent.destroy();
      reject(signal?.reason instanceof Error ? signal.reason : new Error('the call was ended'));
    };
    sent.on('close', () => signal?.removeEventListener('abort', abort));
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
    else sent.end(body);
  });
}

/** Whether the server closed a kept connection in the moment in which it was to be used again. */
function isStale({ reusedSocket }: ClientRequest, error: Error): boolean {
  return reusedSocket && 'code' in error && error.code === 'ECONNRESET';
}

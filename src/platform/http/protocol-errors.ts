import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { catalogue } from '../../kernel/index.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../telemetry/index.ts';
import { newRequestId, responseHeaders } from './headers.ts';

/**
 * What can be wrong with a message before it is a request of the interface at all: the connection's
 * own errors, answered in the same envelope.
 */
type ProtocolErrorCode =
  'MalformedRequest' | 'RequestTimeout' | 'ExpectationFailed' | 'RequestHeadersTooLarge';

/** Which protocol error Node's HTTP parser or timer has met. */
function protocolErrorOf(error: Error): ProtocolErrorCode {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'HPE_HEADER_OVERFLOW') return 'RequestHeadersTooLarge';
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'RequestTimeout';
  return 'MalformedRequest';
}

interface Answerer {
  readonly region: string;
  readonly clock: Clock;
  readonly log: Log;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function answer(code: ProtocolErrorCode, reason: string, { region, clock, log }: Answerer): Answer {
  const { status, template } = catalogue[code];
  const requestId = newRequestId();
  log.info({ requestId, code, reason }, 'request refused by the connection');
  const body = JSON.stringify({ error: { code, message: template } });
  const headers = {
    ...responseHeaders(requestId, region, clock.now(), {}),
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  return { status, headers, body };
}

/** Whether HTTP was spoken; otherwise the error is one of TLS or of the connection itself. */
function isOfHttp(error: Error): boolean {
  return 'code' in error && /^(HPE_|ERR_HTTP_)/.test(String(error.code));
}

interface LatestExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** For each connection the request that came last: what goes wrong afterwards may be a part of it. */
const latest = new WeakMap<Socket, LatestExchange>();

/** Remembers a request, for {@link clientErrorHandler}. */
export function followExchange(request: IncomingMessage, response: ServerResponse): void {
  latest.set(request.socket, { request, response });
}

/**
 * Answers what never became a request: bytes that are not HTTP, headers too large or too slow. A request gets one
 * answer, in its turn: one more, or one too soon, would be taken for the answer to another request by a proxy whose
 * callers share the connection. Where it is too late for an answer the connection just ends.
 */
export function clientErrorHandler(options: Answerer): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    // Before the handshake has ended nothing can be written: an answer would wait for it for ever.
    if (!isOfHttp(error)) socket.destroy();
    if (socket.destroyed || !socket.writable) return;
    const refuse = (): void => {
      if (!socket.writable) return;
      const { status, headers, body } = answer(protocolErrorOf(error), error.message, options);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body];
      socket.end(head.join('\r\n'));
    };
    const { request, response } = latest.get(socket) ?? {};
    const isInBody = request?.complete === false;
    const isBegun = response?.headersSent === true;
    if (response === undefined || (isInBody && !isBegun && response.socket !== null)) refuse();
    else if (isInBody && !isBegun) socket.destroy();
    else {
      const follow = isInBody ? () => socket.end() : refuse;
      if (response.writableFinished) follow();
      else response.once('finish', follow);
    }
  };
}

/** Answers a request whose Expect header nobody here can meet. */
export function expectationHandler(
  options: Answerer,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const expected = request.headers.expect ?? '';
    const { status, headers, body } = answer('ExpectationFailed', expected, options);
    response.writeHead(status, headers).end(body);
  };
}

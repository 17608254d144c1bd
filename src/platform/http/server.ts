import Fastify, { LogController, type FastifyInstance } from 'fastify';
import type { Clock } from '../clock.ts';
import type { Log } from '../telemetry/index.ts';
import { sendError } from './errors.ts';
import { newRequestId, responseHeaders } from './headers.ts';
import { clientErrorHandler, expectationHandler, followExchange } from './protocol-errors.ts';
import { rewriteTarget } from './requests.ts';

/** Limits on senders and readers that are slow, in milliseconds. */
export interface Timeouts {
  readonly handshake: number;
  /** From the first byte of a request, or the end of the handshake, to the end of its headers. */
  readonly headers: number;
  /** From the first byte of a request to the end of its body. */
  readonly request: number;
  /** How long an idle connection is kept for a next request. */
  readonly keepAlive: number;
  /** Without a byte in either direction: an answer that nobody reads. */
  readonly inactivity: number;
}

const TIMEOUTS: Timeouts = {
  handshake: 10_000,
  headers: 20_000,
  request: 120_000,
  keepAlive: 65_000,
  inactivity: 300_000,
};
const CHECK_INTERVAL_MS = 1_000;
const MAX_HEADER_BYTES = 16 * 1024;
const BODY_LIMIT = 1024 * 1024;
const MAX_CONNECTIONS = 2_000;
const MAX_SEGMENT = 2_048;

/** What the server itself, below all routes, is made from. */
export interface ServerOptions {
  readonly log: Log;
  readonly clock: Clock;
  /**
   * Key and certificate. Without them the app answers `inject` only: no connection gets through.
   */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly region: string;
  /** Largest body in bytes, where a route does not say otherwise; 1 MiB. */
  readonly bodyLimit?: number;
  /** Connections beyond this number are closed at once; 2,000. */
  readonly maxConnections?: number;
  readonly timeouts?: Partial<Timeouts>;
}

/** A Fastify instance with our limits, router and TLS, and no routes. */
export function createServer(options: ServerOptions): FastifyInstance {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const app = Fastify({
    https: {
      ...(options.tls && { key: options.tls.key, cert: options.tls.cert }),
      minVersion: 'TLSv1.2',
      handshakeTimeout: timeouts.handshake,
      headersTimeout: timeouts.headers,
      connectionsCheckingInterval: Math.min(CHECK_INTERVAL_MS, timeouts.headers),
      maxHeaderSize: MAX_HEADER_BYTES,
      // Its absence is answered by our own envelope instead of an empty one.
      requireHostHeader: false,
    },
    requestTimeout: timeouts.request,
    keepAliveTimeout: timeouts.keepAlive,
    connectionTimeout: timeouts.inactivity,
    bodyLimit: options.bodyLimit ?? BODY_LIMIT,
    // While closing, what already reached us is still answered.
    return503OnClosing: false,
    routerOptions: {
      caseSensitive: false,
      ignoreTrailingSlash: true,
      maxParamLength: MAX_SEGMENT,
    },
    rewriteUrl: rewriteTarget,
    genReqId: newRequestId,
    loggerInstance: options.log,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    // What is refused before there is a route runs no hook either.
    frameworkErrors: (error, request, reply) => {
      const { id, headers } = request;
      void reply.headers(responseHeaders(id, options.region, options.clock.now(), headers));
      sendError(error, request, reply);
    },
    clientErrorHandler: clientErrorHandler(options),
  });
  app.server.on('checkExpectation', expectationHandler(options));
  app.server.on('request', followExchange);
  app.server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- rooms write their routes against the plain type, which differs in the server's own options only
  return app as unknown as FastifyInstance;
}

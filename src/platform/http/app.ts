import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createMetrics, type Metrics } from '../telemetry/index.ts';
import { budgetHeaders, createBudget, type Budget } from './budget.ts';
import { textProblem } from './body-text.ts';
import { connectionMetrics, followConnections, type Connections } from './connections.ts';
import { sendError } from './errors.ts';
import { createHealth, healthRoutes, type Health } from './health.ts';
import { responseHeaders } from './headers.ts';
import { metricRoutes } from './metrics.ts';
import { openapiRoutes, type RegisteredRoute } from './openapi.ts';
import { serverNames, type ServerNames } from './origin.ts';
import { logAnswer, refusal } from './requests.ts';
import { createServer, type ServerOptions } from './server.ts';
import { surfaceOf, type ListenerSurface, type Surface } from './surface.ts';
import { createUnmatched, type Unmatched } from './unmatched.ts';
import { validatorCompiler } from './validation.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What must hold before this server is sent work. */
    health: Health;
    connections: Connections;
    serverNames: ServerNames;
    /** What callers have left of the requests that they may make. */
    budget: Budget;
    surface: Surface;
    /** What is said of paths that lead nowhere. */
    unmatched: Unmatched;
    /** Every route that callers of this app may come to. */
    registeredRoutes: readonly RegisteredRoute[];
  }
  interface FastifyRequest {
    /** Who is calling, for the log; empty until the caller is authenticated. */
    caller: string;
  }
}

/** What the HTTPS app is built from. */
export interface AppOptions extends Omit<ServerOptions, 'region'> {
  /** The address listened on; 127.0.0.1. */
  readonly host?: string;
  /** Further names by which callers address the server. */
  readonly hostNames?: readonly string[];
  /** The stamp's region, for the routing header; local. */
  readonly region?: string;
  readonly metrics?: Metrics;
  /** Whom the app is for; all. */
  readonly surface?: ListenerSurface;
  /** Shared by the apps of one process; one of its own by `readBudget` and `writeBudget` otherwise. */
  readonly budget?: Budget;
  readonly readBudget?: number;
  readonly writeBudget?: number;
}

/** Whether the route says that it can do without a body. */
function wantsNoBody({ routeOptions }: FastifyRequest): boolean {
  const { operation } = routeOptions.config;
  return operation !== undefined && operation.body?.required !== true;
}

function hasNoBody({ headers }: FastifyRequest): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
}

/**
 * Builds the HTTPS app apart from listening: request ids and headers, one error envelope, tolerant
 * matching of paths, limits, health and metrics. Rooms add their routes to it; `listen` opens it,
 * tests use `inject`. It speaks TLS 1.2 and 1.3 and never plain HTTP.
 */
export function buildApp(options: AppOptions): FastifyInstance {
  const { clock, log, host = '127.0.0.1' } = options;
  // It goes into a header, which can hold printable ASCII only.
  const region = (options.region ?? 'local').replace(/[^\x21-\x7e]/g, '-');
  const metrics = options.metrics ?? createMetrics();
  const app = createServer({ ...options, region });
  app.decorate('serverNames', serverNames(host, options.hostNames));
  app.decorate('health', createHealth({ clock, log }));
  app.decorate('connections', followConnections(app));
  app.decorate('surface', surfaceOf(app, options.surface ?? 'all'));
  const unmatched = createUnmatched();
  app.decorate('unmatched', unmatched);
  app.decorateRequest('caller', '');
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setErrorHandler(sendError);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(responseHeaders(request.id, region, clock.now(), request.headers));
    // Clients name the type of a body also where they send none, and nothing is missing where none is wanted.
    if (wantsNoBody(request) && hasNoBody(request)) delete request.headers['content-type'];
    const refused = refusal(request);
    if (refused?.code === 'NotFound' && request.is404)
      void unmatched.explain(request, refused, done);
    else done(refused);
  });
  app.addHook('preValidation', (request, _reply, done) => done(textProblem(request)));
  budgetHeaders(app, options.budget ?? createBudget({ ...options, metrics }));
  app.addHook('onResponse', (request, reply, done) => {
    logAnswer(request, reply);
    done();
  });
  openapiRoutes(app);
  metricRoutes(app, metrics);
  connectionMetrics(app, app.connections, metrics);
  healthRoutes(app, app.health);
  return app;
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../telemetry/index.ts';
import type { Operation } from './operation.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const MS_PER_SECOND = 1_000;

/** The pattern of the route that took the request; paths themselves would be without number. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unmatched';
}

/** `/metrics`, and the metric of requests by route, method and status. */
export function metricRoutes(app: FastifyInstance, metrics: Metrics): void {
  const duration = metrics.histogram(
    {
      name: 'stackmeter_http_request_duration_seconds',
      help: 'Time from a request to the end of its answer',
      labels: ['route', 'method', 'status'],
    },
    SECONDS,
  );
  app.addHook('onResponse', (request, reply, done) => {
    duration.observe(
      { route: routeOf(request), method: request.method, status: reply.statusCode },
      reply.elapsedTime / MS_PER_SECOND,
    );
    done();
  });
  app.get('/metrics', { config: { operation: METRICS } }, async (_request, reply) => {
    const { contentType, body } = await metrics.text();
    return reply.type(contentType).send(body);
  });
}

const METRICS: Operation = {
  id: 'getMetrics',
  tag: 'server',
  summary: 'Metrics in the text form of Prometheus',
  access: 'public',
  answers: {
    200: { description: 'All metrics.', contents: { 'text/plain': { type: 'string' } } },
  },
};

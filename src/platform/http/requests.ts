import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { fail, type StackmeterError } from '../../kernel/index.ts';
import { invalidTarget } from './errors.ts';
import { adoptedCorrelationId } from './headers.ts';
import { routeOf } from './metrics.ts';
import { decodedPathOf, pathOf } from './origin.ts';
import { normalizeTarget } from './target.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const satisfies HTTPMethods[];
const QUIET = new Set(['/health/live', '/health/ready', '/metrics']);

const problems = new WeakMap<IncomingMessage, string>();

/**
 * Gives the router the normal form of a target, and remembers what is wrong with one that has none.
 */
export function rewriteTarget(request: IncomingMessage): string {
  const { url, problem } = normalizeTarget(request.url ?? '/');
  if (problem !== undefined) problems.set(request, problem);
  return url;
}

/**
 * Why the request is refused before any route sees it, or undefined. Paths that do not exist are
 * refused here, so that their body is not read.
 */
export function refusal(request: FastifyRequest): StackmeterError | undefined {
  const problem = problems.get(request.raw);
  if (problem !== undefined) return invalidTarget(request.originalUrl, problem);
  if (isAmbiguous(request.raw)) {
    return fail('MalformedRequest', {}, { headers: { connection: 'close' } });
  }
  if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
    return fail('InvalidProperty', {
      value: '',
      parameter: 'the header Host',
      rule: 'HTTP/1.1 needs one',
    });
  }
  return request.server.surface.refusal(request) ?? (request.is404 ? notFound(request) : undefined);
}

/**
 * Whether the parser let something pass that another server in front may read as something else: another version of
 * HTTP, codings besides chunks, a second host.
 */
function isAmbiguous({ httpVersion, headers, rawHeaders }: IncomingMessage): boolean {
  const coding = headers['transfer-encoding'];
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host');
  return (
    !['1.0', '1.1'].includes(httpVersion) ||
    (coding !== undefined && (httpVersion === '1.0' || coding.toLowerCase() !== 'chunked')) ||
    hosts.length > 1
  );
}

function notFound(request: FastifyRequest): StackmeterError {
  const path = pathOf(request);
  const allowed = METHODS.filter((method) => {
    // Null when there is none, which the types leave out.
    const route: unknown = request.server.findRoute({ method, url: path });
    return route !== null && !request.server.surface.hides(method, decodedPathOf(request));
  }).join(', ');
  if (allowed === '') return fail('NotFound', { path });
  return fail(
    'MethodNotAllowed',
    { path, method: request.method, allowed },
    { headers: { allow: allowed } },
  );
}

/** One line for each answered request. Queries stay out of it, and some paths: they can hold tokens. */
export function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  const route = routeOf(request);
  const isSecret = request.routeOptions.config.operation?.secretPath === true;
  const correlationId = adoptedCorrelationId(request.headers);
  const line = {
    method: request.method,
    path: isSecret ? route : request.originalUrl.split('?', 1)[0],
    route,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime),
    ...(request.caller !== '' && { caller: request.caller }),
    ...(correlationId !== undefined && { correlationId }),
    ...(!reply.raw.writableFinished && { aborted: true }),
  };
  if (reply.statusCode >= 500) request.log.error(line, 'request failed');
  else if (QUIET.has(route)) request.log.debug(line, 'request answered');
  else request.log.info(line, 'request answered');
}

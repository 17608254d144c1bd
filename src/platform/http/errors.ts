import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fail, StackmeterError, type ErrorDetail } from '../../kernel/index.ts';
import { isTransient } from '../database/index.ts';

/** The body of every answer that is an error. */
export interface ErrorEnvelope {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly details?: readonly ErrorDetail[];
  };
}

/** The same as a problem (RFC 9457); the envelope is in it as an extension. */
export interface Problem extends ErrorEnvelope {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Clients of this route understand problems and do not say so: errors are problems always. */
    problems?: boolean;
  }
}

const CONTENT_TYPES = [
  'application/json',
  'application/x-www-form-urlencoded',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/x-ndjson',
];

const RETRY_SECONDS = '5';

/** The envelope of an error of the catalogue. */
export function envelopeOf(error: StackmeterError): ErrorEnvelope {
  const { code, message, details } = error;
  return { error: { code, message, ...(details.length > 0 && { details }) } };
}

/** The problem that tells an error of the catalogue. */
export function problemOf(error: StackmeterError): Problem {
  const { status, message } = error;
  const title = STATUS_CODES[status] ?? '';
  return { type: 'about:blank', title, status, detail: message, ...envelopeOf(error) };
}

const PROBLEM = 'application/problem+json';

function wantsProblem(request: FastifyRequest): boolean {
  if (request.routeOptions.config.problems === true) return true;
  return (request.headers.accept ?? '').split(',').some((range) => {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === PROBLEM && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Fastify's own refusals of a request, in the words of the catalogue. */
function fromFramework(code: string, request: FastifyRequest): StackmeterError | undefined {
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return fail('PayloadTooLarge', { limit: request.routeOptions.bodyLimit });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE':
      return fail('UnsupportedMediaType', {
        header: 'Content-Type',
        value: request.headers['content-type'] ?? '',
        supported: supportedTypes(request),
      });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return fail('InvalidRequestContent', { reason: 'it is not valid JSON' });
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return fail('InvalidRequestContent', { reason: 'it is empty and must be JSON' });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return fail('InvalidRequestContent', { reason: 'its size is not its Content-Length' });
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return invalidTarget(request.originalUrl, 'it has a segment that no path here can have');
    case 'FST_ERR_NOT_FOUND':
      return fail('NotFound', { path: request.originalUrl.split('?', 1)[0] ?? '' });
    default:
      return undefined;
  }
}

function supportedTypes(request: FastifyRequest): string {
  return CONTENT_TYPES.filter((type) => request.server.hasContentTypeParser(type)).join(', ');
}

/** A target that is refused whatever it names. */
export function invalidTarget(target: string, rule: string): StackmeterError {
  return fail('InvalidProperty', { value: target, parameter: 'the request target', rule });
}

/**
 * Any failure as an error of the catalogue; what is not one becomes a 500 that tells nothing of its
 * cause.
 */
export function asStackmeterError(error: unknown, request: FastifyRequest): StackmeterError {
  if (error instanceof StackmeterError) return error;
  const known = fromFramework(codeOf(error), request);
  if (known) return known;
  if (isTransient(error)) {
    return fail(
      'ServiceUnavailable',
      { reason: 'something that it depends on does not answer' },
      { cause: error, headers: { 'retry-after': RETRY_SECONDS } },
    );
  }
  return fail('InternalServerError', { requestId: request.id }, { cause: error });
}

/**
 * Answers a failed request. Causes of 5xx go into the log, under the id that the caller got;
 * callers learn the id only.
 */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = asStackmeterError(error, request);
  if (known.status >= 500) request.log.error({ err: known.cause ?? known }, known.message);
  const asProblem = wantsProblem(request);
  // Written here, not by a route's serializer, which would drop what its schema does not list.
  void reply
    .code(known.status)
    .headers(known.headers)
    // Without a charset, which JSON does not have and some clients compare as part of the type.
    .type(asProblem ? PROBLEM : 'application/json; charset=utf-8')
    .send(Buffer.from(JSON.stringify(asProblem ? problemOf(known) : envelopeOf(known))));
}

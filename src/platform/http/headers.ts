import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { isGuid, type Instant } from '../../kernel/index.ts';

/** Headers of every answer, as the original sends them; a route may set others for its own. */
const FIXED = {
  'cache-control': 'no-cache',
  pragma: 'no-cache',
  expires: '-1',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

const PRINTABLE = /^[\x21-\x7e]{1,128}$/;

/** `2018-06-01T10:00:00Z` written as the routing header has it: `20180601T100000Z`. */
function compactTime(instant: Instant): string {
  return instant.toString({ smallestUnit: 'second' }).replace(/[-:]/g, '');
}

/**
 * A new request id: a GUID of our own, never taken from the caller, so that each one occurs once in
 * the log.
 */
export function newRequestId(): string {
  return randomUUID();
}

/**
 * The id by which the caller follows one action of its own through several requests, if it sent one. A GUID or
 * nothing: it goes into answers and the log.
 */
export function adoptedCorrelationId(received: IncomingHttpHeaders): string | undefined {
  const id = received['x-ms-correlation-request-id'];
  return typeof id === 'string' && isGuid(id) ? id : undefined;
}

/**
 * The headers of an answer: fixed ones, the ids of the request, and the caller's own id when it
 * asked for it with `x-ms-return-client-request-id: true`.
 *
 * @param region of the stamp, written in upper case
 */
export function responseHeaders(
  requestId: string,
  region: string,
  now: Instant,
  received: IncomingHttpHeaders,
): Record<string, string> {
  const headers: Record<string, string> = {
    ...FIXED,
    'x-ms-request-id': requestId,
    'x-ms-correlation-request-id': adoptedCorrelationId(received) ?? requestId,
    'x-ms-routing-request-id': `${region.toUpperCase()}:${compactTime(now)}:${requestId}`,
  };
  const clientId = received['x-ms-client-request-id'];
  const wanted = received['x-ms-return-client-request-id'];
  if (typeof clientId === 'string' && PRINTABLE.test(clientId) && /^true$/i.test(String(wanted))) {
    headers['x-ms-client-request-id'] = clientId;
  }
  return headers;
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidProperty } from '../../platform/index.ts';
import type { WireForm } from './wire.ts';

const VERSION = '4.0';
const MOST_ROWS = 10_000;
const USUAL_ROWS = 5000;

/**
 * How the answer is wanted: by `$format`, or by Accept (OData JSON 4.01: requesting JSON).
 *
 * @throws InvalidProperty for a format that is not JSON, or a client that knows OData up to 3 only
 */
export function wantedForm(request: FastifyRequest, format: string | undefined): WireForm {
  checkVersion(request);
  const accept = format ?? request.headers.accept ?? '*/*';
  const known = /\bjson\b|\*\/\*|application\/\*/i.test(accept);
  if (!known)
    throw invalidProperty(format === undefined ? 'Accept' : '$format', accept, 'the feed is JSON');
  return {
    decimalsAsText: /ieee754compatible\s*=\s*true/i.test(accept),
    metadata: /odata\.metadata\s*=\s*none|[;\s]metadata\s*=\s*none/i.test(accept)
      ? 'none'
      : 'minimal',
  };
}

function checkVersion({ headers }: FastifyRequest): void {
  const most = headers['odata-maxversion'];
  if (typeof most === 'string' && /^[0-3](?:\.|$)/.test(most)) {
    throw invalidProperty('OData-MaxVersion', most, 'the feed is of version 4');
  }
}

/** How many rows a page has: as many as the client prefers, up to a bound. */
export function wantedRows({ headers }: FastifyRequest): number {
  const prefer = [headers['prefer']].flat().join(',');
  const [, text] = /(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})/i.exec(prefer) ?? [];
  if (text === undefined) return USUAL_ROWS;
  return Math.max(1, Math.min(MOST_ROWS, Number.parseInt(text, 10)));
}

/** The headers of an answer in JSON. */
export function jsonHeaders(reply: FastifyReply, form: WireForm): FastifyReply {
  const { metadata, decimalsAsText } = form;
  return reply
    .header('odata-version', VERSION)
    .header(
      'content-type',
      `application/json;odata.metadata=${metadata};odata.streaming=true;IEEE754Compatible=${decimalsAsText};charset=utf-8`,
    );
}

export function otherHeaders(reply: FastifyReply, mediaType: string): FastifyReply {
  return reply.header('odata-version', VERSION).header('content-type', mediaType);
}

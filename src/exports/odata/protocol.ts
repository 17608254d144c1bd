import type { FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../../kernel/index.ts';
import { invalidProperty } from '../../platform/index.ts';
import type { WireForm } from './wire.ts';

const VERSION = '4.0';
const MOST_ROWS = 10_000;
const USUAL_ROWS = 5000;

/**
 * How the answer is wanted: by `$format`, or by Accept (OData JSON 4.01: requesting JSON).
 *
 * @throws UnsupportedMediaType for a format that is not JSON, InvalidProperty for a client that knows OData up to 3 only
 */
export function wantedForm(request: FastifyRequest, format: string | undefined): WireForm {
  checkVersion(request);
  const accept = format ?? request.headers.accept ?? '*/*';
  const known = /\bjson\b|\*\/\*|application\/\*/i.test(accept);
  if (!known) {
    const header = format === undefined ? 'Accept' : '$format';
    throw fail('UnsupportedMediaType', { header, value: accept, supported: 'application/json' });
  }
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

/** How many rows a page has: as many as the client prefers, up to a bound, which is then said. */
export function wantedRows({ headers }: FastifyRequest, reply: FastifyReply): number {
  const prefer = [headers['prefer']].flat().join(',');
  const [, text] = /(?:^|[,;\s])(?:odata\.)?maxpagesize\s*=\s*"?(\d{1,9})/i.exec(prefer) ?? [];
  if (text === undefined) return USUAL_ROWS;
  const rows = Math.max(1, Math.min(MOST_ROWS, Number.parseInt(text, 10)));
  reply.header('preference-applied', `odata.maxpagesize=${rows}`);
  return rows;
}

/** Says of every answer of the feed, refusals too, which OData it is. */
export async function tellVersion(_request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.header('odata-version', VERSION);
}

/** The headers of an answer in JSON. */
export function jsonHeaders(reply: FastifyReply, form: WireForm): FastifyReply {
  const { metadata, decimalsAsText } = form;
  return reply.header(
    'content-type',
    `application/json;odata.metadata=${metadata};odata.streaming=true;IEEE754Compatible=${decimalsAsText};charset=utf-8`,
  );
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../../kernel/index.ts';
import {
  makeContinuationToken,
  nextLinkOf,
  originOf,
  queryParameters,
  readContinuationToken,
  readTokenKey,
  type Database,
} from '../../platform/index.ts';
import type { Authenticate, Principal } from '../../identity/index.ts';
import { readAddress, type Addressed } from './address.ts';
import { FEED_PATH, setsOf } from './feed.ts';
import { metadataXml, serviceDocument } from './metadata.ts';
import {
  countOperation,
  metadataOperation,
  pbidsOperation,
  serviceOperation,
  setOperation,
} from './operations.ts';
import { parseOptions, type Options } from './options.ts';
import { countRows, readPage, type PageOfRows, type Position } from './page.ts';
import { jsonHeaders, otherHeaders, wantedForm, wantedRows } from './protocol.ts';
import type { EntitySet } from './sets/set.ts';
import { rowsText, type WireForm } from './wire.ts';

/** What the routes of the feed are built on. */
export interface FeedApi {
  readonly database: Database;
  readonly authenticate: Authenticate;
  /** The parts that this server runs: the feed has sets of each. */
  readonly wings: readonly ('stamp' | 'commerce')[];
  /** Name of the file that leads Power BI here. */
  readonly region: string;
}

interface SetRequest {
  readonly Params: { readonly set: string };
}

/** Reads as clients that know API keys only do: by token, or by client id and secret. */
const KEYS = { clientKeys: true } as const;

/** The OData feed: usage, cost and invoices for programs that read tables. */
export function odataRoutes(app: FastifyInstance, api: FeedApi): void {
  const sets = setsOf(api.wings);
  app.get(FEED_PATH, { config: { operation: serviceOperation } }, async (request, reply) => {
    await api.authenticate(request, KEYS);
    const form = wantedForm(request, queryParameters(request).get('$format'));
    return jsonHeaders(reply, form).send(JSON.stringify(serviceDocument(addressOf(request), sets)));
  });
  app.get(
    `${FEED_PATH}/$metadata`,
    { config: { operation: metadataOperation } },
    async (request, reply) => {
      await api.authenticate(request, KEYS);
      return otherHeaders(reply, 'application/xml;charset=utf-8').send(metadataXml(sets));
    },
  );
  app.get<SetRequest>(
    `${FEED_PATH}/:set`,
    { config: { operation: setOperation } },
    async (request, reply) => {
      const principal = await api.authenticate(request, KEYS);
      const addressed = readAddress(sets, request.params.set);
      return sendRows(api, principal, addressed, request, reply);
    },
  );
  app.get<SetRequest>(
    `${FEED_PATH}/:set/$count`,
    { config: { operation: countOperation } },
    async (request, reply) => {
      const principal = await api.authenticate(request, KEYS);
      const { set, key } = readAddress(sets, request.params.set);
      if (key !== undefined) throw fail('NotFound', { path: request.url });
      const options = parseOptions(queryParameters(request), set);
      const count = await set.reading(api.database, principal, (tx) => countRows(tx, set, options));
      return otherHeaders(reply, 'text/plain;charset=utf-8').send(count);
    },
  );
  addConnection(app, api);
}

function addConnection(app: FastifyInstance, { authenticate, region }: FeedApi): void {
  app.get(
    '/api/v1/power-bi.pbids',
    { config: { operation: pbidsOperation } },
    async (request, reply) => {
      await authenticate(request, KEYS);
      const name = region.replaceAll(/[^\w-]/g, '-');
      const details = { protocol: 'odata', address: { url: addressOf(request) } };
      return reply
        .header('content-disposition', `attachment; filename="stackmeter-${name}.pbids"`)
        .type('application/json')
        .send(
          JSON.stringify({
            version: '0.1',
            connections: [{ details, options: {}, mode: 'Import' }],
          }),
        );
    },
  );
}

async function sendRows(
  { database }: FeedApi,
  principal: Principal,
  { set, key }: Addressed,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const parameters = queryParameters(request);
  const form = wantedForm(request, parameters.get('$format') ?? parameters.get('format'));
  const options = parseOptions(parameters, set);
  if (key !== undefined) {
    const one = { ...options, filter: key, orderBy: [], skip: 0 };
    const page = await set.reading(database, principal, (tx) =>
      readPage(tx, set, one, { position: undefined, limit: 1 }),
    );
    if (page.rows.length === 0) throw fail('NotFound', { path: request.url });
    return jsonHeaders(reply, form).send(
      entityText(page, form, contextOf(request, set, options, '/$entity')),
    );
  }
  const tokenKey = await readTokenKey(database.pool);
  const token = parameters.get('$skiptoken');
  const query = canonical(request, parameters);
  const from = token === undefined ? START : readFrom(set, tokenKey, query, token);
  const left = options.top === undefined ? undefined : Math.max(0, options.top - from.served);
  const limit = Math.min(wantedRows(request), left ?? Number.MAX_SAFE_INTEGER);
  const { page, count } = await set.reading(database, principal, async (tx) => ({
    count: options.count ? await countRows(tx, set, options) : undefined,
    page:
      limit === 0
        ? { rows: [], properties: [], next: undefined }
        : await readPage(tx, set, options, { position: from.position, limit }),
  }));
  const served = from.served + page.rows.length;
  const more = page.next !== undefined && (options.top === undefined || served < options.top);
  const link = more
    ? nextLinkOf(request, makeContinuationToken(tokenKey, query, fieldsOf(page.next, served)))
    : undefined;
  return jsonHeaders(reply, form).send(
    listText(page, form, { context: contextOf(request, set, options), count, link }),
  );
}

function addressOf(request: FastifyRequest): string {
  return `${originOf(request)}${FEED_PATH}`;
}

function contextOf(
  request: FastifyRequest,
  set: EntitySet,
  { select }: Options,
  more = '',
): string {
  const properties = select === undefined ? '' : `(${select.join(',')})`;
  return `${addressOf(request)}/$metadata#${set.name}${properties}${more}`;
}

function listText(
  page: PageOfRows,
  form: WireForm,
  {
    context,
    count,
    link,
  }: {
    readonly context: string;
    readonly count: string | undefined;
    readonly link: string | undefined;
  },
): string {
  const parts = [
    ...(form.metadata === 'none' ? [] : [`"@odata.context":${JSON.stringify(context)}`]),
    ...(count === undefined
      ? []
      : [`"@odata.count":${form.decimalsAsText ? `"${count}"` : count}`]),
    `"value":[${rowsText(page, form)}]`,
    ...(link === undefined ? [] : [`"@odata.nextLink":${JSON.stringify(link)}`]),
  ];
  return `{${parts.join(',')}}`;
}

function entityText(page: PageOfRows, form: WireForm, context: string): string {
  const entity = rowsText(page, form).slice(1);
  return form.metadata === 'none'
    ? `{${entity}`
    : `{"@odata.context":${JSON.stringify(context)},${entity}`;
}

interface From {
  readonly position: Position | undefined;
  /** Rows of the pages before. */
  readonly served: number;
}

const START: From = { position: undefined, served: 0 };

/** What a token belongs to: the set and all that was asked of it. */
function canonical(request: FastifyRequest, parameters: ReadonlyMap<string, string>): string {
  const asked = [...parameters]
    .filter(([name]) => name !== '$skiptoken')
    .map(([name, value]) => `${name}=${value}`)
    .toSorted();
  return JSON.stringify(['odata', request.url.split('?', 1)[0]?.toLowerCase(), asked]);
}

function fieldsOf(position: Position, served: number): (string | number)[] {
  return position.kind === 'offset'
    ? ['offset', served, position.rows]
    : ['after', served, ...position.values];
}

function readFrom(set: EntitySet, key: Buffer, query: string, token: string): From {
  return readContinuationToken(
    key,
    query,
    token,
    (fields): From | undefined => {
      const [kind, served, ...values] = fields;
      if (typeof served !== 'number') return undefined;
      const [rows] = values;
      if (kind === 'offset' && typeof rows === 'number') {
        return { served, position: { kind, rows } };
      }
      const cells = values.filter(
        (value) => typeof value === 'string' || typeof value === 'number',
      );
      if (kind !== 'after' || cells.length !== set.order.length) return undefined;
      return { served, position: { kind, values: cells } };
    },
    '$skiptoken',
  );
}

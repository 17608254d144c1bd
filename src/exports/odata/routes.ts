import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import { fail } from '../../kernel/index.ts';
import {
  makeContinuationToken,
  nextLinkOf,
  originOf,
  queryParameters,
  readTokenKey,
  type Database,
  type Operation,
} from '../../platform/index.ts';
import type { Authenticate, Principal } from '../../identity/index.ts';
import { readAddress, type Addressed } from './address.ts';
import { callerOf } from './caller.ts';
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
import { orderingOf } from './order.ts';
import { countRows, readPage, type PageOfRows } from './page.ts';
import { fieldsOf, questionOf, readProgress, START } from './progress.ts';
import { jsonHeaders, tellVersion, wantedForm, wantedRows } from './protocol.ts';
import { readSet } from './read-set.ts';
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

/** What a route of the feed is registered with. */
function answerOf(operation: Operation): RouteShorthandOptions {
  return { config: { operation }, onSend: tellVersion };
}

/** The OData feed: usage, cost and invoices for programs that read tables. */
export function odataRoutes(app: FastifyInstance, api: FeedApi): void {
  const sets = setsOf(api.wings);
  app.get(FEED_PATH, answerOf(serviceOperation), async (request, reply) => {
    await callerOf(api.authenticate, request);
    const form = wantedForm(request, queryParameters(request).get('$format'));
    return jsonHeaders(reply, form).send(JSON.stringify(serviceDocument(addressOf(request), sets)));
  });
  app.get(`${FEED_PATH}/$metadata`, answerOf(metadataOperation), async (request, reply) => {
    await callerOf(api.authenticate, request);
    return reply.type('application/xml;charset=utf-8').send(metadataXml(sets));
  });
  app.get<SetRequest>(`${FEED_PATH}/:set`, answerOf(setOperation), async (request, reply) => {
    const principal = await callerOf(api.authenticate, request);
    const addressed = readAddress(sets, request.params.set);
    return sendRows(api, principal, addressed, request, reply);
  });
  app.get<SetRequest>(
    `${FEED_PATH}/:set/$count`,
    answerOf(countOperation),
    async (request, reply) => {
      const principal = await callerOf(api.authenticate, request);
      const { set, key } = readAddress(sets, request.params.set);
      if (key !== undefined) throw fail('NotFound', { path: request.url });
      const options = parseOptions(queryParameters(request), set);
      const count = await readSet(api.database, principal, { set, options }, countRows);
      return reply.type('text/plain;charset=utf-8').send(count);
    },
  );
  addConnection(app, api);
}

function addConnection(app: FastifyInstance, { authenticate, region }: FeedApi): void {
  app.get(
    '/api/v1/power-bi.pbids',
    { config: { operation: pbidsOperation } },
    async (request, reply) => {
      await authenticate(request, { clientKeys: true });
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
  api: FeedApi,
  principal: Principal,
  { set, key }: Addressed,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const parameters = queryParameters(request);
  const form = wantedForm(request, parameters.get('$format') ?? parameters.get('format'));
  const options = parseOptions(parameters, set);
  if (key !== undefined) {
    const page = await readEntity(api, principal, set, { ...options, filter: key });
    if (page.rows.length === 0) throw fail('NotFound', { path: request.url });
    return jsonHeaders(reply, form).send(
      entityText(page, form, contextOf(request, set, options, '/$entity')),
    );
  }
  const tokenKey = await readTokenKey(api.database.pool);
  const question = questionOf(request, parameters);
  const ordering = orderingOf(set, options);
  const token = parameters.get('$skiptoken');
  const from =
    token === undefined ? START : readProgress(tokenKey, question, token, ordering.terms.length);
  const left = options.top === undefined ? undefined : Math.max(0, options.top - from.served);
  const limit = Math.min(wantedRows(request, reply), left ?? Number.MAX_SAFE_INTEGER);
  const skip = token === undefined ? options.skip : 0;
  const { page, count } = await readSet(
    api.database,
    principal,
    { set, options },
    async (tx, reading) => ({
      // Told on each page, counted once: pages are of one question.
      count: options.count ? (from.count ?? (await countRows(tx, reading))) : undefined,
      page:
        limit === 0
          ? NO_ROWS
          : await readPage(tx, reading, { ordering, after: from.after, skip, limit }),
    }),
  );
  const served = from.served + page.rows.length;
  const more = page.next !== undefined && (options.top === undefined || served < options.top);
  const link = more
    ? nextLinkOf(
        request,
        makeContinuationToken(tokenKey, question, fieldsOf({ after: page.next, served, count })),
      )
    : undefined;
  return jsonHeaders(reply, form).send(
    listText(page, form, { context: contextOf(request, set, options), count, link }),
  );
}

const NO_ROWS: PageOfRows = { rows: [], properties: [], next: undefined };

function readEntity(
  { database }: FeedApi,
  principal: Principal,
  set: EntitySet,
  options: Options,
): Promise<PageOfRows> {
  const ordering = orderingOf(set, { orderBy: [] });
  return readSet(database, principal, { set, options }, (tx, reading) =>
    readPage(tx, reading, { ordering, after: undefined, skip: 0, limit: 1 }),
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

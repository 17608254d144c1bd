import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../../../kernel/index.ts';
import { actorOf, pageAnswer } from '../../../identity/index.ts';
import {
  invalidProperty,
  makeContinuationToken,
  nextLinkOf,
  queryParameters,
  readContinuationToken,
  readFields,
  readTokenKey,
  requireText,
} from '../../../platform/index.ts';
import { parseAccountId } from '../../accounts/index.ts';
import { parseLocalDay } from '../dates.ts';
import { documentKinds, readDocument, whyNotMade } from '../documents/document-store.ts';
import { invoiceKinds, type Invoice, type KeptInvoice } from '../invoice.ts';
import { voidInvoice } from '../issue/void.ts';
import {
  keptInvoice,
  linesOfInvoice,
  listInvoices,
  taxesOfInvoice,
  type InvoiceFilter,
} from '../store.ts';
import { toWireInvoice, toWireLine, toWireTaxes } from '../wire.ts';
import {
  authorizeSeller,
  PAGE,
  READ_INVOICES,
  readableAccounts,
  readableInvoice,
  WRITE_INVOICES,
  type InvoicingApi,
} from './api.ts';
import { invoiceOperations as operations } from './invoice-operations.ts';

const LIST = '/api/v1/invoices';
const ONE = `${LIST}/:number`;
const RETRY_AFTER_SECONDS = '60';

interface Named {
  Params: { readonly number: string };
}

/** Invoices as they were issued, their documents, and how one is taken back. */
export function invoiceRoutes(app: FastifyInstance, api: InvoicingApi): void {
  app.get(LIST, { config: { operation: operations.list } }, (request) => listPage(api, request));
  app.get<Named>(ONE, { config: { operation: operations.show } }, async (request) => {
    const invoice = await calledInvoice(api, request);
    const taxes = await taxesOfInvoice(api.database.pool, invoice.invoiceId);
    return { ...toWireInvoice(invoice), taxes: toWireTaxes({ taxes }) };
  });
  app.get<Named>(`${ONE}/lines`, { config: { operation: operations.lines } }, async (request) =>
    linePage(api, request, await calledInvoice(api, request)),
  );
  app.get<Named & { Params: { readonly kind: string } }>(
    `${ONE}/documents/:kind`,
    { config: { operation: operations.document } },
    async (request, reply) =>
      sendDocument(api, reply, await calledInvoice(api, request), request.params.kind),
  );
  app.post<Named>(`${ONE}/void`, { config: { operation: operations.void } }, async (request) => {
    const principal = await api.authenticate(request);
    const { number, accountId } = await readableInvoice(api, principal, request.params.number);
    await authorizeSeller(api, principal, [READ_INVOICES, WRITE_INVOICES], accountId);
    const reason = requireText(readFields(request.body), 'reason');
    const changing = { clock: api.clock, actor: actorOf(principal) };
    const note = await voidInvoice(api, number, reason, changing);
    return toWireInvoice(await keptInvoice(api.database.pool, note));
  });
}

async function calledInvoice(
  api: InvoicingApi,
  request: FastifyRequest<Named>,
): Promise<KeptInvoice> {
  return readableInvoice(api, await api.authenticate(request), request.params.number);
}

async function listPage(api: InvoicingApi, request: FastifyRequest): Promise<object> {
  const principal = await api.authenticate(request);
  const filter = readFilter(request);
  const visibleTo = await readableAccounts(api, principal, READ_INVOICES, request);
  const db = api.database.pool;
  return pageAnswer(
    { db, request, principal, size: PAGE },
    (range) => listInvoices(db, { ...filter, visibleTo, ...range }),
    ({ invoiceId }) => invoiceId,
    toWireInvoice,
  );
}

function readFilter(request: FastifyRequest): Omit<InvoiceFilter, 'limit'> {
  const parameters = queryParameters(request);
  const read = <T>(
    name: string,
    parse: (text: string) => T | undefined,
    rule: string,
  ): T | undefined => {
    const text = parameters.get(name);
    const value = text === undefined ? undefined : parse(text);
    if (text !== undefined && value === undefined) throw invalidProperty(name, text, rule);
    return value;
  };
  const states = new Map([
    ['open', true],
    ['settled', false],
  ]);
  return {
    issuerId: read('issuer', parseAccountId, 'it is the id of a billing account'),
    kind: read('kind', parseInvoiceKind, `it is one of ${invoiceKinds.join(', ')}`),
    periodName: parameters.get('period'),
    from: read('from', parseLocalDay, DAY_RULE),
    to: read('to', parseLocalDay, DAY_RULE),
    isOpen: read('state', (text) => states.get(text), 'it is open or settled'),
  };
}

const DAY_RULE = 'it is a day such as 2026-11-03';

function parseInvoiceKind(text: string): Invoice['kind'] | undefined {
  return invoiceKinds.find((kind) => kind === text.toLowerCase());
}

async function linePage(
  { database }: InvoicingApi,
  request: FastifyRequest,
  { invoiceId, number }: Invoice,
): Promise<object> {
  const key = await readTokenKey(database.pool);
  const query = `invoice-lines ${number}`;
  const token = queryParameters(request).get('$skiptoken');
  const after =
    token === undefined ? 0 : readContinuationToken(key, query, token, lineOf, '$skiptoken');
  const found = await linesOfInvoice(database.pool, invoiceId, { after, limit: PAGE + 1 });
  const page = found.slice(0, PAGE);
  const last = found.length > PAGE ? page.at(-1) : undefined;
  return {
    value: page.map(toWireLine),
    ...(last && {
      nextLink: nextLinkOf(request, makeContinuationToken(key, query, [last.line])),
    }),
  };
}

function lineOf([line]: readonly unknown[]): number | undefined {
  return typeof line === 'number' && Number.isSafeInteger(line) ? line : undefined;
}

/** @throws InvoiceDocumentNotReady, InvalidProperty */
async function sendDocument(
  { database }: InvoicingApi,
  reply: FastifyReply,
  { invoiceId, number }: Invoice,
  name: string,
): Promise<FastifyReply> {
  const kind = documentKinds.find((one) => one === name.toLowerCase());
  if (kind === undefined) {
    throw invalidProperty('kind', name, `it is one of ${documentKinds.join(', ')}`);
  }
  const document = await readDocument(database.pool, invoiceId, kind);
  if (document === undefined) {
    const problem = await whyNotMade(database.pool, invoiceId);
    const reason = problem === undefined ? '' : `: ${problem}`;
    const headers = { 'retry-after': RETRY_AFTER_SECONDS };
    throw fail('InvoiceDocumentNotReady', { kind, number, reason }, { headers });
  }
  return reply
    .type(document.mediaType)
    .header('content-disposition', `attachment; filename="${document.fileName}"`)
    .header('etag', `"${document.sha256.toString('hex')}"`)
    .send(document.content);
}

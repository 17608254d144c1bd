import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail } from '../../kernel/index.ts';
import {
  invalidParameter,
  optionalParameter,
  originOf,
  queryParameters,
  readTokenKey,
  requireApiVersion,
} from '../../platform/index.ts';
import type { CommerceSubscription } from '../registration/index.ts';
import { accountOf } from './account.ts';
import type { CommerceUsageApi } from './api.ts';
import { invoiceIdOf, periodIdOf } from './billing-ids.ts';
import {
  dateText,
  firstDayOf,
  lastDayOf,
  readDayFilter,
  type PeriodCalendar,
  type UsagePeriod,
} from './billing-period.ts';
import { readAccountPeriods } from './billing-period-store.ts';
import { makeDownload, readDownload } from './invoice-download.ts';
import { INVOICE_VERSIONS, invoiceOperations, MOST_INVOICES } from './invoice-operations.ts';
import {
  readInvoice,
  readInvoices,
  readPrinted,
  readPrintedInvoice,
  type IssuedInvoice,
} from './invoice-store.ts';
import { answerPage, openList } from './list-page.ts';

const PATH = '/subscriptions/:subscriptionId/providers/Microsoft.Billing/invoices';
const DOWNLOAD = '/api/v1/invoice-downloads';
const READ = 'Microsoft.Billing/invoices/read';

interface Path {
  readonly subscriptionId: string;
}

/** The invoices of an account, as Microsoft.Billing lists them. */
export function billingInvoiceRoutes(app: FastifyInstance, api: CommerceUsageApi): void {
  const { database, clock } = api;
  app.get<{ Params: Path }>(
    PATH,
    { config: { operation: invoiceOperations.list } },
    async (request) => listPage(api, request, await callerAccount(api, request)),
  );
  app.get<{ Params: Path }>(
    `${PATH}/latest`,
    { config: { operation: invoiceOperations.latest } },
    async (request) => {
      const account = await callerAccount(api, request);
      const { of } = await readAccountPeriods(database.pool, account);
      const asked = { periods: numbersOf(of.periods), after: undefined, limit: 1 };
      const [newest] = await readInvoices(database, account.subscriptionId, asked);
      if (newest === undefined) throw fail('NotFound', { path: 'invoices/latest' });
      return toOne(api, request, account, newest, of);
    },
  );
  app.get<{ Params: Path & { readonly name: string } }>(
    `${PATH}/:name`,
    { config: { operation: invoiceOperations.show } },
    async (request) => {
      const account = await callerAccount(api, request);
      const { name } = request.params;
      const found = await readInvoice(database, account.subscriptionId, name);
      if (found === undefined) throw fail('InvoiceNotFound', { number: name });
      const { of } = await readAccountPeriods(database.pool, account);
      return toOne(api, request, account, found, of);
    },
  );
  app.get<{ Params: { readonly token: string } }>(
    `${DOWNLOAD}/:token`,
    { config: { operation: invoiceOperations.download } },
    async (request, reply) => {
      const key = await readTokenKey(database.pool);
      const invoiceId = readDownload(key, request.params.token, clock.now());
      const printed = await readPrintedInvoice(database.pool, invoiceId);
      if (printed === undefined) throw fail('NotFound', { path: 'this address' });
      return reply
        .type(printed.mediaType)
        .header('content-disposition', `attachment; filename="${printed.fileName}"`)
        .header('cache-control', 'private, no-store')
        .send(printed.content);
    },
  );
}

async function callerAccount(
  api: CommerceUsageApi,
  request: FastifyRequest<{ Params: Path }>,
): Promise<CommerceSubscription> {
  const principal = await api.authenticate(request);
  const account = await accountOf(api, principal, READ, request.params.subscriptionId);
  requireApiVersion(request, INVOICE_VERSIONS);
  return account;
}

async function listPage(
  api: CommerceUsageApi,
  request: FastifyRequest,
  account: CommerceSubscription,
): Promise<object> {
  const { database } = api;
  const list = await openList(database, request, MOST_INVOICES, numberField);
  const isExpanded = readExpand(request);
  const filter = queryParameters(request).get('$filter');
  const { of } = await readAccountPeriods(database.pool, account);
  const isLeft = filter === undefined ? () => true : readDayFilter(filter, 'invoicePeriodEndDate');
  const left = of.periods.filter((one) => isLeft(lastDayOf(of, one)));
  const { after, top } = list;
  const asked = { periods: numbersOf(left), after, limit: top + 1 };
  const found = await readInvoices(database, account.subscriptionId, asked);
  const page = found.slice(0, top);
  const urlOf = isExpanded ? await downloads(api, request, page) : () => undefined;
  const last = found.length > top ? page.at(-1) : undefined;
  const value = page.map((one) => toWireInvoice(account, of, one, urlOf(one)));
  return answerPage(list, value, last && [last.number]);
}

function numberField([number]: readonly unknown[]): string | undefined {
  return typeof number === 'string' ? number : undefined;
}

function numbersOf(periods: readonly UsagePeriod[]): number[] {
  return periods.flatMap(({ number }) => number ?? []);
}

/** @throws InvalidProperty for anything but downloadUrl, with or without `properties/` before it */
function readExpand(request: FastifyRequest): boolean {
  const parameters = queryParameters(request);
  const text = optionalParameter(parameters, '$expand');
  if (text === undefined) return false;
  if (/^(properties\/)?downloadurl$/i.test(text.trim())) return true;
  throw invalidParameter(parameters, '$expand', 'it can be downloadUrl');
}

/** A single invoice comes with the address of its document without being asked for it. */
async function toOne(
  api: CommerceUsageApi,
  request: FastifyRequest,
  account: CommerceSubscription,
  invoice: IssuedInvoice,
  of: PeriodCalendar,
): Promise<object> {
  const urlOf = await downloads(api, request, [invoice]);
  return toWireInvoice(account, of, invoice, urlOf(invoice));
}

type DownloadUrl = { readonly expiryTime: string; readonly url: string };

/** Addresses of the documents that have been made. */
async function downloads(
  { database, clock }: CommerceUsageApi,
  request: FastifyRequest,
  invoices: readonly IssuedInvoice[],
): Promise<(invoice: IssuedInvoice) => DownloadUrl | undefined> {
  const printed = await readPrinted(database.pool, invoices);
  const key = await readTokenKey(database.pool);
  const now = clock.now();
  return ({ invoiceId }) => {
    if (!printed.has(invoiceId)) return undefined;
    const { token, expiresAt } = makeDownload(key, invoiceId, now);
    return {
      expiryTime: expiresAt.toString(),
      url: `${originOf(request)}${DOWNLOAD}/${token}`,
    };
  };
}

function toWireInvoice(
  { subscriptionId }: CommerceSubscription,
  of: PeriodCalendar,
  { number, period, corrected }: IssuedInvoice,
  downloadUrl: DownloadUrl | undefined,
): object {
  const own = of.periods.find((one) => one.number === period);
  if (own === undefined) throw new Error(`the invoice ${number} is of a period that is not there`);
  const names = [own.name, ...corrected.filter((name) => name !== own.name)];
  return {
    id: invoiceIdOf(subscriptionId, number),
    name: number,
    type: 'Microsoft.Billing/invoices',
    properties: {
      invoicePeriodStartDate: dateText(firstDayOf(of, own)),
      invoicePeriodEndDate: dateText(lastDayOf(of, own)),
      billingPeriodIds: names.map((name) => periodIdOf(subscriptionId, name)),
      ...(downloadUrl !== undefined && { downloadUrl }),
    },
  };
}

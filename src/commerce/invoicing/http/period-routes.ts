import type { FastifyInstance, FastifyRequest } from 'fastify';
import { actorOf, type Changing } from '../../../identity/index.ts';
import {
  invalidProperty,
  queryParameters,
  readFields,
  requireText,
} from '../../../platform/index.ts';
import {
  authorizeAccount,
  listPeriods,
  toWirePeriod,
  type BillingAccount,
  type BillingPeriod,
} from '../../accounts/index.ts';
import { listDocumentProblems } from '../documents/document-store.ts';
import { setHold } from '../issue/hold.ts';
import { issueInvoice, previewInvoice } from '../issue/issue.ts';
import { listProblems } from '../problems.ts';
import { keptInvoice } from '../store.ts';
import { toWireDraft, toWireInvoice, toWireProblem } from '../wire.ts';
import {
  authorizeSeller,
  READ_INVOICES,
  readableAccounts,
  requirePeriod,
  WRITE_INVOICES,
  type InvoicingApi,
} from './api.ts';
import { periodOperations as operations } from './period-operations.ts';

const ACCOUNT = '/api/v1/accounts/:account';
const PERIOD = `${ACCOUNT}/periods/:period`;

interface OfAccount {
  Params: { readonly account: string };
}
interface OfPeriod {
  Params: { readonly account: string; readonly period: string };
}

/** What becomes of a period before it is invoiced: its draft, its invoice, and what keeps it from one. */
export function periodRoutes(app: FastifyInstance, api: InvoicingApi): void {
  app.get<OfAccount>(`${ACCOUNT}/draft`, { config: { operation: operations.draft } }, (request) =>
    draft(api, request),
  );
  app.post<OfPeriod>(
    `${PERIOD}/issue`,
    { config: { operation: operations.issue } },
    async (request) => {
      const { period, changing } = await changedPeriod(api, request);
      const invoice = await issueInvoice(api, period, changing, { early: true });
      if (invoice === undefined) return { invoice: null };
      return { invoice: toWireInvoice(await keptInvoice(api.database.pool, invoice)) };
    },
  );
  app.post<OfPeriod>(
    `${PERIOD}/hold`,
    { config: { operation: operations.hold } },
    async (request) => {
      const { period, changing } = await changedPeriod(api, request);
      const reason = requireText(readFields(request.body), 'reason');
      return toWirePeriod(await setHold(api, period, reason, changing));
    },
  );
  app.post<OfPeriod>(
    `${PERIOD}/release`,
    { config: { operation: operations.release } },
    async (request) => {
      const { period, changing } = await changedPeriod(api, request);
      return toWirePeriod(await setHold(api, period, undefined, changing));
    },
  );
  app.get(
    '/api/v1/billing-problems',
    { config: { operation: operations.problems } },
    async (request) => {
      const principal = await api.authenticate(request);
      const accounts = await readableAccounts(api, principal, READ_INVOICES, request);
      const documents = await listDocumentProblems(api.database.pool, accounts);
      return {
        value: (await listProblems(api.database.pool, accounts)).map(toWireProblem),
        documents: documents.map(({ nextAttemptAt, ...one }) => ({
          ...one,
          nextAttemptAt: nextAttemptAt.toString(),
        })),
      };
    },
  );
}

async function draft(api: InvoicingApi, request: FastifyRequest<OfAccount>): Promise<object> {
  const principal = await api.authenticate(request);
  const { pool } = api.database;
  const account = await authorizeAccount(principal, READ_INVOICES, pool, request.params.account);
  const name = queryParameters(request).get('period');
  const period =
    name === undefined
      ? await firstUnissued(api, account)
      : await requirePeriod(api, account, name);
  return toWireDraft(await previewInvoice(api, period));
}

/** The period that is invoiced next. @throws InvalidProperty when there is none */
async function firstUnissued(
  { database }: InvoicingApi,
  { accountId }: BillingAccount,
): Promise<BillingPeriod> {
  const periods = await listPeriods(database.pool, accountId);
  const first = periods.findLast(({ state }) => state !== 'Issued');
  if (first !== undefined) return first;
  throw invalidProperty('period', '', 'the account has no period that is not invoiced');
}

async function changedPeriod(
  api: InvoicingApi,
  request: FastifyRequest<OfPeriod>,
): Promise<{ readonly period: BillingPeriod; readonly changing: Changing }> {
  const principal = await api.authenticate(request);
  const { params } = request;
  const account = await authorizeSeller(
    api,
    principal,
    [READ_INVOICES, WRITE_INVOICES],
    params.account,
  );
  const period = await requirePeriod(api, account, params.period);
  return { period, changing: { clock: api.clock, actor: actorOf(principal) } };
}

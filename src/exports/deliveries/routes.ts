import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail, parseSubscriptionId, StackmeterError } from '../../kernel/index.ts';
import {
  actorOf,
  allows,
  authorize,
  keyOfPrincipal,
  type Action,
  type Principal,
} from '../../identity/index.ts';
import {
  invalidProperty,
  makeSkipToken,
  nextLinkOf,
  orConflict,
  pathOf,
  queryParameters,
  readFields,
  readSkipToken,
  readText,
  readTexts,
  readTokenKey,
  requireText,
  type Fields,
  type Operation,
} from '../../platform/index.ts';
import { accountsFor, authorizeAccount, readAccountTree } from '../../commerce/accounts/index.ts';
import type { ExportApi } from './api.ts';
import { askForRun } from './ask.ts';
import { putExport, removeExport, type ExportChanging } from './change.ts';
import { destinationOf } from './deliver.ts';
import { readExportChange } from './export-fields.ts';
import { toWireExport, type ExportDefinition } from './export.ts';
import { exportOperations as operations } from './operations.ts';
import { filesOfRun, type NamedFile } from './run-files.ts';
import { findRun, listRuns, toWireRun, type ExportRun } from './run-store.ts';
import { findExport, listExports } from './store.ts';

const LIST = '/api/v1/exports';
const ONE = `${LIST}/:export`;
const READ: Action = 'Microsoft.CostManagement/exports/read';
const WRITE: Action = 'Microsoft.CostManagement/exports/write';
const DELETE: Action = 'Microsoft.CostManagement/exports/delete';
const USAGE: Action = 'Microsoft.Commerce/usageAggregates/read';
const COSTS: Action = 'Stackmeter.Billing/charges/read';
const LEDGER: Action = 'Stackmeter.Billing/ledger/read';
/** Runs on a page. */
const PAGE = 100;
const MOST_PERIODS = 100;

/** Exports of an account: for those who may do this to it, or to one above. */
export function exportRoutes(app: FastifyInstance, api: ExportApi): void {
  const { database } = api;
  app.get(LIST, { config: { operation: operations.list } }, async (request) => {
    const principal = await api.authenticate(request);
    const account = queryParameters(request).get('account');
    const all =
      account === undefined
        ? await listExports(database.pool, await readableAccounts(api, principal))
        : await listExports(database.pool, [
            (await authorizeAccount(principal, READ, database.pool, account)).accountId,
          ]);
    return { value: all.map(toWireExport) };
  });
  app.put<{ Params: Params }>(ONE, { config: { operation: operations.put } }, (request, reply) =>
    orConflict(() => put(api, request, reply)),
  );
  addRoute(app, api, 'GET', '', READ, operations.show, ({ one }) =>
    Promise.resolve(toWireExport(one)),
  );
  addRoute(app, api, 'DELETE', '', DELETE, operations.remove, async (call) => {
    const { one, reply, changing } = call;
    await database.transaction((tx) => removeExport(tx, one.exportId, changing));
    return reply.code(204).send();
  });
  runRoutes(app, api);
}

function runRoutes(app: FastifyInstance, api: ExportApi): void {
  const { database, clock } = api;
  addRoute(app, api, 'POST', '/run', WRITE, operations.run, async ({ one, request, reply }) => {
    const periods = readTexts(fieldsOf(request), 'periods');
    if (periods !== undefined && (periods.length === 0 || periods.length > MOST_PERIODS)) {
      throw invalidProperty('periods', periods, `it has 1 to ${MOST_PERIODS} names`);
    }
    const run = await askForRun(database.pool, one.exportId, periods, clock.now());
    api.wake?.();
    return reply.code(202).send(toWireRun(run));
  });
  addRoute(app, api, 'GET', '/runs', READ, operations.runs, (call) => listPage(api, call));
  addRoute(app, api, 'GET', '/runs/:run', READ, operations.showRun, async ({ one, request }) => {
    const run = await requireRun(api, one, request);
    const files = await filesOfRun(database.pool, run);
    return { ...toWireRun(run), files };
  });
  const file = '/runs/:run/files/:name';
  addRoute(app, api, 'GET', file, READ, operations.download, async ({ one, request, reply }) => {
    const run = await requireRun(api, one, request);
    const { name } = readParams(request);
    const files = await filesOfRun(database.pool, run);
    const found = files.find((each) => each.name === name);
    return download(api, one, { run: run.runId, name }, found, reply);
  });
}

async function download(
  api: ExportApi,
  one: ExportDefinition,
  asked: { readonly run: string; readonly name: string },
  file: NamedFile | undefined,
  reply: FastifyReply,
): Promise<unknown> {
  const bytes = file && (await destinationOf(api, one).read(file.path));
  if (file === undefined || bytes === undefined) {
    throw fail('ExportFileNotFound', { run: asked.run, file: asked.name });
  }
  return reply
    .type('application/octet-stream')
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(bytes));
}

/** Undefined: all. */
async function readableAccounts(
  { database }: ExportApi,
  principal: Principal,
): Promise<ExportDefinition['accountId'][] | undefined> {
  if (allows(principal.grants, READ)) return undefined;
  const tree = await readAccountTree(database.pool);
  return accountsFor(principal, READ, tree).map(({ accountId }) => accountId);
}

interface Params {
  readonly export: string;
  readonly run?: string;
  readonly name?: string;
}

interface ExportCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly changing: ExportChanging;
  readonly one: ExportDefinition;
}

function addRoute(
  app: FastifyInstance,
  api: ExportApi,
  method: 'GET' | 'DELETE' | 'POST',
  path: string,
  action: Action,
  operation: Operation,
  handle: (call: ExportCall) => Promise<unknown>,
): void {
  app.route<{ Params: Params }>({
    method,
    url: ONE + path,
    config: { operation },
    handler: async (request, reply) => {
      const principal = await api.authenticate(request);
      const text = request.params.export;
      const one = await findExport(api.database.pool, text);
      if (one === undefined) throw exportNotFound(text);
      await authorizeExport(api, principal, action, one);
      return handle({ request, reply, principal, one, changing: changingOf(api, principal) });
    },
  });
}

function changingOf({ clock }: ExportApi, principal: Principal): ExportChanging {
  const mayChooseFolder = allows(principal.grants, WRITE);
  return { clock, actor: actorOf(principal), mayChooseFolder };
}

/** Whose account is not there for the caller, of that the export is not either. */
async function authorizeExport(
  { database }: ExportApi,
  principal: Principal,
  action: Action,
  { exportId, accountId }: ExportDefinition,
): Promise<void> {
  try {
    await authorizeAccount(principal, action, database.pool, accountId);
  } catch (error) {
    const isHidden = error instanceof StackmeterError && error.code === 'BillingAccountNotFound';
    throw isHidden ? exportNotFound(exportId) : error;
  }
}

function exportNotFound(text: string): Error {
  return fail('ExportNotFound', { export: text });
}

async function put(
  api: ExportApi,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { database } = api;
  const principal = await api.authenticate(request);
  const exportId = request.params.export;
  const fields = readFields(request.body);
  const changing = changingOf(api, principal);
  const present = await findExport(database.pool, exportId);
  const isSeen = present !== undefined && (await mayDo(api, principal, READ, present));
  if (present !== undefined && !isSeen) {
    // To whom it is hidden its id is as good as new, and taken.
    const asked = requireText(fields, 'accountId');
    await authorizeAccount(principal, WRITE, database.pool, asked);
    throw fail('Conflict', { reason: `the id ${exportId} is taken` });
  }
  const asked = readText(fields, 'accountId')?.toLowerCase() ?? present?.accountId;
  if (asked === undefined) throw invalidProperty('accountId', undefined, 'it has to be given');
  const account = await authorizeAccount(principal, WRITE, database.pool, asked);
  if (present !== undefined && account.accountId !== present.accountId) {
    throw invalidProperty('accountId', asked, 'an export stays with its account');
  }
  const change = readExportChange(fields);
  await authorizeRows(api, principal, account.accountId, change.dataset ?? present?.dataset);
  const { accountId } = account;
  const saved = await database.transaction(async (tx) => {
    const locked = await findExport(tx, exportId, { lock: true });
    return putExport(tx, { exportId, accountId }, locked, change, changing);
  });
  return reply.code(present === undefined ? 201 : 200).send(toWireExport(saved));
}

/** An export shows its rows to who reads the files, so who makes it has to be allowed to see them. */
async function authorizeRows(
  { database }: ExportApi,
  principal: Principal,
  accountId: string,
  dataset: ExportDefinition['dataset'] | undefined,
): Promise<void> {
  if (dataset === 'usage-summary') authorize(principal, USAGE);
  else if (dataset === 'journal') {
    await authorizeAccount(principal, LEDGER, database.pool, accountId);
  } else await authorizeAccount(principal, COSTS, database.pool, accountId);
}

async function mayDo(
  { database }: ExportApi,
  principal: Principal,
  action: Action,
  { accountId }: ExportDefinition,
): Promise<boolean> {
  try {
    await authorizeAccount(principal, action, database.pool, accountId);
    return true;
  } catch (error) {
    if (error instanceof StackmeterError) return false;
    throw error;
  }
}

/** A body that need not be there. */
function fieldsOf({ body }: FastifyRequest): Fields {
  return body === undefined || body === null ? {} : readFields(body);
}

function readParams({ params }: FastifyRequest): { readonly run: string; readonly name: string } {
  const { run, name } = readFields(params);
  return {
    run: typeof run === 'string' ? run : '',
    name: typeof name === 'string' ? name : '',
  };
}

async function requireRun(
  { database }: ExportApi,
  { exportId }: ExportDefinition,
  request: FastifyRequest,
): Promise<ExportRun> {
  const { run: text } = readParams(request);
  const run = await findRun(database.pool, exportId, text);
  if (run !== undefined) return run;
  throw fail('ExportRunNotFound', { export: exportId, run: text });
}

async function listPage({ database }: ExportApi, call: ExportCall): Promise<object> {
  const { one, request, principal } = call;
  const list = JSON.stringify([keyOfPrincipal(principal), pathOf(request).toLowerCase()]);
  const token = queryParameters(request).get('$skiptoken');
  const key = await readTokenKey(database.pool);
  const after = token === undefined ? undefined : readSkipToken(key, list, token);
  const runs = await listRuns(database.pool, one.exportId, { after, limit: PAGE + 1 });
  const value = runs.slice(0, PAGE).map(toWireRun);
  const last = runs.length > PAGE ? runs[PAGE - 1] : undefined;
  const id = last && parseSubscriptionId(last.runId);
  if (id === undefined) return { value };
  return { value, nextLink: nextLinkOf(request, makeSkipToken(key, list, id)) };
}

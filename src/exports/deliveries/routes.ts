import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../../kernel/index.ts';
import {
  allows,
  authorize,
  pageAnswer,
  type Action,
  type Principal,
} from '../../identity/index.ts';
import {
  invalidProperty,
  readFields,
  readTexts,
  type Fields,
  type Queryable,
} from '../../platform/index.ts';
import {
  authorizeAccount,
  ownedRoutes,
  type AccountId,
  type OwnedInterface,
} from '../../commerce/accounts/index.ts';
import type { ExportApi } from './api.ts';
import { askForRun } from './ask.ts';
import { putExport, removeExport } from './change.ts';
import { destinationOf } from './destination.ts';
import { readExportChange } from './export-fields.ts';
import { toWireExport, type ExportDefinition } from './export.ts';
import { exportOperations as operations } from './operations.ts';
import { filesOfRun, type NamedFile } from './run-files.ts';
import { findRun, listRuns, toWireRun, type ExportRun } from './run-store.ts';
import { findExport, listExports } from './store.ts';

const READ: Action = 'Microsoft.CostManagement/exports/read';
const WRITE: Action = 'Microsoft.CostManagement/exports/write';
const DELETE: Action = 'Microsoft.CostManagement/exports/delete';
const USAGE: Action = 'Microsoft.Commerce/usageAggregates/read';
const COSTS: Action = 'Stackmeter.Billing/charges/read';
const LEDGER: Action = 'Stackmeter.Billing/ledger/read';
/** Runs on a page. */
const PAGE = 100;
const MOST_PERIODS = 100;

/** Exports as things of accounts: for those who may do this to the account, or to one above it. */
const exportsOfAccounts: OwnedInterface<ExportDefinition> = {
  noun: 'export',
  find: findExport,
  notFound: (text) => fail('ExportNotFound', { export: text }),
  path: '/api/v1/exports',
  actions: { read: READ, write: WRITE, remove: DELETE },
  operations,
  list: ({ pool }, accountIds) => listExports(pool, accountIds),
  toWire: (_, all) => Promise.resolve(all.map(toWireExport)),
  put: async ({ tx, principal, id, accountId, present, fields, changing }) => {
    const change = readExportChange(fields);
    await authorizeRows(tx, principal, accountId, change.dataset ?? present?.dataset);
    const mayChooseFolder = allows(principal.grants, WRITE);
    const named = { exportId: id, accountId };
    const thing = await putExport(tx, named, present, change, { ...changing, mayChooseFolder });
    return { thing };
  },
  remove: (tx, { exportId }, changing) => removeExport(tx, exportId, changing),
};

/** Exports over HTTP: their definitions, runs and files. */
export function exportRoutes(app: FastifyInstance, api: ExportApi): void {
  const { database, clock } = api;
  const add = ownedRoutes(app, api, exportsOfAccounts);
  add('POST', '/run', operations.run, async ({ thing, request, reply }) => {
    const periods = readTexts(fieldsOf(request), 'periods');
    if (periods !== undefined && (periods.length === 0 || periods.length > MOST_PERIODS)) {
      throw invalidProperty('periods', periods, `it has 1 to ${MOST_PERIODS} names`);
    }
    const run = await askForRun(database.pool, thing.exportId, periods, clock.now());
    api.wake?.();
    return reply.code(202).send(toWireRun(run));
  });
  add('GET', '/runs', operations.runs, ({ thing, request, principal }) =>
    pageAnswer(
      { db: database.pool, request, principal, size: PAGE },
      (range) => listRuns(database.pool, thing.exportId, range),
      ({ runId }) => runId,
      toWireRun,
    ),
  );
  add('GET', '/runs/:run', operations.showRun, async ({ thing, request }) => {
    const run = await requireRun(api, thing, request);
    const files = await filesOfRun(database.pool, run);
    return { ...toWireRun(run), files };
  });
  const file = '/runs/:run/files/:name';
  add('GET', file, operations.download, async ({ thing, request, reply }) => {
    const run = await requireRun(api, thing, request);
    const { name } = readParams(request);
    const files = await filesOfRun(database.pool, run);
    const found = files.find((each) => each.name === name);
    return download(api, thing, { run: run.runId, name }, found, reply);
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

/** An export shows its rows to who reads the files, so who makes it has to be allowed to see them. */
async function authorizeRows(
  tx: Queryable,
  principal: Principal,
  accountId: AccountId,
  dataset: ExportDefinition['dataset'] | undefined,
): Promise<void> {
  if (dataset === 'usage-summary') authorize(principal, USAGE);
  else if (dataset === 'journal') {
    await authorizeAccount(principal, LEDGER, tx, accountId);
  } else await authorizeAccount(principal, COSTS, tx, accountId);
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

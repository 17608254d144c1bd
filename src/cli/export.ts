import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fail } from '../kernel/index.ts';
import type { Config, Fields } from '../platform/index.ts';
import {
  findExport,
  listExports,
  listRuns,
  putExport,
  readExportChange,
  removeExport,
  runNow,
  toWireExport,
  toWireRun,
  type ExportDefinition,
  type ExportRun,
} from '../exports/deliveries/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import { readWhole, type Arguments } from './arguments.ts';
import { commandLineActor, withStamp, type Context, type OpenStamp } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { readOperandFile } from './files.ts';
import { toJson, toTable, write } from './output.ts';

/** `export list` */
export async function list(context: Context): Promise<void> {
  const all = await withStamp(context, ({ database }) => listExports(database.pool));
  const text = context.json
    ? toJson(all.map(toWireExport))
    : toTable(
        ['EXPORT', 'NAME', 'ACCOUNT', 'VIEW', 'DATASET', 'FORMAT', 'SCHEDULE', 'TO', 'STATE'],
        all.map((one) => [
          one.exportId,
          one.name,
          one.accountId,
          one.view,
          one.dataset,
          one.format,
          one.schedule,
          placeOf(one),
          one.state,
        ]),
      );
  await write(context.output.out, text);
}

function placeOf({ destination }: ExportDefinition): string {
  if (destination.kind === 'folder') return destination.path;
  const { endpoint, bucket, prefix } = destination;
  return [endpoint.replace(/\/+$/, ''), bucket, prefix].filter((part) => part !== '').join('/');
}

/** What an option says of the rows, as a request would. */
export function subjectFields(values: Arguments, isProvider: boolean): Fields {
  const dataset = values.required('dataset');
  return {
    dataset: dataset === 'focus' ? 'focus-1.4' : dataset,
    view: values.optional('view') ?? (isProvider ? 'selling' : undefined),
    format: values.optional('format'),
    layout: values.optional('layout'),
    granularity: values.optional('granularity'),
  };
}

/** `export add` */
export async function add(context: Context, values: Arguments): Promise<void> {
  const destination = await destinationFields(values);
  const saved = await withStamp(context, async (open) => {
    const accounts = await readAccounts(open);
    const account = requireAccount(accounts, values.optional('account') ?? 'provider');
    const wanted = readExportChange({
      ...subjectFields(values, account.kind === 'provider'),
      name: values.optional('name'),
      schedule: values.optional('schedule'),
      delivery: values.optional('delivery'),
      destination,
    });
    const changing = { clock: open.clock, actor: commandLineActor(), mayChooseFolder: true };
    const named = { exportId: randomUUID(), accountId: account.accountId };
    return open.database.transaction((tx) => putExport(tx, named, undefined, wanted, changing));
  });
  const text = context.json
    ? toJson(toWireExport(saved))
    : `The export ${saved.exportId} is there; its files go to ${placeOf(saved)}.\n`;
  await write(context.output.out, text);
}

async function destinationFields(values: Arguments): Promise<Fields | undefined> {
  const endpoint = values.optional('s3');
  if (endpoint === undefined) {
    const path = values.optional('folder');
    return path === undefined ? undefined : { kind: 'folder', path };
  }
  const file = values.optional('secretFile');
  const secret = file === undefined ? undefined : await readOperandFile('--secret-file', file);
  return {
    kind: 's3',
    endpoint,
    bucket: values.optional('bucket'),
    prefix: values.optional('prefix'),
    region: values.optional('region'),
    accessKeyId: values.optional('accessKeyId'),
    secretAccessKey: secret?.trim(),
  };
}

/** The folder for exports of this installation. */
export function exportFolderOf({ exportFolder, data }: Config): string {
  return exportFolder ?? join(data, 'exports');
}

async function requireExport({ database }: OpenStamp, id: string): Promise<ExportDefinition> {
  const found = await findExport(database.pool, id);
  if (found === undefined) throw fail('ExportNotFound', { export: id });
  return found;
}

/** `export run` */
export async function run(context: Context, values: Arguments): Promise<ExitCode> {
  const done = await withStamp(context, async (open) => {
    const definition = await requireExport(open, values.operand(0));
    const { database, clock } = open;
    const exportFolder = exportFolderOf(context.config);
    // What fails is told below, once.
    const room = { database, clock, exportFolder, quotaBytes: context.config.exportQuota };
    return runNow(room, definition, values.list('period'));
  });
  await write(context.output.out, context.json ? toJson(toWireRun(done)) : tellRun(done));
  return done.state === 'Succeeded' ? exitCodes.ok : exitCodes.failure;
}

function tellRun({ runId, state, partitions = [], rows, problem }: ExportRun): string {
  if (state === 'Succeeded') {
    const what = partitions.length === 0 ? 'nothing has changed' : partitions.join(', ');
    return `The run ${runId} is done: ${what}, ${rows} rows.\n`;
  }
  return `The run ${runId} is ${state}: ${problem ?? 'it is under way elsewhere'}\n`;
}

/** `export runs` */
export async function runs(context: Context, values: Arguments): Promise<void> {
  const limit = readWhole('--limit', values.required('limit'), 1, 1000);
  const all = await withStamp(context, async (open) => {
    const { exportId } = await requireExport(open, values.operand(0));
    return listRuns(open.database.pool, exportId, { limit });
  });
  const text = context.json
    ? toJson(all.map(toWireRun))
    : toTable(
        ['RUN', 'CREATED', 'CAUSE', 'STATE', 'PERIODS', 'ROWS', 'PROBLEM'],
        all.map((one) => [
          one.runId,
          one.createdAt.toString({ smallestUnit: 'second' }),
          one.cause,
          one.state,
          `${one.delivered} of ${one.partitions?.length ?? '?'}`,
          one.rows.toString(),
          one.problem ?? '',
        ]),
      );
  await write(context.output.out, text);
}

/** `export remove` */
export async function remove(context: Context, values: Arguments): Promise<void> {
  const exportId = values.operand(0);
  await withStamp(context, ({ database, clock }) =>
    database.transaction((tx) => removeExport(tx, exportId, { clock, actor: commandLineActor() })),
  );
  const text = context.json
    ? toJson({ exportId })
    : `The export ${exportId} is gone, and a folder of its own with it; files elsewhere are where they were.\n`;
  await write(context.output.out, text);
}

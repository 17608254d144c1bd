import { fail, isGuid } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, type Queryable } from '../../platform/index.ts';
import { readAccountTree, type AccountId } from '../../commerce/accounts/index.ts';
import { microsecondsOf } from './due.ts';
import type { ExportChange } from './export-fields.ts';
import {
  nextRunOf,
  toWireExport,
  type ExportDefinition,
  type ExportDestination,
} from './export.ts';
import { countExports, deleteExport, findExport, listExports, writeExport } from './store.ts';

/** Exports of one account. */
const MOST = 50;

/** Who makes or changes an export, and what is theirs to choose. */
export interface ExportChanging extends Changing {
  /** Whether files may go into folders of any name: the operator's own people alone. */
  readonly mayChooseFolder: boolean;
}

/**
 * Makes an export, or changes it; what is not said stays.
 *
 * @param present undefined: a new one
 * @throws InvalidProperty, Conflict
 */
export async function putExport(
  tx: Queryable,
  { exportId, accountId }: { readonly exportId: string; readonly accountId: AccountId },
  present: ExportDefinition | undefined,
  change: ExportChange,
  changing: ExportChanging,
): Promise<ExportDefinition> {
  if (!isGuid(exportId)) throw invalidProperty('exportId', exportId, 'it has to be a GUID');
  const now = microsecondsOf(changing.clock.now());
  const id = exportId.toLowerCase();
  if (present === undefined && (await countExports(tx, accountId)) >= MOST) {
    throw fail('Conflict', { reason: `the account has ${MOST} exports, the most that there are` });
  }
  const dataset = change.dataset ?? present?.dataset;
  if (dataset === undefined) throw invalidProperty('dataset', undefined, 'it has to be given');
  const schedule = change.schedule ?? present?.schedule ?? 'none';
  const kept = schedule === present?.schedule ? present.nextRunAt : nextRunOf(schedule, now);
  const after: ExportDefinition = {
    exportId: id,
    accountId,
    name: change.name ?? present?.name ?? dataset,
    view: change.view ?? present?.view ?? (dataset === 'journal' ? 'selling' : 'buying'),
    dataset,
    format: change.format ?? present?.format ?? 'csv',
    layout: change.layout ?? present?.layout ?? 'plain',
    delivery: change.delivery ?? present?.delivery ?? 'overwrite',
    granularity: change.granularity ?? present?.granularity ?? 'daily',
    schedule,
    ...destinationOf(id, present, change, changing),
    state: change.state ?? present?.state ?? 'Enabled',
    nextRunAt: kept,
    createdAt: present?.createdAt ?? now,
  };
  await checkExport(tx, after);
  await writeExport(tx, after);
  await tell(tx, changing, after);
  return after;
}

function destinationOf(
  exportId: string,
  present: ExportDefinition | undefined,
  { destination: wanted }: ExportChange,
  { mayChooseFolder }: ExportChanging,
): Pick<ExportDefinition, 'destination' | 'secret'> {
  if (wanted === undefined && present !== undefined) {
    return { destination: present.destination, secret: present.secret };
  }
  if (wanted === undefined || wanted.kind === 'folder') {
    const path = wanted?.path ?? exportId;
    const isOwn = path.toLowerCase() === exportId;
    const stays = present?.destination.kind === 'folder' && present.destination.path === path;
    if (!isOwn && !stays && !mayChooseFolder) {
      const rule = 'the operator alone chooses folders; leave it out for one of its own';
      throw invalidProperty('destination.path', path, rule);
    }
    return { destination: { kind: 'folder', path }, secret: undefined };
  }
  const { secretAccessKey, ...destination } = wanted;
  const secret = secretAccessKey ?? keptSecret(present, destination);
  if (secret === undefined || secret === '') {
    throw invalidProperty('destination.secretAccessKey', undefined, 'it has to be given');
  }
  return { destination, secret };
}

/** A key is kept for the store that it was given for, and sent to no other. */
function keptSecret(
  present: ExportDefinition | undefined,
  wanted: ExportDestination,
): string | undefined {
  const before = present?.destination;
  if (before?.kind !== 's3' || wanted.kind !== 's3') return undefined;
  const isSame = before.endpoint === wanted.endpoint && before.accessKeyId === wanted.accessKeyId;
  return isSame ? present?.secret : undefined;
}

/** @throws InvalidProperty for what does not go together, Conflict for a folder that is taken */
async function checkExport(tx: Queryable, one: ExportDefinition): Promise<void> {
  const { dataset, layout, format, view, accountId, destination } = one;
  const isFocus = dataset === 'focus-1.4' || dataset === 'focus-1.2';
  if (layout === 'finops-hub' && (!isFocus || format !== 'parquet')) {
    throw invalidProperty('layout', layout, 'hubs take FOCUS as Parquet');
  }
  if (dataset === 'journal' && view !== 'selling') {
    throw invalidProperty('view', view, 'a journal is that of who sells');
  }
  if (dataset === 'usage-summary') {
    const { root } = await readAccountTree(tx);
    if (root.accountId !== accountId) {
      const rule = 'the usage of a stamp is exported for the account of the provider';
      throw invalidProperty('accountId', accountId, rule);
    }
  }
  if (destination.kind === 'folder') await checkFolder(tx, one, destination.path);
}

/** No export has its folder in that of another one. */
async function checkFolder(
  tx: Queryable,
  { exportId }: ExportDefinition,
  path: string,
): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('export folders'))`);
  const below = (one: string, other: string): boolean =>
    `${one}/`.toLowerCase().startsWith(`${other}/`.toLowerCase());
  for (const other of await listExports(tx)) {
    if (other.exportId === exportId || other.destination.kind !== 'folder') continue;
    const taken = other.destination.path;
    if (below(path, taken) || below(taken, path)) {
      throw fail('Conflict', { reason: `the folder ${path} is that of another export` });
    }
  }
}

/** Forgets an export and its runs; the files stay where they are. @throws ExportNotFound */
export async function removeExport(
  tx: Queryable,
  exportId: string,
  changing: Changing,
): Promise<void> {
  const found = await findExport(tx, exportId, { lock: true });
  if (found === undefined) throw fail('ExportNotFound', { export: exportId });
  await deleteExport(tx, found.exportId);
  await tell(tx, changing, found, { removed: true });
}

async function tell(
  tx: Queryable,
  { clock, actor }: Changing,
  one: ExportDefinition,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const isRemoval = more['removed'] === true;
  await appendAudit(tx, clock, {
    actor,
    action: isRemoval
      ? 'Microsoft.CostManagement/exports/delete'
      : 'Microsoft.CostManagement/exports/write',
    target: `/exports/${one.exportId}`,
    detail: { ...toWireExport(one), ...more },
  });
}

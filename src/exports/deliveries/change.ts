import { randomUUID } from 'node:crypto';
import { fail, isGuid, type Instant } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { invalidProperty, type Queryable, type Reach } from '../../platform/index.ts';
import { readAccountTree, type AccountId } from '../../commerce/accounts/index.ts';
import { isStoreAddress } from '../formats/index.ts';
import { problemOf } from './deliver.ts';
import { microsecondsOf } from './due.ts';
import type { ExportChange } from './export-fields.ts';
import {
  nextRunOf,
  toWireExport,
  type ExportDefinition,
  type ExportDestination,
} from './export.ts';
import { leaveFolder } from './leftovers.ts';
import { takeIdle } from './locks.ts';
import { ADAPTERS_PLACE, formOf, placeOf } from './place.ts';
import { endRun, findActiveRun, insertRun } from './run-store.ts';
import { countExports, deleteExport, findExport, isTaken, writeExport } from './store.ts';

/** Exports of one account. */
const MOST = 50;

/** Who makes or changes an export, and what is theirs to choose. */
export interface ExportChanging extends Changing {
  /** Whether files may go into folders of any name and into the operator's network: the operator's own people alone. */
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
  // One change at a time: how many there are, and which places are taken, is not changed by another meanwhile.
  await tx.query(`select pg_advisory_xact_lock(hashtext('exports'))`);
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
  if (present !== undefined && formOf(present) !== formOf(after)) await beginAnew(tx, after, now);
  if (after.state === 'Disabled') await endQueued(tx, after, now);
  await tell(tx, changing, after);
  return after;
}

function destinationOf(
  exportId: string,
  present: ExportDefinition | undefined,
  { destination: wanted }: ExportChange,
  { mayChooseFolder }: ExportChanging,
): Pick<ExportDefinition, 'destination' | 'secret' | 'reach'> {
  if (wanted === undefined && present !== undefined) {
    const { destination, secret, reach } = present;
    return { destination, secret, reach };
  }
  if (wanted === undefined || wanted.kind === 'folder') {
    const path = wanted?.path ?? exportId;
    const isOwn = path.toLowerCase() === exportId;
    const stays = present?.destination.kind === 'folder' && present.destination.path === path;
    if (!isOwn && !stays && !mayChooseFolder) {
      const rule = 'the operator alone chooses folders; leave it out for one of its own';
      throw invalidProperty('destination.path', path, rule);
    }
    return { destination: { kind: 'folder', path }, secret: undefined, reach: 'public' };
  }
  const { secretAccessKey, ...destination } = wanted;
  const secret = secretAccessKey ?? keptSecret(present, destination);
  if (secret === undefined || secret === '') {
    throw invalidProperty('destination.secretAccessKey', undefined, 'it has to be given');
  }
  const reach = keptReach(present, destination) ?? (mayChooseFolder ? 'network' : 'public');
  if (!isStoreAddress(destination.endpoint, reach)) {
    const rule = 'it is not one of the public internet, and the operator alone chooses others';
    throw invalidProperty('destination.endpoint', destination.endpoint, rule);
  }
  return { destination, secret, reach };
}

/**
 * A bucket that the operator chose stays within reach of whoever changes something else, and no other of the same store;
 * one that a tenant chose stays where it is when the operator does, who did not choose it.
 */
function keptReach(
  present: ExportDefinition | undefined,
  wanted: ExportDestination,
): Reach | undefined {
  const before = present?.destination;
  if (before?.kind !== 's3' || wanted.kind !== 's3') return undefined;
  const isSame = before.endpoint === wanted.endpoint && before.bucket === wanted.bucket;
  return isSame ? present?.reach : undefined;
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
  if (layout === 'finops-hub' && one.delivery !== 'overwrite') {
    throw invalidProperty('delivery', one.delivery, 'what lies in a hub twice is counted twice');
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
  const isReserved = placeOf(destination).startsWith(ADAPTERS_PLACE);
  if (isReserved || (await isTaken(tx, one))) {
    const where = destination.kind === 'folder' ? 'folder' : 'bucket and prefix';
    throw fail('Conflict', { reason: `the ${where} is within that of another, or around it` });
  }
}

/**
 * What was under way in the form before is over: what it had delivered stays as it is, and what is still wanted is
 * delivered in the form of now.
 *
 * @throws Conflict while it is being done
 */
async function beginAnew(
  tx: Queryable,
  { exportId }: ExportDefinition,
  now: Instant,
): Promise<void> {
  const active = await findActiveRun(tx, exportId);
  if (!(await takeIdle(tx, exportId))) {
    throw fail('Conflict', { reason: 'a run of it is being done; change it after that' });
  }
  // One that has not begun does all in the new form anyway.
  if (active?.partitions === undefined) return;
  await endRun(tx, active.runId, now, problemOf(fail('ExportChanged', { export: exportId })));
  const { cause, wanted } = active;
  await insertRun(tx, { runId: randomUUID(), exportId, cause, wanted, createdAt: now });
}

/** What waits is not done any more; what is being done ends by itself, at the next partition. */
async function endQueued(
  tx: Queryable,
  { exportId }: ExportDefinition,
  now: Instant,
): Promise<void> {
  const active = await findActiveRun(tx, exportId);
  if (active === undefined || !(await takeIdle(tx, exportId))) return;
  await endRun(tx, active.runId, now, problemOf(fail('ExportDisabled', { export: exportId })));
}

/**
 * Forgets an export and its runs. A folder of its own goes as well; files elsewhere stay where they are.
 *
 * @throws ExportNotFound
 */
export async function removeExport(
  tx: Queryable,
  exportId: string,
  changing: Changing,
): Promise<void> {
  const found = await findExport(tx, exportId, { lock: true });
  if (found === undefined) throw fail('ExportNotFound', { export: exportId });
  await leaveFolder(tx, found);
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

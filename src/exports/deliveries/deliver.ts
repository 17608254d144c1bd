import { fail, StackmeterError, type Instant } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import {
  folderDestination,
  s3Destination,
  writeWhole,
  type Destination,
} from '../formats/index.ts';
import type { ExportDefinition } from './export.ts';
import type { ExportRoom } from './room.ts';
import {
  beginRun,
  beginVersion,
  deliveredMarks,
  endRun,
  noteProgress,
  noteWritten,
  retryRun,
  setVersionState,
  versionsOf,
  type ExportRun,
  type ExportVersion,
} from './run-store.ts';
import type { Partition } from './source.ts';
import { sourceOf } from './sources.ts';
import { writeVersion } from './write-version.ts';

/** What became of a run that was due. */
export type RunOutcome = 'succeeded' | 'failed' | 'retried' | 'busy';

/** Minutes until a run that failed is tried again; then it is given up. */
const WAITS = [1, 5, 30, 120] as const;

/**
 * Does a run, or goes on with one that was cut short: what was delivered stays, and the partition that was under way is
 * written anew from one moment. Others that want to do the same export meanwhile are turned away.
 */
export async function doRun(
  room: ExportRoom,
  definition: ExportDefinition,
  run: ExportRun,
): Promise<RunOutcome> {
  const { database, clock } = room;
  try {
    const partitions = await partitionsOfRun(room, definition, run);
    await beginRun(
      database.pool,
      run.runId,
      partitions.map(({ name }) => name),
    );
    let rows = 0n;
    for (const partition of partitions) {
      const done = await deliverPartition(room, definition, run, partition, rows);
      if (done === 'busy') return 'busy';
      rows = done;
      await noteProgress(database.pool, run.runId, rows);
    }
    await endRun(database.pool, run.runId, clock.now());
    return 'succeeded';
  } catch (error) {
    return settle(room, run, error);
  }
}

async function settle(room: ExportRoom, run: ExportRun, error: unknown): Promise<RunOutcome> {
  const { database, clock, log } = room;
  const problem = problemOf(error);
  const wait = WAITS[run.attempts];
  const isLasting =
    problem.code === 'ExportNumberTooLong' || problem.code === 'ExportPeriodUnknown';
  log?.warn({ err: error, run: run.runId, export: run.exportId }, 'an export failed');
  if (wait === undefined || isLasting) {
    await endRun(database.pool, run.runId, clock.now(), problem);
    return 'failed';
  }
  await retryRun(database.pool, run.runId, clock.now().add({ minutes: wait }), problem);
  return 'retried';
}

function problemOf(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof StackmeterError) return { code: error.code, message: error.message };
  // What the database or a bug says may hold what is nobody's business.
  const message = 'something failed on this side; the log of the server has it';
  return { code: 'InternalServerError', message };
}

/** Those that were found out when the run began; for a new run those that were asked for, or have changed. */
async function partitionsOfRun(
  { database, clock }: ExportRoom,
  definition: ExportDefinition,
  { wanted, partitions: begun }: ExportRun,
): Promise<Partition[]> {
  const all = await sourceOf(definition.dataset).partitions(database, definition, clock.now());
  const named = begun ?? wanted;
  if (named === undefined) {
    const marks = await deliveredMarks(database.pool, definition.exportId);
    return all.filter(({ name, isClosed, mark }) => !isClosed || marks.get(name) !== mark);
  }
  return named.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined) throw fail('ExportPeriodUnknown', { period: name });
    return found;
  });
}

/** Exports of one kind of lock; the other number is the export. */
const LOCK = 7328;

/**
 * Delivers one partition. All is read in one moment, under a lock that ends with the connection: whoever dies lets the
 * next one begin at once.
 *
 * @returns rows of the run so far
 */
async function deliverPartition(
  room: ExportRoom,
  definition: ExportDefinition,
  run: ExportRun,
  partition: Partition,
  before: bigint,
): Promise<bigint | 'busy'> {
  const { database } = room;
  const { exportId } = definition;
  return database.transaction(
    async (tx) => {
      if (!(await takeLock(tx, exportId))) return 'busy';
      const { pool } = database;
      const destination = destinationOf(room, definition);
      const { name, isClosed, mark } = partition;
      const wanted = { exportId, partition: name, runId: run.runId, mark, isClosed };
      let version = await beginVersion(pool, wanted);
      if (version.state === 'Writing') {
        version = await write(room, definition, run, {
          tx,
          destination,
          partition,
          version,
          before,
        });
      }
      if (version.state === 'Written') await publish(destination, version);
      if (version.state !== 'Removed') await setVersionState(pool, version, 'Delivered');
      if (definition.delivery === 'overwrite') await removeEarlier(room, destination, version);
      return before + rowsOf(version);
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

async function takeLock(tx: Tx, exportId: string): Promise<boolean> {
  const { rows } = await tx.query<{ taken: boolean }>(
    'select pg_try_advisory_xact_lock($1, hashtext($2)) as taken',
    [LOCK, exportId],
  );
  return rows[0]?.taken === true;
}

function rowsOf({ files }: ExportVersion): bigint {
  return files.reduce((sum, { rows }) => sum + BigInt(rows), 0n);
}

interface Writing {
  readonly tx: Tx;
  readonly destination: Destination;
  readonly partition: Partition;
  readonly version: ExportVersion;
  readonly before: bigint;
}

async function write(
  room: ExportRoom,
  definition: ExportDefinition,
  run: ExportRun,
  { tx, destination, partition, version, before }: Writing,
): Promise<ExportVersion> {
  const { database, partRows } = room;
  const createdAt = secondsOf(run.createdAt);
  const wanted = { subject: definition, partition, version: version.version, createdAt };
  const progress = (rows: number): Promise<void> =>
    noteProgress(database.pool, run.runId, before + BigInt(rows));
  const written = await writeVersion(tx, database, destination, wanted, { partRows, progress });
  // Files stand for themselves by now; only while this connection lives may they be published.
  await tx.query('select');
  await noteWritten(database.pool, version, written);
  const { files, manifest, manifestPath } = written;
  return { ...version, state: 'Written', files, manifest, manifestPath };
}

/** The last step: from now on readers see the version. Doing it again comes to the same. */
async function publish(
  destination: Destination,
  { manifest, manifestPath }: ExportVersion,
): Promise<void> {
  if (manifest === undefined || manifestPath === undefined) {
    throw new Error('a version that is written has a manifest');
  }
  await writeWhole(destination, manifestPath, Buffer.from(manifest, 'utf8'));
}

/** Takes away what no manifest names any more. */
async function removeEarlier(
  { database }: ExportRoom,
  destination: Destination,
  { exportId, partition, version }: ExportVersion,
): Promise<void> {
  for (const earlier of await versionsOf(database.pool, exportId, { partition })) {
    const isOver = earlier.state === 'Delivered' || earlier.state === 'Written';
    if (earlier.version >= version || !isOver) continue;
    for (const { path } of earlier.files) await destination.remove(path);
    await setVersionState(database.pool, earlier, 'Removed');
  }
}

/** Where the files of an export go. */
export function destinationOf(
  { exportFolder }: Pick<ExportRoom, 'exportFolder'>,
  { destination, secret }: Pick<ExportDefinition, 'destination' | 'secret'>,
): Destination {
  if (destination.kind === 'folder') return folderDestination(exportFolder, destination.path);
  if (secret === undefined) throw new Error('a bucket has a secret key');
  return s3Destination({ ...destination, secretAccessKey: secret });
}

export function secondsOf(instant: Instant): string {
  return instant.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
}

import { fail, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { writeWhole, type Destination } from '../formats/index.ts';
import { destinationOf } from './destination.ts';
import type { ExportDefinition } from './export.ts';
import type { ExportLocks } from './locks.ts';
import { formOf, hasOwnFolder, placeOf } from './place.ts';
import type { ExportRoom } from './room.ts';
import { noteProgress, type ExportRun } from './run-store.ts';
import { sourceOf } from './sources.ts';
import { clearStage, sendStaged, stageOf } from './stage.ts';
import {
  beginVersion,
  countVersions,
  earlierVersions,
  findVersion,
  noteBegun,
  noteWritten,
  ownFolderBytes,
  setVersionState,
  type ExportVersion,
} from './version-store.ts';
import type { Turns } from './turns.ts';
import { watched, type WatchedDestination, type Watching } from './watched.ts';
import { writeVersion, type WrittenVersion } from './write-version.ts';

/** How runs are done. */
export interface RunWork {
  readonly locks: ExportLocks;
  /** Lets few read at a time: each holds a connection. */
  readonly reading: Turns;
  /** One at a time of an account writes into a folder of its own: how much room is left is known then. */
  readonly filling: (accountId: string) => Turns;
  /** Ends what is under way, to be gone on with later. */
  readonly signal: AbortSignal;
}

/** A run that is under way. */
export interface RunUnderWay extends RunWork {
  readonly definition: ExportDefinition;
  readonly run: ExportRun;
  /** Rows of the partitions before. */
  readonly before: bigint;
}

/** A run that somebody else has ended meanwhile, or whose export is gone. */
export class RunOver extends Error {}

/** Versions of a partition beside one another in a folder of its own. */
const MOST_VERSIONS = 200;

/**
 * Delivers one partition: its files, then its manifest, then what is no longer named goes. Doing it again comes to the
 * same.
 *
 * @returns rows of the run so far
 * @throws RunOver, ExportPeriodUnknown, ExportQuotaExceeded, and what writing throws
 */
export async function deliverPartition(
  room: ExportRoom,
  under: RunUnderWay,
  name: string,
): Promise<bigint> {
  const { definition, run, locks, before } = under;
  const { pool } = room.database;
  const destination = destinationOf(room, definition, under.signal);
  const begun = await findVersion(pool, run.runId, name);
  const isBegun = begun !== undefined && begun.state !== 'Writing';
  const version = isBegun ? begun : await writeInTurn(room, under, name, destination);
  await locks.requireHeld(definition.exportId);
  const isReplacing = definition.delivery === 'overwrite' && version.state !== 'Removed';
  // A hub takes all files that are there when it sees the manifest.
  const isHub = definition.layout === 'finops-hub';
  if (isHub && isReplacing) await removeEarlier(room, destination, version);
  if (version.state === 'Written') {
    await publish(destination, version);
    await setVersionState(pool, version, 'Delivered');
  }
  if (!isHub && isReplacing) {
    await removeEarlier(room, destination, { ...version, state: 'Delivered' });
  }
  return before + rowsOf(version);
}

function rowsOf({ files }: ExportVersion): bigint {
  return files.reduce((sum, { rows }) => sum + BigInt(rows), 0n);
}

function writeInTurn(
  room: ExportRoom,
  under: RunUnderWay,
  name: string,
  destination: Destination,
): Promise<ExportVersion> {
  const { definition, filling } = under;
  const doIt = (): Promise<ExportVersion> => write(room, under, name, destination);
  return hasOwnFolder(definition) ? filling(definition.accountId)(doIt) : doIt();
}

async function write(
  room: ExportRoom,
  under: RunUnderWay,
  name: string,
  destination: Destination,
): Promise<ExportVersion> {
  const { definition, locks, signal } = under;
  const { pool } = room.database;
  const { exportId } = definition;
  const check = (): Promise<void> => locks.requireHeld(exportId);
  const watching = { signal, check, mostBytes: await roomLeft(room, definition, name) };
  const begins = (path: string): Promise<void> =>
    noteBegun(pool, { runId: under.run.runId, partition: name }, path);
  const target = watched(destination, { ...watching, begins });
  const { isRemote } = destination;
  try {
    if (isRemote) await clearStage(room, exportId);
    const local = isRemote ? watched(stageOf(room, exportId), watching) : target;
    const { version, written } = await readAndWrite(room, under, name, local);
    if (isRemote) await sendStaged(local, target, written.files);
    await check();
    await removeOthers(pool, destination, version, written);
    if (!(await noteWritten(pool, version, written))) throw new RunOver();
    const { files, manifest, manifestPath } = written;
    return { ...version, state: 'Written', files, manifest, manifestPath };
  } catch (error) {
    await takeBack(room, under, name, target);
    throw error;
  } finally {
    if (isRemote) await clearStage(room, exportId);
  }
}

/** Takes away what an earlier attempt had begun and this one has not written. */
async function removeOthers(
  db: Queryable,
  destination: Destination,
  { runId, partition }: ExportVersion,
  { files }: WrittenVersion,
): Promise<void> {
  const written = new Set(files.map(({ path }) => path));
  const begun = await findVersion(db, runId, partition);
  for (const { path } of begun?.files ?? []) {
    if (!written.has(path)) await destination.remove(path);
  }
}

/** Nothing that is named by no manifest stays behind; who was told to end goes on with it, or another does. */
async function takeBack(
  { database, log }: ExportRoom,
  { definition, run, locks, signal }: RunUnderWay,
  name: string,
  target: WatchedDestination,
): Promise<void> {
  if (signal.aborted) return;
  try {
    // Noted all the same, where the answer to that was lost: the next attempt has its manifest name them.
    const version = await findVersion(database.pool, run.runId, name);
    if (version !== undefined && version.state !== 'Writing') return;
    for (const path of target.written) {
      await locks.requireHeld(definition.exportId);
      await target.remove(path);
    }
  } catch (err) {
    log?.warn({ err }, 'files of an export that failed are left behind');
  }
}

/** Reads all rows in one moment: also whether the partition is closed, and in which state it is. */
async function readAndWrite(
  room: ExportRoom,
  under: RunUnderWay,
  name: string,
  destination: Destination,
): Promise<{ readonly version: ExportVersion; readonly written: WrittenVersion }> {
  const { definition, run, reading, before } = under;
  const { database, clock, partRows } = room;
  const { exportId } = definition;
  const read = async (): ReturnType<typeof readAndWrite> =>
    database.transaction(
      async (tx) => {
        const source = sourceOf(definition.dataset);
        const all = await source.partitions(tx, definition, clock.now());
        const partition = all.find((one) => one.name === name);
        if (partition === undefined) throw fail('ExportPeriodUnknown', { period: name });
        const { mark, isClosed } = partition;
        const [form, place] = [formOf(definition), placeOf(definition.destination)];
        const named = { exportId, partition: name, runId: run.runId, mark, isClosed, form, place };
        const version = await beginVersion(database.pool, named);
        if (version === undefined) throw new RunOver();
        const createdAt = secondsOf(run.createdAt);
        const wanted = { subject: definition, partition, version: version.version, createdAt };
        const progress = (rows: number): Promise<void> =>
          noteProgress(database.pool, run.runId, before + BigInt(rows));
        const written = await writeVersion(tx, destination, wanted, { partRows, progress });
        return { version, written };
      },
      { isolation: 'repeatable read', readOnly: true },
    );
  return reading(read);
}

/** Bytes that may be written now. @throws ExportQuotaExceeded */
async function roomLeft(
  { database, quotaBytes }: ExportRoom,
  definition: ExportDefinition,
  partition: string,
): Promise<Watching['mostBytes']> {
  if (!hasOwnFolder(definition)) return Infinity;
  const { exportId, accountId, delivery } = definition;
  const { pool } = database;
  const isKeeping = delivery === 'new-version';
  if (isKeeping && (await countVersions(pool, exportId, partition)) >= MOST_VERSIONS) {
    throw fail('ExportQuotaExceeded', { what: `versions of ${partition}` });
  }
  return quotaBytes === undefined ? Infinity : quotaBytes - (await ownFolderBytes(pool, accountId));
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

/** Takes away what no manifest names any more; a manifest goes before the files that it names. */
async function removeEarlier(
  { database }: ExportRoom,
  destination: Destination,
  version: ExportVersion,
): Promise<void> {
  for (const earlier of await earlierVersions(database.pool, version)) {
    const { manifestPath, files } = earlier;
    // One of the same path is replaced in one step; before that its files go only where a hub would take them.
    const isReplaced = version.state === 'Delivered' && manifestPath === version.manifestPath;
    if (manifestPath !== undefined && !isReplaced) await destination.remove(manifestPath);
    for (const { path } of files) await destination.remove(path);
    await setVersionState(database.pool, earlier, 'Removed');
  }
}

export function secondsOf(instant: Instant): string {
  return instant.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
}

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isGuid } from '../../kernel/index.ts';
import { folderDestination, removeFolder, type Destination } from '../formats/index.ts';
import type { DeliveredFile } from './manifest.ts';
import type { ExportRoom } from './room.ts';

type StageRoom = Pick<ExportRoom, 'exportFolder'>;

/** No export has it: their folders begin with no point. */
function rootOf({ exportFolder }: StageRoom): string {
  return join(exportFolder, '.staging');
}

/**
 * Where files are made ready that go to a store. Rows are read in one transaction, and none is open while they are sent,
 * however long the store takes.
 */
export function stageOf(room: StageRoom, exportId: string): Destination {
  return folderDestination(rootOf(room), exportId);
}

export async function clearStage(room: StageRoom, exportId: string): Promise<void> {
  await removeFolder(rootOf(room), exportId);
}

/** Removes what killed processes left of exports that have nothing to do. */
export async function sweepStage(room: ExportRoom): Promise<void> {
  const names = await readdir(rootOf(room)).catch(() => []);
  const ids = names.filter(isGuid);
  if (ids.length === 0) return;
  const { rows } = await room.database.pool.query<{ id: string }>(
    `select export_id as id from export_run where export_id = any($1::uuid[]) and state in ('Queued', 'Running')`,
    [ids],
  );
  const busy = new Set(rows.map(({ id }) => id));
  for (const id of ids) if (!busy.has(id)) await clearStage(room, id);
}

/** @throws ExportDestinationFailed */
export async function sendStaged(
  stage: Destination,
  destination: Destination,
  files: readonly DeliveredFile[],
): Promise<void> {
  for (const { path } of files) {
    const bytes = await stage.read(path);
    if (bytes === undefined) throw new Error(`${path} is not there to be sent`);
    const file = await destination.create(path);
    try {
      for await (const chunk of bytes) await file.write(chunk);
      await file.commit();
    } catch (error) {
      await file.abandon();
      throw error;
    }
  }
}

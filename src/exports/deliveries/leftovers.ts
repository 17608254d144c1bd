import type { Queryable } from '../../platform/index.ts';
import { removeFolder } from '../formats/index.ts';
import type { ExportDefinition } from './export.ts';
import type { ExportLocks } from './locks.ts';
import { hasOwnFolder, placeOf } from './place.ts';
import type { ExportRoom } from './room.ts';

/** Notes that the folder of an export that goes is to go as well, if it is its own. */
export async function leaveFolder(tx: Queryable, one: ExportDefinition): Promise<void> {
  const destination = { kind: 'folder', path: one.exportId } as const;
  const place = placeOf(destination);
  const { rows } = await tx.query<{ bytes: bigint; versions: number }>(
    `select coalesce(sum(bytes), 0)::bigint as bytes, count(*)::int as versions from export_version
     where export_id = $1 and place = $2 and state <> 'Removed'`,
    [one.exportId, place],
  );
  const [found] = rows;
  if (!hasOwnFolder(one) && (found?.versions ?? 0) === 0) return;
  await tx.query(
    'insert into export_leftover (export_id, account_id, place, bytes) values ($1, $2, $3, $4)',
    [one.exportId, one.accountId, place, (found?.bytes ?? 0n).toString()],
  );
}

/** Removes the folders of exports that are gone; one that is still being written to stays until that has ended. */
export async function removeLeftovers(room: ExportRoom, locks: ExportLocks): Promise<void> {
  const { pool } = room.database;
  const { rows } = await pool.query<{ id: string }>(
    'select export_id as id from export_leftover order by export_id limit 100',
  );
  for (const { id } of rows) {
    if (!(await locks.take(id))) continue;
    try {
      await removeFolder(room.exportFolder, id);
      await pool.query('delete from export_leftover where export_id = $1', [id]);
    } catch (err) {
      room.log?.warn(
        { err, export: id },
        'the folder of an export that is gone could not be removed',
      );
    } finally {
      await locks.give(id);
    }
  }
}

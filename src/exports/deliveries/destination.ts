import { folderDestination, s3Destination, type Destination } from '../formats/index.ts';
import type { ExportDefinition } from './export.ts';
import type { ExportRoom } from './room.ts';

/** Where the files of an export go. */
export function destinationOf(
  { exportFolder, patienceMs }: Pick<ExportRoom, 'exportFolder' | 'patienceMs'>,
  { destination, secret, reach }: Pick<ExportDefinition, 'destination' | 'secret' | 'reach'>,
  signal?: AbortSignal,
): Destination {
  if (destination.kind === 'folder') return folderDestination(exportFolder, destination.path);
  if (secret === undefined) throw new Error('a bucket has a secret key');
  return s3Destination({ ...destination, secretAccessKey: secret }, { reach, patienceMs, signal });
}

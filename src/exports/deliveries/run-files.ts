import type { Queryable } from '../../platform/index.ts';
import type { DeliveredFile } from './manifest.ts';
import type { ExportRun } from './run-store.ts';
import { presentVersions } from './version-store.ts';

/** A file as it is listed and downloaded. */
export interface NamedFile extends DeliveredFile {
  /** Unlike any other of the run, without slashes. */
  readonly name: string;
}

/** The files of a run that are there, with their manifests. */
export async function filesOfRun(
  db: Queryable,
  { runId }: Pick<ExportRun, 'runId'>,
): Promise<NamedFile[]> {
  const versions = await presentVersions(db, runId);
  return versions.flatMap(({ files, manifestPath, manifest }) => {
    const bytes = Buffer.byteLength(manifest ?? '');
    const last =
      manifestPath === undefined ? [] : [{ path: manifestPath, rows: 0, bytes, sha256: '' }];
    return [...files, ...last].map((file) => ({ name: nameOf(file), ...file }));
  });
}

function nameOf({ path }: DeliveredFile): string {
  return path.replaceAll('/', '~');
}

import { createHash } from 'node:crypto';
import type { Tx } from '../../platform/index.ts';
import { writeTable, writeWhole, type Destination } from '../formats/index.ts';
import type { ExportSubject } from './export.ts';
import { filesOf, type VersionPlace } from './layout.ts';
import { manifestText, type DeliveredFile, type ToldTable } from './manifest.ts';
import { partsOf } from './parts.ts';
import type { Partition, SourceTable } from './source.ts';
import { sourceOf } from './sources.ts';

/** A version that is to be written. */
export interface WantedVersion {
  readonly subject: ExportSubject;
  readonly partition: Partition;
  readonly version: number;
  /** Said by its files, whenever they are written. */
  readonly createdAt: string;
}

/** What a version consists of. Its manifest is not written yet. */
export interface WrittenVersion {
  readonly files: readonly DeliveredFile[];
  readonly rows: number;
  readonly manifestPath: string;
  readonly manifest: string;
}

/** How a version is written. */
export interface WritingOptions {
  /** Rows of a file at most. */
  readonly partRows?: number | undefined;
  /** Told now and then. @param rows so far */
  readonly progress?: ((rows: number) => Promise<void> | void) | undefined;
}

const PART_ROWS = 500_000;
/** How long one statement may read. */
const MOST_MILLISECONDS = 600_000;
const TOLD_ROWS = 10_000;

/**
 * Writes all files of a version but its manifest. The same data come out as the same files, byte for byte.
 *
 * @param tx of one moment, and read only
 * @throws ExportDestinationFailed, ExportNumberTooLong, ExportRowsDiffer
 */
export async function writeVersion(
  tx: Tx,
  destination: Destination,
  wanted: WantedVersion,
  options: WritingOptions = {},
): Promise<WrittenVersion> {
  const { subject, partition, version, createdAt } = wanted;
  await tx.query(`set local statement_timeout = ${MOST_MILLISECONDS}`);
  const { exportId, accountId, layout, format, delivery } = subject;
  const isOverwriting = delivery === 'overwrite';
  const named = { layout, isOverwriting, format, exportId, accountId, partition: partition.name };
  const place = filesOf({ ...named, version });
  const source = await sourceOf(subject.dataset).open(tx, subject, partition);
  const files: DeliveredFile[] = [];
  const tables: ToldTable[] = [];
  const told = teller(options.progress);
  for (const table of source.tables) {
    const parts = await writeParts(destination, place, subject, table, options.partRows, told);
    files.push(...parts);
    const rows = parts.reduce((sum, one) => sum + one.rows, 0);
    tables.push({ name: table.name, columns: table.columns, rows });
  }
  const summary = await source.summary();
  const report = await source.conformance?.();
  if (report !== undefined) {
    const bytes = Buffer.from(report, 'utf8');
    await writeWhole(destination, place.conformance, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    files.push({ path: place.conformance, rows: 0, bytes: bytes.length, sha256 });
  }
  const { generator, focusVersion } = source;
  const { name, isClosed } = partition;
  const about = { subject, generator, focusVersion, partition: name, isClosed, version, createdAt };
  return {
    files,
    rows: tables.reduce((sum, table) => sum + table.rows, 0),
    manifestPath: place.manifest,
    manifest: manifestText({ ...about, tables, files, summary }),
  };
}

type Tell = () => Promise<void>;

function teller(progress: WritingOptions['progress']): Tell {
  let rows = 0;
  return async () => {
    rows += 1;
    if (rows % TOLD_ROWS === 0) await progress?.(rows);
  };
}

async function writeParts(
  destination: Destination,
  place: VersionPlace,
  { format }: ExportSubject,
  table: SourceTable,
  partRows: number = PART_ROWS,
  told: Tell,
): Promise<DeliveredFile[]> {
  const files: DeliveredFile[] = [];
  for await (const rows of partsOf(table.rows(), partRows)) {
    const path = place.file(table.name, files.length + 1);
    const file = await destination.create(path);
    try {
      const { columns, isQuoted = false } = table;
      const counted = {
        columns,
        isQuoted,
        rows: async function* counting() {
          for await (const row of rows) {
            await told();
            yield row;
          }
        },
      };
      const written = await writeTable(format, counted, file);
      await file.commit();
      files.push({ path, table: table.name, ...written });
    } catch (error) {
      await file.abandon();
      throw error;
    }
  }
  return files;
}

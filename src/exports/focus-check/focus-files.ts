import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../kernel/index.ts';
import type { FocusTable, FocusVersion } from '../focus/index.ts';
import { readDelivered, type FileFault } from './delivered.ts';
import { readFocusCsv } from './focus-csv.ts';
import { readFocusParquet } from './focus-parquet.ts';
import type { KnownInvoice, Row } from './site.ts';

/** Files of a delivery, as they were found. */
export interface FocusFiles {
  readonly tables: readonly FocusTable[];
  /** What manifests beside the files say that invoices come to; undefined without a manifest. */
  readonly invoices: ReadonlyMap<string, KnownInvoice> | undefined;
  /** Files that are not what their manifest says. */
  readonly faults: readonly FileFault[];
}

/**
 * Reads files of one delivery, CSV or Parquet as their content shows, and folders with all such files below them. Where
 * there is a manifest of Stackmeter in a folder, only the files that it names are taken, and compared with it.
 *
 * @throws FocusFileInvalid for a file that is none, or that does not belong with the others, and for a folder without any
 */
export async function readFocusFiles(
  paths: readonly string[],
  version: FocusVersion | undefined,
): Promise<FocusFiles> {
  const files: string[] = [];
  const faults: FileFault[] = [];
  const invoices = new Map<string, KnownInvoice>();
  let hasManifest = false;
  for (const path of paths) {
    if (!(await isFolder(path))) {
      files.push(path);
      continue;
    }
    const below = await filesBelow(path);
    const delivered = await readDelivered(path, below);
    const found = delivered?.files ?? below.filter((name) => DATA.test(name));
    if (found.length === 0 && (delivered?.faults.length ?? 0) === 0) {
      throw fail('FocusFileInvalid', {
        file: path,
        reason: 'there is no CSV or Parquet file in it',
      });
    }
    files.push(...found.map((name) => join(path, name)));
    faults.push(...(delivered?.faults ?? []));
    for (const [id, invoice] of delivered?.invoices ?? []) invoices.set(id, invoice);
    hasManifest ||= delivered !== undefined;
  }
  const tables: FocusTable[] = [];
  for (const file of files) tables.push(fitting(await readFocusFile(file, version), tables, file));
  return { tables, invoices: hasManifest ? invoices : undefined, faults };
}

const DATA = /\.(?:csv|csv\.gz|parquet)$/i;

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fail('FocusFileInvalid', { file: path, reason }, { cause: error });
  }
}

/** Paths below a folder, in one order, without what is hidden. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, '/').length))
    .filter((path) => !path.split('/').some((part) => part.startsWith('.')))
    .toSorted();
}

/** What a file is shows in its first bytes, whatever it is called. */
async function readFocusFile(file: string, version: FocusVersion | undefined): Promise<FocusTable> {
  const head = await headOf(file);
  const options = version === undefined ? {} : { version };
  if (head.startsWith('PAR1') || /\.parquet$/i.test(file)) return readFocusParquet(file, options);
  const strange = STRANGE.find(([looks]) => looks(head));
  if (strange !== undefined) throw fail('FocusFileInvalid', { file, reason: strange[1] });
  return readFocusCsv(file, { ...options, isPacked: head.startsWith('\u001f\u008b') });
}

/** How files begin that are something else. */
const STRANGE: readonly (readonly [looks: (head: string) => boolean, reason: string])[] = [
  [
    (head) => head === 'PK\u0003\u0004',
    'it is packed as ZIP, or a workbook; unpack it, or save it as CSV',
  ],
  [(head) => /^\s*[[{]/.test(head), 'it begins like JSON, and CSV or Parquet is wanted'],
];

async function headOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * The table with its columns in the order of the part before it.
 *
 * @throws FocusFileInvalid where it is of another version, or has other columns
 */
function fitting(table: FocusTable, before: readonly FocusTable[], file: string): FocusTable {
  const other = before.find(({ version }) => version !== table.version);
  if (other !== undefined) {
    const reason = `it is of FOCUS ${table.version}, and a file before it of ${other.version}; check them one after the other, or say which it is with --focus-version`;
    throw fail('FocusFileInvalid', { file, reason });
  }
  const part = before.find(({ dataset }) => dataset === table.dataset);
  if (part === undefined || part.columns.join('\n') === table.columns.join('\n')) return table;
  const missing = part.columns.filter((column) => !table.columns.includes(column));
  const more = table.columns.filter((column) => !part.columns.includes(column));
  if (missing.length + more.length > 0) {
    const lacks = missing.length === 0 ? '' : ` it lacks ${missing.join(', ')}`;
    const has = more.length === 0 ? '' : ` it has ${more.join(', ')} besides`;
    const reason = `it has other columns than the file of ${table.dataset} before it:${[lacks, has].filter(Boolean).join(' and')}`;
    throw fail('FocusFileInvalid', { file, reason });
  }
  const places = part.columns.map((column) => table.columns.indexOf(column));
  return {
    ...table,
    columns: part.columns,
    rows: async function* inOrder() {
      for await (const row of table.rows())
        yield places.map((place): Row[number] => row[place] ?? null);
    },
  };
}

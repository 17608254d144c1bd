/**
 * Decodes a Parquet file in a thread of its own: what a damaged file makes of it, such as a loop without an end or more
 * memory than there is, ends with the thread.
 */
import { open, stat } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  parquetMetadataAsync,
  parquetRead,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type SchemaElement,
} from 'hyparquet';
import type { ParquetAnswer, ParquetShape } from './focus-parquet.ts';
import { textParsers, valueTexts, withoutDecimals, type ValueText } from './parquet-value.ts';
import type { Row } from './site.ts';

/** How pages may be packed, besides Snappy. */
const compressors: Compressors = {
  GZIP: (bytes) => gunzipSync(bytes),
  BROTLI: (bytes) => brotliDecompressSync(bytes),
  ZSTD: (bytes) => zstdDecompressSync(bytes),
};

interface Opened {
  readonly source: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly names: string[];
  readonly texts: readonly ValueText[];
}

async function openFile(path: string): Promise<Opened> {
  const source = await bufferOf(path);
  const magic = new TextDecoder().decode(await source.slice(0, 4));
  if (magic !== 'PAR1') throw new RangeError('it does not begin with PAR1');
  const metadata = await parquetMetadataAsync(source, { parsers: textParsers, geoparquet: false });
  const columns = topLevel(metadata.schema);
  return {
    source,
    metadata: { ...metadata, schema: metadata.schema.map(withoutDecimals) },
    names: columns.map(({ name }) => name),
    texts: columns.map(valueTexts),
  };
}

/** The columns themselves: what lies within lists and maps belongs to them. */
function topLevel(schema: readonly SchemaElement[]): SchemaElement[] {
  const columns: SchemaElement[] = [];
  let inside = 0;
  for (const element of schema.slice(1)) {
    if (inside === 0) columns.push(element);
    else inside--;
    inside += element.num_children ?? 0;
  }
  return columns;
}

function shapeOf({ metadata, names }: Opened): ParquetShape {
  const groups = metadata.row_groups.map(({ num_rows: rows }) => Number(rows));
  return { columns: names, groups, rows: Number(metadata.num_rows) };
}

async function readGroup(
  { source, metadata, names, texts }: Opened,
  rowStart: number,
  count: number,
): Promise<Row[]> {
  if (count === 0) return [];
  let rows: unknown[][] = [];
  await parquetRead({
    file: source,
    metadata,
    columns: names,
    rowStart,
    rowEnd: rowStart + count,
    compressors,
    utf8: false,
    parsers: textParsers,
    onComplete: (read) => {
      rows = read;
    },
  });
  if (rows.length !== count || rows.some((row) => row.length !== names.length)) {
    throw new RangeError(`${rows.length} rows could be read, and it says that it has ${count}`);
  }
  return rows.map((row) => texts.map((text, at) => text(row[at])));
}

/** The bytes of a file, by piece; a handle is open only while one is read. */
async function bufferOf(path: string): Promise<AsyncBuffer> {
  const { size } = await stat(path);
  return {
    byteLength: size,
    async slice(start, end = size) {
      const length = Math.max(0, Math.min(end, size) - start);
      const bytes = new Uint8Array(length);
      const piece = await open(path);
      try {
        const { bytesRead } = await piece.read(bytes, 0, length, start);
        if (bytesRead !== length) throw new RangeError('the file ends before its time');
      } finally {
        await piece.close();
      }
      return bytes.buffer;
    },
  };
}

let opened: Opened | undefined;

async function answer(group: readonly [start: number, count: number] | undefined): Promise<void> {
  let told: ParquetAnswer;
  try {
    opened ??= await openFile(String(workerData));
    told =
      group === undefined
        ? { shape: shapeOf(opened) }
        : { rows: await readGroup(opened, group[0], group[1]) };
  } catch (error) {
    told = { problem: error instanceof Error ? error.message : String(error) };
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin, unlike a window
  parentPort?.postMessage(told);
}

parentPort?.on('message', (group: readonly [number, number] | undefined) => void answer(group));

import { createHash } from 'node:crypto';
import { createGzip } from 'node:zlib';
import { once } from 'node:events';
import { spreadsheetText } from '../../kernel/index.ts';
import { csvHeader, csvLine, quotedLine } from './csv.ts';
import type { TableColumn, TableRow } from './column.ts';
import { writeParquet } from './parquet.ts';
import type { ByteSink } from './sink.ts';

export const exportFormats = ['csv', 'csv.gz', 'parquet', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** A table to be written. */
export interface WrittenTable {
  readonly columns: readonly TableColumn[];
  rows(): AsyncIterable<TableRow>;
  /** CSV with all fields in quotes, as the export scripts have it. */
  readonly isQuoted?: boolean;
  /** Said in a file that has room for it. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What was written. */
export interface WrittenFile {
  readonly rows: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** Bytes that are collected before they are handed on. */
const CHUNK = 1 << 16;

/** Writes a table, however many rows it has, in flat memory. The same rows come out as the same bytes. */
export async function writeTable(
  format: ExportFormat,
  table: WrittenTable,
  sink: ByteSink,
): Promise<WrittenFile> {
  const digest = createHash('sha256');
  let bytes = 0;
  let rows = 0;
  const counted: ByteSink = {
    write: async (chunk) => {
      if (chunk.length === 0) return;
      digest.update(chunk);
      bytes += chunk.length;
      await sink.write(chunk);
    },
  };
  async function* counting(): AsyncGenerator<TableRow> {
    for await (const row of table.rows()) {
      rows += 1;
      yield row;
    }
  }
  if (format === 'parquet') {
    await writeParquet(table.columns, counting(), counted, table.metadata ?? {});
  } else {
    const texts = format === 'ndjson' ? jsonTexts(table, counting()) : csvTexts(table, counting());
    const chunks = bytesOf(texts);
    for await (const chunk of format === 'csv.gz' ? zipped(chunks) : chunks) {
      await counted.write(chunk);
    }
  }
  return { rows, bytes, sha256: digest.digest('hex') };
}

async function* csvTexts(
  { columns, isQuoted = false }: WrittenTable,
  rows: AsyncIterable<TableRow>,
): AsyncGenerator<string> {
  const line = isQuoted ? quotedLine : csvLine;
  yield isQuoted ? quotedLine(columns.map(({ name }) => name)) : csvHeader(columns);
  const typed = columns.map(({ isTyped }) => isTyped === true);
  const isPlain = !typed.includes(true);
  for await (const row of rows) {
    yield line(
      isPlain
        ? row
        : row.map((value, at) =>
            value === null || typed[at] !== true ? value : spreadsheetText(value),
          ),
    );
  }
}

/** Decimals and times stay texts, so that no reader rounds them; what is not there is left out. */
async function* jsonTexts(
  { columns }: WrittenTable,
  rows: AsyncIterable<TableRow>,
): AsyncGenerator<string> {
  const names = columns.map(({ name }) => JSON.stringify(name));
  const isJson = columns.map(({ type }) => type === 'Json');
  for await (const row of rows) {
    const members = row.flatMap((value, at) =>
      value === null ? [] : [`${names[at]}:${isJson[at] ? value : JSON.stringify(value)}`],
    );
    yield `{${members.join(',')}}\n`;
  }
}

async function* bytesOf(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let held = '';
  for await (const text of texts) {
    held += text;
    if (held.length < CHUNK) continue;
    yield Buffer.from(held, 'utf8');
    held = '';
  }
  if (held !== '') yield Buffer.from(held, 'utf8');
}

/** No time stands in the header, so that the same rows come out as the same bytes. */
async function* zipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const feed = async (): Promise<void> => {
    for await (const chunk of chunks) if (!gzip.write(chunk)) await once(gzip, 'drain');
    gzip.end();
  };
  const fed = feed().catch((error: unknown) => {
    gzip.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  for await (const chunk of gzip) if (chunk instanceof Uint8Array) yield chunk;
  await fed;
}

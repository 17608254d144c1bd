import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { fail } from '../kernel/index.ts';
import {
  readSummaryNames,
  streamRows,
  summaryHeader,
  toSummaryCsv,
  toSummaryRow,
  type SummaryRow,
} from '../stamp/usage-api/index.ts';
import type { Arguments } from './arguments.ts';
import { withStamp, type Context, type OpenStamp } from './context.ts';
import { toJson, write } from './output.ts';
import { createProgress } from './progress.ts';
import { openReader, readUsageRange, type UsageRange } from './usage-range.ts';

/** `usage export`: rows in the form of the export scripts, to a file or to standard output. */
export async function exportUsage(context: Context, values: Arguments): Promise<void> {
  const range = readUsageRange(values, context.clock.now());
  const toLine = values.optional('format') === 'ndjson' ? toJsonLine : toSummaryCsv;
  const path = values.optional('output');
  const rows = await withStamp(context, async (open) => {
    // Refused before the file is made.
    const lines = await openLines(context, open, range, toLine);
    if (path === undefined) return copy(lines, context.output.out);
    const file = await openFile(path);
    const count = await copy(lines, file);
    file.end();
    await finished(file);
    return count;
  });
  if (path === undefined) return;
  const { output, json } = context;
  await write(output.out, json ? toJson({ rows, output: path }) : `${rows} rows are in ${path}.\n`);
}

interface Lines {
  readonly head: string;
  readonly batches: AsyncIterable<{ readonly text: string; readonly rows: number }>;
}

async function openLines(
  context: Context,
  open: OpenStamp,
  range: UsageRange,
  toLine: (row: SummaryRow) => string,
): Promise<Lines> {
  const reader = await openReader(open, range);
  const names = await readSummaryNames(open.database.pool);
  const progress = createProgress(context.output, context.clock);
  async function* batches(): AsyncGenerator<{ text: string; rows: number }> {
    let exported = 0;
    try {
      for await (const rows of streamRows(open.database, { ...range, reader })) {
        let text = '';
        for (const row of rows) text += toLine(toSummaryRow(range.granularity, row, names));
        exported += rows.length;
        yield { text, rows: rows.length };
        // Rows come in the order of reported time, so that tells how far it is.
        const share = (rows.at(-1)!.reported - range.from) / (range.to - range.from);
        progress.update(share, `${exported} rows`);
      }
    } finally {
      progress.end();
    }
  }
  return { head: toLine === toSummaryCsv ? summaryHeader() : '', batches: batches() };
}

/** The quantity as a JSON number with all its digits, the other columns as text. */
function toJsonLine(row: SummaryRow): string {
  const members = Object.entries(row).map(
    ([column, value]) =>
      `${JSON.stringify(column)}:${column === 'Quantity' ? value : JSON.stringify(value)}`,
  );
  return `{${members.join(',')}}\n`;
}

/** Writes no faster than the stream takes it, so that memory stays flat however much there is. */
async function copy({ head, batches }: Lines, stream: Writable): Promise<number> {
  if (head !== '') await write(stream, head);
  let count = 0;
  for await (const { text, rows } of batches) {
    await write(stream, text);
    count += rows;
  }
  return count;
}

async function openFile(path: string): Promise<Writable> {
  const file = createWriteStream(path);
  try {
    await once(file, 'open');
    return file;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fail(
      'InvalidProperty',
      { parameter: '--output', value: path, rule: `the file cannot be written (${reason})` },
      { cause: error },
    );
  }
}

import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { badFile, badRow } from './text.ts';

/** The longest row that is taken, in characters. */
const LONGEST_ROW = 4 * 1024 * 1024;

/** One row of a CSV file: its values by column name in lower case. */
export interface CsvRow {
  /** Counted from 1; the header does not count. */
  readonly row: number;
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Reads CSV text with a header. A first line that begins with `#TYPE`, as PowerShell writes it when nobody asks it not to,
 * is passed over.
 *
 * @param required column names that the header must have, in any case and order
 * @throws StackmeterError ImportFormat naming the row
 */
export async function* readCsvRows(
  pieces: AsyncIterable<string>,
  required: readonly string[],
): AsyncGenerator<CsvRow> {
  let parsed = 0;
  const parser = parse({
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
    on_record: (record: string[]) => {
      if (parsed === 0 && isTypeLine(record)) return null;
      parsed++;
      return record;
    },
  });
  const input = Readable.from(pieces);
  // pipe() does not pass errors on, and the loop below would wait for ever
  input.on('error', (error) => parser.destroy(error));
  const records: AsyncIterable<string[]> = input.pipe(parser);
  let columns: readonly string[] | undefined;
  let row = 0;
  try {
    for await (const record of records) {
      if (columns === undefined) {
        columns = readHeader(record, required);
        continue;
      }
      row++;
      if (record.length !== columns.length) {
        throw badRow(
          row,
          `it has ${record.length} values, and the header ${columns.length} columns`,
        );
      }
      yield { row, values: toValues(columns, record) };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // the parser is ahead of this loop: its own count says how far it came, the header included
    throw parsed === 0
      ? badFile(`its header is wrong: ${plainReason(error)}`, error)
      : badRow(parsed, plainReason(error), error);
  } finally {
    input.destroy();
  }
  if (columns === undefined) throw badFile('it is empty; a header with column names is expected');
}

function isTypeLine(record: readonly string[]): boolean {
  return record[0]?.startsWith('#TYPE') === true;
}

function readHeader(record: readonly string[], required: readonly string[]): string[] {
  const columns = record.map((name) => name.trim().toLowerCase());
  const missing = required.filter((name) => !columns.includes(name.toLowerCase()));
  if (missing.length > 0) {
    throw badFile(
      `its header lacks ${missing.join(', ')}; expected are names separated by commas, in any order`,
    );
  }
  const repeated = columns.find((name, index) => columns.indexOf(name) !== index);
  if (repeated !== undefined) throw badFile(`its header has the column ${repeated} twice`);
  return columns;
}

function toValues(columns: readonly string[], record: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (const [index, column] of columns.entries()) values.set(column, record[index] ?? '');
  return values;
}

function plainReason(error: CsvError): string {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened and never closed';
  if (error.code === 'CSV_MAX_RECORD_SIZE') return 'it is longer than 4 MB; a quote may be missing';
  return 'a quote stands inside a value that is not quoted, or text follows a closing quote';
}

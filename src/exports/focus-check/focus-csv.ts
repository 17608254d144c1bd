import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { fail, type StackmeterError } from '../../kernel/index.ts';
import type { FocusTable } from '../focus/index.ts';
import { tableOf, type FocusFileOptions } from './focus-header.ts';
import type { Row } from './site.ts';

/** A file by its path, unpacked when it is packed, or its bytes, which are read once. */
export type CsvSource = string | AsyncIterable<Uint8Array>;

/** The longest row that is taken, in characters. */
const LONGEST_ROW = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * Reads CSV with a header as a table of FOCUS: an empty field is null, one that is empty between quotes an empty text.
 * Rows are read as they are asked for; a file by its path can be read again.
 *
 * @throws FocusFileInvalid when there is no such file or no header; a row that cannot be read throws it from `rows`
 */
export async function readFocusCsv(
  source: CsvSource,
  options: FocusFileOptions = {},
): Promise<FocusTable> {
  const name = typeof source === 'string' ? source : 'the file';
  const isPacked = options.isPacked ?? name.toLowerCase().endsWith('.gz');
  const first = records(source, name, isPacked);
  const header = await first.next();
  if (header.done === true) {
    throw fail('FocusFileInvalid', { file: name, reason: 'it is empty' });
  }
  const columns = header.value.map((column) => column ?? '');
  let opened: AsyncGenerator<Row> | undefined = first;
  const open = async function* (): AsyncGenerator<Row> {
    const rows = opened ?? records(source, name, isPacked);
    if (opened === undefined) await rows.next();
    opened = undefined;
    let at = 0;
    for await (const row of rows) {
      at++;
      if (row.length !== columns.length) {
        const reason = `row ${at} has ${row.length} values, and the header ${columns.length} columns: the file was cut off there, or a comma or quote is missing or too many`;
        throw fail('FocusFileInvalid', { file: name, reason });
      }
      yield row;
    }
  };
  try {
    return tableOf(name, { columns, rows: open }, options);
  } catch (error) {
    await first.return(undefined);
    throw error;
  }
}

async function* records(source: CsvSource, name: string, isPacked: boolean): AsyncGenerator<Row> {
  const input =
    typeof source === 'string'
      ? createReadStream(source, { highWaterMark: CHUNK_BYTES })
      : Readable.from(source);
  // Whoever puts everything in quotes, names of columns too, means nothing by them.
  let isAllQuoted = true;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // All that end a line, also mixed in one file: otherwise the last value of a row would keep half of one.
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: LONGEST_ROW,
    cast: (value, { quoting, records: before }) => {
      if (before === 0) isAllQuoted &&= quoting;
      return value === '' && (!quoting || isAllQuoted) ? null : value;
    },
  });
  const unpacked = isPacked ? createGunzip() : undefined;
  // pipe() does not pass errors on, and the loop below would wait for ever
  input.on('error', (error) => parser.destroy(error));
  unpacked?.on('error', (error) => parser.destroy(error));
  const rows: AsyncIterable<Row> = (unpacked === undefined ? input : input.pipe(unpacked)).pipe(
    parser,
  );
  try {
    yield* rows;
  } catch (error) {
    throw asFileError(error, name);
  } finally {
    input.destroy();
    unpacked?.destroy();
  }
}

/** csv-parse counts lines and records. */
function placeOf({ code, lines }: CsvError): string {
  return typeof lines === 'number' ? `line ${lines} (${code})` : code;
}

function asFileError(error: unknown, file: string): StackmeterError {
  const reason =
    error instanceof CsvError
      ? `it is no CSV any more at ${placeOf(error)}`
      : error instanceof Error
        ? error.message
        : String(error);
  return fail('FocusFileInvalid', { file, reason }, { cause: error });
}

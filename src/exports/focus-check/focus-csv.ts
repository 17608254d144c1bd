import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { fail, type StackmeterError } from '../../kernel/index.ts';
import {
  focusColumns,
  type FocusDataset,
  type FocusTable,
  type FocusVersion,
} from '../focus/index.ts';
import type { Row } from './site.ts';

/** A file by its path, unpacked when its name ends in `.gz`, or its bytes, which are read once. */
export type CsvSource = string | AsyncIterable<Uint8Array>;

export interface FocusCsvOptions {
  /** what it is; seen from its columns when left out */
  readonly version?: FocusVersion;
  readonly dataset?: FocusDataset;
}

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
  options: FocusCsvOptions = {},
): Promise<FocusTable> {
  const name = typeof source === 'string' ? source : 'the file';
  const first = records(source, name);
  const header = await first.next();
  if (header.done === true) {
    throw fail('FocusFileInvalid', { file: name, reason: 'it is empty' });
  }
  const columns = header.value.map((column) => column ?? '');
  const twice = columns.find((column, index) => columns.indexOf(column) !== index);
  if (twice !== undefined || columns.includes('')) {
    await first.return(undefined);
    const reason =
      twice === undefined ? 'a column has no name' : `its header has the column ${twice} twice`;
    throw fail('FocusFileInvalid', { file: name, reason });
  }
  const dataset = options.dataset ?? datasetOf(columns);
  const version = options.version ?? versionOf(columns, dataset);
  let opened: AsyncGenerator<Row> | undefined = first;
  const open = async function* (): AsyncGenerator<Row> {
    const rows = opened ?? records(source, name);
    if (opened === undefined) await rows.next();
    opened = undefined;
    let at = 0;
    for await (const row of rows) {
      at++;
      if (row.length !== columns.length) {
        const reason = `row ${at} has ${row.length} values, and the header ${columns.length} columns`;
        throw fail('FocusFileInvalid', { file: name, reason });
      }
      yield row;
    }
  };
  return { version, dataset, columns, rows: open };
}

async function* records(source: CsvSource, name: string): AsyncGenerator<Row> {
  const input =
    typeof source === 'string'
      ? createReadStream(source, { highWaterMark: CHUNK_BYTES })
      : Readable.from(source);
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
    cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
  });
  const unpacked =
    typeof source === 'string' && source.endsWith('.gz') ? createGunzip() : undefined;
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

/** The dataset that has most of its own columns in the header. */
function datasetOf(columns: readonly string[]): FocusDataset {
  if (columns.includes('BillingPeriodStatus')) return 'BillingPeriod';
  const isInvoice = columns.some((column) =>
    /^InvoiceDetail(?:Grain|Created)$|^InvoiceIssueStatus$/.test(column),
  );
  return isInvoice ? 'InvoiceDetail' : 'CostAndUsage';
}

/** A file of 1.2 has the columns that left after it, and none of those that came. */
function versionOf(columns: readonly string[], dataset: FocusDataset): FocusVersion {
  if (dataset !== 'CostAndUsage') return '1.4';
  const named = (version: FocusVersion): Set<string> =>
    new Set(focusColumns[version].CostAndUsage.map(({ name }) => name));
  const [older, newer] = [named('1.2'), named('1.4')];
  const left = columns.some((column) => older.has(column) && !newer.has(column));
  const came = columns.some((column) => newer.has(column) && !older.has(column));
  return left && !came ? '1.2' : '1.4';
}

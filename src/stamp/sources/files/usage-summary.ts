import { parseExactJson } from '../../../kernel/index.ts';
import { readCsvRows } from './csv-rows.ts';
import {
  isJsonObject,
  keptText,
  makeImportRow,
  optionalText,
  readText,
  valuesOf,
  type ImportRow,
  type Values,
} from './import-row.ts';
import { splitJsonRows } from './json-rows.ts';
import { badFile, badRow, readText as readFileText, type ImportSource } from './text.ts';

const COLUMNS = {
  usageStart: 'UsageStartTime',
  usageEnd: 'UsageEndTime',
  subscription: 'subscription',
  meterId: 'MeterId',
  quantity: 'Quantity',
} as const;

/** Columns without which a row cannot be told from others; the rest of the script's columns may be missing. */
const REQUIRED = [...Object.values(COLUMNS), 'resourceUri', 'location', 'tags', 'additionalInfo'];

/**
 * Reads a usage summary, as the export scripts for Azure Stack write it: CSV with a header, or JSON (a list of rows, or an
 * object with a list `rows` or `value`). Columns are found by name without case; columns of no use here are passed over,
 * as are those that repeat parts of the resource URI.
 *
 * Holds one row at a time, so the size of the file does not matter.
 *
 * @throws StackmeterError ImportFormat naming row, column and what is expected there
 */
export async function* readUsageSummary(source: ImportSource): AsyncGenerator<ImportRow> {
  const { isJson, pieces } = await lookAtStart(readFileText(source));
  let last = 0;
  if (isJson) {
    for await (const text of splitJsonRows(pieces)) yield fromJson(++last, text);
  } else {
    for await (const { row, values } of readCsvRows(pieces, REQUIRED)) {
      last = row;
      yield fromValues(row, (column) => values.get(column.toLowerCase()));
    }
  }
  if (last === 0) throw badFile('it has no rows');
}

/** JSON begins with a bracket or brace, CSV with a name. */
async function lookAtStart(
  text: AsyncGenerator<string>,
): Promise<{ isJson: boolean; pieces: AsyncIterable<string> }> {
  let start = '';
  for (;;) {
    const next = await text.next();
    if (next.done === true) break;
    start += next.value;
    if (start.trimStart() !== '') break;
  }
  return { isJson: /^\s*[[{]/.test(start), pieces: prepend(start, text) };
}

async function* prepend(start: string, rest: AsyncIterable<string>): AsyncGenerator<string> {
  yield start;
  yield* rest;
}

function fromJson(row: number, text: string): ImportRow {
  const value = parseRow(row, text);
  return fromValues(row, valuesOf(value));
}

/** The object that the text of a row holds. */
export function parseRow(row: number, text: string): Parameters<typeof valuesOf>[0] {
  let value;
  try {
    value = parseExactJson(text);
  } catch (error) {
    throw badRow(row, 'it is not valid JSON', error);
  }
  if (!isJsonObject(value)) throw badRow(row, 'it is not a JSON object');
  return value;
}

function fromValues(row: number, values: Values): ImportRow {
  const instance = {
    resourceUri: readText(row, values, 'resourceUri'),
    location: keptText(values('location')),
    tags: keptText(values('tags')),
    additionalInfo: keptText(values('additionalInfo')),
  };
  return makeImportRow(row, values, COLUMNS, instance, 'resourceUri', {
    owner: optionalText(values, 'subowner'),
    meterName: optionalText(values, 'MeterName'),
  });
}

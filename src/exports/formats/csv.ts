import type { TableColumn, TableRow } from './column.ts';

const NEEDS_QUOTES = /[",\r\n]/;
/** Blanks at the ends are kept by no reader for sure unless there are quotes around. */
const HAS_BLANK_END = /^\s|\s$/;

/** A field after RFC 4180. No value is an empty field; a text without letters is a pair of quotes. */
export function csvField(value: string | null): string {
  if (value === null) return '';
  if (value !== '' && !NEEDS_QUOTES.test(value) && !HAS_BLANK_END.test(value)) return value;
  return `"${value.replaceAll('"', '""')}"`;
}

export function csvLine(row: TableRow): string {
  let line = '';
  for (const [at, value] of row.entries())
    line += at === 0 ? csvField(value) : `,${csvField(value)}`;
  return `${line}\r\n`;
}

export function csvHeader(columns: readonly TableColumn[]): string {
  return csvLine(columns.map(({ name }) => name));
}

/** A line as the export scripts write it: every field in quotes. */
export function quotedLine(row: TableRow): string {
  return `${row.map((value) => `"${(value ?? '').replaceAll('"', '""')}"`).join(',')}\r\n`;
}

import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Where a command writes: what was asked for to `out`, everything else to `err`. */
export interface Output {
  readonly out: Writable;
  readonly err: Writable;
  /** whether `err` is a screen, on which a line can be rewritten */
  readonly isScreen: boolean;
}

export const standardOutput: Output = {
  out: process.stdout,
  err: process.stderr,
  isScreen: process.stderr.isTTY,
};

/**
 * Writes and, when the reader is slower than we are, waits until there is room again.
 * @throws the error of the stream, also one that came between two writes
 */
export async function write(stream: Writable, text: string): Promise<void> {
  if (stream.errored !== null) throw stream.errored;
  if (!stream.write(text)) await once(stream, 'drain');
}

/** JSON in the form that people can read too. Whole numbers of the database are written as numbers. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, plain, 2)}\n`;
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  // A count; one that JSON readers would round is given as text.
  const count = Number.parseInt(String(value), 10);
  return Number.isSafeInteger(count) ? count : String(value);
}

/** Columns under their headings, as wide as their widest cell; numbers to the right. */
export function toTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), heading.length),
  );
  const toRight = headings.map(
    (_, column) =>
      rows.some((row) => (row[column] ?? '') !== '') &&
      rows.every((row) => /^(?:-?[0-9.]+)?$/.test(row[column] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        toRight[column] === true ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  return `${[headings, ...rows].map(line).join('\n')}\n`;
}

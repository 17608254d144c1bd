import type { Cell, PageOfRows } from './page.ts';

/** How an answer is written. */
export interface WireForm {
  /** Decimals as texts, for readers whose numbers are binary (OData JSON 4.01: IEEE754Compatible). */
  readonly decimalsAsText: boolean;
  /** Whether the answer says what it is. */
  readonly metadata: 'none' | 'minimal';
}

/**
 * The rows as JSON objects with commas between them. Written by hand, because a decimal of any length is a JSON number,
 * which JSON.stringify cannot write.
 */
export function rowsText({ rows, properties }: PageOfRows, form: WireForm): string {
  const names = properties.map(({ name }) => `${JSON.stringify(name)}:`);
  const isNumber = properties.map(({ type }) => type === 'Edm.Decimal' && !form.decimalsAsText);
  return rows
    .map((row) => {
      const cells = row.map(
        (cell, at) => (names[at] ?? '') + cellText(cell, isNumber[at] === true),
      );
      return `{${cells.join(',')}}`;
    })
    .join(',');
}

function cellText(cell: Cell, isNumber: boolean): string {
  // What PostgreSQL writes of a numeric is a JSON number, but for what no column here holds: NaN and infinity.
  return isNumber && typeof cell === 'string' ? cell : JSON.stringify(cell);
}

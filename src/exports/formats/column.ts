/** What a value of a column is; all come as text, as CSV has them. */
export type ColumnType = 'String' | 'Decimal' | 'DateTime' | 'Json';

export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Digits after the point that a decimal has at most; 16 unless given. */
  readonly scale?: number | undefined;
  /** Typed in by people: in CSV nothing that a spreadsheet takes for a formula. Not for what machines compare. */
  readonly isTyped?: true;
}

/** A row by column; null where there is no value. */
export type TableRow = readonly (string | null)[];

/** Digits of a decimal in all, the most that readers of Parquet take. */
export const PRECISION = 38;

const COST_SCALE = 24;
const OTHER_SCALE = 16;

/** Costs are products of a price and a quantity, and need the digits of both. */
export function scaleOf({ name, scale }: TableColumn): number {
  return scale ?? (name.endsWith('Cost') ? COST_SCALE : OTHER_SCALE);
}

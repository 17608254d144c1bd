import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import type { TableColumn, TableRow } from './column.ts';
import type { WrittenTable } from './write-table.ts';

export const COLUMNS: readonly TableColumn[] = [
  { name: 'BilledCost', type: 'Decimal' },
  { name: 'PricingQuantity', type: 'Decimal' },
  { name: 'ChargePeriodStart', type: 'DateTime' },
  { name: 'ResourceName', type: 'String' },
  { name: 'Tags', type: 'Json' },
];

export const ROWS: readonly TableRow[] = [
  ['-12.000000000000000000000001', '0.0000000000000001', '2026-10-01T00:00:00Z', 'plain', null],
  ['0', null, '1969-12-31T23:59:59Z', 'quote " comma , line\r\nend', '{"a":"b"}'],
  ['99999999999999.9', '-1', null, '', '{"ä":"\\"","n":null}'],
  [null, '24', '2026-10-31T23:00:00Z', null, null],
  ['0.1', '3', '2028-02-29T12:34:56Z', ' blank ends ', '{}'],
];

export function tableOf(
  rows: Iterable<TableRow> | AsyncIterable<TableRow> = ROWS,
  columns: readonly TableColumn[] = COLUMNS,
): WrittenTable {
  return {
    columns,
    rows: async function* inOrder() {
      yield* rows;
    },
  };
}

/** A folder that is gone after the last test. */
export function withFolder(): { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'stackmeter-exports-'));
  after(() => rmSync(path, { recursive: true, force: true }));
  return { path };
}

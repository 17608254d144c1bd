import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { TableRow } from './column.ts';
import { csvLine } from './csv.ts';
import { folderDestination } from './folder.ts';
import { COLUMNS, ROWS, tableOf, withFolder } from './test-tables.ts';
import {
  writeTable,
  type ExportFormat,
  type WrittenFile,
  type WrittenTable,
} from './write-table.ts';

const folder = withFolder();

async function writeFile(
  format: ExportFormat,
  name: string,
  table: WrittenTable = tableOf(),
): Promise<WrittenFile> {
  const file = await folderDestination(folder.path, '').create(name);
  const written = await writeTable(format, table, file);
  await file.commit();
  return written;
}

/** What DuckDB reads, all values as text in the form that CSV has them. */
async function readParquet(name: string): Promise<(string | null)[][]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`set timezone = 'UTC'`);
    const reader = await connection.runAndReadAll(
      `select BilledCost::varchar, PricingQuantity::varchar,
              strftime(ChargePeriodStart, '%Y-%m-%dT%H:%M:%SZ'), ResourceName, Tags
       from read_parquet('${join(folder.path, name)}')`,
    );
    return reader
      .getRows()
      .map((row) => row.map((value) => (value === null ? null : String(value))));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Without zeros at the end, which a column of fixed digits has. */
function shortened(row: TableRow): TableRow {
  return row.map((value, at) =>
    value !== null && COLUMNS[at]?.type === 'Decimal' && value.includes('.')
      ? value.replace(/\.?0+$/, '')
      : value,
  );
}

describe('a table', () => {
  it('comes out of Parquet row by row as it went into CSV', async () => {
    await writeFile('csv', 'rows.csv');
    await writeFile('parquet', 'rows.parquet');
    const read = await readParquet('rows.parquet');
    assert.deepEqual(read.map(shortened), ROWS);
    const lines: string[][] = parse(readFileSync(join(folder.path, 'rows.csv')), {
      record_delimiter: '\r\n',
    });
    assert.deepEqual(
      lines[0],
      COLUMNS.map(({ name }) => name),
    );
    assert.deepEqual(
      lines.slice(1),
      ROWS.map((row) => row.map((value) => value ?? '')),
    );
  });

  it('has columns of exact decimals, times and texts in Parquet', async () => {
    await writeFile('parquet', 'typed.parquet');
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(
      `describe select * from read_parquet('${join(folder.path, 'typed.parquet')}')`,
    );
    assert.deepEqual(
      reader.getRows().map(([name, type]) => `${String(name)} ${String(type)}`),
      [
        'BilledCost DECIMAL(38,24)',
        'PricingQuantity DECIMAL(38,16)',
        'ChargePeriodStart TIMESTAMP WITH TIME ZONE',
        'ResourceName VARCHAR',
        'Tags VARCHAR',
      ],
    );
    connection.closeSync();
    instance.closeSync();
  });

  it('is the same text compressed, and says what was written', async () => {
    const plain = await writeFile('csv', 'same.csv');
    const zipped = await writeFile('csv.gz', 'same.csv.gz');
    const bytes = readFileSync(join(folder.path, 'same.csv.gz'));
    assert.deepEqual(gunzipSync(bytes), readFileSync(join(folder.path, 'same.csv')));
    assert.equal(zipped.sha256, createHash('sha256').update(bytes).digest('hex'));
    assert.deepEqual([zipped.rows, zipped.bytes], [ROWS.length, bytes.length]);
    assert.equal(plain.rows, ROWS.length);
    const again = await writeFile('csv.gz', 'again.csv.gz');
    assert.equal(again.sha256, zipped.sha256);
  });

  it('is an object a line in NDJSON, decimals as texts', async () => {
    await writeFile('ndjson', 'rows.ndjson');
    const lines = readFileSync(join(folder.path, 'rows.ndjson'), 'utf8').trim().split('\n');
    const [, second] = lines.map((line): unknown => JSON.parse(line));
    assert.deepEqual(second, {
      BilledCost: '0',
      ChargePeriodStart: '1969-12-31T23:59:59Z',
      ResourceName: 'quote " comma , line\r\nend',
      Tags: { a: 'b' },
    });
  });

  it('is refused by Parquet rather than rounded', async () => {
    for (const [cost, quantity] of [
      ['0.0000000000000000000000001', '1'],
      ['100000000000000', '1'],
      ['1', '0.12345678901234567'],
    ]) {
      const rows: TableRow[] = [[cost ?? null, quantity ?? null, null, null, null]];
      const sink = { write: () => Promise.resolve() };
      await assert.rejects(writeTable('parquet', tableOf(rows), sink), {
        code: 'ExportNumberTooLong',
      });
      assert.equal((await writeTable('csv', tableOf(rows), sink)).rows, 1);
    }
  });

  it('has no formula in CSV where people typed, and all else as it is', async () => {
    const columns = [
      { name: 'Amount', type: 'Decimal' },
      { name: 'CustomerName', type: 'String', isTyped: true },
      { name: 'Tags', type: 'String' },
    ] as const;
    const rows: TableRow[] = [
      ['-1', '=HYPERLINK("http://evil")', '=1'],
      ['2', null, '-'],
      ['3', 'Atlas', null],
    ];
    await writeFile('csv', 'typed.csv', tableOf(rows, columns));
    const lines: string[][] = parse(readFileSync(join(folder.path, 'typed.csv')));
    assert.deepEqual(lines.slice(1), [
      ['-1', `'=HYPERLINK("http://evil")`, '=1'],
      ['2', '', '-'],
      ['3', 'Atlas', ''],
    ]);
    await writeFile('ndjson', 'typed.ndjson', tableOf(rows, columns));
    assert.match(readFileSync(join(folder.path, 'typed.ndjson'), 'utf8'), /"=HYPERLINK/);
  });

  it('without rows has its columns', async () => {
    await writeFile('parquet', 'none.parquet', tableOf([]));
    assert.deepEqual(await readParquet('none.parquet'), []);
  });

  it('reads back as it was, whatever the texts', async () => {
    const field = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: null });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(field, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 20 }),
        (rows) => {
          const text = `a,b,c\r\n${rows.map((row) => csvLine(row)).join('')}`;
          const read: string[][] = parse(text, { record_delimiter: '\r\n' });
          assert.deepEqual(
            read.slice(1),
            rows.map((row) => row.map((value) => value ?? '')),
          );
          return Promise.resolve();
        },
      ),
    );
  });
});

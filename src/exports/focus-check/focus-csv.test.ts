import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { FocusTable } from '../focus/index.ts';
import { checkFocus } from './check-focus.ts';
import { readFocusCsv } from './focus-csv.ts';
import { tablesOf, validDelivery } from './test-delivery.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focus-csv-'));
});
after(() => rm(folder, { recursive: true }));

const rowsOf = (table: FocusTable): Promise<unknown[]> => Array.fromAsync(table.rows());

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** As RFC 4180 has it; null is a field with nothing in it. */
async function csvOf(table: FocusTable): Promise<string> {
  const line = (values: readonly (string | null)[]): string =>
    values
      .map((value) =>
        value === null
          ? ''
          : /[",\r\n]/.test(value) || value === ''
            ? `"${value.replaceAll('"', '""')}"`
            : value,
      )
      .join(',');
  const rows = await Array.fromAsync(table.rows());
  return [table.columns, ...rows].map(line).join('\r\n');
}

describe('a CSV file', () => {
  it('gives the rows that were written, whichever dataset and version', async () => {
    for (const version of ['1.2', '1.4'] as const) {
      for (const table of tablesOf(validDelivery(version))) {
        const path = await file('table.csv', await csvOf(table));
        const read = await readFocusCsv(path);
        assert.deepEqual(
          { version: read.version, dataset: read.dataset, columns: read.columns },
          { version, dataset: table.dataset, columns: table.columns },
        );
        const rows = await rowsOf(table);
        assert.deepEqual(await rowsOf(read), rows);
        assert.deepEqual(await rowsOf(read), rows, 'read again');
      }
    }
  });

  it('is unpacked when it is packed, and may begin with a mark', async () => {
    const path = await file('packed.csv.gz', gzipSync('\ufeffBilledCost,x_Own\n1,2\n'));
    const table = await readFocusCsv(path);
    assert.deepEqual(table.columns, ['BilledCost', 'x_Own']);
    assert.deepEqual(await rowsOf(table), [['1', '2']]);
  });

  it('tells nothing from an empty text', async () => {
    const path = await file('empty.csv', 'BilledCost,Tags\n,""\n"a ""b"",\nc",\n');
    assert.deepEqual(await rowsOf(await readFocusCsv(path)), [
      [null, ''],
      ['a "b",\nc', null],
    ]);
  });

  it('has null between quotes too where everything is quoted', async () => {
    const path = await file('quoted.csv', '"BilledCost","Tags"\n"","{}"\n"1",""\n');
    assert.deepEqual(await rowsOf(await readFocusCsv(path)), [
      [null, '{}'],
      ['1', null],
    ]);
  });

  it('may end its lines in several ways', async () => {
    const path = await file('lines.csv', 'BilledCost,Tags\n1,a\r\n2,b\n3,"c\r\nd"\r\n');
    assert.deepEqual(await rowsOf(await readFocusCsv(path)), [
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'c\r\nd'],
    ]);
  });

  it('is read from a stream once', async () => {
    const pieces = ['Billed', 'Cost\n1', '2\n3\n'].map((text) => Buffer.from(text));
    const table = await readFocusCsv(stream(pieces));
    assert.deepEqual(await rowsOf(table), [['12'], ['3']]);
  });

  it('is refused with what is wrong', async () => {
    const refusal = (content: string | Uint8Array, name = 'bad.csv') =>
      file(name, content).then(readFocusCsv).then(rowsOf);
    await assert.rejects(refusal(''), /it is empty/);
    await assert.rejects(refusal('a,a\n1,2\n'), /the column a twice/);
    await assert.rejects(refusal('a,\n1,2\n'), /column 2 of its header has no name/);
    await assert.rejects(refusal('a,b\n1,2\n1\n'), /row 2 has 1 values, and the header 2 columns/);
    await assert.rejects(refusal('a,b\n"1,2\n'), /CSV_QUOTE_NOT_CLOSED/);
    await assert.rejects(refusal('no gzip', 'bad.csv.gz'), /cannot be read as a FOCUS file/);
    await assert.rejects(readFocusCsv(join(folder, 'none.csv')), /ENOENT/);
  });

  it('can be checked', async () => {
    const tables = tablesOf(validDelivery('1.4'));
    const paths = await Promise.all(
      tables.map(async (table, at) => file(`part-${at}.csv`, await csvOf(table))),
    );
    const read = await Promise.all(paths.map((path) => readFocusCsv(path)));
    const report = await checkFocus(read);
    assert.deepEqual(report.findings, []);
    assert.deepEqual(report, await checkFocus(tables));
  });
});

async function* stream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield* pieces;
}

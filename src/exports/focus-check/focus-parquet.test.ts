import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { focusColumns, type FocusTable } from '../focus/index.ts';
import { folderDestination, writeTable } from '../formats/index.ts';
import { checkFocus } from './check-focus.ts';
import { readFocusParquet } from './focus-parquet.ts';
import { allKnown, tablesOf, validDelivery } from './test-delivery.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focus-parquet-'));
});
after(() => rm(folder, { recursive: true }));

/** As an export writes it. */
async function written(table: FocusTable, name: string): Promise<string> {
  const types = new Map(focusColumns[table.version][table.dataset].map((one) => [one.name, one]));
  const columns = table.columns.map(
    (column) => types.get(column) ?? { name: column, type: 'String' as const },
  );
  const file = await folderDestination(folder, '').create(name);
  await writeTable('parquet', { columns, rows: () => table.rows() }, file);
  await file.commit();
  return join(folder, name);
}

/** As somebody else writes it. */
async function ofDuckDb(select: string, name: string, codec = 'snappy'): Promise<string> {
  const path = join(folder, name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(`set timezone = 'UTC'`);
    await connection.run(`copy (${select}) to '${path}' (format parquet, compression ${codec})`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  return path;
}

const rowsOf = (table: FocusTable): Promise<unknown[]> => Array.fromAsync(table.rows());

describe('a Parquet file', () => {
  it('of an export comes to the same report as its rows, whichever version', async () => {
    for (const version of ['1.2', '1.4'] as const) {
      const tables = tablesOf(validDelivery(version));
      const read: FocusTable[] = [];
      for (const [at, table] of tables.entries()) {
        read.push(await readFocusParquet(await written(table, `${version}-${at}.parquet`)));
      }
      assert.deepEqual(
        read.map((table) => [table.version, table.dataset, table.columns]),
        tables.map((table) => [table.version, table.dataset, table.columns]),
      );
      assert.deepEqual(await rowsOf(read[0]!), await rowsOf(tables[0]!));
      assert.deepEqual(
        await checkFocus(read, allKnown(version)),
        await checkFocus(tables, allKnown(version)),
      );
    }
  });

  it('of others has all digits, whatever its types and however it is packed', async () => {
    const select = `select 12345678901234567890.123456789012345678::decimal(38,18) as BilledCost,
        '-0.07'::decimal(4,2) as ListCost, 0.1::double as EffectiveCost, 1e-9::double as ContractedCost,
        24 as PricingQuantity, timestamptz '2026-10-01 00:00:00Z' as ChargePeriodStart,
        timestamp '2026-10-01 00:00:00.000001' as ChargePeriodEnd, date '2026-10-01' as BillingPeriodStart,
        map {'env': 'prod'} as Tags, 'ä' as RegionName, null::varchar as RegionId, '' as ResourceName`;
    for (const codec of ['snappy', 'gzip', 'zstd', 'brotli', 'uncompressed']) {
      const table = await readFocusParquet(await ofDuckDb(select, `${codec}.parquet`, codec));
      assert.deepEqual(await rowsOf(table), [
        [
          '12345678901234567890.123456789012345678',
          '-0.07',
          '0.1',
          '0.000000001',
          '24',
          '2026-10-01T00:00:00Z',
          '2026-10-01T00:00:00.000001Z',
          '2026-10-01',
          '{"env":"prod"}',
          'ä',
          null,
          '',
        ],
      ]);
    }
  });

  it('is read group by group', async () => {
    const select = `select i::decimal(18,2) as BilledCost, 'r' || i as ResourceId from range(300000) t(i)`;
    const table = await readFocusParquet(await ofDuckDb(select, 'groups.parquet'));
    let count = 0;
    for await (const row of table.rows()) {
      assert.ok(row[1] === `r${count}` && row[0] === String(count), `row ${count}`);
      count++;
    }
    assert.equal(count, 300000);
  });

  it('is refused when it is damaged', async () => {
    const whole = await readFile(
      await written(tablesOf(validDelivery('1.4'))[0]!, 'whole.parquet'),
    );
    const refusal = async (bytes: Uint8Array): Promise<void> => {
      const path = join(folder, 'bad.parquet');
      await writeFile(path, bytes);
      await rowsOf(await readFocusParquet(path, {}, 5000));
    };
    const refused = { code: 'FocusFileInvalid', message: /is no Parquet that is whole/ };
    await assert.rejects(refusal(whole.subarray(0, whole.length / 2)), refused);
    await assert.rejects(refusal(new Uint8Array()), refused);
    await assert.rejects(refusal(Buffer.from('PAR1')), refused);
    await assert.rejects(refusal(whole.with(0, 0)), /does not begin with PAR1/);
    const holed = Buffer.from(whole);
    holed.fill(0xff, 4, 400);
    await assert.rejects(refusal(holed), { code: 'FocusFileInvalid', message: /group of rows 1/ });
    await assert.rejects(readFocusParquet(join(folder, 'none.parquet')), /ENOENT/);
  });

  it('is refused when decoding it does not come to an end', async () => {
    const path = await written(tablesOf(validDelivery('1.4'))[0]!, 'slow.parquet');
    await assert.rejects(readFocusParquet(path, {}, 1), {
      code: 'FocusFileInvalid',
      message: /it was not decoded within 1 seconds/,
    });
  });
});

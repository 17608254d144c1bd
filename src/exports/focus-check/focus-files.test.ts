import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { checkFocus } from './check-focus.ts';
import { readFocusFiles } from './focus-files.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'focus-files-'));
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

const found = async (...paths: string[]): Promise<string[]> => {
  const { tables } = await readFocusFiles(paths, undefined);
  return tables.map(({ dataset, source }) => `${dataset} ${source?.slice(folder.length + 1)}`);
};

const costs = 'BilledCost,InvoiceId,x_Own\n1,A,b\n';
const lines = 'BilledCost,InvoiceId,InvoiceDetailGrain\n1,A,{}\n';

describe('files of a delivery', () => {
  it('are all that are below a folder, but for what is hidden or no table', async () => {
    await file('all/one/CostAndUsage-1.csv', costs);
    await file('all/one/CostAndUsage-2.CSV.GZ', gzipSync(costs));
    await file('all/InvoiceDetail.csv', lines);
    await file('all/.CostAndUsage.partial.csv', 'x');
    await file('all/readme.txt', 'x');
    assert.deepEqual(await found(join(folder, 'all')), [
      'InvoiceDetail all/InvoiceDetail.csv',
      'CostAndUsage all/one/CostAndUsage-1.csv',
      'CostAndUsage all/one/CostAndUsage-2.CSV.GZ',
    ]);
    await mkdir(join(folder, 'empty'));
    await assert.rejects(found(join(folder, 'empty')), /no CSV or Parquet file in it/);
    await assert.rejects(found(join(folder, 'nowhere')), { code: 'FocusFileInvalid' });
  });

  it('are told by their content, whatever they are called', async () => {
    const packed = await file('costs.csv', gzipSync(costs));
    assert.deepEqual(await found(packed), ['CostAndUsage costs.csv']);
    await assert.rejects(found(await file('a.csv', '[{"BilledCost":1}]')), /begins like JSON/);
    await assert.rejects(found(await file('b.csv', 'PK\u0003\u0004..')), /packed as ZIP/);
    await assert.rejects(found(await file('c.parquet', costs)), /does not begin with PAR1/);
    await assert.rejects(
      found(await file('d.csv', 'BilledCost;Tags\n1;2\n')),
      /not divided by commas/,
    );
  });

  it('are of the dataset of which they have most columns', async () => {
    const periods = 'BillingPeriodCreated,BillingPeriodEnd,BillingPeriodLastUpdated\n';
    const details = 'BilledCost,ChargeCategory,InvoiceIssueDate,PaymentDueDate,PaymentTerms\n';
    assert.deepEqual(await found(await file('p.csv', periods), await file('i.csv', details)), [
      'BillingPeriod p.csv',
      'InvoiceDetail i.csv',
    ]);
  });

  it('may have their columns in another order than the part before, and no others', async () => {
    const first = await file('part1.csv', costs);
    const second = await file('part2.csv', 'x_Own,BilledCost,InvoiceId\nc,2,B\n');
    const { tables } = await readFocusFiles([first, second], undefined);
    assert.deepEqual(await Array.fromAsync(tables[1]!.rows()), [['2', 'B', 'c']]);
    const other = await file('part3.csv', 'BilledCost,x_Own,Tags\n1,2,3\n');
    await assert.rejects(found(first, other), /it lacks InvoiceId and it has Tags besides/);
  });

  it('are named with the row of the file in what is found', async () => {
    const bad = await file('bad2.csv', 'BilledCost,InvoiceId,x_Own\n2,B,c\ntwo,B,d\n');
    const { tables } = await readFocusFiles([await file('good1.csv', costs), bad], undefined);
    const { findings } = await checkFocus(tables);
    const finding = findings.find(({ ruleId }) => ruleId === 'CAU-BilledCost-C-001-M');
    assert.deepEqual(finding?.examples, [{ file: bad, row: 2, value: 'two' }]);
    assert.equal(finding.column, 'BilledCost');
    assert.match(finding.advice, /^Give the value in that form/);
  });
});

describe('files beside a manifest', () => {
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

  async function delivered(name: string, content = costs): Promise<string> {
    const path = '202610-1/v000002/CostAndUsage-00001.csv';
    const manifest = {
      manifestVersion: 1,
      files: [
        { path, table: 'CostAndUsage', sha256: sha256(costs) },
        { path: '202610-1/v000002/conformance-report.json', sha256: sha256('{}') },
      ],
      invoices: [{ InvoiceId: 'A', BilledCost: '1' }],
    };
    await file(`${name}/202610-1/manifest.json`, JSON.stringify(manifest));
    await file(`${name}/202610-1/v000002/conformance-report.json`, '{}');
    await file(`${name}/202610-1/v000001/CostAndUsage-00001.csv`, 'of,before\n');
    return file(`${name}/${path}`, content);
  }

  it('are those that it names, with what it says of invoices, wherever the folder begins', async () => {
    const path = await delivered('good');
    for (const place of ['good', 'good/202610-1']) {
      const { tables, invoices, faults } = await readFocusFiles([join(folder, place)], undefined);
      assert.deepEqual(faults, []);
      assert.deepEqual(
        tables.map(({ source }) => source),
        [path],
      );
      assert.equal(invoices?.get('A')?.payableAmount.toText(), '1');
    }
  });

  it('are told when they are missing or were changed', async () => {
    await delivered('changed', costs.replace('1', '2'));
    await rm(join(folder, 'changed/202610-1/v000002/conformance-report.json'));
    const { tables, invoices, faults } = await readFocusFiles([join(folder, 'changed')], undefined);
    const report = await checkFocus(tables, { invoices: invoices!, fileFaults: faults });
    const [finding] = report.findings;
    assert.equal(finding?.ruleId, 'SM-DLV-01');
    assert.equal(report.conforms, false);
    assert.deepEqual(
      finding.examples.map(({ value }) => value?.replaceAll(/[0-9a-f]{64}/g, 'x')),
      [
        'its SHA-256 is x, and x in its manifest: it was changed or damaged after it had been written',
        'its manifest names it, and it is not there',
      ],
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StackmeterError } from '../../../kernel/index.ts';
import { readAzureRows } from './azure-rows.ts';
import type { ImportRow } from './import-row.ts';

const SUBSCRIPTION = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f60';
const instance = {
  resourceUri: `/subscriptions/${SUBSCRIPTION}/resourceGroups/web-rg/providers/Microsoft.Compute/virtualMachines/web01`,
  location: 'local',
  tags: 'null',
  additionalInfo: '{"ServiceType":"Standard_A2","ImageType":null}',
};
const properties = {
  subscriptionId: SUBSCRIPTION,
  usageStartTime: '2018-06-01T10:00:00+00:00',
  usageEndTime: '2018-06-01T11:00:00+00:00',
  instanceData: dataOf(instance),
  quantity: 1.25,
  meterId: '6dab500f-a4fd-49c4-956d-229bb9c8c793',
};
const row = { id: 'x', name: 'y', type: 'Microsoft.Commerce/UsageAggregate', properties };

function dataOf(value: unknown): string {
  return JSON.stringify({ 'Microsoft.Resources': value });
}

async function read(text: string): Promise<ImportRow[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  return Array.fromAsync(readAzureRows(bytes()));
}

async function only(value: unknown): Promise<ImportRow> {
  const [found, ...more] = await read(JSON.stringify([value]));
  assert.ok(found && more.length === 0);
  return found;
}

const withInstance = (value: unknown): unknown => ({
  ...row,
  properties: { ...properties, instanceData: dataOf(value) },
});

describe('rows of the usage interfaces', () => {
  it('are read from a page, pages, a list, and one after another', async () => {
    const one = JSON.stringify(row);
    const page = `{"value":[${one},${one}],"nextLink":"https://next"}`;
    for (const [text, count] of [
      [page, 2],
      [`[${page},${page}]`, 4],
      [`[${one}]`, 1],
      [`${one}\n${one}\n${one}\n`, 3],
      [`${page}\n${page}`, 4],
    ] as const) {
      const rows = await read(text);
      assert.deepEqual(
        rows.map((each) => each.row),
        Array.from({ length: count }, (_, index) => index + 1),
      );
      for (const found of rows) {
        assert.equal(found.granularity, 'Hourly');
        assert.equal(found.subscriptionId, SUBSCRIPTION);
        assert.equal(found.quantity, '1.25');
        assert.equal(found.resourceUri, instance.resourceUri);
        assert.equal(found.location, 'local');
        assert.equal(found.tags, 'null');
        assert.equal(found.additionalInfo, instance.additionalInfo);
        assert.equal(found.owner, undefined);
      }
    }
  });

  it('are read flat and in capitals, as PowerShell prints them', async () => {
    const flat = Object.entries(properties).map(([key, value]) => [
      key[0]?.toUpperCase() + key.slice(1),
      value,
    ]);
    const found = await only(Object.fromEntries(flat));
    assert.equal(found.quantity, '1.25');
    assert.equal(found.tags, 'null');
  });

  it('take tags and additionalInfo as text, the word null, nothing, JSON null and an object', async () => {
    const forms: [unknown, string][] = [
      ['', ''],
      ['null', 'null'],
      ['{"a": 1}', '{"a": 1}'],
      ['InUse', 'InUse'],
      [null, ''],
      [undefined, ''],
      [{ env: 'prod' }, '{"env":"prod"}'],
    ];
    for (const [value, text] of forms) {
      const found = await only(withInstance({ ...instance, tags: value, additionalInfo: value }));
      assert.equal(found.tags, text);
      assert.equal(found.additionalInfo, text);
    }
  });

  it('take instanceData that is an object already', async () => {
    const data = { 'Microsoft.Resources': instance };
    const found = await only({ ...row, properties: { ...properties, instanceData: data } });
    assert.equal(found.resourceUri, instance.resourceUri);
  });

  it('keep every digit', async () => {
    const text = JSON.stringify(row).replace('1.25', '0.0013440860215053765123');
    assert.equal((await read(text))[0]?.quantity, '0.0013440860215053765123');
  });

  it('are refused with the row, the column and what is expected there', async () => {
    const refused = async (value: unknown, pattern: RegExp): Promise<void> => {
      await assert.rejects(read(JSON.stringify([row, value])), (error) => {
        assert.ok(error instanceof StackmeterError && error.code === 'ImportFormat');
        assert.match(error.message, pattern);
        return true;
      });
    };
    const changed = (change: object): unknown => ({
      ...row,
      properties: { ...properties, ...change },
    });
    await refused(changed({ instanceData: undefined }), /^Row 2, column instanceData .*nothing/);
    await refused(changed({ instanceData: '{' }), /^Row 2, column instanceData .*JSON object/);
    await refused(changed({ instanceData: '7' }), /^Row 2, column instanceData .*JSON object/);
    await refused(
      changed({ instanceData: '{}' }),
      /^Row 2, column instanceData .*Microsoft\.Resources/,
    );
    await refused(withInstance({ ...instance, resourceUri: 1 }), /instanceData .*resourceUri/);
    await refused(
      withInstance({ ...instance, resourceUri: '/x' }),
      /^Row 2, column instanceData .*\/x/,
    );
    await refused(changed({ quantity: 'much' }), /^Row 2, column quantity .*'much'/);
    await refused(
      changed({ usageEndTime: properties.usageStartTime }),
      /^Row 2, column usageEndTime /,
    );
    await assert.rejects(read('{"value":[]}'), /no rows/);
  });
});

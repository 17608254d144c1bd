import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StackmeterError } from '../../../kernel/index.ts';
import type { ImportRow } from './import-row.ts';
import { readUsageSummary } from './usage-summary.ts';

const SUBSCRIPTION = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f60';
const URI = `/subscriptions/${SUBSCRIPTION}/resourceGroups/web-rg/providers/Microsoft.Compute/virtualMachines/web01`;

const row: Record<string, string> = {
  UsageStartTime: '2018-06-01T00:00:00+00:00',
  UsageEndTime: '2018-06-02T00:00:00+00:00',
  MeterName: 'VM size hours',
  Quantity: '24',
  resourceType: 'virtualMachines',
  location: 'local',
  resourceGroup: 'web-rg',
  resourceName: 'web01',
  subowner: 'owner@tenant.example',
  tags: '{"note":"a, b\nc"}',
  MeterId: '6dab500f-a4fd-49c4-956d-229bb9c8c793',
  additionalInfo: '{"ServiceType":"Standard_A2","ImageType":null}',
  subscription: SUBSCRIPTION.toUpperCase(),
  resourceUri: URI,
};

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function csv(
  rows: readonly Record<string, string>[],
  columns = Object.keys(row),
  end = '\r\n',
): string {
  const lines = [columns, ...rows.map((each) => columns.map((column) => each[column] ?? ''))];
  return lines.map((line) => line.map(quoted).join(',') + end).join('');
}

async function* bytesOf(data: Buffer, length = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += length) yield data.subarray(at, at + length);
}

async function read(data: string | Buffer, length = 1000): Promise<ImportRow[]> {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  return Array.fromAsync(readUsageSummary(bytesOf(bytes, length)));
}

function utf16(text: string, order: 'little' | 'big', mark: boolean): Buffer {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return order === 'big' ? bytes.swap16() : bytes;
}

function assertIsTheRow([found, ...more]: ImportRow[]): void {
  assert.equal(more.length, 0);
  assert.ok(found);
  assert.equal(found.row, 1);
  assert.equal(found.granularity, 'Daily');
  assert.equal(found.usageStart.toString(), '2018-06-01T00:00:00Z');
  assert.equal(found.usageEnd.toString(), '2018-06-02T00:00:00Z');
  assert.equal(found.subscriptionId, SUBSCRIPTION);
  assert.equal(found.owner, row['subowner']);
  assert.equal(found.resourceUri, URI);
  assert.equal(found.location, 'local');
  assert.equal(found.tags, row['tags']);
  assert.equal(found.additionalInfo, row['additionalInfo']);
  assert.equal(found.meterId, row['MeterId']);
  assert.equal(found.meterName, 'VM size hours');
  assert.equal(found.quantity, '24');
}

async function refusal(data: string | Buffer): Promise<string> {
  try {
    await read(data);
  } catch (error) {
    assert.ok(error instanceof StackmeterError, String(error));
    assert.equal(error.code, 'ImportFormat');
    return error.message;
  }
  return assert.fail('the file was read');
}

describe('a usage summary in CSV', () => {
  it('is read in any encoding that scripts write', async () => {
    const text = csv([row]);
    const forms: Record<string, Buffer> = {
      'UTF-8': Buffer.from(text),
      'UTF-8 with mark': Buffer.from(`\ufeff${text}`),
      'UTF-16 LE with mark': utf16(text, 'little', true),
      'UTF-16 BE with mark': utf16(text, 'big', true),
      'UTF-16 LE': utf16(text, 'little', false),
      'UTF-16 BE': utf16(text, 'big', false),
    };
    for (const [name, bytes] of Object.entries(forms)) {
      for (const length of [1, 3, 1000]) {
        assertIsTheRow(
          await read(bytes, length).catch((error: unknown) =>
            assert.fail(`${name}: ${String(error)}`),
          ),
        );
      }
    }
  });

  it('is read with lines of any kind, and below a #TYPE line', async () => {
    assertIsTheRow(await read(csv([row], undefined, '\n')));
    assertIsTheRow(
      await read(`#TYPE Selected.System.Management.Automation.PSCustomObject\r\n${csv([row])}`),
    );
  });

  it('is read with its columns in any order and case, others between, and without those of no use', async () => {
    const columns = Object.keys(row).toReversed();
    const extra = [...columns.slice(0, 5), 'cost centre', ...columns.slice(5)];
    assertIsTheRow(await read(csv([row], extra)));
    assertIsTheRow(await read(csv([row]).replace('UsageStartTime', 'usagestarttime')));
    const needed = columns.filter((name) => !/^resource(Type|Group|Name)$/.test(name));
    assertIsTheRow(await read(csv([row], needed)));
  });

  it('keeps each quantity exactly', async () => {
    const quantities = {
      '2.5E-06': '0.0000025',
      '0.033336000000000005': '0.033336000000000005',
      '12345678901234567890.12345678901': '12345678901234567890.12345678901',
      '1.0': '1',
      '0.0': '0',
    };
    for (const [text, exact] of Object.entries(quantities)) {
      const [found] = await read(csv([{ ...row, Quantity: text }]));
      assert.equal(found?.quantity, exact);
    }
  });

  it('counts rows, not lines', async () => {
    const found = await read(csv([row, row, row]));
    assert.deepEqual(
      found.map((each) => each.row),
      [1, 2, 3],
    );
  });

  it('is refused with the row, the column and what is expected there', async () => {
    const wrong = async (change: Record<string, string>): Promise<string> =>
      refusal(csv([row, { ...row, ...change }]));
    assert.match(await wrong({ Quantity: '1,5' }), /^Row 2, column Quantity .*'1,5'.*12\.5/);
    assert.match(await wrong({ Quantity: '' }), /^Row 2, column Quantity .*nothing/);
    assert.match(await wrong({ Quantity: '-1' }), /^Row 2, column Quantity /);
    assert.match(
      await wrong({ UsageStartTime: '6/1/2018 12:00:00 AM' }),
      /^Row 2, column UsageStartTime .*2018-06-01T/,
    );
    assert.match(
      await wrong({ UsageEndTime: '2018-06-01T02:00:00+00:00' }),
      /^Row 2, column UsageEndTime .*whole day/,
    );
    assert.match(await wrong({ subscription: 'mine' }), /^Row 2, column subscription .*GUID/);
    assert.match(
      await wrong({ resourceUri: URI.replace('7c1e', '7c1f') }),
      /^Row 2, column resourceUri .*7c1e9a40/,
    );
    assert.match(await wrong({ resourceUri: 'web01' }), /^Row 2, column resourceUri /);
    assert.match(await wrong({ MeterId: '' }), /^Row 2, column MeterId /);
    assert.match(await wrong({ MeterId: ' x' }), /^Row 2, column MeterId /);
  });

  it('is refused as a file when the header or the form is wrong', async () => {
    assert.match(await refusal(''), /^The file .*empty/);
    assert.match(await refusal(csv([])), /^The file .*no rows/);
    const without = Object.keys(row).filter((name) => name !== 'tags');
    assert.match(await refusal(csv([row], without)), /header lacks tags/);
    assert.match(await refusal(csv([row], [...Object.keys(row), 'TAGS'])), /column tags twice/);
    assert.match(await refusal(`${csv([row])}"short","row"\r\n`), /^Row 2 .*2 values.*14 columns/);
    assert.match(await refusal(`${csv([row])}"never closed`), /^Row 2 .*quote/);
    assert.match(await refusal(`${csv([row])}a"b,c\r\n`), /^Row 2 .*quote/);
    assert.match(await refusal(Buffer.from([0x55, 0x73, 0xe9, 0x65])), /UTF-8 or UTF-16/);
  });

  it('is refused when there is no such file', async () => {
    await assert.rejects(Array.fromAsync(readUsageSummary('/nowhere/at all.csv')), /no such file/);
  });
});

describe('a usage summary in JSON', () => {
  const asJson = { ...row, Quantity: 24.0 };

  it('is read as a list and as an object with rows or value, in any encoding', async () => {
    for (const value of [[asJson], { rows: [asJson] }, { value: [asJson] }]) {
      const text = JSON.stringify(value);
      assertIsTheRow(await read(text));
      assertIsTheRow(await read(`\ufeff\r\n${text}`));
      assertIsTheRow(await read(utf16(text, 'little', true), 5));
      assertIsTheRow(await read(utf16(text, 'big', true), 5));
    }
  });

  it('is read with names in any case', async () => {
    const upper = Object.fromEntries(
      Object.entries(asJson).map(([key, value]) => [key.toUpperCase(), value]),
    );
    assertIsTheRow(await read(JSON.stringify([{ Id: 'x', CloudName: 'y', ...upper }])));
  });

  it('keeps each quantity exactly, as number and as text', async () => {
    const text = (quantity: string): string =>
      JSON.stringify([asJson]).replace('"Quantity":24', `"Quantity":${quantity}`);
    for (const digits of ['0.123456789012345678901234567', '4.2E-05', '9007199254740993']) {
      const [number] = await read(text(digits));
      const [quotedNumber] = await read(text(`"${digits}"`));
      assert.equal(number?.quantity, quotedNumber?.quantity);
    }
    assert.equal((await read(text('9007199254740993')))[0]?.quantity, '9007199254740993');
    assert.equal((await read(text('4.2E-05')))[0]?.quantity, '0.000042');
  });

  it('takes null and objects for tags and additionalInfo', async () => {
    const [found] = await read(
      JSON.stringify([{ ...asJson, tags: { env: 'prod', n: 1 }, additionalInfo: null }]),
    );
    assert.equal(found?.tags, '{"env":"prod","n":1}');
    assert.equal(found?.additionalInfo, '');
    const [word] = await read(JSON.stringify([{ ...asJson, tags: 'null' }]));
    assert.equal(word?.tags, 'null');
  });

  it('is refused with the row and the column', async () => {
    const wrong = (value: unknown): Promise<string> => refusal(JSON.stringify([asJson, value]));
    assert.match(await wrong({ ...asJson, Quantity: null }), /^Row 2, column Quantity .*'null'/);
    assert.match(await wrong({ ...asJson, Quantity: true }), /^Row 2, column Quantity .*'true'/);
    assert.match(await wrong({ ...asJson, MeterId: 7 }), /^Row 2, column MeterId .*'7'/);
    assert.match(await wrong({}), /^Row 2, column resourceUri .*nothing/);
    assert.match(await refusal('[{"a":1}, {"a":01}]'), /^Row 1/);
    assert.match(await refusal(`[${JSON.stringify(asJson)}, {"a":01}]`), /^Row 2 .*not valid JSON/);
    assert.match(await refusal('[]'), /no rows/);
  });

  it('reads a summary like the CSV of the same rows', async () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\r'));
    await fc.assert(
      fc.asyncProperty(text, text, async (tags, additionalInfo) => {
        const one = { ...row, tags, additionalInfo };
        assert.deepEqual(await read(csv([one])), await read(JSON.stringify([one])));
      }),
    );
  });
});

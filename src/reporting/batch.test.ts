import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, hourNumber } from '../kernel/index.ts';
import { BATCH_ROWS, digestOfBatch, readBatch, writeBatch } from './batch.ts';
import { digestOfBatches, ManifestSums, readManifest, writeManifest } from './manifest.ts';
import { batches, hours, meterSums, PLAIN } from './test-reports.ts';
import { parseWindowName, windowName } from './window-name.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';
const BATCH = {
  version: 1,
  window: '2026-11-23T10Z',
  sequence: 1,
  resources: [[ID, ID, '/subscriptions/x', 'local', '', '']],
  rows: [[0, 'meter', 498_730, '1.5']],
};
const MANIFEST = {
  version: 1,
  window: '2026-11-23T10Z',
  batches: 1,
  rows: 1,
  digest: 'a'.repeat(64),
  meters: [['Meter', 1, '1.50']],
};

describe('names of windows', () => {
  it('are the hour that begins', () => {
    assert.equal(windowName(498_730), '2026-11-23T10Z');
    fc.assert(fc.property(hours, (hour) => parseWindowName(windowName(hour)) === hour));
  });

  it('are read in one form only', () => {
    const others = [
      '2026-11-23T10',
      '2026-11-23T10:00Z',
      '2026-11-23t10z',
      '2026-11-23T24Z',
      '2026-02-30T10Z',
      '1969-12-31T23Z',
      ' 2026-11-23T10Z',
      '',
    ];
    for (const text of others) assert.equal(parseWindowName(text), undefined, text);
  });
});

describe('batches', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const body = writeBatch(batch);
        const read = readBatch(JSON.parse(body));
        assert.deepEqual(read, batch);
        assert.equal(writeBatch(read), body);
        assert.equal(digestOfBatch(body), digestOfBatch(Buffer.from(body)));
      }),
    );
  });

  it('have another digest with any other byte', () => {
    fc.assert(
      fc.property(batches, fc.nat(), fc.integer({ min: 1, max: 255 }), (batch, at, change) => {
        const body = Buffer.from(writeBatch(batch));
        const altered = Buffer.from(body);
        const place = at % altered.length;
        altered[place] = altered[place]! ^ change;
        assert.notEqual(digestOfBatch(altered), digestOfBatch(body));
      }),
    );
  });

  it('that are not in the form are refused with the place', () => {
    const [resource] = BATCH.resources;
    const refused: readonly (readonly [RegExp, unknown])[] = [
      [/the body/, null],
      [/the body/, []],
      [/version/, { ...BATCH, version: 2 }],
      [/window/, { ...BATCH, window: '2026-11-23' }],
      [/window/, { ...BATCH, window: 498_730 }],
      [/sequence/, { ...BATCH, sequence: 0 }],
      [/sequence/, { ...BATCH, sequence: 1.5 }],
      [/sequence/, { ...BATCH, sequence: '1' }],
      [/resources has/, { ...BATCH, resources: [] }],
      [/resources has/, { ...BATCH, resources: Array(BATCH_ROWS + 1).fill(resource) }],
      [/resources\[0\]/, { ...BATCH, resources: [resource!.slice(1)] }],
      [/resources\[0\]/, { ...BATCH, resources: [[...resource!, '']] }],
      [/resources\[0\]/, { ...BATCH, resources: [['x', ...resource!.slice(1)]] }],
      [/resources\[0\]/, { ...BATCH, resources: [[ID, ID, 'a'.repeat(65_537), '', '', '']] }],
      [/resources\[0\]/, { ...BATCH, resources: [[ID, ID, '\ud800', '', '', '']] }],
      [/resources\[0\]/, { ...BATCH, resources: [[ID, ID, 1, '', '', '']] }],
      [/rows has/, { ...BATCH, rows: {} }],
      [/rows has/, { ...BATCH, rows: Array(BATCH_ROWS + 1).fill(BATCH.rows[0]) }],
      [/rows\[0\]/, { ...BATCH, rows: [[1, 'meter', 498_730, '1']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[-1, 'meter', 498_730, '1']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, '', 1, '1']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730.5, '1']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730 + 25, '1']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730 - 87_661, '1']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730, `1${'0'.repeat(40)}`]] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730, `0.${'0'.repeat(36)}1`]] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730, 1]] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730, '-1']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730, '1,5']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730, 'Infinity']] }],
      [/rows\[0\]/, { ...BATCH, rows: [[0, 'meter', 498_730, '1', 2]] }],
    ];
    for (const [place, body] of refused) {
      assert.throws(() => readBatch(body), { code: 'InvalidReport', message: place });
    }
  });

  it('take usage up to a day after and ten years before their window, and no other', () => {
    for (const usageHour of [498_730 + 24, 498_730, 498_730 - 87_660]) {
      const rows = [[0, 'meter', usageHour, `${'9'.repeat(40)}.${'9'.repeat(36)}`]];
      assert.equal(readBatch({ ...BATCH, rows }).rows[0]!.usageHour, usageHour);
    }
  });

  it('take only quantities that can be computed with', () => {
    const candidates = fc.oneof(
      fc.stringMatching(/^[0-9.]{1,20}$/),
      fc.stringMatching(/^[0-9]{0,3}\.?[0-9]{0,3}[eE+-]?[0-9]{0,2}$/),
    );
    fc.assert(
      fc.property(candidates, (quantity) => {
        const body = { ...BATCH, rows: [[0, 'meter', 498_730, quantity]] };
        const value = Decimal.parse(quantity);
        const isTaken =
          value !== undefined &&
          !value.isNegative() &&
          value.scale <= 36 &&
          value.digits() - value.scale <= 40;
        if (isTaken) assert.equal(readBatch(body).rows[0]!.quantity, quantity);
        else assert.throws(() => readBatch(body), { code: 'InvalidReport' });
      }),
      { examples: [['01'], ['00.5'], ['1.'], ['.5'], ['1e2'], ['0'], ['-0']] },
    );
  });
});

describe('manifests', () => {
  it('are read as they were written', () => {
    const manifests = fc.record(
      {
        window: hours,
        batches: fc.integer({ min: 0, max: 1_000_000 }),
        rows: fc.integer({ min: 0, max: 1_000_000_000 }),
        digest: fc.stringMatching(/^[0-9a-f]{64}$/),
        meters: meterSums,
      },
      PLAIN,
    );
    fc.assert(
      fc.property(manifests, (manifest) => {
        const body = writeManifest(manifest);
        const read = readManifest(JSON.parse(body));
        assert.deepEqual(read, manifest);
        assert.equal(writeManifest(read), body);
      }),
    );
  });

  it('say exactly what the batches hold, whatever the spelling of a meter', () => {
    fc.assert(
      fc.property(fc.array(batches, { maxLength: 4 }), (all) => {
        const sums = new ManifestSums();
        const digests = all.map((batch) => digestOfBatch(writeBatch(batch)));
        for (const [at, batch] of all.entries()) sums.add(batch.rows, digests[at]!);
        const manifest = sums.manifestOf(hourNumber(1));
        const rows = all.flatMap((batch) => batch.rows);
        assert.deepEqual(
          [manifest.batches, manifest.rows, manifest.digest],
          [all.length, rows.length, digestOfBatches(digests)],
        );
        for (const sum of manifest.meters) {
          const own = rows.filter(({ meterId }) => meterId.toLowerCase() === sum.meterId);
          const total = own.reduce(
            (added, { quantity }) => added.add(Decimal.parse(quantity)!),
            Decimal.zero,
          );
          assert.deepEqual([sum.rows, sum.quantity], [own.length, total.toText()]);
        }
        assert.equal(
          manifest.meters.reduce((added, sum) => added + sum.rows, 0),
          rows.length,
        );
      }),
    );
  });

  it('are the same from both sides: lower case, shortest quantity, by meter', () => {
    const meters = [
      ['b', 1, '2.0'],
      ['A', 1, '1e1'],
    ];
    assert.deepEqual(readManifest({ ...MANIFEST, meters }).meters, [
      { meterId: 'a', rows: 1, quantity: '10' },
      { meterId: 'b', rows: 1, quantity: '2' },
    ]);
  });

  it('that are not in the form are refused with the place', () => {
    const refused: readonly (readonly [RegExp, unknown])[] = [
      [/the body/, 'text'],
      [/version/, { ...MANIFEST, version: '1' }],
      [/window/, { ...MANIFEST, window: '' }],
      [/batches/, { ...MANIFEST, batches: -1 }],
      [/rows/, { ...MANIFEST, rows: 1.5 }],
      [/rows/, { ...MANIFEST, rows: 1_000_000_001 }],
      [/digest/, { ...MANIFEST, digest: 'A'.repeat(64) }],
      [/digest/, { ...MANIFEST, digest: 'a'.repeat(63) }],
      [/meters has/, { ...MANIFEST, meters: {} }],
      [/meters\[0\]/, { ...MANIFEST, meters: [['meter', 1]] }],
      [/meters\[0\]/, { ...MANIFEST, meters: [['meter', -1, '1']] }],
      [/meters\[0\]/, { ...MANIFEST, meters: [['meter', 498_730, 1]] }],
      [/meters\[0\]/, { ...MANIFEST, meters: [[' ', 1, '1']] }],
    ];
    for (const [place, body] of refused) {
      assert.throws(() => readManifest(body), { code: 'InvalidReport', message: place });
    }
  });
});

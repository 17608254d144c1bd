import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import {
  dayOf,
  dayOfHour,
  hourOf,
  StackmeterError,
  type HourNumber,
} from '../../../kernel/index.ts';
import {
  readImportFile,
  toHistoricalEvent,
  type ImportFormat,
  type ReportedRow,
} from './import-file.ts';

const SUBSCRIPTION = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f60';

function hourAt(text: string): HourNumber {
  return hourOf(Temporal.Instant.from(text));
}

function summaryRow(start: string, hours: number, name = 'web01', quantity = 1): object {
  const from = Temporal.Instant.from(start);
  return {
    UsageStartTime: from.toString(),
    UsageEndTime: from.add({ hours }).toString(),
    Quantity: quantity,
    location: 'local',
    tags: '',
    MeterId: '6DAB500F-a4fd-49c4-956d-229bb9c8c793',
    additionalInfo: '',
    subscription: SUBSCRIPTION,
    resourceUri: `/subscriptions/${SUBSCRIPTION}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/${name}`,
  };
}

const day = (date: string, name?: string, quantity?: number): object =>
  summaryRow(`${date}T00:00Z`, 24, name, quantity);

async function read(
  rows: readonly object[],
  start = '2018-08-01T00:00Z',
  end = '2018-09-01T00:00Z',
): Promise<ReportedRow[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify(rows));
  }
  const range = { reportedStart: hourAt(start), reportedEnd: hourAt(end) };
  return Array.fromAsync(readImportFile({ path: bytes(), format: 'usage-summary', ...range }));
}

const reported = (rows: readonly ReportedRow[]): string[] =>
  rows.map((row) =>
    Temporal.Instant.fromEpochMilliseconds(row.reportedHour * 3_600_000)
      .toString()
      .slice(0, 13),
  );

describe('the reported time of imported rows', () => {
  it('is the last hour of the day of use for the first row of a key, of the next days for the next rows', async () => {
    const rows = await read([
      day('2018-08-23', 'a', 23),
      day('2018-08-23', 'b'),
      day('2018-08-23', 'a', 1),
      day('2018-08-24', 'a'),
      day('2018-08-23', 'a', 1),
    ]);
    assert.deepEqual(reported(rows), [
      '2018-08-23T23',
      '2018-08-23T23',
      '2018-08-24T23',
      '2018-08-24T23',
      '2018-08-25T23',
    ]);
    assert.deepEqual(
      rows.map((row) => row.occurrence),
      [1, 1, 2, 1, 3],
    );
  });

  it('is the hour of use and the hours after it for rows of hours', async () => {
    const hour = (name: string): object => summaryRow('2018-08-23T23:00Z', 1, name);
    assert.deepEqual(reported(await read([hour('a'), hour('b'), hour('a')])), [
      '2018-08-23T23',
      '2018-08-23T23',
      '2018-08-24T00',
    ]);
  });

  it('takes meters that differ in case for one', async () => {
    const other = { ...day('2018-08-23'), MeterId: '6dab500f-a4fd-49c4-956d-229bb9c8c793' };
    assert.deepEqual(reported(await read([day('2018-08-23'), other])), [
      '2018-08-23T23',
      '2018-08-24T23',
    ]);
  });

  it('does not mix a day and its first hour', async () => {
    const rows = await read([day('2018-08-23'), summaryRow('2018-08-23T00:00Z', 1)]);
    assert.deepEqual(reported(rows), ['2018-08-23T23', '2018-08-23T00']);
  });
});

describe('the identity of imported rows', () => {
  it('is the same each time, however the rows are mixed with others', async () => {
    const once = await read([
      day('2018-08-23', 'a'),
      day('2018-08-23', 'a', 2),
      day('2018-08-23', 'b'),
    ]);
    const again = await read([
      day('2018-08-23', 'b'),
      day('2018-08-23', 'a'),
      day('2018-08-23', 'a', 2),
    ]);
    assert.deepEqual(again.map((row) => row.id).toSorted(), once.map((row) => row.id).toSorted());
    assert.equal(again[1]?.id, once[0]?.id);
    assert.equal(new Set(once.map((row) => row.id)).size, 3);
    assert.ok(once.every((row) => row.source === '/import/usage-summary'));
  });
});

describe('an imported row', () => {
  it('becomes a record of its reported hour', async () => {
    const [row] = await read([day('2018-08-23', 'a', 23.5)]);
    assert.ok(row);
    assert.deepEqual(toHistoricalEvent(row), {
      reportedHour: hourAt('2018-08-23T23:00Z'),
      event: {
        source: '/import/usage-summary',
        id: row.id,
        subscriptionId: SUBSCRIPTION,
        resourceUri: row.resourceUri,
        meterId: '6DAB500F-a4fd-49c4-956d-229bb9c8c793',
        quantity: '23.5',
        usageStartTime: '2018-08-23T00:00:00+00:00',
        usageEndTime: '2018-08-24T00:00:00+00:00',
        location: 'local',
        tags: '',
        additionalInfo: '',
      },
    });
  });
});

describe('an import', () => {
  const refused = async (
    rows: readonly object[],
    pattern: RegExp,
    advice: RegExp,
  ): Promise<void> => {
    await assert.rejects(read(rows, '2018-08-23T00:00Z', '2018-08-25T00:00Z'), (error) => {
      assert.ok(error instanceof StackmeterError);
      assert.equal(error.code, 'ImportOutsideReportedRange');
      assert.match(error.message, pattern);
      assert.match(error.details[0]?.message ?? '', advice);
      return true;
    });
  };

  it('is refused at the first row that was reported outside of its range', async () => {
    const inside = day('2018-08-24');
    await refused(
      [inside, inside],
      /^Row 2 \(used 2018-08-24, as number 2 of its kind reported 2018-08-25\)/,
      /end at 2018-08-26T00:00:00\+00:00 or later/,
    );
    await refused(
      [inside, day('2018-08-22')],
      /^Row 2 \(used 2018-08-22, reported 2018-08-22\)/,
      /start at 2018-08-22T00:00:00\+00:00 or earlier/,
    );
    await refused(
      [summaryRow('2018-08-25T00:00Z', 1)],
      /^Row 1 /,
      /end at 2018-08-25T01:00:00\+00:00 or later/,
    );
  });

  it('takes a row in the last hour of the range', async () => {
    assert.equal((await read([day('2018-08-31')])).length, 1);
  });
});

describe('the usage of a real stamp, August 2018', () => {
  const path = fileURLToPath(
    new URL('../../../../../shared/data/usage-summary-2018-08.json', import.meta.url),
  );

  async function readReal(
    from: string,
    to: string,
    format: ImportFormat = 'usage-summary',
  ): Promise<ReportedRow[]> {
    const range = { reportedStart: hourAt(from), reportedEnd: hourAt(to) };
    return Array.fromAsync(readImportFile({ path, format, ...range }));
  }

  it('is where this test expects it', () => {
    assert.ok(
      existsSync(path),
      'usage-summary-2018-08.json is missing: it belongs in the folder ../shared/data beside the project',
    );
  });

  it('is read whole: 2,822 rows, of which 815 are tails reported a day later', async () => {
    const rows = await readReal('2018-08-23T00:00Z', '2018-09-01T00:00Z');
    assert.equal(rows.length, 2822);
    const counts = Object.groupBy(rows, (row) => String(row.occurrence));
    assert.deepEqual(Object.keys(counts), ['1', '2']);
    assert.equal(counts['1']?.length, 2007);
    assert.equal(counts['2']?.length, 815);
    for (const row of rows) {
      assert.equal(row.granularity, 'Daily');
      assert.equal(dayOfHour(row.reportedHour), dayOf(row.usageStart) + row.occurrence - 1);
      assert.equal(row.reportedHour % 24, 23);
    }
    assert.equal(new Set(rows.map((row) => row.id)).size, 2822);
    assert.equal(new Set(rows.map((row) => row.subscriptionId)).size, 5);
    assert.equal(new Set(rows.map((row) => row.meterId)).size, 21);
  });

  it('does not fit into a range that ends too early', async () => {
    await assert.rejects(
      readReal('2018-08-23T00:00Z', '2018-08-30T00:00Z'),
      /^StackmeterError: Row \d+ \(used 2018-08-\d\d,.* reported 2018-08-30\)/,
    );
  });
});

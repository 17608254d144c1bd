import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  Decimal,
  hourNumber,
  NumberText,
  parseExactJson,
  type ExactJson,
} from '../../src/kernel/index.ts';
import { projectFolder, systemClock } from '../../src/platform/index.ts';
import { verifyWindows } from '../../src/stamp/aggregation/index.ts';
import { importFiles, type FileImportSummary } from '../../src/stamp/sources/index.ts';
import { send } from '../conformance/client.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';

/** What clients of a real stamp exported in August 2018. */
const FILE = join(projectFolder, '../shared/data/usage-summary-2018-08.json');
const ROWS = 2822;

const REPORTED_START = Temporal.Instant.from('2018-08-23T00:00Z');
const REPORTED_END = Temporal.Instant.from('2018-09-01T00:00Z');
const HOURS = 9 * 24;

const ADDRESS_METERS = new Set([
  'F271A8A388C44D93956A063E1D2FA80B',
  '9E2739BA86744796B465F64674B822BA',
]);

/** What there is to compare of a row, from the file or from the wire. */
interface Row {
  readonly usageStart: string;
  readonly subscription: string;
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
  readonly meterId: string;
  readonly quantity: Decimal;
  /** As written. */
  readonly quantityText: string;
}

type Json = Readonly<Record<string, ExactJson>>;

function object(value: ExactJson | undefined): Json {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  assert.ok(!(value instanceof NumberText));
  return value as Json;
}

function list(value: ExactJson | undefined): readonly ExactJson[] {
  assert.ok(Array.isArray(value));
  return value;
}

function text(value: ExactJson | undefined): string {
  assert.ok(typeof value === 'string');
  return value;
}

function number(value: ExactJson | undefined): { quantity: Decimal; quantityText: string } {
  assert.ok(value instanceof NumberText, 'a quantity is a JSON number');
  const quantity = Decimal.parse(value.text);
  assert.ok(quantity);
  return { quantity, quantityText: value.text };
}

function rowsOfFile(): Row[] {
  const { rows } = object(parseExactJson(readFileSync(FILE, 'utf8')));
  return list(rows).map((each) => {
    const row = object(each);
    return {
      usageStart: text(row['UsageStartTime']),
      subscription: text(row['subscription']),
      resourceUri: text(row['resourceUri']),
      location: text(row['location']),
      tags: text(row['tags']),
      additionalInfo: text(row['additionalInfo']),
      meterId: text(row['MeterId']),
      ...number(row['Quantity']),
    };
  });
}

function rowOfWire(value: ExactJson): Row {
  const properties = object(object(value)['properties']);
  const instance = object(parseExactJson(text(properties['instanceData'])));
  const resource = object(instance['Microsoft.Resources']);
  return {
    usageStart: text(properties['usageStartTime']),
    subscription: text(properties['subscriptionId']),
    resourceUri: text(resource['resourceUri']),
    location: text(resource['location']),
    tags: text(resource['tags']),
    additionalInfo: text(resource['additionalInfo']),
    meterId: text(properties['meterId']),
    ...number(properties['quantity']),
  };
}

/** All of a row, the quantity by its value, as one text. */
function keyOf({ quantityText: _written, quantity, ...row }: Row): string {
  return JSON.stringify({ ...row, quantity: quantity.toText() });
}

function sumsByMeter(rows: readonly Row[]): Map<string, string> {
  const sums = new Map<string, Decimal>();
  for (const { meterId, quantity } of rows) {
    sums.set(meterId, (sums.get(meterId) ?? Decimal.zero).add(quantity));
  }
  const entries = [...sums].map(([meter, sum]) => [meter, sum.toText()] as const);
  return new Map(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

describe('the usage of a real stamp in August 2018', () => {
  assert.ok(
    existsSync(FILE),
    `The export of a real stamp is missing: ${FILE}. Put usage-summary-2018-08.json into the folder ../shared/data beside the project.`,
  );
  const test = withTestDatabase();

  describe('imported and read by its operator over HTTPS', () => {
    const started = withServer(test);
    const expected = rowsOfFile();
    let imported: FileImportSummary;
    let pages: Row[][] = [];
    let rows: Row[] = [];

    const importIt = (): Promise<FileImportSummary> => {
      const { database, stamp } = started.server;
      return importFiles(
        { database, clock: systemClock },
        {
          paths: [FILE],
          format: 'usage-summary',
          reportedStart: REPORTED_START,
          reportedEnd: REPORTED_END,
          providerSubscriptionId: stamp.defaultProviderSubscriptionId,
        },
      );
    };

    async function ask(address: string, token: string): Promise<Json> {
      const ca = readFileSync(started.server.caFile, 'utf8');
      const headers = { authorization: `Bearer ${token}` };
      const { status, body } = await send(ca, { method: 'GET', address, headers });
      assert.equal(status, 200, body.toString('utf8'));
      return object(parseExactJson(body.toString('utf8')));
    }

    async function getToken(): Promise<string> {
      const { baseUrl, caFile, operator } = started.server;
      const form = new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: operator.clientId,
        client_secret: operator.clientSecret,
        scope: `${baseUrl}/.default`,
      });
      const { body } = await send(readFileSync(caFile, 'utf8'), {
        method: 'POST',
        address: `${baseUrl}/adfs/stackmeter/${operator.tenantId}/oauth2/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(form.toString()),
      });
      return text(object(parseExactJson(body.toString('utf8')))['access_token']);
    }

    async function readPages(from: string, to: string): Promise<Row[][]> {
      const { baseUrl, stamp } = started.server;
      const token = await getToken();
      const read: Row[][] = [];
      let next: string | undefined =
        `${baseUrl}/subscriptions/${stamp.defaultProviderSubscriptionId}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates` +
        `?api-version=2015-06-01-preview&reportedStartTime=${from}&reportedEndTime=${to}&aggregationGranularity=Daily`;
      while (next !== undefined) {
        const page: Json = await ask(next, token);
        read.push(list(page['value']).map(rowOfWire));
        next = page['nextLink'] === undefined ? undefined : text(page['nextLink']);
      }
      return read;
    }

    before(async () => {
      imported = await importIt();
      pages = await readPages('2018-08-23', '2018-09-01');
      rows = pages.flat();
    });

    it('takes every row of the file, and makes its subscriptions known', () => {
      assert.equal(expected.length, ROWS);
      const { rows: read, accepted, duplicates, quarantined, ...made } = imported;
      assert.deepEqual(
        { read, accepted, duplicates, quarantined },
        { read: ROWS, accepted: ROWS, duplicates: 0, quarantined: 0 },
      );
      assert.equal(made.subscriptionsCreated, 5);
      assert.equal(made.metersCreated, 0, 'all of its meters are in the reference');
      assert.equal(made.windowsClosed, HOURS + HOURS / 24);
    });

    it('answers 2,822 rows in pages of 1000, 1000 and 822', () => {
      assert.deepEqual(
        pages.map((page) => page.length),
        [1000, 1000, 822],
      );
    });

    it('adds up to the same for each of the 21 meters, to the last digit', () => {
      const sums = sumsByMeter(rows);
      assert.equal(sums.size, 21);
      assert.deepEqual(sums, sumsByMeter(expected));
    });

    it('gives back exactly the rows of the file, each as often as there', () => {
      assert.deepEqual(rows.map(keyOf).toSorted(), expected.map(keyOf).toSorted());
    });

    it('writes quantities with all their digits', () => {
      const longest = Math.max(...expected.map(({ quantity }) => quantity.digits()));
      assert.ok(longest >= 15, 'the file has quantities that a careless sum would spoil');
      for (const { quantity, quantityText } of rows) {
        const plain = quantity.toText();
        assert.equal(quantityText, plain.includes('.') ? plain : `${plain}.0`);
      }
    });

    it('shows an address of a whole day as 23 hours and 1, the one reported a day after the others', async () => {
      const isAddress = (row: Row): boolean =>
        ADDRESS_METERS.has(row.meterId) && row.usageStart.startsWith('2018-08-25');
      const day = rows.filter(isAddress);
      const byAddress = Map.groupBy(day, ({ resourceUri }) => resourceUri);
      assert.equal(byAddress.size, 16);
      for (const [uri, both] of byAddress) {
        assert.deepEqual(
          both.map(({ quantity }) => quantity.toText()),
          ['23', '1'],
          uri,
        );
      }
      const sameDay = (await readPages('2018-08-25', '2018-08-26')).flat().filter(isAddress);
      const nextDay = (await readPages('2018-08-26', '2018-08-27')).flat().filter(isAddress);
      assert.deepEqual(new Set(sameDay.map(({ quantity }) => quantity.toText())), new Set(['23']));
      assert.deepEqual(new Set(nextDay.map(({ quantity }) => quantity.toText())), new Set(['1']));
      assert.equal(sameDay.length + nextDay.length, day.length);
    });

    it('imported once more changes nothing', async () => {
      const again = await importIt();
      assert.deepEqual(
        [again.accepted, again.duplicates, again.quarantined, again.windowsClosed],
        [0, ROWS, 0, 0],
      );
      assert.equal(again.subscriptionsCreated, 0);
      const earlier = JSON.stringify(rows.map(keyOf));
      const now = (await readPages('2018-08-23', '2018-09-01')).flat().map(keyOf);
      assert.equal(JSON.stringify(now), earlier);
    });

    it('has windows that all verify', async () => {
      const from = Math.floor(REPORTED_START.epochMilliseconds / 3_600_000);
      const hours = { from: hourNumber(from), through: hourNumber(from + HOURS - 1) };
      const days = { from: from / 24, through: (from + HOURS) / 24 - 1 };
      for (const [granularity, range] of [['hour', hours] as const, ['day', days] as const]) {
        const verdicts = await Array.fromAsync(
          verifyWindows(test.database, granularity, range),
          ({ number: window, verdict }) => ({ window, verdict }),
        );
        assert.equal(verdicts.length, granularity === 'hour' ? HOURS : HOURS / 24);
        assert.deepEqual(
          verdicts.filter(({ verdict }) => verdict !== 'equal'),
          [],
        );
      }
    });
  });
});

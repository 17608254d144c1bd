import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { withTestDatabase } from '../../../test/support/database.ts';
import {
  hourOf,
  meterKey,
  parseDirectoryTenantId,
  parseSubscriptionId,
} from '../../kernel/index.ts';
import { fixedClock, type Database } from '../../platform/index.ts';
import { ensureBillingAccounts, readAccountTree } from '../../commerce/accounts/index.ts';
import { ensureSamplePriceList } from '../../commerce/pricing/index.ts';
import {
  closeImportedWindows,
  openImportedWindows,
  openPresentHour,
} from '../../stamp/aggregation/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../../stamp/directory/index.ts';
import { HistoryWriter } from '../../stamp/intake/index.ts';
import { insertMeters, referenceMeters } from '../../stamp/meters/index.ts';
import { folderDestination } from '../formats/index.ts';
import { exportOnce } from './once.ts';
import { treeOf } from './test-exports.ts';
import type { ExportSubject } from './export.ts';

const tenantId = parseDirectoryTenantId('11111111-0000-4000-8000-000000000001')!;
const ROOT = parseSubscriptionId('22222222-0000-4000-8000-000000000001')!;
const START = Temporal.Instant.from('2018-06-01T00:00Z');
const METER = referenceMeters[0]!;
const HEADER =
  '"UsageStartTime","UsageEndTime","MeterName","Quantity","resourceType","location","resourceGroup",' +
  '"resourceName","subowner","tags","MeterId","additionalInfo","subscription","resourceUri"';

/** The root sells to a tenant, which uses something in two hours of a day. */
async function addUsage(database: Database): Promise<void> {
  const clock = fixedClock(START.add({ hours: 72 }));
  const tenant = parseSubscriptionId('22222222-0000-4000-8000-000000000002')!;
  await upsertDirectoryTenant(database.pool, { tenantId, name: 'tenant.example' });
  await insertMeters(database.pool, [METER]);
  for (const subscriptionId of [ROOT, tenant]) {
    await insertSubscription(database.pool, {
      subscriptionId,
      displayName: subscriptionId,
      owner: 'owner@tenant.example',
      tenantId,
      delegatedProviderSubscriptionId: subscriptionId === ROOT ? undefined : ROOT,
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: START,
    });
  }
  const from: number = hourOf(START);
  await openImportedWindows({ database, clock }, from, from + 23);
  const hours = [0, 5].map((hour) => ({
    reportedHour: from + hour,
    event: {
      source: 'summary',
      id: `hour ${hour}`,
      subscriptionId: tenant,
      resourceUri: `/subscriptions/${tenant}/resourceGroups/g/providers/${METER.resourceProvider}/things/a`,
      meterId: meterKey(METER.id),
      quantity: '1.5',
      usageStartTime: START.add({ hours: hour }).toString(),
      usageEndTime: START.add({ hours: hour + 1 }).toString(),
      location: 'local',
      tags: '{"env":"a ""b"""}'.replaceAll('""', '\\"'),
      additionalInfo: '',
    },
  }));
  await new HistoryWriter({ database, clock }).write(hours, () => undefined);
  await closeImportedWindows({ database, clock }, from, from + 23);
  await openPresentHour({ database, clock });
}

describe('a usage summary', () => {
  const test = withTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-summary-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const clock = fixedClock(START.add({ hours: 72 }));
  let subject: ExportSubject;

  before(async () => {
    const { database } = test;
    await addUsage(database);
    await database.transaction(async (tx) => {
      await ensureSamplePriceList(tx, clock);
      await ensureBillingAccounts(tx, clock);
    });
    const { root } = await readAccountTree(database.pool);
    subject = {
      exportId: '33333333-0000-4000-8000-000000000001',
      accountId: root.accountId,
      name: 'summary',
      view: 'selling',
      dataset: 'usage-summary',
      format: 'csv',
      layout: 'plain',
      delivery: 'overwrite',
      granularity: 'daily',
    };
  });

  async function linesOf(granularity: ExportSubject['granularity']): Promise<string[]> {
    const path = join(folder, granularity);
    const room = { database: test.database, clock };
    const wanted = { ...subject, granularity };
    await exportOnce(room, wanted, '2018-06-01', folderDestination(path, ''));
    const csv = treeOf(path).get('2018-06-01/v000001/UsageSummary-00001.csv');
    return csv!.toString('utf8').trimEnd().split('\r\n');
  }

  it('has the columns of the export script, every field in quotes', async () => {
    const [header, ...rows] = await linesOf('daily');
    assert.equal(header, HEADER);
    assert.equal(rows.length, 1);
    const [fields]: string[][] = parse(rows[0]!);
    assert.deepEqual(
      [fields![0], fields![3], fields![4], fields![6], fields![7], fields![8], fields![9]],
      [
        '2018-06-01T00:00:00+00:00',
        '3.0',
        'things',
        'g',
        'a',
        'owner@tenant.example',
        '{"env":"a \\"b\\""}',
      ],
    );
    assert.ok(rows[0]!.startsWith('"') && rows[0]!.endsWith('"'));
  });

  it('has a row for each hour when asked to', async () => {
    const [, ...rows] = await linesOf('hourly');
    assert.deepEqual(
      rows.map((row) => row.slice(1, 26)),
      ['2018-06-01T00:00:00+00:00', '2018-06-01T05:00:00+00:00'],
    );
  });

  it('has closed days alone', async () => {
    const room = { database: test.database, clock };
    await assert.rejects(
      exportOnce(room, subject, '2018-06-02', folderDestination(folder, 'open')),
      { code: 'ExportPeriodUnknown' },
    );
  });

  it('says what it comes to, and is not delivered when rows are missing', async () => {
    const room = { database: test.database, clock };
    const { pool } = test.database;
    const destination = folderDestination(folder, 'sums');
    const written = await exportOnce(room, subject, '2018-06-01', destination);
    const manifest = JSON.parse(written.manifest) as Record<string, unknown>;
    assert.deepEqual(manifest['totals'], { rows: 1, quantity: '3' });
    for (const column of ['rows', 'quantity']) {
      await pool.query(
        `update reported_window set ${column} = ${column} + 1 where granularity = 'day' and state = 'closed'`,
      );
      await assert.rejects(exportOnce(room, subject, '2018-06-01', destination), {
        code: 'ExportRowsDiffer',
      });
      await pool.query(
        `update reported_window set ${column} = ${column} - 1 where granularity = 'day' and state = 'closed'`,
      );
    }
  });

  it('is read in the transaction in which it was found to be there', async () => {
    const { database } = test;
    const { pool } = database;
    const expire = (at: string): Promise<unknown> =>
      pool.query(`update reported_window set expired_at = ${at} where granularity = 'day'`);
    let hasExpired = false;
    const expiring: typeof database = {
      ...database,
      transaction: (work, options) =>
        database.transaction(async (tx) => {
          // A moment is fixed by the first thing that is read.
          await tx.query('select from reported_window limit 1');
          await expire('now()');
          hasExpired = true;
          return work(tx);
        }, options),
    };
    const room = { database: expiring, clock };
    const destination = folderDestination(folder, 'expiring');
    const written = await exportOnce(room, subject, '2018-06-01', destination);
    await expire('null');
    assert.equal(hasExpired, true);
    assert.equal(written.rows, 1);
  });
});

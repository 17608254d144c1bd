/**
 * What was delivered of an issued invoice stays what it was: usage that comes late, and prices that are corrected, have rows
 * of their own. Machines `a` and `b` use 4 and 2 cores each hour of September 2026; of `b` two days are reported in October.
 */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { focusTables, listFocusPeriods } from '../../src/exports/focus/index.ts';
import { Decimal, sumOf } from '../../src/kernel/index.ts';
import { METERS, withBillingStory, type Party } from './billing/story.ts';

type Row = Readonly<Record<string, string | null>>;

describe('rows of an issued invoice', () => {
  const story = withBillingStory('2026-08-31T12:00Z');
  let atlas: Party;
  let stamp: Awaited<ReturnType<typeof story.stamp>>;
  let issued: readonly Row[] = [];
  const meter = METERS.baseVm;
  const pricesOf = (unitPrice: string) => [{ meterId: meter, price: { kind: 'flat', unitPrice } }];

  async function rowsOf(periodName: string): Promise<Row[]> {
    const scope = { accountId: atlas.accountId, view: 'buying', periodName } as const;
    const { tables } = await focusTables(story.database.pool, '1.4', scope);
    const usage = tables.find(({ dataset }) => dataset === 'CostAndUsage')!;
    const rows: Row[] = [];
    for await (const values of usage.rows()) {
      rows.push(Object.fromEntries(usage.columns.map((name, at) => [name, values[at] ?? null])));
    }
    return rows;
  }

  async function markOf(periodName: string): Promise<string | undefined> {
    const scope = { accountId: atlas.accountId, view: 'buying' } as const;
    const periods = await listFocusPeriods(story.database.pool, scope);
    return periods.find(({ name }) => name === periodName)?.mark;
  }

  const sum = (rows: readonly Row[], column: string): string =>
    sumOf(rows.map((row) => Decimal.parse(row[column] ?? '0')!)).toText();
  const corrected = (rows: readonly Row[]): Row[] =>
    rows.filter((row) => row['ChargeClass'] === 'Correction');
  let provisional: readonly Row[] = [];
  const machine = (rows: readonly Row[], name: string): Row[] =>
    rows.filter((row) => row['ResourceName'] === name);

  before(async () => {
    await story.open();
    await story.prices('list', pricesOf('0.01'));
    atlas = await story.customer('Atlas');
    await story.buysAt(atlas, { list: 'list' });
    stamp = await story.stamp(atlas, '2026-09-01T00:00Z');
    const month = { meter, from: '2026-09-01T00:00Z', to: '2026-10-01T00:00Z' };
    story.uses(stamp, atlas, { ...month, perHour: '4', name: 'a' });
    const early = { meter, from: '2026-09-01T00:00Z', to: '2026-09-29T00:00Z' };
    story.uses(stamp, atlas, { ...early, perHour: '2', name: 'b' });
    const late = { meter, from: '2026-09-29T00:00Z', to: '2026-10-01T00:00Z' };
    story.uses(stamp, atlas, { ...late, perHour: '2', name: 'b', reportedOn: '2026-10-20' });
    const october = { meter, from: '2026-10-01T00:00Z', to: '2026-11-01T00:00Z' };
    story.uses(stamp, atlas, { ...october, perHour: '4', name: 'a' });
    await story.report(stamp, '2026-10-02T00:00Z');
    await story.work('2026-10-02T00:30Z');
    await story.work('2026-10-05T00:31Z');
    issued = await rowsOf('202609-1');
  });

  it('are there once it is issued, by resource and day', () => {
    assert.equal(machine(issued, 'a').length, 30);
    assert.equal(machine(issued, 'b').length, 28);
    assert.equal(sum(issued, 'PricingQuantity'), '4224');
    assert.equal(sum(issued, 'BilledCost'), '50.69');
  });

  it('stay when usage comes late, which is a correction of the next one', async () => {
    await story.report(stamp, '2026-11-02T00:00Z');
    await story.work('2026-11-02T00:30Z');
    assert.deepEqual(await rowsOf('202609-1'), issued);
    provisional = corrected(await rowsOf('202610-1'));
    await story.work('2026-11-05T00:31Z');
    assert.deepEqual(await rowsOf('202609-1'), issued);
    const next = await rowsOf('202610-1');
    assert.equal(next.filter((row) => row['InvoiceId'] === null).length, 0);
    const corrections = corrected(next);
    assert.deepEqual(
      corrections.map((row) => [
        row['ResourceName'],
        row['ChargePeriodStart'],
        row['PricingQuantity'],
        row['x_CorrectedPeriodName'],
      ]),
      [
        ['b', '2026-09-29T00:00:00Z', '48', '202609-1'],
        ['b', '2026-09-30T00:00:00Z', '48', '202609-1'],
      ],
    );
    await story.checkBooks();
  });

  it('have late usage beside them in the period that will invoice it, before there is an invoice', () => {
    assert.deepEqual(
      provisional.map((row) => [
        row['InvoiceId'],
        row['ResourceName'],
        row['BillingPeriodStart'],
        row['ChargePeriodStart'],
        row['PricingQuantity'],
        row['BilledCost'],
        row['x_CorrectedPeriodName'],
        row['x_LineKind'],
      ]),
      ['29', '30'].map((day) => [
        null,
        'b',
        '2026-10-01T00:00:00Z',
        `2026-09-${day}T00:00:00Z`,
        '48',
        '0.48',
        '202609-1',
        'correction',
      ]),
    );
  });

  it('stay when prices are corrected, which takes back by resource what they were', async () => {
    const before202610 = await rowsOf('202610-1');
    const mark202610 = await markOf('202610-1');
    await story.prices('list', pricesOf('0.02'), { from: '2026-09-16T00:00Z', correctPast: true });
    await story.rateAnew('2026-09-01T00:00Z', '2026-11-01T00:00Z');
    assert.deepEqual(await rowsOf('202609-1'), issued);
    const now202610 = await rowsOf('202610-1');
    assert.deepEqual(
      now202610.filter((row) => row['InvoiceId'] !== null),
      before202610,
    );
    // No later period has begun, so that the newest one has what is to be corrected.
    const open = now202610.filter((row) => row['InvoiceId'] === null);
    assert.deepEqual(corrected(open), open);
    assert.equal(sum(open, 'PricingQuantity'), '0');
    assert.equal(sum(open, 'BilledCost'), '51.36');
    assert.notEqual(await markOf('202610-1'), mark202610);
    await story.report(stamp, '2026-12-02T00:00Z');
    await story.work('2026-12-02T00:30Z');
    await story.work('2026-12-05T00:31Z');
    assert.deepEqual(await rowsOf('202609-1'), issued);
    assert.deepEqual(await rowsOf('202610-1'), before202610);
    assert.equal(await markOf('202610-1'), mark202610);
    const corrections = await rowsOf('202611-1');
    const usage = corrections.filter((row) => row['ChargeCategory'] === 'Usage');
    assert.ok(usage.every((row) => row['ResourceName'] !== null && row['ChargeClass'] !== null));
    assert.equal(sum(usage, 'PricingQuantity'), '0');
    // 15 days of 4 and 2 cores in September, 31 of 4 in October, a cent more for each hour.
    assert.equal(sum(usage, 'BilledCost'), '51.36');
    await story.checkBooks();
  });
});

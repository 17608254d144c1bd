import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
} from '../../../test/support/billing.ts';
import { hourNumber } from '../../kernel/index.ts';
import { listEntries } from '../ledger/index.ts';
import { rateAcceptedUsage } from './rate.ts';
import { rerate } from './rerate.ts';
import { contentOf, d, itemOf } from './test-prices.ts';
import { withTestRoom, type TestBuyer } from './test-room.ts';
import { verifyRating } from './verify.ts';
import { whatIf } from './what-if.ts';

const OCTOBER = hourAt('2026-10-01T00:00Z');

function vmAt(unitPrice: string) {
  return contentOf([itemOf(METERS.baseVm, { price: { kind: 'flat', unitPrice: d(unitPrice) } })]);
}

describe('rerate', () => {
  const commerce = withTestRoom();
  const { test, addBuyer, price, publish, sumsOf, changing } = commerce;
  let stamp: ReportingStamp;
  let buyer: TestBuyer;
  const range = { from: hourNumber(OCTOBER), to: hourNumber(OCTOBER + 744), reason: 'test' };

  const count = async (table: string): Promise<number> => {
    const { rows } = await test.database.pool.query<{ count: number }>(
      `select count(*)::int as count from ${table}`,
    );
    return rows[0]!.count;
  };

  before(async () => {
    buyer = await addBuyer();
    stamp = await addStamp(test.database, buyer.customer, { from: OCTOBER });
    await publish('flat', vmAt('1'));
    await price(buyer.accountId, { priceListId: 'flat' });
    for (let hour = OCTOBER; hour < OCTOBER + 48; hour++) {
      await reportUsage(test.database, stamp, hour, [
        { customer: buyer.customer, meterId: METERS.baseVm, usageHour: hour, quantity: '2' },
      ]);
    }
    await rateAcceptedUsage(commerce.room, { rowsAtOnce: 10 });
  });

  it('refuses a range that has no hour', async () => {
    const empty = { ...range, to: range.from };
    await assert.rejects(rerate(commerce.room, empty, changing), { code: 'RatingRangeInvalid' });
  });

  it('writes nothing where prices are the same', async () => {
    const runs = await count('rating_run');
    const entries = await count('ledger_entry');
    const events = await count('audit_event');
    assert.deepEqual(await rerate(commerce.room, range, changing), []);
    assert.equal(await count('rating_run'), runs);
    assert.equal(await count('ledger_entry'), entries);
    assert.equal(await count('audit_event'), events);
    assert.equal(await count('charge_version'), 0);
  });

  it('rates by a version that corrects the past, keeps what was, and posts the difference', async () => {
    // From the second day on: 48 of the 96 units.
    await publish('flat', vmAt('1.5'), OCTOBER + 24);
    const [report, ...others] = await rerate(commerce.room, range, changing);
    assert.deepEqual(others, []);
    const [change] = report!.changes;
    assert.deepEqual(
      [change?.accountId, change?.before.toText(), change?.after.toText()],
      [buyer.accountId, '96', '120'],
    );
    assert.equal(change?.difference.toText(), '24');
    assert.deepEqual(await sumsOf(buyer.accountId), { charges: '120', unbilled: '120' });
    const { pool } = test.database;
    const reference = report!.run.toString();
    const [entry] = await listEntries(pool, { reference, limit: 1 });
    assert.equal(entry?.kind, 'rerating');
    assert.deepEqual(
      entry.postings.map(({ account, amount }) => [account, amount.toText()]),
      [
        ['unbilled', '24'],
        ['revenue', '-24'],
      ],
    );
    const { rows: replaced } = await pool.query(
      'select quantity, amount from charge_version where run = $1',
      [reference],
    );
    assert.deepEqual(replaced, [{ quantity: '96', amount: '96' }]);
    const { rows: lines } = await pool.query(
      'select usage_day - $2 as day, quantity from rated_line_version where run = $1',
      [reference, OCTOBER / 24],
    );
    assert.deepEqual(lines, [{ day: 1, quantity: '48' }]);
    const { rows: events } = await pool.query<{ detail: string }>(
      `select detail from audit_event where action = 'Stackmeter.Billing/charges/write'`,
    );
    assert.equal(events.length, 1);
    assert.deepEqual((await verifyRating(commerce.room)).differences, []);
    assert.deepEqual(await rerate(commerce.room, range, changing), []);
  });

  it('follows a correction before it counts what came after', async () => {
    await publish('flat', vmAt('3'), OCTOBER + 24);
    await reportUsage(test.database, stamp, OCTOBER + 48, [
      { customer: buyer.customer, meterId: METERS.baseVm, usageHour: OCTOBER + 30, quantity: '1' },
    ]);
    await rateAcceptedUsage(commerce.room);
    assert.deepEqual(await sumsOf(buyer.accountId), { charges: '195', unbilled: '195' });
    assert.deepEqual(await rerate(commerce.room, range, changing), []);
  });

  it('finds what somebody changed behind its back, and puts it right', async () => {
    const { pool } = test.database;
    await pool.query(`update charge set amount = amount + 1, quantity = quantity + 2
                      where amount > 0 and quantity = 48`);
    await pool.query('delete from rated_line where usage_day = $1', [OCTOBER / 24]);
    const { differences } = await verifyRating(commerce.room, { accountId: buyer.accountId });
    assert.deepEqual(
      differences.map(({ what, kept, found }) => [what, kept, found]),
      [
        ['quantity', '50', '48'],
        ['amount', '49', '48'],
        ['line', undefined, '48'],
      ],
    );
    assert.deepEqual((await verifyRating(commerce.room, { periodName: '190001-1' })).checked, 0);
    await rerate(commerce.room, range, changing);
    assert.deepEqual((await verifyRating(commerce.room)).differences.length, 0);
  });
});

describe('whatIf', () => {
  const commerce = withTestRoom();
  const { test, addBuyer, addPartner, price, publish, sumsOf } = commerce;

  it('tells what a period would have cost, markups as they are, and changes nothing', async () => {
    const partner = await addPartner();
    const buyer = await addBuyer({ parentId: partner });
    await publish('flat', vmAt('1'));
    await price(partner, { priceListId: 'flat' });
    await price(buyer.accountId, { markupPercent: d('10') });
    const stamp = await addStamp(test.database, buyer.customer, { from: OCTOBER });
    await reportUsage(test.database, stamp, OCTOBER, [
      { customer: buyer.customer, meterId: METERS.baseVm, usageHour: OCTOBER, quantity: '10' },
      { customer: buyer.customer, meterId: METERS.windowsVm, usageHour: OCTOBER, quantity: '3' },
    ]);
    await rateAcceptedUsage(commerce.room);
    const wanted = { periodName: '202610-1', priceListId: 'flat', content: vmAt('2') };
    const all = await whatIf(commerce.room, wanted);
    assert.equal(all.length, 4);
    const lines = await whatIf(commerce.room, { ...wanted, accountId: buyer.accountId });
    assert.deepEqual(
      lines.map((line) => [
        line.meterId,
        line.before.toText(),
        line.after.toText(),
        line.difference.toText(),
        line.unpriced.toText(),
      ]),
      [
        [METERS.windowsVm, '0', '0', '0', '3'],
        [METERS.baseVm, '11', '22', '11', '0'],
      ],
    );
    assert.deepEqual(await sumsOf(buyer.accountId), { charges: '11', unbilled: '11' });
    const inEuro = {
      ...wanted,
      content: { ...vmAt('2'), currency: contentOf([], 'EUR').currency },
    };
    await assert.rejects(whatIf(commerce.room, inEuro), { code: 'PriceListInvalid' });
    const unknown = { ...wanted, priceListId: 'none' };
    await assert.rejects(whatIf(commerce.room, unknown), { code: 'PriceListNotFound' });
  });
});

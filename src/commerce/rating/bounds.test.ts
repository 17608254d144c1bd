import assert from 'node:assert/strict';
import { before as beforeAll, describe, it } from 'node:test';
import {
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
} from '../../../test/support/billing.ts';
import { parseCurrency } from '../../kernel/index.ts';
import { decimalOf } from '../../platform/index.ts';
import { findPeriod } from '../accounts/index.ts';
import { writeAmounts } from './amount-store.ts';
import { readBillingContext, type ItemCache } from './billing-context.ts';
import { chargesOfPeriod, unpricedMeters } from './charge-store.ts';
import { knownDecimal } from './numbers.ts';
import { ratedWindows } from './progress-store.ts';
import { rateAcceptedUsage } from './rate.ts';
import { contentOf, d, itemOf } from './test-prices.ts';
import { withTestRoom, type TestBuyer } from './test-room.ts';
import { verifyRating } from './verify.ts';

const OCTOBER = hourAt('2026-10-01T00:00Z');

describe('numbers of the database', () => {
  it('are read exactly, however long they are', () => {
    const long = `${'9'.repeat(150)}.${'3'.repeat(60)}`;
    assert.equal(decimalOf(long).toText(), long);
    assert.equal(decimalOf(`-${long}000`).toText(), `-${long}`);
    assert.equal(decimalOf('1.50').toText(), '1.5');
  });

  it('are not known where they have more digits after the point than can be computed with', () => {
    const tooLong = `0.${'3'.repeat(61)}`;
    assert.throws(() => decimalOf(tooLong), RangeError);
    assert.throws(() => decimalOf('NaN'), RangeError);
    assert.deepEqual([knownDecimal(tooLong), knownDecimal(null)], [undefined, undefined]);
  });
});

describe('usage at the bounds', () => {
  const commerce = withTestRoom();
  const { test, addBuyer, price, publish, sumsOf } = commerce;
  let stamp: ReportingStamp;
  let odd: TestBuyer;
  let other: TestBuyer;
  const rows = (quantity: string, usageHour: number) =>
    [odd, other].map(({ customer }, at) => ({
      customer,
      meterId: METERS.baseVm,
      usageHour,
      quantity: at === 0 ? quantity : '1',
    }));
  const chargesOf = async ({ accountId }: TestBuyer) => {
    const { pool } = test.database;
    const period = await findPeriod(pool, accountId, '202610-1');
    return chargesOfPeriod(pool, period!.period);
  };

  beforeAll(async () => {
    odd = await addBuyer();
    other = await addBuyer();
    stamp = await addStamp(test.database, odd.customer, { from: OCTOBER });
    await publish(
      'flat',
      contentOf([itemOf(METERS.baseVm, { price: { kind: 'flat', unitPrice: d('0.5') } })]),
    );
    for (const { accountId } of [odd, other]) await price(accountId, { priceListId: 'flat' });
  });

  it('is priced exactly, however large', async () => {
    await reportUsage(test.database, stamp, OCTOBER + 1, rows(`1${'0'.repeat(120)}`, OCTOBER));
    await rateAcceptedUsage(commerce.room);
    assert.equal((await chargesOf(odd))[0]?.amount?.toText(), `5${'0'.repeat(119)}`);
    assert.equal((await chargesOf(other))[0]?.amount?.toText(), '0.5');
  });

  it('that cannot be computed with has no amount and says why, and all else goes on', async () => {
    const tiny = `0.${'0'.repeat(59)}1`;
    await reportUsage(test.database, stamp, OCTOBER + 2, rows(tiny, OCTOBER + 1));
    await rateAcceptedUsage(commerce.room);
    const [charge] = await chargesOf(odd);
    assert.equal(charge?.amount, undefined);
    assert.match(charge?.problem ?? '', /more digits than can be computed with/);
    const [unpriced] = await unpricedMeters(test.database.pool, odd.accountId);
    assert.deepEqual([unpriced?.priceListId, unpriced?.problem], ['flat', charge?.problem]);
    assert.equal((await chargesOf(other))[0]?.amount?.toText(), '1');
    // What was posted for it is taken back.
    assert.deepEqual(await sumsOf(odd.accountId), { charges: '0', unbilled: '0' });
    assert.deepEqual((await verifyRating(commerce.room)).differences, []);
    // Nor does a sum that is longer than any decimal stop anything.
    await test.database.pool.query(
      `update charge set quantity = quantity + 1e-70 where account_id = $1`,
      [odd.accountId],
    );
    await reportUsage(test.database, stamp, OCTOBER + 3, rows('1', OCTOBER + 2));
    await rateAcceptedUsage(commerce.room);
    assert.equal((await chargesOf(other))[0]?.amount?.toText(), '1.5');
  });

  it('so far off that an account had to get hundreds of periods is told, and all else goes on', async () => {
    await reportUsage(test.database, stamp, OCTOBER + 4, [
      rows('1', hourAt('1996-01-01T00:00Z'))[0]!,
      rows('1', OCTOBER + 3)[1]!,
    ]);
    await rateAcceptedUsage(commerce.room);
    assert.equal((await chargesOf(other))[0]?.amount?.toText(), '2');
    const { rows: problems } = await test.database.pool.query(
      'select account_id as id, period, code from billing_problem',
    );
    assert.deepEqual(problems, [{ id: odd.accountId, period: 0, code: 'BillingPeriodsTooMany' }]);
  });

  it('that could not be priced for one account does not keep others from their remedy', async () => {
    const { pool } = test.database;
    const yen = parseCurrency('JPY')!;
    const [one, two] = [await addBuyer({ currency: yen }), await addBuyer({ currency: yen })];
    for (const { accountId } of [one, two]) await price(accountId, { priceListId: 'flat' });
    const used = [one, two].map(({ customer }) => ({
      ...rows('1', OCTOBER + 4)[1]!,
      customer,
    }));
    await reportUsage(test.database, stamp, OCTOBER + 5, used);
    await rateAcceptedUsage(commerce.room);
    await pool.query(`insert into exchange_rate values ('USD', 'JPY', 0, 1, 150, 'test', now())`);
    const [broken, good] = one.accountId < two.accountId ? [one, two] : [two, one];
    await pool.query(`alter table charge add constraint broken
                      check (account_id <> '${broken.accountId}' or amount is null or amount = 0) not valid`);
    await rateAcceptedUsage(commerce.room);
    assert.equal((await sumsOf(good.accountId)).charges, '75');
    const noted = () =>
      pool.query('select code from billing_problem where account_id = $1', [broken.accountId]);
    assert.equal((await noted()).rowCount, 1);
    await pool.query('alter table charge drop constraint broken');
    commerce.clock.set(commerce.clock.now().add({ minutes: 1 }));
    await rateAcceptedUsage(commerce.room);
    assert.equal((await sumsOf(broken.accountId)).charges, '75');
    assert.equal((await noted()).rowCount, 0);
  });

  it('is looked for only in windows that can have it', async () => {
    const { pool } = test.database;
    assert.deepEqual(await ratedWindows(pool, OCTOBER + 28), [
      { registration: stamp.registration, after: OCTOBER + 3, through: OCTOBER + 5 },
    ]);
    assert.deepEqual(await ratedWindows(pool, OCTOBER + 31), []);
    assert.equal((await ratedWindows(pool, 0))[0]?.after, -1);
  });

  it('is priced by items that are read again when they could not be read', async () => {
    const { pool } = test.database;
    const cache: ItemCache = new Map();
    const context = await readBillingContext(pool, cache);
    await assert.rejects(context.itemsOf('flat', 7), /missing/);
    assert.equal(cache.size, 0);
    await publish('later', contentOf([itemOf(METERS.baseVm)]));
    assert.equal((await context.itemsOf('later', 1)).size, 1);
  });

  it('has its charges held in the order of their keys before amounts are written', async () => {
    const { database } = test;
    const { rows: found } = await database.pool.query<{ charge: bigint }>(
      `select charge from charge where amount is not null
       order by period, plan, customer_subscription_id, subscription_id, meter, billable`,
    );
    const [first, ...later] = found.map(({ charge }) => charge);
    const amounts = [...later, first!].map((charge) => ({
      charge,
      amount: d('1'),
      problem: undefined,
    }));
    const holder = await database.pool.connect();
    await holder.query('begin');
    await holder.query('select from charge where charge = $1 for update', [String(first)]);
    const writing = database.transaction((tx) => writeAmounts(tx, amounts));
    for (let isWaiting = false; !isWaiting;) {
      const { rowCount } = await database.pool.query(
        `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%charge%' and datname = current_database()`,
      );
      isWaiting = rowCount === 1;
    }
    // It waits for the first, and has none of the others.
    const free = await database.pool.query(
      'select from charge where charge = any($1::bigint[]) for update skip locked',
      [later.map(String)],
    );
    await holder.query('rollback');
    holder.release();
    await writing;
    assert.ok(later.length > 0);
    assert.equal(free.rowCount, later.length);
  });
});

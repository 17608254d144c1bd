import assert from 'node:assert/strict';
import { before as beforeAll, describe, it } from 'node:test';
import {
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
} from '../../../test/support/billing.ts';
import { dayOfHour, hourNumber, parseCurrency } from '../../kernel/index.ts';
import { listPriceChanges, setExchangeRate, type PriceItem } from '../pricing/index.ts';
import type { AccountId } from '../accounts/index.ts';
import { rateAcceptedUsage } from './rate.ts';
import { rerate } from './rerate.ts';
import { contentOf, d, itemOf } from './test-prices.ts';
import { withTestRoom, type TestBuyer, type TestRoom } from './test-room.ts';
import { verifyRating } from './verify.ts';

const OCTOBER = hourAt('2026-10-01T00:00Z');
const USD = parseCurrency('USD')!;
const EUR = parseCurrency('EUR')!;

const vmAt = (unitPrice: string, changes: Partial<PriceItem> = {}) =>
  contentOf([
    itemOf(METERS.baseVm, { price: { kind: 'flat', unitPrice: d(unitPrice) }, ...changes }),
  ]);

/** Usage of a number of units in the hour before the window. */
async function use(
  commerce: TestRoom,
  stamp: ReportingStamp,
  window: number,
  used: readonly (readonly [TestBuyer, string])[],
): Promise<void> {
  await reportUsage(
    commerce.test.database,
    stamp,
    window,
    used.map(([{ customer }, quantity]) => ({
      customer,
      meterId: METERS.baseVm,
      usageHour: window - 1,
      quantity,
    })),
  );
  await rateAcceptedUsage(commerce.room);
}

/** Lets no charge of an account have an amount of so much or more. */
async function breakAt({ test }: TestRoom, accountId: AccountId, amount: number): Promise<void> {
  await test.database.pool.query(
    `alter table charge add constraint broken
     check (account_id <> '${accountId}' or amount is null or amount < ${amount}) not valid`,
  );
}

async function mend({ test }: TestRoom): Promise<void> {
  await test.database.pool.query('alter table charge drop constraint broken');
}

async function problemsOf({ test }: TestRoom): Promise<object[]> {
  const { rows } = await test.database.pool.query<object>(
    'select account_id as id, period, code, attempts from billing_problem order by 1, 2',
  );
  return rows;
}

describe('changes of prices', () => {
  const commerce = withTestRoom();
  const { test, clock, addBuyer, addPartner, price, publish, sumsOf } = commerce;
  const room = () => commerce.room;
  let stamp: ReportingStamp;
  let first: TestBuyer;
  let below: TestBuyer;
  let partner: AccountId;
  const charged = async (accountId: AccountId) => (await sumsOf(accountId)).charges;

  beforeAll(async () => {
    first = await addBuyer();
    partner = await addPartner();
    below = await addBuyer({ parentId: partner });
    stamp = await addStamp(test.database, first.customer, { from: OCTOBER });
    await publish('flat', vmAt('1'));
    await price(first.accountId, { priceListId: 'flat' });
    await price(partner, { priceListId: 'flat' });
    await price(below.accountId, { markupPercent: d('10') });
    await use(commerce, stamp, OCTOBER + 2, [
      [first, '10'],
      [below, '10'],
    ]);
  });

  it('are queued in the transaction that makes them, and followed by the next run', async () => {
    await publish('flat', vmAt('2'));
    const { pool } = test.database;
    const [queued, ...others] = await listPriceChanges(pool);
    assert.deepEqual([queued?.priceListId, queued?.from, others.length], ['flat', 0, 0]);
    assert.match(queued!.reason, /^version 2 of the price list flat from 1970-01-01/);
    assert.deepEqual(await charged(first.accountId), '10');
    assert.equal((await rateAcceptedUsage(room())).runs, 3);
    assert.deepEqual(
      [await charged(first.accountId), await charged(partner), await charged(below.accountId)],
      ['20', '20', '22'],
    );
    assert.deepEqual(await listPriceChanges(pool), []);
    assert.equal((await rateAcceptedUsage(room())).runs, 0);
  });

  it('of an account are followed by those below it, and by nobody else', async () => {
    await price(partner, { priceListId: 'flat' }, OCTOBER);
    const other = { ...vmAt('3'), name: 'other' };
    await publish('other', other);
    await price(partner, { priceListId: 'other' }, OCTOBER);
    assert.equal((await rateAcceptedUsage(room())).runs, 2);
    assert.deepEqual(
      [await charged(first.accountId), await charged(partner), await charged(below.accountId)],
      ['20', '30', '33'],
    );
  });

  it('that one account cannot follow are followed by the others, and by it when it can', async () => {
    const { pool } = test.database;
    await breakAt(commerce, partner, 40);
    await publish('other', vmAt('4'));
    await publish('flat', vmAt('1'));
    assert.equal((await rateAcceptedUsage(room())).runs, 2);
    assert.deepEqual(
      [await charged(first.accountId), await charged(partner), await charged(below.accountId)],
      ['10', '30', '44'],
    );
    const noted = { id: partner, period: 0, code: 'InternalServerError', attempts: 1 };
    assert.deepEqual(await problemsOf(commerce), [noted]);
    const left = async () =>
      (await listPriceChanges(pool)).map((one) => [one.accountId, one.alone, one.from]);
    assert.deepEqual(await left(), [[partner, true, 0]]);
    // Not tried again at once.
    await rateAcceptedUsage(room());
    assert.deepEqual(await problemsOf(commerce), [noted]);
    clock.set(clock.now().add({ minutes: 1 }));
    await rateAcceptedUsage(room());
    assert.deepEqual(await problemsOf(commerce), [{ ...noted, attempts: 2 }]);
    await mend(commerce);
    clock.set(clock.now().add({ minutes: 2 }));
    assert.equal((await rateAcceptedUsage(room())).runs, 1);
    assert.equal(await charged(partner), '40');
    assert.deepEqual([await problemsOf(commerce), await left()], [[], []]);
  });

  it('that are followed when somebody asks for it fail for one account alone', async () => {
    const range = { from: hourNumber(OCTOBER), to: hourNumber(OCTOBER + 1), reason: 'test' };
    await publish('flat', vmAt('5'));
    await breakAt(commerce, first.accountId, 50);
    await publish('other', vmAt('5'));
    const reports = await rerate(room(), range, commerce.changing);
    assert.equal(reports.length, 2);
    assert.deepEqual(
      [await charged(first.accountId), await charged(below.accountId)],
      ['10', '55'],
    );
    const own = { ...range, accountId: first.accountId };
    await assert.rejects(rerate(room(), own, commerce.changing), /broken/);
    assert.equal((await problemsOf(commerce)).length, 1);
    await mend(commerce);
    await rerate(room(), own, commerce.changing);
    assert.deepEqual([await problemsOf(commerce), await charged(first.accountId)], [[], '50']);
  });

  it('for a time to come change a minimum, but not of a meter that they leave alone', async () => {
    const buyer = await addBuyer();
    const least = { minimum: d('74.4') };
    await publish('least', vmAt('1', least));
    await price(buyer.accountId, { priceListId: 'least' });
    await use(commerce, stamp, OCTOBER + 3, [[buyer, '1']]);
    assert.equal(await charged(buyer.accountId), '74.4');
    const more = contentOf([...vmAt('1', { ...least, name: 'VM' }).items, itemOf('disk')]);
    await publish('least', more, OCTOBER + 372);
    await rateAcceptedUsage(room());
    assert.equal(await charged(buyer.accountId), '74.4');
    // Used under both, it is still one minimum.
    await use(commerce, stamp, OCTOBER + 400, [[buyer, '2']]);
    const { rows } = await test.database.pool.query<{ amount: string }>(
      'select trim_scale(amount) as amount from charge where account_id = $1 order by amount',
      [buyer.accountId],
    );
    assert.deepEqual(
      rows.map(({ amount }) => amount),
      ['24.8', '49.6'],
    );
    await publish('least', vmAt('1'), OCTOBER + 558);
    await rateAcceptedUsage(room());
    assert.equal(await charged(buyer.accountId), '55.8');
    assert.deepEqual((await verifyRating(room())).differences, []);
  });
});

describe('a rate of exchange', () => {
  const commerce = withTestRoom();
  const { test, addBuyer, price, publish, sumsOf, changing } = commerce;
  let stamp: ReportingStamp;
  let buyer: TestBuyer;
  const day = dayOfHour(hourNumber(OCTOBER));
  const set = (rate: string, after = 0, correctPast?: boolean) =>
    test.database.transaction((tx) =>
      setExchangeRate(
        tx,
        {
          from: USD,
          to: EUR,
          day: dayOfHour(hourNumber(OCTOBER + 24 * after)),
          rate: d(rate),
          source: 'test',
          correctPast,
        },
        changing,
      ),
    );
  const charged = async () => (await sumsOf(buyer.accountId)).charges;

  beforeAll(async () => {
    buyer = await addBuyer({ currency: EUR });
    stamp = await addStamp(test.database, buyer.customer, { from: OCTOBER });
    await publish('flat', vmAt('1'));
    await price(buyer.accountId, { priceListId: 'flat' });
    await set('0.9', -10);
    await use(commerce, stamp, OCTOBER + 1, [[buyer, '10']]);
  });

  it('is one for all usage of a period: that by which it was first rated', async () => {
    assert.equal(await charged(), '9');
    for (const after of [0, -10, -1]) {
      await assert.rejects(set('0.8', after), { code: 'PriceInThePast' }, String(after));
    }
    // Before the entry that counts, of another period, and the very same.
    await set('0.8', -11);
    await set('0.8', 1);
    await set('0.9', -5);
    await use(commerce, stamp, OCTOBER + 2, [[buyer, '10']]);
    assert.equal(await charged(), '18');
    const { rows } = await test.database.pool.query('select distinct plan from charge');
    assert.equal(rows.length, 1);
  });

  it('is fixed: an entry that was made behind its back changes nothing', async () => {
    await test.database.pool.query(
      `insert into exchange_rate values ('USD', 'EUR', $1, 1, 0.5, 'test', now())`,
      [day],
    );
    await use(commerce, stamp, OCTOBER + 3, [[buyer, '10']]);
    assert.equal(await charged(), '27');
    assert.deepEqual((await verifyRating(commerce.room)).differences, []);
  });

  it('that corrects the past is followed by all usage of the period', async () => {
    await set('0.7', 0, true);
    const [change] = await listPriceChanges(test.database.pool);
    assert.deepEqual(
      [change?.accountId, change?.alone, change?.from],
      [buyer.accountId, true, OCTOBER],
    );
    await use(commerce, stamp, OCTOBER + 4, [[buyer, '10']]);
    assert.equal(await charged(), '28');
    assert.deepEqual(await sumsOf(buyer.accountId), { charges: '28', unbilled: '28' });
  });
});

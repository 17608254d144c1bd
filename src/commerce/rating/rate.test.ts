import assert from 'node:assert/strict';
import { before as beforeAll, describe, it } from 'node:test';
import {
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
} from '../../../test/support/billing.ts';
import { dayNumber, parseCurrency } from '../../kernel/index.ts';
import { setExchangeRate } from '../pricing/index.ts';
import { listPeriods, putAccount } from '../accounts/index.ts';
import { chargesOfPeriod, unpricedMeters } from './charge-store.ts';
import { ratedUpTo } from './progress-store.ts';
import { rateAcceptedUsage } from './rate.ts';
import { contentOf, d, itemOf } from './test-prices.ts';
import { withTestRoom, type TestBuyer } from './test-room.ts';
import { verifyRating } from './verify.ts';

const OCTOBER = hourAt('2026-10-01T00:00Z');

const VM = itemOf(METERS.baseVm, { price: { kind: 'flat', unitPrice: d('0.5') } });

describe('rateAcceptedUsage', () => {
  const commerce = withTestRoom();
  const { test, addBuyer, addPartner, price, publish, sumsOf, changing } = commerce;
  let stamp: ReportingStamp;
  let buyer: TestBuyer;

  beforeAll(async () => {
    buyer = await addBuyer({ name: 'first' });
    stamp = await addStamp(test.database, buyer.customer, { from: OCTOBER - 2 });
    await publish('flat', contentOf([VM]));
    await price(buyer.accountId, { priceListId: 'flat' });
  });

  const vm = (hour: number, quantity = '1', changes = {}) => ({
    customer: buyer.customer,
    meterId: METERS.baseVm,
    usageHour: hour,
    quantity,
    ...changes,
  });

  /** Amounts of an account by the name of the period. */
  const amounts = async ({ accountId }: Pick<TestBuyer, 'accountId'>) => {
    const { pool } = test.database;
    const found: Record<string, (string | undefined)[]> = {};
    for (const { period, name } of await listPeriods(pool, accountId)) {
      const charges = await chargesOfPeriod(pool, period);
      found[name] = charges.map(({ amount }) => amount?.toText());
    }
    return found;
  };

  it('does nothing where nothing was accepted', async () => {
    assert.equal(await ratedUpTo(test.database.pool), undefined);
    const report = await rateAcceptedUsage(commerce.room);
    assert.deepEqual(report, { windows: 0, rows: 0, runs: 0 });
  });

  it('books usage in the period of its hour, whenever it was reported', async () => {
    const { database } = test;
    await reportUsage(database, stamp, OCTOBER, [vm(OCTOBER - 1, '2'), vm(OCTOBER, '3')]);
    assert.deepEqual(await rateAcceptedUsage(commerce.room), { windows: 1, rows: 2, runs: 1 });
    assert.deepEqual(await amounts(buyer), { '202610-1': ['1.5'], '202609-1': ['1'] });
    assert.equal(await ratedUpTo(database.pool), OCTOBER + 1);
    await reportUsage(database, stamp, OCTOBER + 1, [vm(OCTOBER - 1, '4', { name: 'late' })]);
    await rateAcceptedUsage(commerce.room);
    assert.deepEqual(await amounts(buyer), { '202610-1': ['1.5'], '202609-1': ['3'] });
    assert.deepEqual(await sumsOf(buyer.accountId), { charges: '4.5', unbilled: '4.5' });
  });

  it('rates each window once, and not what is not accepted', async () => {
    const { database } = test;
    await reportUsage(database, stamp, OCTOBER + 2, [vm(OCTOBER + 1)]);
    // A batch of a window that is not whole yet.
    await reportUsage(database, stamp, OCTOBER + 3, [vm(OCTOBER + 2)]);
    await database.pool.query(
      'alter table received_window disable trigger received_window_append_only',
    );
    await database.pool.query('delete from received_window where reported_hour = $1', [
      OCTOBER + 3,
    ]);
    const report = await rateAcceptedUsage(commerce.room);
    assert.deepEqual(report, { windows: 1, rows: 1, runs: 1 });
    assert.equal((await rateAcceptedUsage(commerce.room)).windows, 0);
    assert.deepEqual((await amounts(buyer))['202610-1'], ['2']);
    await database.pool.query('delete from reported_usage where reported_hour = $1', [OCTOBER + 3]);
    await database.pool.query('delete from reported_batch where reported_hour = $1', [OCTOBER + 3]);
  });

  it('leaves nothing when it is interrupted, and then rates each row once', async () => {
    const { pool } = test.database;
    await reportUsage(test.database, stamp, OCTOBER + 3, [vm(OCTOBER + 2, '2')]);
    const before = await sumsOf(buyer.accountId);
    // The last thing that the transaction writes fails.
    await pool.query(
      'alter table rating_progress add constraint interrupted check (last_window < 0) not valid',
    );
    await assert.rejects(rateAcceptedUsage(commerce.room), /interrupted/);
    assert.deepEqual(await sumsOf(buyer.accountId), before);
    await pool.query('alter table rating_progress drop constraint interrupted');
    const both = await Promise.all([
      rateAcceptedUsage(commerce.room),
      rateAcceptedUsage(commerce.room),
    ]);
    assert.deepEqual(
      both.map(({ rows }) => rows).toSorted((a, b) => a - b),
      [0, 1],
    );
    assert.deepEqual(await sumsOf(buyer.accountId), { charges: '6', unbilled: '6' });
  });

  it('charges every sale of a chain at its own prices', async () => {
    const { database } = test;
    const euro = parseCurrency('EUR')!;
    const dollar = parseCurrency('USD')!;
    const partner = await addPartner({ currency: euro });
    const own = await addBuyer({ parentId: partner, currency: euro });
    await price(partner, { priceListId: 'flat' });
    await price(own.accountId, { markupPercent: d('10') });
    await database.transaction((tx) =>
      setExchangeRate(
        tx,
        { from: dollar, to: euro, day: dayNumber(0), rate: d('0.9'), source: 'test' },
        changing,
      ),
    );
    const row = { ...vm(OCTOBER + 4, '10'), customer: own.customer };
    await reportUsage(database, stamp, OCTOBER + 5, [row]);
    await rateAcceptedUsage(commerce.room);
    assert.deepEqual(await amounts({ accountId: partner }), { '202610-1': ['4.5'] });
    assert.deepEqual(await amounts(own), { '202610-1': ['4.95'] });
    const { rows: books } = await database.pool.query<{ book: string; amount: string }>(
      `select a.kind as book, p.amount from ledger_posting p join ledger_entry e using (entry)
       join billing_account a on a.account_id = e.book
       where p.account = 'revenue' and p.party = any($1::uuid[]) order by p.amount`,
      [[partner, own.accountId]],
    );
    assert.deepEqual(books, [
      { book: 'partner', amount: '-4.95' },
      { book: 'provider', amount: '-4.5' },
    ]);
  });

  it('bills the highest enterprise of a chain for all below it, tiers counted together', async () => {
    const { database } = test;
    const one = await addBuyer();
    const other = await addBuyer();
    const { accountId: enterprise } = await addBuyer({ kind: 'enterprise', name: 'enterprise' });
    await database.transaction(async (tx) => {
      for (const { accountId } of [one, other]) {
        await putAccount(tx, { accountId, parentId: enterprise }, changing);
      }
    });
    const first = { upTo: d('10'), unitPrice: d('1') };
    const tiers = [first, { upTo: undefined, unitPrice: d('0.5') }];
    await publish(
      'tiers',
      contentOf([itemOf(METERS.baseVm, { price: { kind: 'graduated', tiers } })]),
    );
    await price(enterprise, { priceListId: 'tiers' });
    await reportUsage(database, stamp, OCTOBER + 6, [
      { ...vm(OCTOBER + 5, '15'), customer: one.customer },
      { ...vm(OCTOBER + 5, '5'), customer: other.customer },
    ]);
    await rateAcceptedUsage(commerce.room);
    const own = (await amounts({ accountId: enterprise }))['202610-1'];
    assert.deepEqual(own?.toSorted(), ['11.25', '3.75']);
    assert.deepEqual(await amounts(one), {});
  });

  it('charges nothing for usage that is not billable, and keeps its quantity', async () => {
    const { database } = test;
    const own = await addBuyer();
    const row = { ...vm(OCTOBER + 6, '7'), customer: own.customer, billable: false };
    await reportUsage(database, stamp, OCTOBER + 7, [row]);
    await rateAcceptedUsage(commerce.room);
    const [period] = await listPeriods(database.pool, own.accountId);
    const [charge] = await chargesOfPeriod(database.pool, period!.period);
    assert.deepEqual(
      [charge?.quantity.toText(), charge?.amount?.toText(), charge?.billable],
      ['7', '0', false],
    );
  });

  it('shows what has no price, goes on with the rest, and charges it once there is one', async () => {
    const { database } = test;
    const yen = parseCurrency('JPY')!;
    const own = await addBuyer({ currency: yen });
    await price(own.accountId, { priceListId: 'flat' });
    const row = { ...vm(OCTOBER + 7, '10'), customer: own.customer };
    await reportUsage(database, stamp, OCTOBER + 8, [row, vm(OCTOBER + 7)]);
    await rateAcceptedUsage(commerce.room);
    assert.deepEqual(await amounts(own), { '202610-1': [undefined] });
    const [unpriced, ...others] = await unpricedMeters(database.pool, own.accountId);
    assert.deepEqual(others, []);
    assert.equal(unpriced?.problem, 'no exchange rate from USD to JPY on 2026-10-01');
    assert.equal(unpriced.quantity.toText(), '10');
    assert.equal((await rateAcceptedUsage(commerce.room)).runs, 0);
    await database.transaction((tx) =>
      setExchangeRate(
        tx,
        {
          from: parseCurrency('USD')!,
          to: yen,
          day: dayNumber(0),
          rate: d('150'),
          source: 'test',
        },
        changing,
      ),
    );
    assert.equal((await rateAcceptedUsage(commerce.room)).runs, 1);
    const [, charge] = (await amounts(own))['202610-1']!;
    assert.deepEqual([charge, (await amounts(own))['202610-1']!.includes('750')], ['750', true]);
    assert.deepEqual(await sumsOf(own.accountId), { charges: '750', unbilled: '750' });
    assert.deepEqual(await unpricedMeters(database.pool, own.accountId), []);
  });

  it('shows a meter that the price list lacks', async () => {
    const { database } = test;
    const row = { ...vm(OCTOBER + 8, '3'), meterId: METERS.windowsVm };
    await reportUsage(database, stamp, OCTOBER + 9, [row]);
    await rateAcceptedUsage(commerce.room);
    const [unpriced] = await unpricedMeters(database.pool, buyer.accountId);
    assert.deepEqual(
      [unpriced?.meterId.toLowerCase(), unpriced?.priceListId, unpriced?.problem],
      [METERS.windowsVm, 'flat', undefined],
    );
  });

  it('rates anew the minimum of a meter when a version comes, though nothing more of it was used', async () => {
    const { database } = test;
    const own = await addBuyer();
    await publish('least', contentOf([{ ...VM, minimum: d('300') }]));
    await price(own.accountId, { priceListId: 'least' });
    const used = (hour: number, meterId: string) => ({
      ...vm(hour, '1'),
      meterId,
      customer: own.customer,
    });
    await reportUsage(database, stamp, OCTOBER + 10, [used(OCTOBER + 9, METERS.baseVm)]);
    await rateAcceptedUsage(commerce.room);
    assert.deepEqual(await amounts(own), { '202610-1': ['300'] });
    // In force in the last third of October, 744 hours.
    await publish('least', contentOf([VM, itemOf(METERS.windowsVm)]), OCTOBER + 496);
    await reportUsage(database, stamp, OCTOBER + 11, [used(OCTOBER + 10, METERS.windowsVm)]);
    await rateAcceptedUsage(commerce.room);
    const all = (await amounts(own))['202610-1'];
    assert.deepEqual(all?.toSorted(), ['200', undefined]);
  });

  it('has everything as it is found out anew, and the ledger in balance', async () => {
    const { differences, checked } = await verifyRating(commerce.room);
    assert.deepEqual(differences, []);
    assert.ok(checked > 5);
    const { rows } = await test.database.pool.query<{ id: TestBuyer['accountId'] }>(
      'select distinct account_id as id from charge',
    );
    for (const { id } of rows) {
      const { charges, unbilled } = await sumsOf(id);
      assert.equal(unbilled, charges);
    }
  });
});

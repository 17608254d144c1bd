import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourAt, METERS } from '../../../../test/support/billing.ts';
import { hourNumber } from '../../../kernel/index.ts';
import { addTerm, readAccountTree } from '../../accounts/index.ts';
import { parseTerm } from '../../pricing/index.ts';
import { verifyInvoices } from '../check/verify.ts';
import { setHold } from '../issue/hold.ts';
import { issueInvoice } from '../issue/issue.ts';
import { listProblems } from '../problems.ts';
import { invoicesOfPeriod, listInvoices } from '../store.ts';
import { withTestRoom, type TestCustomer, type TestRoom } from '../test-room.ts';
import { heardOf, hearOf } from '../test-webhooks.ts';

const NONE = { inReview: 0, issued: 0, notes: 0, parked: 0 };

async function numbersOf(own: TestRoom, { accountId }: TestCustomer): Promise<string[]> {
  const found = await listInvoices(own.test.database.pool, { accountId, limit: 100 });
  return found.map(({ number }) => number).toReversed();
}

describe('a period', () => {
  const own = withTestRoom();
  let one: TestCustomer;

  it('goes into review once its usage has come and its time is over, and is then invoiced', async () => {
    one = await own.customer({ waitHours: 24, reviewDays: 3 });
    await hearOf(own.test.database.pool, one.accountId);
    await own.use('2026-10-31T23:00Z', [{ of: one }]);
    assert.deepEqual(await own.advance('2026-11-01T23:59Z'), NONE);
    // The stamp has reported up to the end of the month, and not the hours that the account waits.
    assert.deepEqual(await own.advance('2026-11-02T00:00Z'), NONE);
    await own.use('2026-11-01T22:00Z', []);
    assert.deepEqual(await own.advance('2026-11-02T00:00Z'), NONE);
    await own.use('2026-11-01T23:00Z', []);
    assert.deepEqual(await own.advance('2026-11-02T00:00Z'), { ...NONE, inReview: 1 });
    assert.deepEqual(await own.advance('2026-11-04T23:59Z'), NONE);
    assert.deepEqual(await own.advance('2026-11-05T00:00Z'), { ...NONE, issued: 1 });
    assert.deepEqual(await own.advance('2026-11-05T00:01Z'), NONE);
    assert.deepEqual(await numbersOf(own, one), ['PRO-2026-000001']);
    const heard = await heardOf(own.test.database.pool, one.accountId);
    assert.deepEqual(
      heard.map(({ type }) => type),
      ['period.in-review', 'invoice.issued'],
    );
    assert.equal(heard[0]?.data['complete'], true);
    assert.equal(heard[1]?.data['gross'], '0.8');
  });

  it('waits for a stamp that has not reported, 72 hours at most', async () => {
    // Next to come is the second window of 2 November: all but that of November is missing.
    await own.use('2026-11-02T00:00Z', [{ of: one }]);
    assert.deepEqual(await own.advance('2026-12-02T00:00Z'), NONE);
    assert.deepEqual(await own.advance('2026-12-04T23:59Z'), NONE);
    assert.deepEqual(await own.advance('2026-12-05T00:00Z'), { ...NONE, inReview: 1 });
    const told = (await heardOf(own.test.database.pool, one.accountId)).at(-1);
    assert.equal(told?.data['complete'], false);
    assert.deepEqual(Object.keys(told?.data['waitedFor'] ?? {}), ['registrationId', 'waitsFor']);
    const period = await own.period(one, '202611-1');
    await setHold(own.room, period, 'to be looked at', own.changing);
  });

  it('waits for what was accepted and is not rated', async () => {
    const { pool } = own.test.database;
    await own.use('2026-12-31T23:00Z', [{ of: one }]);
    await own.use('2027-01-01T23:00Z', []);
    const { rows } = await pool.query<{ last_window: number }>('select * from rating_progress');
    await pool.query('update rating_progress set last_window = last_window - 1');
    assert.deepEqual(await own.advance('2027-01-02T00:00Z'), NONE);
    await pool.query('update rating_progress set last_window = $1', [rows[0]?.last_window]);
    assert.deepEqual(await own.advance('2027-01-02T00:01Z'), { ...NONE, inReview: 1 });
  });

  it('that is held is not invoiced by itself', async () => {
    const period = await own.period(one, '202611-1');
    assert.deepEqual(await own.advance('2027-01-05T00:01Z'), { ...NONE, issued: 1 });
    assert.equal((await own.period(one, '202611-1')).state, 'InReview');
    await setHold(own.room, period, undefined, own.changing);
    assert.deepEqual(await own.advance('2027-01-05T00:02Z'), { ...NONE, issued: 1 });
  });

  it('without usage is invoiced where a fee is owed', async () => {
    const idle = await own.customer({ waitHours: 0, reviewDays: 0 });
    const { pool } = own.test.database;
    await pool.query('update billing_account set created_at = $2 where account_id = $1', [
      idle.accountId,
      '2026-12-10T00:00Z',
    ]);
    await own.test.database.transaction((tx) =>
      addTerm(
        tx,
        idle.accountId,
        {
          name: 'Base fee',
          definition: parseTerm({ kind: 'fee', amount: '31', prorated: false }),
          effectiveFrom: hourNumber(0),
        },
        own.changing,
      ),
    );
    // Until rating has followed its first prices, too.
    assert.deepEqual(await own.advance('2027-01-10T00:00Z'), NONE);
    await own.rate();
    assert.deepEqual(await own.advance('2027-01-10T00:00Z'), { ...NONE, inReview: 0, issued: 1 });
    const [invoice] = await invoicesOfPeriod(pool, (await own.period(idle, '202612-1')).period);
    assert.equal(invoice?.net.toText(), '31');
    assert.equal((await own.period(idle, '202701-1')).state, 'Open');
    assert.deepEqual(await own.advance('2027-01-10T00:01Z'), NONE);
  });

  it('leaves books in which everything adds up', async () => {
    assert.deepEqual((await verifyInvoices(own.test.database.pool)).differences, []);
  });
});

describe('an account that cannot be invoiced', () => {
  const own = withTestRoom();
  const atOnce = { waitHours: 0, reviewDays: 0 };
  let broken: TestCustomer;

  it('is parked and told once, while others are invoiced', async () => {
    const { pool } = own.test.database;
    broken = await own.customer({ ...atOnce, country: undefined });
    const others = [await own.customer(atOnce), await own.customer(atOnce)];
    await hearOf(pool, (await readAccountTree(pool)).root.accountId);
    await own.use(
      '2026-10-31T23:00Z',
      [broken, ...others].map((of) => ({ of })),
    );
    const done = await own.advance('2026-11-01T00:00Z');
    assert.deepEqual(done, { ...NONE, issued: 2, parked: 1 });
    const [problem] = await listProblems(pool);
    assert.deepEqual(
      [problem?.accountId, problem?.periodName, problem?.code, problem?.attempts],
      [broken.accountId, '202610-1', 'BillingAccountIncomplete', 1],
    );
    assert.equal(problem?.nextAttemptAt.toString(), '2026-11-01T00:01:00Z');
  });

  it('is tried again ever later, and told when it goes on', async () => {
    const { pool } = own.test.database;
    assert.deepEqual(await own.advance('2026-11-01T00:00:30Z'), NONE);
    assert.deepEqual(await own.advance('2026-11-01T00:01Z'), { ...NONE, parked: 1 });
    const [problem] = await listProblems(pool, [broken.accountId]);
    assert.deepEqual(
      [problem?.attempts, problem?.nextAttemptAt.toString()],
      [2, '2026-11-01T00:03:00Z'],
    );
    await own.change(broken.accountId, { country: 'FR' });
    assert.deepEqual(await own.advance('2026-11-01T00:03Z'), { ...NONE, issued: 1 });
    assert.deepEqual(await listProblems(pool), []);
    const told = await heardOf(pool, broken.accountId);
    assert.deepEqual(
      told.map(({ type }) => type).filter((type) => type.startsWith('account.')),
      ['account.parked', 'account.resumed'],
    );
  });

  it('for a meter without a price goes on when there is one', async () => {
    const { pool } = own.test.database;
    const base = { meterId: METERS.baseVm, price: { kind: 'flat', unitPrice: '0.008' } };
    const windows = { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.046' } };
    await own.prices([base]);
    await own.use('2026-11-30T23:00Z', [
      { of: broken },
      { of: broken, meterId: METERS.windowsVm, usageHour: hourAt('2026-11-15T00:00Z') },
    ]);
    const numbers = await numbersOf(own, broken);
    assert.equal((await own.advance('2026-12-01T00:00Z')).parked, 1);
    const [problem] = await listProblems(pool);
    assert.equal(problem?.code, 'MeterWithoutPrice');
    assert.match(problem.message, /'prices' has no price for the meter Windows VM/);
    await own.prices([base, windows]);
    // Not before what was rated has followed.
    assert.deepEqual(await own.advance('2026-12-01T00:05Z'), NONE);
    await own.rate();
    assert.equal((await own.advance('2026-12-01T00:05Z')).issued, 1);
    assert.equal((await numbersOf(own, broken)).length, numbers.length + 1);
    assert.deepEqual((await verifyInvoices(pool)).differences, []);
  });
});

describe('late usage on notes', () => {
  const own = withTestRoom();

  it('is noted once it has been quiet, at most once a day', async () => {
    const { pool } = own.test.database;
    const one = await own.customer({ lateUsage: 'Note', waitHours: 2, reviewDays: 0 });
    await own.use('2026-10-31T23:00Z', [{ of: one }]);
    await own.use('2026-11-01T01:00Z', []);
    assert.deepEqual(await own.advance('2026-11-01T02:00Z'), { ...NONE, issued: 1 });
    const late = (window: string, quantity: string) =>
      own.use(window, [{ of: one, usageHour: hourAt('2026-10-20T00:00Z'), quantity }]);
    await late('2026-11-02T00:00Z', '50');
    assert.deepEqual(await own.advance('2026-11-02T02:00Z'), NONE);
    assert.deepEqual(await own.advance('2026-11-02T03:00Z'), { ...NONE, notes: 1 });
    await late('2026-11-02T04:00Z', '-75');
    assert.deepEqual(await own.advance('2026-11-02T09:00Z'), NONE);
    assert.deepEqual(await own.advance('2026-11-03T03:01Z'), { ...NONE, notes: 1 });
    assert.deepEqual(await numbersOf(own, one), [
      'PRO-2026-000001',
      'PRO-DN-2026-000001',
      'PRO-CN-2026-000001',
    ]);
    const notes = await listInvoices(pool, { accountId: one.accountId, limit: 2 });
    assert.deepEqual(
      notes.map(({ gross, correctsNumber, reason }) => [gross.toText(), correctsNumber, reason]),
      [
        ['0.6', 'PRO-2026-000001', 'late usage or new prices'],
        ['0.4', 'PRO-2026-000001', 'late usage or new prices'],
      ],
    );
    assert.deepEqual((await verifyInvoices(pool)).differences, []);
  });

  it('goes on the next invoice where that was agreed', async () => {
    const one = await own.customer({ waitHours: 0, reviewDays: 0 });
    await own.use('2026-11-04T00:00Z', [{ of: one, usageHour: hourAt('2026-10-20T00:00Z') }]);
    const period = await own.period(one);
    await issueInvoice(own.room, period, own.changing, { early: true });
    await own.use('2026-11-05T00:00Z', [
      { of: one, usageHour: hourAt('2026-10-21T00:00Z') },
      { of: one },
    ]);
    assert.deepEqual(await own.advance('2026-11-20T00:00Z'), NONE);
    const november = await own.period(one, '202611-1');
    own.clock.set(Temporal.Instant.from('2026-12-01T00:00Z'));
    const issued = await issueInvoice(own.room, november, own.changing, { early: true });
    assert.deepEqual(
      issued?.lines.map(({ kind }) => kind),
      ['usage', 'correction'],
    );
  });
});

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  newSubscriptionId,
  reportUsage,
  type ReportingStamp,
  type UsageRow,
} from '../../../test/support/billing.ts';
import type { SubscriptionId } from '../../kernel/index.ts';
import { SYSTEM } from '../../audit/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  parseAccountId,
  putAccount,
  readAccountTree,
  type AccountId,
} from '../accounts/index.ts';
import { rateAcceptedUsage } from '../rating/index.ts';
import { windowName } from '../../reporting/index.ts';
import { grantOf, newId, withTestAccounts } from './test-accounts.ts';

const FROM = hourAt('2026-11-20T00:00Z');

describe('what is billed of what a stamp reported', () => {
  const accounts = withTestAccounts();
  let one: SubscriptionId;
  let other: SubscriptionId;
  let stamp: ReportingStamp;
  let registrationId = '';
  /** of the stamp */
  const user = newSubscriptionId();

  const rate = () => rateAcceptedUsage({ database: accounts.test.database, clock: accounts.clock });
  const total = async (
    from: number,
    to: number,
    registration = registrationId,
    path = 'billed',
  ) => {
    const { status, body, text } = await accounts.ask(
      `/api/v1/${path}-usage/${registration}/totals?from=${windowName(from)}&to=${windowName(to)}`,
    );
    assert.equal(status, 200, text);
    return body['totals'];
  };
  const billed = (from = FROM, to = FROM + 100): Promise<unknown> => total(from, to);
  const report = (hour: number, rows: readonly Omit<UsageRow, 'subscriptionId'>[]): Promise<void> =>
    reportUsage(
      accounts.test.database,
      stamp,
      hour,
      rows.map((row) => ({ ...row, subscriptionId: user })),
    );

  before(async () => {
    const { database } = accounts.test;
    one = await addCustomer(database);
    other = await addCustomer(database);
    stamp = await addStamp(database, one, { from: FROM });
    const { rows } = await database.pool.query<{ id: string }>(
      'select registration_id as id from registration where registration_number = $1',
      [stamp.registration],
    );
    registrationId = rows[0]!.id;
    for (let hour = FROM; hour < FROM + 30; hour++) {
      await report(hour, [
        { customer: one, meterId: METERS.baseVm, usageHour: hour - 1, quantity: '1.5' },
        { customer: one, meterId: METERS.baseVm, usageHour: hour, quantity: '0.25' },
        { customer: other, meterId: METERS.windowsVm, usageHour: hour, quantity: '2', mapping: 1 },
        {
          customer: other,
          meterId: METERS.windowsVm,
          usageHour: hour,
          quantity: '1',
          name: 'kit',
          billable: false,
        },
      ]);
    }
  });

  it('is nothing before it is rated', async () => {
    const { body } = await accounts.ask(`/api/v1/billed-usage/${registrationId}`);
    assert.deepEqual(body, { registrationId, ratedUpTo: null });
    assert.deepEqual(await billed(), []);
  });

  it('is what was reported, by reported day, though rating keeps it by day of use', async () => {
    await rate();
    const { body } = await accounts.ask(`/api/v1/billed-usage/${registrationId}`);
    assert.equal(body['ratedUpTo'], windowName(FROM + 30));
    assert.deepEqual(await billed(), [
      ['2026-11-20', user, METERS.windowsVm, 48, '72', '24', '24'],
      ['2026-11-20', user, METERS.baseVm, 48, '42', '42', '0'],
      ['2026-11-21', user, METERS.windowsVm, 12, '18', '6', '6'],
      ['2026-11-21', user, METERS.baseVm, 12, '10.5', '10.5', '0'],
    ]);
    assert.deepEqual(await billed(FROM + 5, FROM + 6), [
      ['2026-11-20', user, METERS.windowsVm, 2, '3', '1', '1'],
      ['2026-11-20', user, METERS.baseVm, 2, '1.75', '1.75', '0'],
    ]);
  });

  it('has what came late on the day on which it was reported', async () => {
    await report(FROM + 60, [
      { customer: one, meterId: METERS.baseVm, usageHour: FROM + 3, quantity: '100' },
    ]);
    assert.deepEqual(await billed(FROM + 48), []);
    await rate();
    assert.deepEqual(await billed(FROM + 48), [
      ['2026-11-22', user, METERS.baseVm, 1, '100', '100', '0'],
    ]);
    assert.deepEqual(await billed(FROM, FROM + 24), [
      ['2026-11-20', user, METERS.windowsVm, 48, '72', '24', '24'],
      ['2026-11-20', user, METERS.baseVm, 48, '42', '42', '0'],
    ]);
  });

  it('leaves out what rating lost, and has what it counted twice', async () => {
    const { pool } = accounts.test.database;
    const alter = async (meterId: string, day: number, quantity: string): Promise<void> => {
      const { rowCount } = await pool.query(
        `update rated_line l set quantity = l.quantity + $3, rows = l.rows + sign($3::numeric)::int
         from charge c join commerce_meter m using (meter)
         where c.charge = l.charge and m.local_meter_key = $1 and l.usage_day = $2 and c.billable
           and c.account_id = (select account_id from billing_account where subscription_id = c.customer_subscription_id)`,
        [meterId, day, quantity],
      );
      assert.equal(rowCount, 1);
    };
    const day = FROM / 24;
    await alter(METERS.windowsVm, day, '2');
    // Used on the second day, and partly reported on the first; the last row is of the second.
    await alter(METERS.baseVm, day + 1, '-0.5');
    const wrong = [
      ['2026-11-20', user, METERS.windowsVm, 49, '74', '24', '24'],
      ['2026-11-20', user, METERS.baseVm, 48, '42', '42', '0'],
      ['2026-11-21', user, METERS.windowsVm, 12, '18', '6', '6'],
      ['2026-11-21', user, METERS.baseVm, 11, '10', '10', '0'],
    ];
    assert.deepEqual(await billed(FROM, FROM + 48), wrong);
    await alter(METERS.windowsVm, day, '-2');
    await alter(METERS.baseVm, day + 1, '0.5');
    // Lost altogether.
    await pool.query(
      `delete from rated_line l using charge c where c.charge = l.charge and not c.billable`,
    );
    assert.deepEqual(await billed(FROM, FROM + 24), [
      ['2026-11-20', user, METERS.windowsVm, 24, '48', '0', '0'],
      ['2026-11-20', user, METERS.baseVm, 48, '42', '42', '0'],
    ]);
  });

  it('counts one sale of several, also below an enterprise and a partner', async () => {
    const { database } = accounts.test;
    const changing = { clock: accounts.clock, actor: SYSTEM };
    const customer = await addCustomer(database);
    const base = await addCustomer(database);
    await database.transaction((tx) => ensureBillingAccounts(tx, accounts.clock));
    const tree = await readAccountTree(database.pool);
    const account = await findAccountBySubscription(database.pool, customer);
    const [partnerId, enterpriseId] = [parseAccountId(newId())!, parseAccountId(newId())!];
    await database.transaction(async (tx) => {
      const under = (
        accountId: AccountId,
        kind: 'partner' | 'enterprise' | 'customer',
        parentId: AccountId,
      ) =>
        putAccount(
          tx,
          { accountId, kind, parentId, name: kind, seriesPrefix: kind === 'partner' ? 'PRT' : '' },
          changing,
        );
      await under(partnerId, 'partner', tree.root.accountId);
      await under(enterpriseId, 'enterprise', partnerId);
      await putAccount(tx, { accountId: account!.accountId, parentId: enterpriseId }, changing);
    });
    const resold = await addStamp(database, base, { from: FROM });
    const mine = newSubscriptionId();
    await reportUsage(database, resold, FROM, [
      {
        customer,
        subscriptionId: mine,
        meterId: METERS.baseVm,
        usageHour: FROM,
        quantity: '7',
        mapping: 1,
      },
    ]);
    await rate();
    const { rows } = await database.pool.query<{ accounts: bigint; id: string }>(
      `select (select count(distinct account_id) from charge where subscription_id = $2) as accounts, registration_id as id
       from registration where registration_number = $1`,
      [resold.registration, mine],
    );
    assert.equal(rows[0]!.accounts, 2n);
    assert.deepEqual(await total(FROM, FROM + 1, rows[0]!.id), [
      ['2026-11-20', mine, METERS.baseVm, 1, '7', '0', '0'],
    ]);
  });

  it('is for the stamp itself and for who may read what was received of it', async () => {
    const path = `/api/v1/billed-usage/${registrationId}`;
    const range = `${path}/totals?from=2026-11-20T00Z&to=2026-11-21T00Z`;
    for (const asked of [path, range]) {
      assert.equal((await accounts.ask(asked, grantOf('Owner', other))).status, 403);
      assert.equal((await accounts.ask(asked, grantOf('Reader', one))).status, 200);
      const unknown = asked.replace(registrationId, newId());
      assert.equal((await accounts.ask(unknown, grantOf('Owner', other))).status, 403);
      assert.equal((await accounts.ask(unknown)).code, 'RegistrationNotFound');
    }
    await accounts.test.database.pool.query(
      'update registration set principal_id = $1 where registration_id = $2',
      ['cccccccc-0000-4000-8000-000000000001', registrationId],
    );
    assert.equal((await accounts.ask(range, [])).status, 200);
    for (const wrong of [
      'from=x&to=2026-11-21T00Z',
      'from=2026-11-21T00Z',
      'from=2026-11-21T00Z&to=2026-11-20T00Z',
      'from=2024-01-01T00Z&to=2026-11-20T00Z',
    ]) {
      assert.equal((await accounts.ask(`${path}/totals?${wrong}`)).code, 'InvalidProperty', wrong);
    }
  });
});

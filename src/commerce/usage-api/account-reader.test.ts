import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { SubscriptionId } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { readAsAccount, type AccountQuestion } from './account-reader.ts';
import { MIDNIGHT, withTestAccounts } from './test-accounts.ts';

function of(account: SubscriptionId): AccountQuestion {
  return { account, asked: ['reportedEndTime', 'then'] };
}

describe('invariant isolated, of accounts', () => {
  const accounts = withTestAccounts();
  let one: SubscriptionId;
  let other: SubscriptionId;
  const nothing = (): Promise<void> => Promise.resolve();

  before(async () => {
    one = await accounts.addAccount();
    other = await accounts.addAccount();
    const meter = await accounts.addMeter('VM');
    for (const account of [one, other]) {
      const registration = await accounts.addRegistration(account, { from: 0, next: MIDNIGHT });
      await accounts.report([{ account, registration, hour: MIDNIGHT - 1, meter, quantity: '1' }]);
    }
  });

  const seen = async (tx: Tx, table: string): Promise<string[]> => {
    const { rows } = await tx.query<{ id: string }>(
      `select distinct customer_subscription_id as id from ${table}`,
    );
    return rows.map(({ id }) => id);
  };

  it('shows an account its own rows only, to a statement without a condition', async () => {
    for (const account of [one, other]) {
      await readAsAccount(accounts.test.database, of(account), nothing, async (tx) => {
        for (const table of ['reported_usage', 'reported_resource']) {
          assert.deepEqual(await seen(tx, table), [account], table);
        }
        const { rows } = await tx.query<{ n: bigint }>(
          'select count(distinct r.customer_subscription_id) as n from reported_resource r left join reported_usage on true',
        );
        assert.equal(rows[0]?.n, 1n);
      });
    }
  });

  it('shows nothing when it is not said for whom', async () => {
    await accounts.test.database.transaction(async (tx) => {
      await tx.query('set local role stackmeter_customer_reader');
      assert.deepEqual(await seen(tx, 'reported_usage'), []);
      assert.deepEqual(await seen(tx, 'reported_resource'), []);
    });
  });

  it('reads nothing else, no partition past its parent, and writes nothing', async () => {
    const partition = 'reported_usage_202611';
    for (const statement of [
      'select * from registration',
      'select * from commerce_subscription',
      'select * from customer_mapping',
      'select * from statement_key',
      'select * from billing_account',
      'select * from billing_period',
      'select * from ledger_posting',
      'select * from invoice_document',
      'select * from charge_version',
      'select * from usage_hourly',
      `select * from ${partition}`,
      'delete from reported_usage',
      'update reported_usage set quantity = 0',
      'delete from commerce_meter',
    ]) {
      const reading = readAsAccount(accounts.test.database, of(one), nothing, (tx) =>
        tx.query(statement),
      );
      await assert.rejects(reading, { code: /42501|25006/ }, statement);
    }
  });

  it('carries nothing over on a pooled connection, be the work done or failed', async () => {
    const { database } = accounts.test;
    await readAsAccount(database, of(one), nothing, (tx) => tx.query('select 1'));
    await assert.rejects(
      readAsAccount(database, of(one), nothing, (tx) => tx.query('select 1 / 0')),
    );
    for (let n = 0; n < 12; n++) {
      const { rows } = await database.pool.query<{ own: boolean; subscription: string }>(
        `select current_user = session_user as own,
                coalesce(current_setting('stackmeter.subscription', true), '') as subscription`,
      );
      assert.deepEqual(rows[0], { own: true, subscription: '' });
    }
  });

  it('ends in time, and says what to ask less of', async () => {
    const { database } = accounts.test;
    const sleep = async (tx: Tx): Promise<void> => {
      await tx.query('select pg_sleep(20)');
    };
    const question = { ...of(one), bound: 50 };
    for (const [prepare, read] of [
      [nothing, sleep],
      [sleep, nothing],
    ] as const) {
      await assert.rejects(readAsAccount(database, question, prepare, read), {
        code: 'InvalidProperty',
        message: /'then' of reportedEndTime .* ask for less at a time/,
      });
    }
    const { rows } = await database.pool.query<{ statement_timeout: string }>(
      'show statement_timeout',
    );
    assert.equal(rows[0]?.statement_timeout, '0');
  });

  it('takes nothing but a GUID into the settings', async () => {
    const hostile = `${one}'; reset role; --` as SubscriptionId;
    await assert.rejects(
      readAsAccount(accounts.test.database, of(hostile), nothing, () => Promise.resolve()),
      TypeError,
    );
  });
});

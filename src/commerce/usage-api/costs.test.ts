import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  addStamp,
  METERS,
  newSubscriptionId,
  reportUsage,
  type ReportingStamp,
} from '../../../test/support/billing.ts';
import {
  Decimal,
  isJsonObject,
  NumberText,
  parseExactJson,
  sumOf,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { findAccountBySubscription, parseAccountId } from '../accounts/index.ts';
import { readAsAccount } from './account-reader.ts';
import { column, newId, type Answered } from './test-accounts.ts';
import { NOVEMBER, OCTOBER, withBilledAccounts } from './test-billed.ts';

describe('what usage costs', () => {
  const accounts = withBilledAccounts();
  const user = newSubscriptionId();
  let account: SubscriptionId;
  let other: SubscriptionId;
  let stamp: ReportingStamp;

  const details = (
    filter = 'usageStart ge 2026-09-01',
    of = account,
    more = '',
  ): Promise<Answered> =>
    accounts.ask(
      `/subscriptions/${of}/providers/Microsoft.Consumption/usageDetails?api-version=2018-01-31&$filter=${encodeURIComponent(filter)}${more}`,
    );
  /** The costs of an answer, to the last digit. */
  const costsOf = ({ text }: Answered): (Decimal | undefined)[] => {
    const parsed = parseExactJson(text);
    assert.ok(isJsonObject(parsed) && Array.isArray(parsed['value']));
    return parsed['value'].map((row: unknown) => {
      assert.ok(isJsonObject(row) && isJsonObject(row['properties']));
      const cost = row['properties']['pretaxCost'];
      return cost instanceof NumberText ? Decimal.parse(cost.text) : undefined;
    });
  };
  before(async () => {
    const { database } = accounts.test;
    account = await accounts.addPayer('Ada');
    other = await accounts.addPayer('Other');
    stamp = await addStamp(database, account, { from: OCTOBER });
    const one = { customer: account, subscriptionId: user };
    await reportUsage(database, stamp, OCTOBER + 10, [
      { ...one, meterId: METERS.baseVm, usageHour: OCTOBER + 5, quantity: '10', name: 'a' },
      { ...one, meterId: METERS.baseVm, usageHour: OCTOBER + 6, quantity: '3', name: 'b' },
      {
        ...one,
        meterId: METERS.windowsVm,
        usageHour: OCTOBER + 6,
        quantity: '4',
        name: 'kit',
        billable: false,
      },
      {
        customer: other,
        subscriptionId: newSubscriptionId(),
        meterId: METERS.baseVm,
        usageHour: OCTOBER + 6,
        quantity: '1000',
      },
    ]);
    await reportUsage(database, stamp, NOVEMBER + 1, [
      { ...one, meterId: METERS.baseVm, usageHour: NOVEMBER - 1, quantity: '1', name: 'a' },
      { ...one, meterId: METERS.baseVm, usageHour: NOVEMBER, quantity: '2', name: 'a' },
    ]);
  });

  it('is not known before it is rated', async () => {
    const { items, text, status } = await details();
    assert.equal(status, 200, text);
    assert.deepEqual(costsOf({ text } as Answered), [undefined, undefined, undefined, undefined]);
    assert.doesNotMatch(text, /currency|pretaxCost|invoiceId/);
    assert.deepEqual(column(items, 'isEstimated'), [false, false, false, false]);
  });

  it('is the part of the charge, told apart where a billing period begins within a day', async () => {
    await accounts.rate();
    const answer = await details();
    const periods = column(answer.items, 'billingPeriodId').map((id) => String(id).slice(-8));
    const named = column(answer.items, 'instanceName').map(String);
    assert.deepEqual(named.toSorted(), ['a', 'a', 'a', 'b', 'kit']);
    assert.deepEqual(periods, ['202610-1', '202610-1', '202610-1', '202610-1', '202611-1']);
    const names = column(answer.items, 'instanceName');
    const costs = Object.fromEntries(
      costsOf(answer).map((cost, at) => [
        `${String(names[at])} ${periods[at]} ${at}`,
        cost?.toText(),
      ]),
    );
    assert.deepEqual(
      Object.entries(costs)
        .map(([key, cost]) => `${key.slice(0, -2)}: ${cost}`)
        .toSorted(),
      [
        'a 202610-1: 0.008',
        'a 202610-1: 0.08',
        'a 202611-1: 0.016',
        'b 202610-1: 0.024',
        'kit 202610-1: 0',
      ],
    );
    assert.ok(column(answer.items, 'currency').every((currency) => currency === 'USD'));
    // Not invoiced yet: late usage may still change it.
    assert.ok(column(answer.items, 'isEstimated').every((estimated) => estimated === true));
    assert.equal(new Set(column(answer.items, 'name')).size, 5);
    const split = await accounts.askAll(
      `/subscriptions/${account}/providers/Microsoft.Consumption/usageDetails?api-version=2018-01-31&$top=1&$filter=${encodeURIComponent('usageStart ge 2026-09-01')}`,
    );
    assert.deepEqual(
      split.flatMap(({ items }) => items),
      answer.items,
    );
  });

  it('adds up to what is billed in a period', async () => {
    const { rows } = await accounts.test.database.pool.query<{ amount: string; quantity: string }>(
      `select sum(c.amount) as amount, sum(c.quantity) as quantity from charge c join billing_period p using (period)
       where c.customer_subscription_id = $1 and p.name = '202610-1'`,
      [account],
    );
    const answer = await accounts.detailsOf(account, '202610-1');
    const costs = costsOf(answer).map((cost) => cost ?? Decimal.zero);
    assert.equal(sumOf(costs).toText(), Decimal.parse(rows[0]!.amount)!.toText());
    const quantities = column(answer.items, 'usageQuantity').map((one) =>
      Decimal.parse(String(one))!,
    );
    assert.equal(sumOf(quantities).toText(), Decimal.parse(rows[0]!.quantity)!.toText());
  });

  it('names the invoice once there is one, and is estimated no more', async () => {
    const october = await accounts.issue(account, '202610-1');
    const { items } = await accounts.detailsOf(account, '202610-1');
    const id = `/subscriptions/${account}/providers/Microsoft.Billing/invoices/${october.number}`;
    assert.ok(column(items, 'invoiceId').every((invoice) => invoice === id));
    assert.ok(column(items, 'isEstimated').every((estimated) => estimated === false));
    const { items: november } = await accounts.detailsOf(account, '202611-1');
    assert.ok(column(november, 'isEstimated').every((estimated) => estimated === true));
    assert.deepEqual(column(november, 'invoiceId'), [undefined]);
  });

  it('is estimated where some of the day is not rated yet', async () => {
    await reportUsage(accounts.test.database, stamp, NOVEMBER + 2, [
      {
        customer: account,
        subscriptionId: user,
        meterId: METERS.baseVm,
        usageHour: OCTOBER + 5,
        quantity: '7',
        name: 'a',
      },
    ]);
    const answer = await details(
      "instanceName eq 'a' and usageStart ge 2026-09-30 and usageStart le 2026-10-02",
    );
    // The part that is rated.
    assert.deepEqual(
      costsOf(answer).map((cost) => cost?.toText()),
      ['0.08'],
    );
    assert.deepEqual(column(answer.items, 'usageQuantity'), [17]);
    assert.deepEqual(column(answer.items, 'isEstimated'), [true]);
    await accounts.rate();
    const rated = await details(
      "instanceName eq 'a' and usageStart ge 2026-09-30 and usageStart le 2026-10-02",
    );
    assert.deepEqual(
      costsOf(rated).map((cost) => cost?.toText()),
      ['0.136'],
    );
  });

  it('is shared by quantity where two registrations reported the same resource', async () => {
    const { database } = accounts.test;
    const again = await addStamp(database, account, { from: NOVEMBER });
    await reportUsage(database, again, NOVEMBER + 1, [
      {
        customer: account,
        subscriptionId: user,
        meterId: METERS.baseVm,
        usageHour: NOVEMBER + 1,
        quantity: '6',
        name: 'a',
      },
      {
        customer: account,
        subscriptionId: user,
        meterId: METERS.baseVm,
        usageHour: NOVEMBER + 30,
        quantity: '1',
        name: 'c',
      },
    ]);
    await reportUsage(database, stamp, NOVEMBER + 40, [
      {
        customer: account,
        subscriptionId: user,
        meterId: METERS.baseVm,
        usageHour: NOVEMBER + 31,
        quantity: '3',
        name: 'c',
      },
    ]);
    await accounts.rate();
    const answer = await details("instanceName eq 'c'");
    const quantities = column(answer.items, 'usageQuantity').map(String);
    const told = costsOf(answer).map((cost, at) => `${quantities[at]} ${cost?.toText()}`);
    assert.deepEqual(told.toSorted(), ['1 0.008', '3 0.024']);
  });

  it('has no amount where there is no price, and says that it is not final', async () => {
    const { database } = accounts.test;
    await accounts.addMeter('unpriced');
    await reportUsage(database, stamp, NOVEMBER + 50, [
      {
        customer: account,
        subscriptionId: user,
        meterId: 'unpriced',
        usageHour: NOVEMBER + 49,
        quantity: '1',
        name: 'u',
      },
    ]);
    await accounts.rate();
    const answer = await details("instanceName eq 'u'");
    assert.deepEqual(costsOf(answer), [undefined]);
    assert.doesNotMatch(answer.text, /currency/);
    assert.deepEqual(column(answer.items, 'isEstimated'), [true]);
  });

  it('is another account’s where that buys it: an enterprise, not its customer', async () => {
    const { database } = accounts.test;
    const member = await accounts.addPayer('Member');
    const enterprise = parseAccountId(newId())!;
    await accounts.put({ accountId: enterprise, kind: 'enterprise', name: 'Group', country: 'FR' });
    await accounts.put({ accountId: await accounts.accountOf(member), parentId: enterprise });
    const its = await addStamp(database, member, { from: NOVEMBER });
    await reportUsage(database, its, NOVEMBER, [
      { customer: member, meterId: METERS.baseVm, usageHour: NOVEMBER, quantity: '5' },
    ]);
    await accounts.rate();
    const answer = await details('usageStart ge 2026-10-01', member);
    assert.deepEqual(costsOf(answer), [undefined]);
    assert.deepEqual(column(answer.items, 'usageQuantity'), [5]);
    assert.deepEqual((await accounts.billing(member, 'invoices')).items, []);
  });

  it('shows to the reader of an account no other account’s charges, lines and invoices', async () => {
    const { database } = accounts.test;
    const owned = new Map<string, number>();
    for (const one of [account, other, newSubscriptionId()]) {
      const accountId = (await findAccountBySubscription(database.pool, one))?.accountId;
      await readAsAccount(
        database,
        { account: one, asked: ['a', 'b'] },
        () => Promise.resolve(),
        async (tx) => {
          for (const table of ['charge', 'rated_line', 'invoice', 'invoice_line']) {
            const { rows } = await tx.query<{ id: string; n: bigint }>(
              `select account_id as id, count(*) as n from ${table} group by 1`,
            );
            assert.ok(
              rows.every(({ id }) => id === accountId),
              table,
            );
            owned.set(table, (owned.get(table) ?? 0) + rows.length);
          }
        },
      );
    }
    assert.deepEqual(Object.fromEntries(owned), {
      charge: 2,
      rated_line: 2,
      invoice: 1,
      invoice_line: 1,
    });
  });
});

import { before } from 'node:test';
import { addCustomer, hourAt } from '../../../test/support/billing.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Changing, Grants } from '../../identity/index.ts';
import type { SubscriptionId } from '../../kernel/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  findPeriod,
  putAccount,
  readAccountTree,
  type AccountChange,
  type AccountId,
} from '../accounts/index.ts';
import { issueInvoice, voidInvoice, type FullInvoice } from '../invoicing/index.ts';
import { ensureTaxTable } from '../pricing/index.ts';
import { rateAcceptedUsage } from '../rating/index.ts';
import { grantOf, withTestAccounts, type Answered, type TestAccounts } from './test-accounts.ts';

/** The first hours of two months in Paris: billing periods begin within a day in UTC. */
export const OCTOBER = hourAt('2026-09-30T22:00Z');
export const NOVEMBER = hourAt('2026-10-31T23:00Z');

/** Accounts whose usage is rated and invoiced. */
export interface BilledAccounts extends Pick<
  TestAccounts,
  'test' | 'clock' | 'app' | 'addMeter' | 'ask' | 'askAll'
> {
  readonly changing: Changing;
  /** A subscription of commerce that can be invoiced, with periods as in Paris. */
  addPayer(name: string): Promise<SubscriptionId>;
  accountOf(id: SubscriptionId): Promise<AccountId>;
  put(change: AccountChange): Promise<void>;
  rate(): Promise<void>;
  issue(of: SubscriptionId, period: string): Promise<FullInvoice>;
  void(number: string): Promise<FullInvoice>;
  /** @param path below Microsoft.Billing; @param grants an operator's unless given */
  billing(of: SubscriptionId, path: string, grants?: Grants): Promise<Answered>;
  /** Usage details of a billing period. */
  detailsOf(of: SubscriptionId, period: string): Promise<Answered>;
}

/** Gives the `describe` in which it is called accounts of its own. */
export function withBilledAccounts(): BilledAccounts {
  const accounts = withTestAccounts();
  const { test, clock } = accounts;
  const changing = { clock, actor: SYSTEM };
  const ensure = (): Promise<number> =>
    test.database.transaction((tx) => ensureBillingAccounts(tx, clock));
  before(async () => {
    await ensure();
    await test.database.transaction((tx) => ensureTaxTable(tx, clock));
    const { root } = await readAccountTree(test.database.pool);
    await billed.put({
      accountId: root.accountId,
      name: 'Provider',
      country: 'FR',
      registrationId: '1',
    });
  });
  const billed: BilledAccounts = {
    test,
    clock,
    changing,
    app: accounts.app,
    addMeter: (...meter) => accounts.addMeter(...meter),
    ask: (...asked) => accounts.ask(...asked),
    askAll: (path) => accounts.askAll(path),
    addPayer: async (name) => {
      const id = await addCustomer(test.database, { name });
      await ensure();
      const accountId = await billed.accountOf(id);
      await billed.put({ accountId, country: 'FR', timeZone: 'Europe/Paris' });
      return id;
    },
    accountOf: async (id) => (await findAccountBySubscription(test.database.pool, id))!.accountId,
    put: async (change) => {
      await test.database.transaction((tx) => putAccount(tx, change, changing));
    },
    rate: async () => {
      await rateAcceptedUsage({ database: test.database, clock });
    },
    issue: async (of, name) => {
      const { database } = test;
      const period = (await findPeriod(database.pool, await billed.accountOf(of), name))!;
      return (await issueInvoice({ database, clock }, period, changing, { early: true }))!;
    },
    void: (number) =>
      voidInvoice({ database: test.database, clock }, number, 'a mistake', changing),
    billing: (of, path, grants = grantOf('Operator')) =>
      accounts.ask(
        `/subscriptions/${of}/providers/Microsoft.Billing/${path}${path.includes('?') ? '&' : '?'}api-version=2018-03-01-preview`,
        grants,
      ),
    detailsOf: (of, period) =>
      accounts.ask(
        `/subscriptions/${of}/providers/Microsoft.Billing/billingPeriods/${period}/providers/Microsoft.Consumption/usageDetails?api-version=2018-01-31`,
      ),
  };
  return billed;
}

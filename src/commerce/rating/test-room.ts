import { randomUUID } from 'node:crypto';
import { addCustomer } from '../../../test/support/billing.ts';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { hourNumber, type SubscriptionId } from '../../kernel/index.ts';
import { decimalOf, fixedClock, type FixedClock } from '../../platform/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  parseAccountId,
  putAccount,
  setPricing,
  type AccountChange,
  type AccountId,
  type PricingBasis,
} from '../accounts/index.ts';
import {
  publishPriceList,
  type PriceListContent,
  type PriceListVersion,
} from '../pricing/index.ts';

/** Somebody who buys usage that is booked on a subscription of commerce. */
export interface TestBuyer {
  readonly accountId: AccountId;
  readonly customer: SubscriptionId;
}

/** Commerce with a provider, for the tests of one `describe`. */
export interface TestRoom {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly changing: Changing;
  /** Database and clock, as the functions of the room take them. */
  readonly room: { readonly database: TestDatabase['database']; readonly clock: FixedClock };
  /** A subscription with its account. */
  readonly addBuyer: (change?: Partial<AccountChange>) => Promise<TestBuyer>;
  /** A partner, below the provider unless said otherwise. */
  readonly addPartner: (change?: Partial<AccountChange>) => Promise<AccountId>;
  readonly price: (accountId: AccountId, basis: PricingBasis, from?: number) => Promise<void>;
  readonly publish: (
    priceListId: string,
    content: PriceListContent,
    effectiveFrom?: number,
  ) => Promise<PriceListVersion>;
  /** What all charges of an account come to, and what its ledger has as not billed yet. */
  readonly sumsOf: (
    accountId: AccountId,
  ) => Promise<{ readonly charges: string; readonly unbilled: string }>;
}

/** Gives the `describe` in which it is called a commerce of its own. */
export function withTestRoom(): TestRoom {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-23T11:05:00Z'));
  const changing: Changing = { clock, actor: SYSTEM };
  const change = async (wanted: AccountChange): Promise<void> => {
    await test.database.transaction((tx) => putAccount(tx, wanted, changing));
  };
  return {
    test,
    clock,
    changing,
    get room() {
      return { database: test.database, clock };
    },
    addBuyer: async (wanted = {}) => {
      const { database } = test;
      const customer = await addCustomer(database);
      await database.transaction((tx) => ensureBillingAccounts(tx, clock));
      const { accountId } = (await findAccountBySubscription(database.pool, customer))!;
      await change({ ...wanted, accountId });
      return { accountId, customer };
    },
    addPartner: async (wanted = {}) => {
      await test.database.transaction((tx) => ensureBillingAccounts(tx, clock));
      const accountId = parseAccountId(randomUUID())!;
      const seriesPrefix = `P${accountId.slice(0, 6).toUpperCase()}`;
      await change({ kind: 'partner', name: 'partner', seriesPrefix, ...wanted, accountId });
      return accountId;
    },
    price: async (accountId, basis, from = 0) => {
      const options = { correctPast: true, ratedUpTo: undefined };
      await test.database.transaction((tx) =>
        setPricing(tx, accountId, basis, hourNumber(from), options, changing),
      );
    },
    publish: async (priceListId, content, effectiveFrom = 0) =>
      test.database.transaction((tx) =>
        publishPriceList(
          tx,
          {
            priceListId,
            content,
            effectiveFrom: hourNumber(effectiveFrom),
            sample: false,
            note: '',
            correctPast: true,
            ratedUpTo: undefined,
          },
          changing,
        ),
      ),
    sumsOf: async (accountId) => {
      const { rows } = await test.database.pool.query<{ charges: string; unbilled: string }>(
        `select (select coalesce(sum(amount), 0) from charge where account_id = $1) as charges,
                (select coalesce(sum(amount), 0) from ledger_posting
                 where party = $1 and account = 'unbilled') as unbilled`,
        [accountId],
      );
      const { charges, unbilled } = rows[0]!;
      return { charges: decimalOf(charges).toText(), unbilled: decimalOf(unbilled).toText() };
    },
  };
}

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { addCustomer } from '../../test/support/billing.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { SYSTEM } from '../audit/index.ts';
import {
  addTerm,
  ensureBillingAccounts,
  findAccountBySubscription,
  parseAccountId,
  putAccount,
  setPricing,
  type AccountId,
  type PricingBasis,
} from '../commerce/accounts/index.ts';
import { Decimal, hourNumber, type SubscriptionId } from '../kernel/index.ts';
import { fixedClock } from '../platform/index.ts';
import { pricesOf } from './prices-of.ts';

describe('the prices of a subscription', () => {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-23T11:05:00Z'));
  const changing = { clock, actor: SYSTEM };
  const ofSubscription = (id: SubscriptionId) => pricesOf({ database: test.database, clock }, id);
  const price = (id: AccountId, basis: PricingBasis) =>
    test.database.transaction((tx) => {
      const options = { correctPast: false, ratedUpTo: undefined };
      return setPricing(tx, id, basis, hourNumber(0), options, changing);
    });
  const addAccount = async (kind: 'partner' | 'enterprise', parentId?: AccountId) => {
    const accountId = parseAccountId(randomUUID())!;
    const seriesPrefix = accountId.slice(0, 8).toUpperCase();
    const wanted = { accountId, kind, name: kind, seriesPrefix, parentId };
    await test.database.transaction((tx) => putAccount(tx, wanted, changing));
    return accountId;
  };
  const addBuyer = async (parentId?: AccountId) => {
    const subscription = await addCustomer(test.database);
    await test.database.transaction((tx) => ensureBillingAccounts(tx, clock));
    const { accountId } = (await findAccountBySubscription(test.database.pool, subscription))!;
    await test.database.transaction((tx) => putAccount(tx, { accountId, parentId }, changing));
    return { subscription, accountId };
  };
  const agree = (accountId: AccountId, name: string) =>
    test.database.transaction((tx) => {
      const definition = { kind: 'commitment', amount: Decimal.fromBigInt(5n) } as const;
      return addTerm(tx, accountId, { name, definition, effectiveFrom: hourNumber(0) }, changing);
    });

  it('are those of the one version in force, whatever else a list ever said', async () => {
    const { subscription } = await addBuyer();
    // As a release before this one may have left it.
    await test.database.pool.query(
      `insert into price_list_version (price_list_id, version, effective_from, sample, note, content, published_at)
       values ('sample', 2, -1, true, '', 'unreadable', '2026-01-01')`,
    );
    const prices = await ofSubscription(subscription);
    assert.deepEqual([prices?.version.priceListId, prices?.version.version], ['sample', 1]);
  });

  it('have the markups, and the terms of the buyer where it is the subscription itself', async () => {
    const partner = await addAccount('partner');
    const group = await addAccount('enterprise', partner);
    await price(partner, { priceListId: 'sample' });
    await price(group, { markupPercent: Decimal.fromBigInt(20n) });
    await agree(group, 'of the group');
    const member = await addBuyer(group);
    await agree(member.accountId, 'of the member');
    const prices = await ofSubscription(member.subscription);
    assert.deepEqual([prices?.scale?.factor.toText(), prices?.terms], ['1.2', []]);
    const alone = await addBuyer(partner);
    await agree(alone.accountId, 'its own');
    const own = await ofSubscription(alone.subscription);
    assert.deepEqual(
      own?.terms?.map(({ name }) => name),
      ['its own'],
    );
  });
});

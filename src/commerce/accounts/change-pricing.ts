import type { HourNumber } from '../../kernel/index.ts';
import type { Changing } from '../../identity/index.ts';
import { setPricing, type AccountPricing, type PricingBasis } from './account-pricing.ts';
import type { AccountId } from './account.ts';
import type { AccountsApi } from './api.ts';
import { holdBilling } from '../pricing/index.ts';

/** What is wanted of the prices of an account. */
export interface PricingChange {
  readonly accountId: AccountId;
  readonly basis: PricingBasis;
  readonly effectiveFrom: HourNumber;
  readonly correctPast: boolean;
}

/**
 * Says at which prices an account buys, and has what was rated follow: of the account and of those below,
 * who may buy at a markup on its prices.
 *
 * @throws as {@link setPricing}
 */
export async function changePricing(
  { database, ratedUpTo, followPriceChanges }: Omit<AccountsApi, 'clock' | 'authenticate'>,
  { accountId, basis, effectiveFrom, correctPast }: PricingChange,
  changing: Changing,
): Promise<AccountPricing> {
  const pricing = await database.transaction(async (tx) => {
    // How far rating has come is known only once it cannot go on.
    await holdBilling(tx);
    const options = { correctPast, ratedUpTo: await ratedUpTo(tx) };
    return setPricing(tx, accountId, basis, effectiveFrom, options, changing);
  });
  await followPriceChanges();
  return pricing;
}

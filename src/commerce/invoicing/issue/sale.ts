import { fail, type SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import {
  findAccount,
  findAccountBySubscription,
  type AccountId,
  type BillingAccount,
} from '../../accounts/index.ts';
import { taxFor, type TaxRate } from '../../pricing/index.ts';
import { dayCount, daysOfPeriod } from '../dates.ts';
import type { PartyThen } from '../invoice.ts';
import type { LineTax } from '../line.ts';

/** Who invoices whom, and all above the buyer. */
export interface InvoicedSale {
  readonly buyer: BillingAccount;
  /** The nearest partner above, or the provider. */
  readonly seller: BillingAccount;
  /** The buyer and all above it. */
  readonly lineage: readonly AccountId[];
}

/** @throws BillingAccountNotFound for an unknown account and for the provider, who buys from nobody */
export async function readSale(db: Queryable, accountId: AccountId): Promise<InvoicedSale> {
  const buyer = await findAccount(db, accountId);
  const lineage: AccountId[] = [accountId];
  let seller: BillingAccount | undefined;
  let parentId = buyer?.parentId;
  while (parentId !== undefined) {
    const above = await findAccount(db, parentId);
    if (above === undefined) break;
    lineage.push(above.accountId);
    if (above.kind === 'provider' || above.kind === 'partner') seller ??= above;
    parentId = above.parentId;
  }
  if (buyer === undefined || seller === undefined) {
    throw fail('BillingAccountNotFound', { account: accountId });
  }
  return { buyer, seller, lineage };
}

/** What people call the customers of an invoice. */
export async function readCustomerNames(
  db: Queryable,
  { buyer }: InvoicedSale,
  ids: Iterable<SubscriptionId>,
): Promise<ReadonlyMap<SubscriptionId, string>> {
  const names = new Map<SubscriptionId, string>();
  for (const id of new Set(ids)) {
    const account = buyer.subscriptionId === id ? buyer : await findAccountBySubscription(db, id);
    names.set(id, account?.name ?? id);
  }
  return names;
}

/**
 * A side of an invoice as it is now.
 *
 * @throws BillingAccountIncomplete while name or country are missing
 */
export function partyNow(account: BillingAccount): PartyThen {
  const { accountId, name, country } = account;
  const missing = [
    ...(name.trim() === '' ? ['its name'] : []),
    ...(country === undefined ? ['its country'] : []),
  ];
  if (country === undefined || missing.length > 0) {
    const verb = missing.length > 1 ? 'are' : 'is';
    throw fail('BillingAccountIncomplete', {
      account: accountId,
      missing: `${missing.join(' and ')} ${verb}`,
    });
  }
  const { street, street2, city, postalCode, region, taxId, registrationId, email, phone } =
    account;
  const address = { street, street2, city, postalCode, region };
  return { accountId, name, country, ...address, taxId, registrationId, email, phone };
}

/**
 * How usage of a period is taxed: as on its last day, when all of it had been supplied.
 *
 * @throws TaxUnknown when the table of taxes has no entry
 */
export function taxOfPeriod(
  rates: readonly TaxRate[],
  { buyer }: InvoicedSale,
  [from, to]: readonly [PartyThen, PartyThen],
  period: Parameters<typeof daysOfPeriod>[0],
): LineTax {
  const { end } = daysOfPeriod(period);
  const verdict = taxFor(rates, {
    seller: { country: from.country },
    buyer: { country: to.country, taxId: buyer.taxId, exemption: buyer.taxExemption },
    day: dayCount(end),
  });
  if (verdict === undefined) throw fail('TaxUnknown', { country: to.country, date: end });
  return verdict;
}

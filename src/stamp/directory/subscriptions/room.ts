import {
  fail,
  type DirectoryTenantId,
  type PrincipalId,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { Offer } from '../offers/offer.ts';
import { isDecommissioned, readLocked } from '../offers/store.ts';

/** The account of a subscription: a principal, or an owner by name within a directory tenant. */
export interface Account {
  readonly subscriptionId: SubscriptionId;
  readonly owner: string;
  readonly ownerPrincipalId?: PrincipalId | undefined;
  readonly tenantId: DirectoryTenantId;
}

/**
 * The offer as it is now and, when it is held, stays until the transaction ends.
 *
 * @throws Conflict when it is for nobody any more
 */
export async function requireOpen(tx: Queryable, offer: Offer, hold = true): Promise<Offer> {
  const now = hold ? await readLocked(tx, offer) : offer;
  if (!(await isDecommissioned(tx, now.offerId))) return now;
  throw fail('Conflict', { reason: `the offer ${now.name} is decommissioned` });
}

/**
 * Checks that the offer has a subscription more for the account of this one.
 *
 * @param offer as {@link requireOpen} gave it
 * @param joining others that come to the offer at the same time
 * @throws Conflict when it has none; how many there are, and where, is not said: they may be other providers'
 */
export async function requireRoom(
  tx: Queryable,
  offer: Pick<Offer, 'name' | 'rootOfferId' | 'maxSubscriptionsPerAccount'>,
  account: Account,
  joining: readonly SubscriptionId[] = [],
): Promise<void> {
  const most = offer.maxSubscriptionsPerAccount;
  if (most === 0) return;
  const { rows } = await tx.query<{ count: number }>(
    `select count(*)::int as count from subscription s left join offer o using (offer_key)
     where s.subscription_id <> $5 and s.state <> 'Deleted' and s.tenant_id = $2
       and (o.root_offer_key = $1 or s.subscription_id = any ($6::uuid[]))
       and case when s.owner_principal_id is null or $3::uuid is null then lower(s.owner) = lower($4)
                else s.owner_principal_id = $3 end`,
    [
      offer.rootOfferId,
      account.tenantId,
      account.ownerPrincipalId ?? null,
      account.owner,
      account.subscriptionId,
      joining,
    ],
  );
  if ((rows[0]?.count ?? 0) < most) return;
  throw fail('Conflict', {
    reason: `the offer ${offer.name} gives this account no more subscriptions`,
  });
}

import type { DirectoryTenantId, SubscriptionId } from '../../../kernel/index.ts';
import { SYSTEM } from '../../../audit/index.ts';
import type { Clock, Queryable } from '../../../platform/index.ts';
import { addOffer } from '../offers/change.ts';
import { changeSubscription } from './change.ts';
import { adoptSubscription } from './create.ts';

const OFFER = 'default-provider';

/**
 * Makes the subscription at the root of the tree of providers, with the offer that is its own, in the caller's
 * transaction. To be done once, when a stamp is set up.
 */
export async function createDefaultProvider(
  tx: Queryable,
  clock: Clock,
  ids: { readonly subscriptionId: SubscriptionId; readonly tenantId: DirectoryTenantId },
): Promise<void> {
  const { subscriptionId } = ids;
  await adoptSubscription(tx, clock, {
    ...ids,
    displayName: 'Default Provider Subscription',
    owner: 'operator@stamp.example',
    delegatedProviderSubscriptionId: undefined,
    offerId: undefined,
    routingResourceManagerType: 'Admin',
    state: 'Enabled',
    origin: 'created',
    createdAt: clock.now(),
  });
  const changing = { clock, actor: SYSTEM };
  const offer = await addOffer(
    tx,
    subscriptionId,
    {
      resourceGroup: 'system.global',
      name: OFFER,
      displayName: 'Default provider',
      description: '',
      externalReferenceId: '',
      state: 'Private',
      location: undefined,
      maxSubscriptionsPerAccount: 0,
      basePlans: [],
      addonPlans: [],
    },
    changing,
  );
  await changeSubscription(tx, subscriptionId, { offer }, changing);
}

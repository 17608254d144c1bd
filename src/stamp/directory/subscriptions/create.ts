import {
  fail,
  type DirectoryTenantId,
  type PrincipalId,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { appendAudit, SYSTEM } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Clock, Queryable } from '../../../platform/index.ts';
import type { Offer } from '../offers/offer.ts';
import { insertAcquiredPlans } from '../plans/acquired-plan.ts';
import { findDirectoryTenant } from '../tenants/store.ts';
import { holdTree } from '../tree/tree.ts';
import { requireOpen, requireRoom } from './room.ts';
import { takesUsage } from './state.ts';
import { findSubscription, insertSubscription } from './store.ts';
import type { Subscription } from './subscription.ts';

/** What a subscription is made from. */
export interface NewSubscription {
  readonly subscriptionId: SubscriptionId;
  readonly displayName: string;
  readonly owner: string;
  /** Whose account it counts for; undefined: the owner by name, within the directory tenant. */
  readonly ownerPrincipalId?: PrincipalId | undefined;
  readonly tenantId: DirectoryTenantId;
  readonly provider: SubscriptionId;
  /** An offer of that provider. */
  readonly offer: Offer | undefined;
  readonly externalReferenceId?: string | undefined;
}

/**
 * Makes a subscription with the base plans of its offer, in the caller's transaction.
 *
 * @throws InvalidProperty for a directory tenant that is not known here
 * @throws Conflict when the id is taken, the provider takes nobody, or the offer gives the account no more
 */
export async function createSubscription(
  tx: Queryable,
  wanted: NewSubscription,
  { clock, actor }: Changing,
): Promise<Subscription> {
  await holdTree(tx);
  await requireProvider(tx, wanted.provider);
  await requireTenant(tx, wanted.tenantId);
  const { provider, offer: asked, ...fields } = wanted;
  const offer = asked && (await requireOpen(tx, asked));
  if (offer !== undefined) await requireRoom(tx, offer, wanted);
  const created = await insertSubscription(tx, {
    ...fields,
    delegatedProviderSubscriptionId: provider,
    offerId: offer?.offerId,
    routingResourceManagerType: 'Default',
    state: 'Enabled',
    origin: 'created',
    createdAt: clock.now(),
  });
  if (!created) {
    throw fail('Conflict', {
      reason: `the subscription id ${wanted.subscriptionId} cannot be taken`,
    });
  }
  const plans = (offer?.basePlans ?? []).map(({ planId }) => planId);
  await insertAcquiredPlans(tx, wanted.subscriptionId, plans, clock.now());
  const made = (await findSubscription(tx, wanted.subscriptionId))!;
  await tellCreated(tx, made, { clock, actor });
  return made;
}

/**
 * Notes a subscription that exists elsewhere, as an import or a simulation finds it; does nothing when it is known.
 *
 * @returns whether it was not known
 */
export async function adoptSubscription(
  tx: Queryable,
  clock: Clock,
  subscription: Subscription,
): Promise<boolean> {
  if (!(await insertSubscription(tx, subscription))) return false;
  await tellCreated(tx, subscription, { clock, actor: SYSTEM });
  return true;
}

async function tellCreated(
  tx: Queryable,
  subscription: Subscription,
  { clock, actor }: Changing,
): Promise<void> {
  const { subscriptionId, displayName, owner, tenantId, origin, state } = subscription;
  await appendAudit(tx, clock, {
    actor,
    action: 'Microsoft.Subscriptions/subscriptions/write',
    target: `/subscriptions/${subscriptionId}`,
    detail: {
      created: true,
      displayName,
      owner,
      tenantId,
      state,
      origin,
      provider: subscription.delegatedProviderSubscriptionId ?? null,
      offer: subscription.offer?.name ?? null,
    },
  });
}

async function requireProvider(tx: Queryable, provider: SubscriptionId): Promise<void> {
  const found = await findSubscription(tx, provider);
  if (found === undefined) throw fail('SubscriptionNotFound', { subscriptionId: provider });
  if (takesUsage(found.state)) return;
  throw fail('Conflict', { reason: `the provider ${provider} is ${found.state}` });
}

async function requireTenant(tx: Queryable, tenantId: DirectoryTenantId): Promise<void> {
  if ((await findDirectoryTenant(tx, { tenantId })) !== undefined) return;
  const rule = 'it is no directory tenant of this stamp';
  throw fail('InvalidProperty', { parameter: 'tenantId', value: tenantId, rule });
}

import type { Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { PlanId, PlanName } from '../plans/plan.ts';
import { takesUsage } from '../subscriptions/state.ts';
import { findSubscription } from '../subscriptions/store.ts';
import { overtaken } from '../wire.ts';
import type { NewOffer, Offer, OfferId, OfferState } from './offer.ts';

interface OfferRow {
  readonly offer_key: OfferId;
  readonly provider_subscription_id: SubscriptionId;
  readonly of_default: boolean;
  readonly resource_group: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly external_reference_id: string;
  readonly state: OfferState;
  readonly location: string | null;
  readonly source_offer_key: OfferId | null;
  readonly delegation_name: string | null;
  readonly root_offer_key: OfferId;
  readonly created_at: Instant;
  readonly max_subscriptions: number;
  readonly subscription_count: number;
  readonly plans: readonly PlanRow[] | null;
}

interface PlanRow {
  readonly key: PlanId;
  readonly group: string;
  readonly name: string;
  readonly kind: 'base' | 'addon';
  readonly max: number;
}

/** Offers `o` with the terms of the offer at the end of their chain of delegations. */
const SELECT = `
  select o.*, p.delegated_provider_subscription_id is null as of_default,
         root.max_subscriptions_per_account as max_subscriptions,
         (select count(*)::int from subscription s where s.offer_key = o.offer_key and s.state <> 'Deleted')
           as subscription_count,
         (select json_agg(json_build_object('key', plan.plan_key, 'group', plan.resource_group, 'name', plan.name,
                   'kind', op.kind, 'max', op.max_acquisition_count) order by op.position)
          from offer_plan op join plan using (plan_key) where op.offer_key = o.root_offer_key) as plans
  from offer o
  join offer root on root.offer_key = o.root_offer_key
  join subscription p on p.subscription_id = o.provider_subscription_id`;

function fromRow(row: OfferRow): Offer {
  const plans = row.plans ?? [];
  const nameOf = ({ key, group, name }: PlanRow): PlanName => ({
    planId: key,
    resourceGroup: group,
    name,
  });
  return {
    offerId: row.offer_key,
    providerSubscriptionId: row.provider_subscription_id,
    ofDefaultProvider: row.of_default,
    resourceGroup: row.resource_group,
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    externalReferenceId: row.external_reference_id,
    state: row.state,
    location: row.location ?? undefined,
    maxSubscriptionsPerAccount: row.max_subscriptions,
    subscriptionCount: row.subscription_count,
    basePlans: plans.filter(({ kind }) => kind === 'base').map(nameOf),
    addonPlans: plans
      .filter(({ kind }) => kind === 'addon')
      .map((plan) => ({ plan: nameOf(plan), maxAcquisitionCount: plan.max })),
    delegation:
      row.source_offer_key === null || row.delegation_name === null
        ? undefined
        : { source: row.source_offer_key, name: row.delegation_name },
    rootOfferId: row.root_offer_key,
    createdAt: row.created_at,
  };
}

/** Which offers are listed; a part that is left out holds nothing back. */
export interface OfferFilter {
  readonly provider?: SubscriptionId | undefined;
  /** In any case. */
  readonly resourceGroup?: string | undefined;
  /** In any case. */
  readonly name?: string | undefined;
  /** Delegated from this one. */
  readonly source?: OfferId | undefined;
  readonly offerId?: OfferId | undefined;
}

/** Offers by name. */
export async function listOffers(db: Queryable, filter: OfferFilter = {}): Promise<Offer[]> {
  const { rows } = await db.query<OfferRow>(
    `${SELECT}
     where ($1::uuid is null or o.provider_subscription_id = $1)
       and ($2::text is null or lower(o.resource_group) = lower($2))
       and ($3::text is null or lower(o.name) = lower($3))
       and ($4::uuid is null or o.source_offer_key = $4)
       and ($5::uuid is null or o.offer_key = $5)
     order by lower(o.name), o.offer_key`,
    [
      filter.provider ?? null,
      filter.resourceGroup ?? null,
      filter.name ?? null,
      filter.source ?? null,
      filter.offerId ?? null,
    ],
  );
  return rows.map(fromRow);
}

/** The offer of a provider by its name, which is unique there. */
export async function findOffer(
  db: Queryable,
  provider: SubscriptionId,
  name: string,
): Promise<Offer | undefined> {
  return (await listOffers(db, { provider, name }))[0];
}

export async function findOfferById(db: Queryable, offerId: OfferId): Promise<Offer | undefined> {
  return (await listOffers(db, { offerId }))[0];
}

/**
 * Offers of a provider that anyone may take: public, nothing they were delegated from decommissioned, and the provider
 * active.
 */
export async function listTakeable(
  db: Queryable,
  provider: SubscriptionId,
  name?: string,
): Promise<Offer[]> {
  const offers = await listOffers(db, { provider, name });
  const state = offers.length > 0 && (await findSubscription(db, provider))?.state;
  if (state === false || state === undefined || !takesUsage(state)) return [];
  const open = offers.filter((offer) => offer.state === 'Public');
  const gone = await findDecommissioned(
    db,
    open.filter(({ delegation }) => delegation).map(({ offerId }) => offerId),
  );
  return open.filter(({ offerId }) => !gone.has(offerId));
}

/** Those of the offers that are for nobody any more, or were delegated from one that is not. */
async function findDecommissioned(
  db: Queryable,
  offerIds: readonly OfferId[],
): Promise<ReadonlySet<OfferId>> {
  if (offerIds.length === 0) return new Set();
  const { rows } = await db.query<{ first: OfferId }>(
    `with recursive chain as (
       select offer_key as first, state, source_offer_key from offer where offer_key = any ($1::uuid[])
       union all
       select chain.first, o.state, o.source_offer_key from offer o join chain on o.offer_key = chain.source_offer_key
     ) select distinct first from chain where state = 'Decommissioned'`,
    [offerIds],
  );
  return new Set(rows.map(({ first }) => first));
}

/** Whether the offer, or any that it was delegated from, is for nobody any more. */
export async function isDecommissioned(db: Queryable, offerId: OfferId): Promise<boolean> {
  return (await findDecommissioned(db, [offerId])).has(offerId);
}

/** An offer of the operator, with its plans. @returns undefined when the provider has one of this name */
export async function insertOffer(
  db: Queryable,
  provider: SubscriptionId,
  offer: NewOffer,
  now: Instant,
): Promise<OfferId | undefined> {
  const { rows } = await db.query<{ offer_key: OfferId }>(
    `with made as (select gen_random_uuid() as key)
     insert into offer (offer_key, root_offer_key, provider_subscription_id, resource_group, name, display_name,
       description, external_reference_id, state, location, max_subscriptions_per_account, created_at)
     select key, key, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 from made
     on conflict do nothing returning offer_key`,
    [
      provider,
      offer.resourceGroup,
      offer.name,
      offer.displayName,
      offer.description,
      offer.externalReferenceId,
      offer.state,
      offer.location ?? null,
      offer.maxSubscriptionsPerAccount,
      now.toString(),
    ],
  );
  const offerId = rows[0]?.offer_key;
  if (offerId !== undefined) await writePlans(db, offerId, offer);
  return offerId;
}

/** What of an offer may change. */
export type OfferChange = Omit<NewOffer, 'resourceGroup' | 'name'>;

/** Writes the offer anew, all but its name and resource group. */
export async function updateOffer(
  db: Queryable,
  offerId: OfferId,
  offer: OfferChange,
): Promise<void> {
  await db.query(
    `update offer set display_name = $2, description = $3, external_reference_id = $4, state = $5, location = $6,
       max_subscriptions_per_account = $7
     where offer_key = $1`,
    [
      offerId,
      offer.displayName,
      offer.description,
      offer.externalReferenceId,
      offer.state,
      offer.location ?? null,
      offer.maxSubscriptionsPerAccount,
    ],
  );
  await writePlans(db, offerId, offer);
}

/** What of an offer its provider may change, even of one that was delegated. */
export async function updateNaming(
  db: Queryable,
  offerId: OfferId,
  offer: Pick<Offer, 'displayName' | 'description' | 'state'>,
): Promise<void> {
  await db.query(
    'update offer set display_name = $2, description = $3, state = $4 where offer_key = $1',
    [offerId, offer.displayName, offer.description, offer.state],
  );
}

async function writePlans(
  db: Queryable,
  offerId: OfferId,
  { basePlans, addonPlans }: Pick<NewOffer, 'basePlans' | 'addonPlans'>,
): Promise<void> {
  await db.query('delete from offer_plan where offer_key = $1', [offerId]);
  await db.query(
    `insert into offer_plan (offer_key, plan_key, kind, max_acquisition_count, position)
     select $1, plan, kind, max, position
     from unnest($2::uuid[], $3::text[], $4::int[]) with ordinality as given (plan, kind, max, position)`,
    [
      offerId,
      [...basePlans, ...addonPlans.map(({ plan }) => plan)],
      [...basePlans.map(() => 'base'), ...addonPlans.map(() => 'addon')],
      [...basePlans.map(() => 1), ...addonPlans.map((addon) => addon.maxAcquisitionCount)],
    ],
  );
}

/** Gives an offer on to a provider below. @returns whether it was; not when a name is taken */
export async function insertDelegation(
  db: Queryable,
  source: Offer,
  delegation: { readonly name: string; readonly to: SubscriptionId; readonly offerName: string },
  now: Instant,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into offer (root_offer_key, source_offer_key, delegation_name, provider_subscription_id, resource_group, name,
       display_name, description, state, location, created_at)
     select root_offer_key, offer_key, $2, $3, resource_group, $4, display_name, description, 'Private', location, $5
     from offer where offer_key = $1
     on conflict do nothing`,
    [source.offerId, delegation.name, delegation.to, delegation.offerName, now.toString()],
  );
  return rowCount === 1;
}

/** What still needs the offer; undefined when nothing does. Deleted subscriptions need it no more. */
export async function findUseOfOffer(
  db: Queryable,
  offerId: OfferId,
): Promise<'subscription' | 'delegation' | undefined> {
  const { rows } = await db.query<{ kind: 'subscription' | 'delegation' }>(
    `(select 'subscription' as kind from subscription where offer_key = $1 and state <> 'Deleted' limit 1)
     union all (select 'delegation' from offer where source_offer_key = $1 limit 1)`,
    [offerId],
  );
  return rows[0]?.kind;
}

/** Nobody takes or changes the terms of the offer until the transaction ends. */
export async function lockOffer(tx: Queryable, offerId: OfferId): Promise<void> {
  await tx.query('select from offer where offer_key = $1 for no key update', [offerId]);
}

/**
 * The offer as it is once nobody else changes its terms.
 *
 * @throws Conflict when it was removed meanwhile
 */
export async function readLocked(
  tx: Queryable,
  { offerId, rootOfferId }: Pick<Offer, 'offerId' | 'rootOfferId'>,
): Promise<Offer> {
  await lockOffer(tx, rootOfferId);
  const found = await findOfferById(tx, offerId);
  if (found !== undefined) return found;
  throw overtaken();
}

/** To be asked for only when no living subscription needs the offer: the database refuses otherwise. @returns whether it was there */
export async function deleteOffer(db: Queryable, offerId: OfferId): Promise<boolean> {
  await db.query(
    `update subscription set offer_key = null where offer_key = $1 and state = 'Deleted'`,
    [offerId],
  );
  const { rowCount } = await db.query('delete from offer where offer_key = $1', [offerId]);
  return rowCount === 1;
}

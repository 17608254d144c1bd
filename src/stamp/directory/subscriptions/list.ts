import type { SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { SubscriptionState } from './state.ts';
import { fromRow, SELECT_SUBSCRIPTION, type SubscriptionRow } from './store.ts';
import type { Subscription } from './subscription.ts';

/** Columns by which a list can be narrowed, as text in lower case. */
const COLUMNS = {
  subscriptionId: 's.subscription_id::text',
  delegatedProviderSubscriptionId: 's.delegated_provider_subscription_id::text',
  displayName: 'lower(s.display_name)',
  externalReferenceId: 'lower(s.external_reference_id)',
  owner: 'lower(s.owner)',
  tenantId: 's.tenant_id::text',
  routingResourceManagerType: 'lower(s.routing_resource_manager_type)',
  state: 'lower(s.state)',
  offerName: 'lower(o.name)',
  offerProvider: 'o.provider_subscription_id::text',
  offerOfDefault: '(p.delegated_provider_subscription_id is null)::text',
} as const;

/** What a subscription must have to be listed: a value in a field, compared without case. */
export interface FieldMatch {
  readonly field: keyof typeof COLUMNS;
  readonly value: string;
}

/** Which subscriptions are listed; a part that is left out holds nothing back. */
export interface SubscriptionFilter {
  /** Those standing under this provider: directly, or with `includeIndirect` its whole tree. */
  readonly provider?: SubscriptionId | undefined;
  readonly includeIndirect?: boolean | undefined;
  /** No others than these. */
  readonly ids?: readonly SubscriptionId[] | undefined;
  readonly states?: readonly SubscriptionState[] | undefined;
  /** Only those that hold delegated offers or have subscriptions below them. */
  readonly providersOnly?: boolean | undefined;
  readonly matches?: readonly FieldMatch[] | undefined;
}

/** A page of a list that is in the order of ids. */
export interface SubscriptionPage {
  /** The last id of the page before; undefined for the first page. */
  readonly after?: SubscriptionId | undefined;
  readonly limit: number;
}

export interface SubscriptionsPage {
  readonly subscriptions: readonly Subscription[];
  /** What the next page comes after; undefined when there is none. */
  readonly next: SubscriptionId | undefined;
}

/** One page of the subscriptions that fit. */
export async function listSubscriptionsOf(
  db: Queryable,
  filter: SubscriptionFilter,
  page: SubscriptionPage,
): Promise<SubscriptionsPage> {
  const matches = filter.matches ?? [];
  const conditions = matches.map(
    ({ field }, at) => `and ${COLUMNS[field]} = lower($${at + 8}::text)`,
  );
  const { rows } = await db.query<SubscriptionRow>(
    `with recursive tree as (
       select subscription_id as id from subscription where delegated_provider_subscription_id = $1
       union
       select s.subscription_id from subscription s join tree on s.delegated_provider_subscription_id = tree.id
       where $2
     ) ${SELECT_SUBSCRIPTION}
     where ($1::uuid is null or s.subscription_id in (select id from tree))
       and ($3::uuid[] is null or s.subscription_id = any ($3))
       and ($4::text[] is null or s.state = any ($4))
       and ($5::uuid is null or s.subscription_id > $5)
       and (not $6::boolean
            or exists (select from offer held where held.provider_subscription_id = s.subscription_id)
            or exists (select from subscription below where below.delegated_provider_subscription_id = s.subscription_id))
       ${conditions.join(' ')}
     order by s.subscription_id limit $7`,
    [
      filter.provider ?? null,
      filter.includeIndirect === true,
      filter.ids ?? null,
      filter.states ?? null,
      page.after ?? null,
      filter.providersOnly === true,
      page.limit + 1,
      ...matches.map(({ value }) => value),
    ],
  );
  const subscriptions = rows.slice(0, page.limit).map(fromRow);
  return {
    subscriptions,
    next: rows.length > page.limit ? subscriptions.at(-1)?.subscriptionId : undefined,
  };
}

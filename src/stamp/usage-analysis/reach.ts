import { authorize, reachOf, type Grant, type Principal } from '../../identity/index.ts';
import type { SubscriptionId } from '../../kernel/index.ts';
import type { Database, Queryable, Tx } from '../../platform/index.ts';
import { listSubscriptionsOf, SUBSCRIPTION_STATES, visibleToTenant } from '../directory/index.ts';

/** What a caller sees of usage. The database itself shows no more. */
export interface UsageReach {
  readonly everywhere: boolean;
  readonly subscriptions: readonly SubscriptionId[];
  /** All that is below them, however deep; not they themselves. */
  readonly providers: readonly SubscriptionId[];
  /** Subscription and resource group, the group as roles have it. */
  readonly groups: readonly (readonly [SubscriptionId, string])[];
}

const OWN = 'Microsoft.Commerce/usageAggregates/read';
const BELOW = 'Microsoft.Commerce.Admin/subscriberUsageAggregates/read';

/** The whole stamp, for those who read it for themselves. */
export const EVERYWHERE: UsageReach = {
  everywhere: true,
  subscriptions: [],
  providers: [],
  groups: [],
};

/**
 * What the roles of a caller let it see: the interface of tenants on its subscriptions and resource groups, and that of
 * providers on the tree below its own. A deleted subscription is there for the operator and its provider only.
 *
 * @throws AuthorizationFailed when that is nothing
 */
export async function usageReachOf(db: Queryable, principal: Principal): Promise<UsageReach> {
  const own = reachOf(principal.grants, OWN);
  const below = reachOf(principal.grants, BELOW);
  if (own.everywhere || below.everywhere) return EVERYWHERE;
  if (own.grants.length + below.grants.length === 0) authorize(principal, OWN);
  const visible = await visibleAmong(db, [...own.grants, ...below.grants]);
  const whole = new Set(own.grants.flatMap((grant) => (isWhole(grant) ? idOf(grant) : [])));
  return {
    everywhere: false,
    subscriptions: [...whole].filter((id) => visible.has(id)),
    providers: [
      ...new Set(below.grants.flatMap((grant) => (isWhole(grant) ? idOf(grant) : []))),
    ].filter((id) => visible.has(id)),
    groups: own.grants.flatMap(({ subscriptionId: id, resourceGroup }) =>
      id === undefined || resourceGroup === undefined || whole.has(id) || !visible.has(id)
        ? []
        : [[id, resourceGroup] as const],
    ),
  };
}

function isWhole({ resourceGroup }: Grant): boolean {
  return resourceGroup === undefined;
}

function idOf({ subscriptionId }: Grant): SubscriptionId[] {
  return subscriptionId === undefined ? [] : [subscriptionId];
}

const VISIBLE_STATES = SUBSCRIPTION_STATES.filter(visibleToTenant);

async function visibleAmong(
  db: Queryable,
  grants: readonly Grant[],
): Promise<ReadonlySet<SubscriptionId>> {
  const ids = [...new Set(grants.flatMap(idOf))];
  const filter = { ids, states: VISIBLE_STATES };
  const { subscriptions } = await listSubscriptionsOf(db, filter, { limit: ids.length });
  return new Set(subscriptions.map(({ subscriptionId }) => subscriptionId));
}

/** A question that is large takes longer than people wait; it must not hold a connection for ever. */
const MOST_MILLISECONDS = 10_000;

/**
 * Runs `work` in a read-only transaction under the role of the readers of sums, which sees what is in reach. All
 * statements see one moment. Settings are local to the transaction: a pooled connection carries nothing over.
 */
export async function withUsageReach<T>(
  database: Database,
  reach: UsageReach,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return database.transaction(
    async (tx) => {
      await tx.query(`select set_config('stackmeter.analysis_reach', $1, true)`, [
        JSON.stringify(reach),
      ]);
      await tx.query(
        `set local role stackmeter_analysis_reader; set local statement_timeout = ${MOST_MILLISECONDS};
         set local work_mem = '64MB'; set local jit = off`,
      );
      return work(tx);
    },
    { readOnly: true, retry: true, isolation: 'repeatable read' },
  );
}

import { comparisonKey } from '../../../analysis/index.ts';
import { hourNumber, parseSubscriptionId, type HourNumber } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import {
  readAccountTree,
  type AccountId,
  type AccountTree,
  type BillingAccount,
} from '../../accounts/index.ts';
import { ratedUpTo } from '../../rating/index.ts';
import type { CostView, Viewpoint } from '../viewpoint.ts';
import { subscriptionsAtOrBelow } from '../viewpoint.ts';

/** A version of a meter of commerce. */
interface MeterVersion {
  /** Id of the meter on the stamp, in lower case. */
  readonly key: string;
  readonly name: string;
  readonly service: string;
}

/** What a question needs beside the sums: read as ourselves, of the accounts of a viewpoint. */
export interface Ground {
  readonly view: CostView;
  readonly range: { readonly from: HourNumber; readonly to: HourNumber };
  readonly sales: readonly number[];
  /** By the number of the version, as text. */
  readonly meters: ReadonlyMap<string, MeterVersion>;
  /** The sales of these accounts. */
  salesOf(accounts: readonly string[]): number[];
  /** Buyers by the number of their sale, or those below by their subscription. */
  accountOf(column: string): BillingAccount | undefined;
  /** The subscriptions of commerce that are an account's own. */
  customersOf(accounts: readonly string[]): string[];
  /** Names of subscriptions that are accounts of the viewpoint; of others their id. */
  subscriptionName(id: string): string;
  readonly ratedTo: HourNumber | undefined;
  readonly summarizedTo: HourNumber | undefined;
}

export async function readGround(
  db: Queryable,
  { view, account, buyers }: Viewpoint,
  range: { readonly from: number; readonly to: number },
  known?: AccountTree,
): Promise<Ground> {
  const tree = known ?? (await readAccountTree(db));
  const ids = buyers.map(({ accountId }) => accountId);
  const { rows: sold } = await db.query<{ sale: number; account: AccountId }>(
    'select sale, account_id as account from cost_sale where account_id = any($1::uuid[]) order by sale',
    [ids],
  );
  const { rows: meters } = await db.query<MeterVersion & { readonly meter: number }>(
    `select meter, local_meter_key as key, name, category as service from commerce_meter order by meter`,
  );
  const { rows: progress } = await db.query<{ to: number }>(
    'select summarized_to as to from cost_progress',
  );
  const accountOfSale = new Map(sold.map(({ sale, account: id }) => [String(sale), tree.get(id)]));
  const own = new Set<string>(subscriptionsAtOrBelow(tree, account));
  const ofSubscription = (id: string): BillingAccount | undefined => {
    const subscriptionId = parseSubscriptionId(id);
    if (subscriptionId === undefined || !own.has(subscriptionId)) return undefined;
    return tree.ofSubscription(subscriptionId);
  };
  const summarizedTo = progress[0]?.to;
  return {
    view,
    range: { from: hourNumber(range.from), to: hourNumber(range.to) },
    sales: sold.map(({ sale }) => sale),
    meters: new Map(meters.map(({ meter, ...version }) => [String(meter), version])),
    accountOf: (column) =>
      view === 'selling' ? accountOfSale.get(column) : ofSubscription(column),
    salesOf: (accounts) =>
      sold.flatMap(({ sale, account: id }) => (accounts.includes(id) ? [sale] : [])),
    customersOf: (accounts) => {
      const wanted = new Set(accounts);
      return [...own].filter((id) => wanted.has(ofSubscription(id)?.accountId ?? ''));
    },
    subscriptionName: (id) => ofSubscription(id)?.name ?? id,
    ratedTo: await ratedUpTo(db),
    summarizedTo: summarizedTo === undefined ? undefined : hourNumber(summarizedTo),
  };
}

/** The versions of meters that filters by meter and service leave; undefined: all. */
export function metersLeft(
  { meters }: Pick<Ground, 'meters'>,
  {
    keys,
    services,
  }: {
    readonly keys?: readonly string[] | undefined;
    readonly services?: readonly string[] | undefined;
  },
): number[] | undefined {
  if (keys === undefined && services === undefined) return undefined;
  return [...meters].flatMap(([number, { key, service }]) =>
    (keys?.includes(key) ?? true) && (services?.includes(comparisonKey(service)) ?? true)
      ? [Number.parseInt(number, 10)]
      : [],
  );
}

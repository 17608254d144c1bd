import { comparisonKey } from '../../../analysis/index.ts';
import { hourNumber, type HourNumber, type SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import {
  readAccountTree,
  type AccountId,
  type AccountTree,
  type BillingAccount,
} from '../../accounts/index.ts';
import { completelyRatedUpTo } from '../../rating/index.ts';
import type { CostView, Viewpoint } from '../viewpoint.ts';

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
  /** Buyers with the number of their sale, or those below with their subscription. */
  readonly accounts: readonly { readonly column: string; readonly account: BillingAccount }[];
  /** The subscriptions of commerce that are an account's own. */
  customersOf(accounts: readonly string[]): string[];
  /** Names of subscriptions, as far as they are known. */
  readonly subscriptions: ReadonlyMap<string, string>;
  readonly ratedTo: HourNumber | undefined;
  readonly summarizedTo: HourNumber | undefined;
}

/** Display names of subscriptions of stamps, as far as they are known: commerce itself is told ids alone. */
export type NamesOf = (
  db: Queryable,
  subscriptions: readonly SubscriptionId[],
) => Promise<ReadonlyMap<SubscriptionId, string>>;

/** What is known before. */
export interface Known {
  readonly tree?: AccountTree | undefined;
  readonly namesOf?: NamesOf | undefined;
}

export async function readGround(
  db: Queryable,
  { view, account, buyers }: Viewpoint,
  range: { readonly from: number; readonly to: number },
  { tree: known, namesOf }: Known = {},
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
  const below = [account, ...tree.below(account.accountId)];
  const booked = below.flatMap((one) =>
    one.subscriptionId === undefined ? [] : [{ column: one.subscriptionId, account: one }],
  );
  const buying = sold.flatMap(({ sale, account: id }) => {
    const buyer = tree.get(id);
    return buyer === undefined ? [] : [{ column: String(sale), account: buyer }];
  });
  const sales = sold.map(({ sale }) => sale);
  const summarizedTo = progress[0]?.to;
  return {
    view,
    range: { from: hourNumber(range.from), to: hourNumber(range.to) },
    sales,
    meters: new Map(meters.map(({ meter, ...version }) => [String(meter), version])),
    accounts: view === 'selling' ? buying : booked,
    salesOf: (accounts) =>
      sold.flatMap(({ sale, account: id }) => (accounts.includes(id) ? [sale] : [])),
    customersOf: (accounts) =>
      booked.flatMap(({ column, account: one }) =>
        accounts.includes(one.accountId) ? [column] : [],
      ),
    subscriptions: new Map<string, string>([
      ...booked.map(({ column, account: one }) => [column, one.name] as const),
      ...(namesOf === undefined ? [] : await namesOf(db, await subscriptionsOf(db, sales))),
    ]),
    ratedTo: await completelyRatedUpTo(db),
    summarizedTo: summarizedTo === undefined ? undefined : hourNumber(summarizedTo),
  };
}

async function subscriptionsOf(db: Queryable, sales: readonly number[]): Promise<SubscriptionId[]> {
  const { rows } = await db.query<{ id: SubscriptionId }>(
    'select distinct subscription_id as id from cost_scope where sale = any($1::int[])',
    [sales],
  );
  return rows.map(({ id }) => id);
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

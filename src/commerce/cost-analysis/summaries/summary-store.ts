import { comparisonKey } from '../../../analysis/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { sellerOf, type AccountId, type AccountTree } from '../../accounts/index.ts';
import { completelyRatedUpTo } from '../../rating/index.ts';
import { identityOf, placeOf, type Place, type ReportedTexts } from './place.ts';

/**
 * Waits until nobody else summarizes. To come first: locking a table takes no snapshot, so that all the other has written
 * is seen.
 */
export async function holdSummaries(tx: Tx): Promise<void> {
  await tx.query('lock table cost_progress in exclusive mode');
}

/**
 * Takes off what is noted of some charges that have changed, into `cost_noted`, which goes with the transaction.
 *
 * @returns how many charges
 */
export async function takeChanges(tx: Tx, limit: number): Promise<number> {
  await tx.query(
    `create temp table cost_noted (charge bigint not null, usage_day integer) on commit drop`,
  );
  const { rows } = await tx.query<{ charges: number }>(
    `with picked as materialized (select distinct charge from rated_change order by charge limit $1),
     taken as (delete from rated_change where charge in (select charge from picked) returning charge, usage_day),
     noted as (insert into cost_noted select distinct charge, usage_day from taken)
     select count(*)::int as charges from picked`,
    [limit],
  );
  await tx.query('analyze cost_noted');
  return rows[0]?.charges ?? 0;
}

/** Notes that everything that was rated is summed, as this transaction sees it. */
export async function noteSummarized(tx: Tx): Promise<void> {
  const next = await completelyRatedUpTo(tx);
  if (next === undefined) return;
  await tx.query(
    `insert into cost_progress (summarized_to) values ($1)
     on conflict (single) do update set summarized_to = excluded.summarized_to
     where cost_progress.summarized_to <> excluded.summarized_to`,
    [next],
  );
}

/**
 * Takes the charges in `cost_noted` over as they are, and enters what they belong to: `cost_work`, which goes with the
 * transaction, has them with their scopes.
 */
export async function copyCharges(tx: Tx, readTree: () => Promise<AccountTree>): Promise<void> {
  await enterSales(tx, readTree);
  await tx.query(`
    create temp table cost_work on commit drop as
    select c.charge, s.sale, p.from_hour as period_from, p.to_hour as period_to, c.customer_subscription_id,
           c.subscription_id, c.meter, c.quantity, c.amount, ${RATE} as rate,
           c.quantity = 0 or coalesce(k.quantity = 0, false) as has_no_weights, 0 as scope
    from (select distinct charge from cost_noted) n join charge c using (charge) join cost_sale s using (account_id)
    join billing_period p using (period) left join cost_charge k on k.charge = c.charge;
    insert into cost_scope (sale, customer_subscription_id, subscription_id, period_from, period_to)
    select distinct sale, customer_subscription_id, subscription_id, period_from, period_to from cost_work w
    where not exists (select from cost_scope o
                      where (o.sale, o.customer_subscription_id, o.subscription_id, o.period_from)
                          = (w.sale, w.customer_subscription_id, w.subscription_id, w.period_from))
    order by 1, 4, 2, 3;
    update cost_work w set scope = o.scope from cost_scope o
    where (o.sale, o.customer_subscription_id, o.subscription_id, o.period_from)
        = (w.sale, w.customer_subscription_id, w.subscription_id, w.period_from);
    analyze cost_work;
    insert into cost_charge (charge, scope, sale, meter, quantity, amount, rate)
    select charge, scope, sale, meter, quantity, amount, rate from cost_work order by charge
    on conflict (charge) do update
    set quantity = excluded.quantity, amount = excluded.amount, rate = excluded.rate
    where (cost_charge.quantity, cost_charge.amount) is distinct from (excluded.quantity, excluded.amount)`);
}

async function enterSales(tx: Tx, readTree: () => Promise<AccountTree>): Promise<void> {
  const { rows: unknown } = await tx.query<{ account: AccountId }>(
    `select distinct account_id as account from charge c
     where charge in (select charge from cost_noted)
       and not exists (select from cost_sale s where s.account_id = c.account_id)
     order by 1`,
  );
  if (unknown.length === 0) return;
  const tree = await readTree();
  const sellers = unknown.map(({ account }) => {
    const seller = sellerOf(tree, account);
    if (seller === undefined)
      throw new Error(`the account ${account} has charges and buys from nobody`);
    return seller.accountId;
  });
  await tx.query(
    `insert into cost_sale (account_id, seller_id) select * from unnest($1::uuid[], $2::uuid[])`,
    [unknown.map(({ account }) => account), sellers],
  );
}

/** A quotient has as many digits as what is divided. Without any quantity all is with one line, as if that were 1. */
export const RATE = `case when c.quantity = 0 then c.amount
  else trim_scale(round((c.amount + 0e-45) / c.quantity, 40)) end`;

interface NewResource extends ReportedTexts {
  readonly sale: number;
  readonly customer: string;
  readonly key: string;
}

/** Resources that are read at once. */
const RESOURCES_AT_ONCE = 5000;

/** Enters resources of `cost_line` that are new. */
export async function enterResources(tx: Tx): Promise<void> {
  await tx.query(
    `declare cost_unknown no scroll cursor for
     select n.*, coalesce(t.subscription_id::text, '') as "subscriptionId", coalesce(t.resource_uri, '') as "resourceUri",
            coalesce(t.location, '') as location, coalesce(t.tags, '') as tags
     from (select distinct sale, customer_subscription_id as customer, resource_key as key from cost_line) n
     left join reported_resource t on t.customer_subscription_id = n.customer and t.resource_key = n.key
     where not exists (select from cost_resource r
                       where r.sale = n.sale and r.customer_subscription_id = n.customer and r.resource_key = n.key)`,
  );
  for (;;) {
    const { rows } = await tx.query<NewResource>(`fetch ${RESOURCES_AT_ONCE} from cost_unknown`);
    if (rows.length > 0) await insertResources(tx, rows);
    if (rows.length < RESOURCES_AT_ONCE) break;
  }
  await tx.query('close cost_unknown');
}

async function insertResources(tx: Tx, resources: readonly NewResource[]): Promise<void> {
  const placed = resources.map((resource) => ({ ...resource, place: placeOf(resource) }));
  await insertPlaces(tx, placed);
  const uriKeys = placed.map(({ resourceUri }) => comparisonKey(resourceUri));
  await tx.query(
    `insert into cost_resource (sale, customer_subscription_id, resource_key, place, uri, uri_key, identity)
     select n.sale, n.customer, n.key, p.place, n.uri, n.uri_key, n.identity
     from unnest($1::int[], $2::uuid[], $3::uuid[], $4::bytea[], $5::text[], $6::text[], $7::uuid[])
          as n (sale, customer, key, digest, uri, uri_key, identity)
     join cost_place p on p.sale = n.sale and p.digest = n.digest`,
    [
      placed.map(({ sale }) => sale),
      placed.map(({ customer }) => customer),
      placed.map(({ key }) => key),
      placed.map(({ place }) => place.digest),
      placed.map(({ resourceUri }) => resourceUri),
      uriKeys,
      uriKeys.map(identityOf),
    ],
  );
}

async function insertPlaces(
  tx: Tx,
  placed: readonly { readonly sale: number; readonly place: Place }[],
): Promise<void> {
  const column = (read: (place: Place) => unknown): unknown[] =>
    placed.map(({ place }) => read(place));
  await tx.query(
    `insert into cost_place (sale, subscription_id, resource_group, group_key, resource_type, type_key, location,
                             location_key, tags, digest)
     select * from unnest($1::int[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                          $9::jsonb[], $10::bytea[])
     on conflict (sale, digest) do nothing`,
    [
      placed.map(({ sale }) => sale),
      column(({ subscriptionId }) => subscriptionId || NO_SUBSCRIPTION),
      column(({ resourceGroup }) => resourceGroup),
      column(({ groupKey }) => groupKey),
      column(({ resourceType }) => resourceType),
      column(({ typeKey }) => typeKey),
      column(({ location }) => location),
      column(({ locationKey }) => locationKey),
      column(({ tags }) => JSON.stringify(tags)),
      column(({ digest }) => digest),
    ],
  );
}

/** Of a resource whose texts are gone. */
const NO_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

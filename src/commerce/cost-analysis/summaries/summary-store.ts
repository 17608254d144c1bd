import { comparisonKey } from '../../../analysis/index.ts';
import type { Queryable, Tx } from '../../../platform/index.ts';
import { sellerOf, type AccountId, type AccountTree } from '../../accounts/index.ts';
import { identityOf, placeOf, type Place, type ReportedTexts } from './place.ts';

/**
 * Waits until nobody else summarizes. To come first: locking a table takes no snapshot, so that all the other has written
 * is seen.
 */
export async function holdSummaries(tx: Tx): Promise<void> {
  await tx.query('lock table cost_progress in exclusive mode');
}

/** Charges that have changed since they were summed: some of them, none twice. */
export async function changedCharges(db: Queryable, limit: number): Promise<bigint[]> {
  const { rows } = await db.query<{ charge: bigint }>(
    'select distinct charge from rated_change order by charge limit $1',
    [limit],
  );
  return rows.map(({ charge }) => charge);
}

export async function forgetChanges(tx: Tx, charges: readonly bigint[]): Promise<void> {
  await tx.query('delete from rated_change where charge = any($1::bigint[])', [
    charges.map(String),
  ]);
}

/** Notes that everything that was rated is summed, as this transaction sees it. */
export async function noteSummarized(tx: Tx): Promise<void> {
  await tx.query(
    `insert into cost_progress (summarized_to)
     select max(last_window) + 1 from rating_progress having max(last_window) is not null
     on conflict (single) do update set summarized_to = excluded.summarized_to
     where cost_progress.summarized_to <> excluded.summarized_to`,
  );
}

/** Takes the charges over as they are, and enters who sells to their buyers. */
export async function copyCharges(
  tx: Tx,
  charges: readonly string[],
  readTree: () => Promise<AccountTree>,
): Promise<void> {
  const { rows: unknown } = await tx.query<{ account: AccountId }>(
    `select distinct account_id as account from charge c
     where charge = any($1::bigint[]) and not exists (select from cost_sale s where s.account_id = c.account_id)
     order by 1`,
    [charges],
  );
  if (unknown.length > 0) {
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
  await tx.query(
    `insert into cost_charge (charge, sale, period_from, period_to, customer_subscription_id, subscription_id, meter,
                              quantity, amount, rate)
     select c.charge, s.sale, p.from_hour, p.to_hour, c.customer_subscription_id, c.subscription_id, c.meter, c.quantity,
            c.amount, ${RATE}
     from charge c join cost_sale s using (account_id) join billing_period p using (period)
     where c.charge = any($1::bigint[]) order by c.charge
     on conflict (charge) do update
     set quantity = excluded.quantity, amount = excluded.amount, rate = excluded.rate
     where (cost_charge.quantity, cost_charge.amount) is distinct from (excluded.quantity, excluded.amount)`,
    [charges],
  );
}

/** A quotient has as many digits as what is divided. */
export const RATE = `case when c.quantity = 0 and c.amount is not null then 0
  else trim_scale(round((c.amount + 0e-45) / nullif(c.quantity, 0), 40)) end`;

/** Sums the lines of the charges by resource, and enters the resources that are new. */
export async function sumResources(tx: Tx, charges: readonly string[]): Promise<void> {
  await tx.query(
    `create temp table cost_new_total on commit drop as
     select c.charge, c.sale, c.customer_subscription_id, l.resource_key, l.quantity
     from (select charge, resource_key, sum(quantity) as quantity from rated_line
           where charge = any($1::bigint[]) group by charge, resource_key) l
     join cost_charge c using (charge)`,
    [charges],
  );
  await tx.query('analyze cost_new_total');
  await enterResources(tx);
}

interface NewResource extends ReportedTexts {
  readonly sale: number;
  readonly customer: string;
  readonly key: string;
}

/** Resources that are read at once. */
const RESOURCES_AT_ONCE = 5000;

async function enterResources(tx: Tx): Promise<void> {
  await tx.query(
    `declare cost_unknown no scroll cursor for
     select n.*, coalesce(t.subscription_id::text, '') as "subscriptionId", coalesce(t.resource_uri, '') as "resourceUri",
            coalesce(t.location, '') as location, coalesce(t.tags, '') as tags
     from (select distinct sale, customer_subscription_id as customer, resource_key as key from cost_new_total) n
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

/** Writes the sums by resource; only rows that differ are touched. */
export async function writeTotals(tx: Tx, charges: readonly string[]): Promise<void> {
  await tx.query(
    `merge into cost_resource_total t
     using (select n.charge, r.resource, r.place, n.sale, trim_scale(n.quantity) as quantity
            from cost_new_total n
            join cost_resource r on r.sale = n.sale and r.customer_subscription_id = n.customer_subscription_id
                                and r.resource_key = n.resource_key
            order by n.charge, r.resource) n
     on t.charge = n.charge and t.resource = n.resource
     when matched and t.quantity <> n.quantity then update set quantity = n.quantity
     when not matched then insert (charge, resource, place, sale, quantity)
       values (n.charge, n.resource, n.place, n.sale, n.quantity)`,
  );
  await tx.query(
    `delete from cost_resource_total t using cost_resource r
     where t.charge = any($1::bigint[]) and r.resource = t.resource and not exists (
       select from cost_new_total n where n.charge = t.charge and n.resource_key = r.resource_key)`,
    [charges],
  );
}

/** Sums the lines of the charges by day and place, and by day. */
export async function writeDays(tx: Tx, charges: readonly string[]): Promise<void> {
  await tx.query(
    `create temp table cost_new_day on commit drop as
     select c.charge, l.usage_day, r.place, c.sale, trim_scale(sum(l.quantity)) as quantity
     from rated_line l
     join cost_charge c using (charge)
     join cost_resource r on r.sale = c.sale and r.customer_subscription_id = c.customer_subscription_id
                         and r.resource_key = l.resource_key
     where l.charge = any($1::bigint[])
     group by c.charge, l.usage_day, r.place, c.sale`,
    [charges],
  );
  await tx.query('analyze cost_new_day');
  await tx.query(
    `merge into cost_place_day d
     using (select * from cost_new_day order by charge, usage_day, place) n
     on d.charge = n.charge and d.usage_day = n.usage_day and d.place = n.place
     when matched and d.quantity <> n.quantity then update set quantity = n.quantity
     when not matched then insert (charge, usage_day, place, sale, quantity)
       values (n.charge, n.usage_day, n.place, n.sale, n.quantity)`,
  );
  await tx.query(
    `merge into cost_day d
     using (select charge, usage_day, sale, trim_scale(sum(quantity)) as quantity from cost_new_day
            group by charge, usage_day, sale order by charge, usage_day) n
     on d.charge = n.charge and d.usage_day = n.usage_day
     when matched and d.quantity <> n.quantity then update set quantity = n.quantity
     when not matched then insert (charge, usage_day, sale, quantity)
       values (n.charge, n.usage_day, n.sale, n.quantity)`,
  );
  for (const [table, same] of [
    ['cost_place_day', 'n.place = d.place'],
    ['cost_day', 'true'],
  ]) {
    await tx.query(
      `delete from ${table} d where d.charge = any($1::bigint[]) and not exists (
         select from cost_new_day n where n.charge = d.charge and n.usage_day = d.usage_day and ${same})`,
      [charges],
    );
  }
}

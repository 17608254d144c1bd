import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { ResourceShare } from './resources.ts';

/** Resources that a document lists for a line; the others are put together. */
const MOST_LISTED = 10;

/**
 * What the resources of charges used, by charge: the largest first, the others as one. Reads the parts of
 * just these charges, by the primary key of rated_line.
 */
export async function readShares(
  db: Queryable,
  charges: readonly bigint[],
): Promise<ReadonlyMap<bigint, readonly ResourceShare[]>> {
  const { rows } = await db.query<{
    charge: bigint;
    uri: string | null;
    location: string | null;
    count: number;
    quantity: string;
  }>({
    name: 'invoice-resource-shares',
    text: `with used as (
             select charge, resource_key, sum(quantity) as quantity from rated_line
             where charge = any($1::bigint[]) group by charge, resource_key),
           ranked as (
             select *, row_number() over (partition by charge order by quantity desc, resource_key) as place,
                    count(*) over (partition by charge) as resources
             from used),
           listed as (
             select charge, case when place <= $2 or resources = $2 + 1 then resource_key end as resource_key,
                    min(place) as place, count(*)::int as count, sum(quantity) as quantity
             from ranked group by charge, 2)
           select l.charge, r.resource_uri as uri, r.location, l.count, l.quantity
           from listed l join charge c using (charge)
           left join reported_resource r on r.customer_subscription_id = c.customer_subscription_id
             and r.resource_key = l.resource_key
           order by l.charge, l.place`,
    values: [charges.map(String), MOST_LISTED],
  });
  const shares = rows.map(({ charge, uri, location, count, quantity }) => ({
    charge,
    resource: uri === null ? undefined : { uri, location: location ?? '' },
    count,
    quantity: decimalOf(quantity),
  }));
  return Map.groupBy(shares, ({ charge }) => charge);
}

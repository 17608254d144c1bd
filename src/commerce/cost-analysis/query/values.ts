import { comparisonKey, resourceGroupKey, type Grouping } from '../../../analysis/index.ts';
import type { Database, Queryable } from '../../../platform/index.ts';
import { readFrom } from '../reader.ts';
import type { Viewpoint } from '../viewpoint.ts';
import { readGround, type Ground, type Known } from './ground.ts';
import { lookUp } from './grouping.ts';

/** A dimension, a tag, or the names of tags. */
export type ValuesOf = Grouping | 'tag';

/** A value of a dimension. */
export interface DimensionValue {
  readonly key: string;
  readonly name: string;
}

interface Wanted {
  /** In the form in which names compare. */
  readonly search: string;
  readonly skipped: number;
  readonly limit: number;
}

/** Values of which there are costs at any time, by name, a page of them. */
export async function readValues(
  database: Database,
  known: Known,
  viewpoint: Viewpoint,
  dimension: ValuesOf,
  wanted: Wanted,
): Promise<DimensionValue[]> {
  return readFrom(
    database,
    viewpoint,
    (tx) => readGround(tx, viewpoint, { from: 0, to: 0 }, known),
    async (tx, ground) =>
      isOfCharges(dimension)
        ? pageOf(await chargeValues(tx, ground, dimension), wanted)
        : placeValues(tx, ground, dimension, wanted),
  );
}

type OfCharges = 'subscription' | 'meter' | 'service' | 'account';

function isOfCharges(dimension: ValuesOf): dimension is OfCharges {
  return ['subscription', 'meter', 'service', 'account'].includes(dimension);
}

/** What charges know is few: named and sorted here. */
async function chargeValues(
  db: Queryable,
  ground: Ground,
  dimension: OfCharges,
): Promise<DimensionValue[]> {
  const columns = {
    subscription: 'o.subscription_id::text',
    meter: 'c.meter::text',
    service: 'c.meter::text',
    account: ground.view === 'selling' ? 'o.sale::text' : 'o.customer_subscription_id::text',
  };
  const { rows } = await db.query<{ column: string }>(
    `select distinct ${columns[dimension]} as column
     from cost_scope o${columns[dimension].startsWith('c.') ? ' join cost_charge c using (scope)' : ''}
     where o.sale = any($1::int[]) order by 1`,
    [ground.sales],
  );
  const known = new Map(lookUp(dimension, ground)?.map((one) => [one.column, one]));
  const values = rows.map(({ column }): DimensionValue => {
    const { key, name } = known.get(column) ?? { key: column, name: column };
    return { key, name };
  });
  return [...new Map(values.map((value) => [value.key, value])).values()];
}

function pageOf(
  values: readonly DimensionValue[],
  { search, skipped, limit }: Wanted,
): DimensionValue[] {
  return values
    .filter(({ name }) => comparisonKey(name).includes(search))
    .toSorted(
      (a, b) => compare(comparisonKey(a.name), comparisonKey(b.name)) || compare(a.key, b.key),
    )
    .slice(skipped, skipped + limit);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** What places and resources know can be many: found, sorted and cut in the database. */
async function placeValues(
  db: Queryable,
  { sales }: Ground,
  dimension: Exclude<ValuesOf, OfCharges>,
  { search, skipped, limit }: Wanted,
): Promise<DimensionValue[]> {
  const [from, key, name, by] = sourceOf(dimension);
  const { rows } = await db.query<DimensionValue & { readonly by: string }>(
    `select * from (select ${key} as key, min(${name}) as name, min(${by}) as by from ${from}
                    where sale = any($1::int[]) and ($2::text = '' or strpos(${by}, $2) > 0)
                      and ($5::text is null or true) group by 1) as found
     order by by collate "C", key collate "C" offset $3 limit $4`,
    [sales, search, skipped, limit, dimension.startsWith('tag:') ? dimension.slice(4) : null],
  );
  return rows.map((row) => ({
    key: dimension === 'resourceGroup' ? groupKey(row.key) : row.key,
    name: row.name,
  }));
}

function sourceOf(
  dimension: Exclude<ValuesOf, OfCharges>,
): readonly [from: string, key: string, name: string, by: string] {
  switch (dimension) {
    case 'resourceGroup':
      return [
        'cost_place',
        "subscription_id::text || '/' || group_key",
        'resource_group',
        'group_key',
      ];
    case 'resourceType':
      return ['cost_place', 'type_key', 'resource_type', 'type_key'];
    case 'location':
      return ['cost_place', 'location_key', 'location', 'location_key'];
    case 'resource':
      return ['cost_resource', 'uri_key', LAST_OF('uri'), LAST_OF('uri_key')];
    case 'tag':
      return ['cost_place cross join jsonb_object_keys(tags) as tag', 'tag', 'tag', 'tag'];
    default: {
      const value = "coalesce(tags ->> $5, '')";
      return ['cost_place', value, value, `lower(${value})`];
    }
  }
}

const LAST_OF = (column: string): string => `reverse(split_part(reverse(${column}), '/', 1))`;

function groupKey(column: string): string {
  const slash = column.indexOf('/');
  return resourceGroupKey(column.slice(0, slash), column.slice(slash + 1));
}

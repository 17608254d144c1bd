import { resourceGroupKey, type Group, type Grouping } from '../../../analysis/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { Ground } from './ground.ts';
import { lookUp } from './grouping.ts';

type Named = Pick<Group, 'key' | 'name' | 'parent'>;

/** Keys and names of groups, by what the database tells them apart by. */
export async function nameGroups(
  db: Queryable,
  by: Grouping,
  ids: readonly string[],
  ground: Ground,
): Promise<ReadonlyMap<string, Named>> {
  const known = lookUp(by, ground);
  if (known !== undefined) return new Map(known.map(({ key, name }) => [key, { key, name }]));
  switch (by) {
    case 'resourceGroup':
      return nameResourceGroups(db, ids, ground);
    case 'resource':
      return nameResources(db, ids, ground);
    case 'resourceType':
      return namePlaces(db, ids, ground, ['type_key', 'resource_type']);
    case 'location':
      return namePlaces(db, ids, ground, ['location_key', 'location']);
    default:
      return new Map();
  }
}

function parentOf(
  { subscriptions }: Ground,
  subscription: string,
  resourceGroup?: string,
): NonNullable<Group['parent']> {
  const name = subscriptions.get(subscription);
  return {
    subscription,
    ...(name !== undefined && { subscriptionName: name }),
    ...(resourceGroup !== undefined && resourceGroup !== '' && { resourceGroup }),
  };
}

async function nameResourceGroups(
  db: Queryable,
  ids: readonly string[],
  ground: Ground,
): Promise<Map<string, Named>> {
  const slashes = ids.map((id) => id.indexOf('/'));
  const { rows } = await db.query<{ subscription: string; key: string; name: string }>(
    `select p.subscription_id as subscription, p.group_key as key, min(p.resource_group) as name
     from unnest($2::uuid[], $3::text[]) as g (subscription_id, group_key)
     join cost_place p on p.subscription_id = g.subscription_id and p.group_key = g.group_key
     where p.sale = any($1::int[]) group by p.subscription_id, p.group_key`,
    [
      ground.sales,
      ids.map((id, at) => id.slice(0, slashes[at])),
      ids.map((id, at) => id.slice(slashes[at]! + 1)),
    ],
  );
  return new Map(
    rows.map(({ subscription, key, name }) => [
      `${subscription}/${key}`,
      { key: resourceGroupKey(subscription, key), name, parent: parentOf(ground, subscription) },
    ]),
  );
}

async function nameResources(
  db: Queryable,
  ids: readonly string[],
  ground: Ground,
): Promise<Map<string, Named>> {
  const { rows } = await db.query<{
    id: string;
    key: string;
    uri: string;
    subscription: string;
    group: string;
  }>(
    `select distinct on (r.identity) r.identity as id, r.uri_key as key, r.uri, p.subscription_id as subscription,
            p.resource_group as group
     from cost_resource r join cost_place p on p.place = r.place
     where r.identity = any($1::uuid[]) and r.sale = any($2::int[]) order by r.identity, r.resource`,
    [ids, ground.sales],
  );
  return new Map(
    rows.map(({ id, key, uri, subscription, group }) => [
      id,
      {
        key,
        name: uri.slice(uri.lastIndexOf('/') + 1),
        parent: parentOf(ground, subscription, group),
      },
    ]),
  );
}

async function namePlaces(
  db: Queryable,
  ids: readonly string[],
  { sales }: Ground,
  [key, name]: readonly ['type_key', 'resource_type'] | readonly ['location_key', 'location'],
): Promise<Map<string, Named>> {
  const { rows } = await db.query<{ key: string; name: string }>(
    `select ${key} as key, min(${name}) as name from cost_place
     where sale = any($1::int[]) and ${key} = any($2::text[]) group by 1`,
    [sales, ids],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

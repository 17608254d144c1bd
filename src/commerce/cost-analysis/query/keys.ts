import {
  comparisonKey,
  resourceGroupKey,
  tagOf,
  type Group,
  type Grouping,
} from '../../../analysis/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { Ground } from './ground.ts';
import type { Values } from './parameters.ts';
import { levelOf } from './selection.ts';

/** What the database groups by, as text: of each dimension something that one column or two can tell. */
export function columnOf(values: Values, by: Grouping, { view }: Pick<Ground, 'view'>): string {
  switch (by) {
    case 'meter':
    case 'service':
      return 's.meter::text';
    case 'subscription':
      return 's.subscription_id::text';
    case 'account':
      return view === 'selling' ? 's.sale::text' : 's.customer_subscription_id::text';
    case 'resourceGroup':
      return "p.subscription_id::text || '/' || p.group_key";
    case 'resourceType':
      return 'p.type_key';
    case 'location':
      return 'p.location_key';
    case 'resource':
      return 'r.identity::text';
    default:
      return `coalesce(p.tags ->> ${values.add(tagOf(by) ?? '', 'text')}, '')`;
  }
}

/** What is joined to cells of a level so that {@link columnOf} can be read. */
export function joinsFor(
  by: Grouping,
  level: 'charge' | 'place' | 'resource',
  cell: string,
): string {
  if (levelOf(by) === 'charge') return '';
  const resource =
    level === 'resource' ? ` join cost_resource r on r.resource = ${cell}.resource` : '';
  if (levelOf(by) === 'resource') return resource;
  return `${resource} join cost_place p on p.place = ${level === 'resource' ? 'r' : cell}.place`;
}

/** The key of a group where it follows from what the database grouped by; resources have another until they are named. */
export function keyOf(by: Grouping, column: string, ground: Ground): string {
  switch (by) {
    case 'meter':
      return ground.meters.get(column)?.key ?? column;
    case 'service':
      return comparisonKey(ground.meters.get(column)?.service ?? '');
    case 'account':
      return ground.accountOf(column)?.accountId ?? column;
    case 'resourceGroup': {
      const slash = column.indexOf('/');
      return resourceGroupKey(column.slice(0, slash), column.slice(slash + 1));
    }
    default:
      return column;
  }
}

type Named = Pick<Group, 'key' | 'name' | 'parent'>;

/** Names of groups, by what the database grouped by. */
export async function nameGroups(
  db: Queryable,
  by: Grouping,
  columns: readonly string[],
  ground: Ground,
): Promise<ReadonlyMap<string, Named>> {
  switch (by) {
    case 'meter':
      return named(columns, (column) => {
        const meter = ground.meters.get(column);
        return { key: meter?.key ?? column, name: meter?.name ?? column };
      });
    case 'service':
      return named(columns, (column) => {
        const name = ground.meters.get(column)?.service ?? '';
        return { key: comparisonKey(name), name };
      });
    case 'account':
      return named(columns, (column) => {
        const account = ground.accountOf(column);
        return { key: account?.accountId ?? column, name: account?.name ?? column };
      });
    case 'subscription':
      return named(columns, (column) => ({ key: column, name: ground.subscriptionName(column) }));
    case 'resourceGroup':
      return nameResourceGroups(db, columns, ground);
    case 'resource':
      return nameResources(db, columns, ground);
    case 'resourceType':
      return namePlaces(db, columns, ground, ['type_key', 'resource_type']);
    case 'location':
      return namePlaces(db, columns, ground, ['location_key', 'location']);
    default:
      return named(columns, (column) => ({ key: column, name: column }));
  }
}

function named(columns: readonly string[], read: (column: string) => Named): Map<string, Named> {
  return new Map(columns.map((column) => [column, read(column)]));
}

function parentOf(
  ground: Ground,
  subscription: string,
  resourceGroup?: string,
): NonNullable<Group['parent']> {
  const name = ground.subscriptionName(subscription);
  return {
    subscription,
    ...(name !== subscription && { subscriptionName: name }),
    ...(resourceGroup !== undefined && resourceGroup !== '' && { resourceGroup }),
  };
}

async function nameResourceGroups(
  db: Queryable,
  columns: readonly string[],
  ground: Ground,
): Promise<Map<string, Named>> {
  const { rows } = await db.query<{
    column: string;
    subscription: string;
    key: string;
    name: string;
  }>(
    `select p.subscription_id::text || '/' || p.group_key as column, p.subscription_id as subscription,
            p.group_key as key, min(p.resource_group) as name
     from cost_place p where p.sale = any($1::int[]) and p.subscription_id::text || '/' || p.group_key = any($2::text[])
     group by p.subscription_id, p.group_key`,
    [ground.sales, columns],
  );
  return new Map(
    rows.map(({ column, subscription, key, name }) => [
      column,
      { key: resourceGroupKey(subscription, key), name, parent: parentOf(ground, subscription) },
    ]),
  );
}

async function nameResources(
  db: Queryable,
  columns: readonly string[],
  ground: Ground,
): Promise<Map<string, Named>> {
  const { rows } = await db.query<{
    column: string;
    key: string;
    uri: string;
    subscription: string;
    group: string;
  }>(
    `select distinct on (r.identity) r.identity as column, r.uri_key as key, r.uri, p.subscription_id as subscription,
            p.resource_group as group
     from cost_resource r join cost_place p on p.place = r.place
     where r.identity = any($1::uuid[]) and r.sale = any($2::int[]) order by r.identity, r.resource`,
    [columns, ground.sales],
  );
  return new Map(
    rows.map(({ column, key, uri, subscription, group }) => [
      column,
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
  columns: readonly string[],
  { sales }: Ground,
  [key, name]: readonly ['type_key', 'resource_type'] | readonly ['location_key', 'location'],
): Promise<Map<string, Named>> {
  const { rows } = await db.query<{ key: string; name: string }>(
    `select ${key} as key, min(${name}) as name from cost_place
     where sale = any($1::int[]) and ${key} = any($2::text[]) group by 1`,
    [sales, columns],
  );
  return new Map(rows.map((row) => [row.key, row]));
}

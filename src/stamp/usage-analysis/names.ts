import type { Tx } from '../../platform/index.ts';
import { resourceGroupKey, tagOf, type GroupParent, type Grouping } from '../../analysis/index.ts';

/** What a group is called, and where it is. */
export interface GroupName {
  readonly key: string;
  readonly name: string;
  readonly unit?: string;
  readonly parent?: GroupParent;
}

interface NameRow {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly unit: string | null;
  readonly subscription: string | null;
  readonly subscriptionName: string | null;
  readonly resourceGroup: string | null;
}

const PLAIN =
  'null as unit, null as subscription, null as "subscriptionName", null as "resourceGroup"';

const IN_SUBSCRIPTION = `null as unit, p.subscription_id::text as subscription, n.name as "subscriptionName"`;

/** Asked once, not for every place. */
const NAMES = 'with n as materialized (select * from analysis_names())';

/** One of the places of each resource or group, with its subscription: any of them says the same but for its case. */
const onePlaceOf = (column: string): string => `
  from unnest($1::uuid[]) as wanted (id)
  join lateral (select * from usage_place where ${column} = wanted.id limit 1) as p on true
  left join n on n.subscription_id = p.subscription_id`;

const STATEMENTS: Readonly<Partial<Record<Grouping, string>>> = {
  subscription: `select subscription_id::text as id, subscription_id::text as key, name, ${PLAIN}
                 from analysis_names() where subscription_id = any ($1::uuid[])`,
  meter: `select meter::text as id, meter_key as key, name, unit, null as subscription, null as "subscriptionName",
                 null as "resourceGroup"
          from meter where meter = any ($1::smallint[])`,
  resourceType: `select wanted.id, wanted.id as key, p.resource_type_name as name, ${PLAIN}
                 from unnest($1::text[]) as wanted (id)
                 join lateral (select * from usage_place where resource_type = wanted.id limit 1) as p on true`,
  resourceGroup: `${NAMES} select wanted.id::text as id, p.resource_group as key, p.resource_group_name as name, ${IN_SUBSCRIPTION},
                         null as "resourceGroup" ${onePlaceOf('resource_group_id')}`,
  resource: `${NAMES} select wanted.id::text as id, p.uri_key as key, p.name, ${IN_SUBSCRIPTION},
                    p.resource_group_name as "resourceGroup" ${onePlaceOf('resource')}`,
};

/** Names of the groups with these ids, as far as the reader sees them. What is its own name is left out. */
export async function readNames(
  tx: Tx,
  groupBy: Grouping,
  ids: readonly string[],
): Promise<ReadonlyMap<string, GroupName>> {
  const statement = tagOf(groupBy) === undefined ? STATEMENTS[groupBy] : undefined;
  if (statement === undefined || ids.length === 0) return new Map();
  const { rows } = await tx.query<NameRow>(statement, [[...ids]]);
  return new Map(rows.map((row) => [row.id, toName(groupBy, row)]));
}

function toName(groupBy: Grouping, row: NameRow): GroupName {
  const { key, name, unit, subscription, subscriptionName, resourceGroup } = row;
  const parent =
    subscription === null
      ? undefined
      : {
          subscription,
          ...(subscriptionName !== null && { subscriptionName }),
          ...(resourceGroup !== null && resourceGroup !== '' && { resourceGroup }),
        };
  return {
    key: groupBy === 'resourceGroup' ? resourceGroupKey(subscription ?? '', key) : key,
    name,
    ...(unit !== null && { unit }),
    ...(parent && { parent }),
  };
}

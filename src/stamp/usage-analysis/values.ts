import type { Tx } from '../../platform/index.ts';
import { resourceGroupKey, tagOf, type Grouping } from '../../analysis/index.ts';
import type { UsageReach } from './reach.ts';

/** A value that a filter may take. */
export interface DimensionValue {
  readonly key: string;
  readonly name: string;
}

/** What values are sought: of a dimension, of a tag, or the names of tags. */
export interface ValuesQuery {
  readonly dimension: Grouping | 'tag';
  /** As comparison key. */
  readonly search: string;
  readonly limit: number;
  readonly skipped: number;
}

interface ValueRow {
  readonly key: string;
  readonly name: string;
  readonly subscription: string | null;
}

/** A page of the values that usage within reach has, by name. @returns one more than the limit when there are more */
export async function readValues(
  tx: Tx,
  reach: UsageReach,
  { dimension, search, limit, skipped }: ValuesQuery,
): Promise<DimensionValue[]> {
  const tag = dimension === 'tag' ? undefined : tagOf(dimension);
  // $4 is named also where no tag is meant: a statement has to know the types of all its values.
  const { rows } = await tx.query<ValueRow>(
    `with value as (${valuesOf(dimension, reach)})
     select key, min(name) as name, subscription from value
     where strpos(replace(lower(name), 'ς', 'σ'), $1) > 0 and $4::text is not distinct from $4
     group by key, subscription
     order by lower(min(name)) collate "C", key collate "C", subscription limit $2 offset $3`,
    [search, limit + 1, skipped, tag ?? ''],
  );
  return rows.map(({ key, name, subscription }) => ({
    key: subscription === null ? key : resourceGroupKey(subscription, key),
    name,
  }));
}

const PLAIN = 'null::text as subscription';

function valuesOf(dimension: ValuesQuery['dimension'], reach: UsageReach): string {
  if (dimension === 'tag') {
    return `select distinct jsonb_object_keys(tags) as key, jsonb_object_keys(tags) as name, ${PLAIN} from usage_place`;
  }
  if (tagOf(dimension) !== undefined) {
    return `select distinct coalesce(tags ->> $4, '') as key, coalesce(tags ->> $4, '') as name, ${PLAIN} from usage_place`;
  }
  switch (dimension) {
    case 'subscription':
      return `select subscription_id::text as key, name, ${PLAIN} from analysis_names()
              where subscription_id in (select subscription_id from usage_place)`;
    case 'meter':
      return `select meter_key as key, name, ${PLAIN} from meter
              where meter in (select meter from ${coarsest(reach)})`;
    case 'location':
      return `select distinct location as key, location as name, ${PLAIN} from usage_place`;
    case 'resourceType':
      return `select resource_type as key, resource_type_name as name, ${PLAIN} from usage_place`;
    case 'resourceGroup':
      return `select resource_group as key, resource_group_name as name, subscription_id::text as subscription
              from usage_place`;
    case 'resource':
      return `select uri_key as key, name, ${PLAIN} from usage_place`;
    default:
      throw new TypeError(`usage has no ${dimension}`);
  }
}

function coarsest({ everywhere, groups }: UsageReach): string {
  if (everywhere) return 'usage_days_by_meter';
  return groups.length === 0 ? 'usage_days_by_subscription' : 'usage_days_by_place';
}

import {
  partsOfResourceGroup,
  tagOf,
  type AnalysisFilter,
  type Grouping,
} from '../../analysis/index.ts';
import type { Level } from './columns.ts';
import { hashOfKey } from './place.ts';
import type { UsageReach } from './reach.ts';

/** Values of a statement, each with the name by which the statement has it. */
export class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

/** How a grouping is written in SQL: `s` are sums, `p` the places of a statement at that level. */
export interface GroupingSql {
  /** What groups are told apart by. */
  readonly id: string;
  readonly type: 'uuid' | 'smallint' | 'text';
  readonly needsPlace: boolean;
}

/** The coarsest level that can tell all of these apart, and that the caller may see. */
export function levelFor(groupings: readonly Grouping[], reach: UsageReach): Level {
  const needs = (...names: string[]): boolean => groupings.some((name) => !names.includes(name));
  if (reach.groups.length > 0 || needs('subscription', 'meter', 'location')) return 'place';
  if (!reach.everywhere || needs('meter', 'location')) return 'subscription';
  return 'meter';
}

/** @throws TypeError for what usage has not */
export function groupingSql(grouping: Grouping, level: Level, parameters: Parameters): GroupingSql {
  const tag = tagOf(grouping);
  if (tag !== undefined) {
    const id = `coalesce(p.tags ->> ${parameters.add(tag, 'text')}, '')`;
    return { id, type: 'text', needsPlace: true };
  }
  switch (grouping) {
    case 'subscription':
      return { id: 's.subscription_id', type: 'uuid', needsPlace: false };
    case 'meter':
      return { id: 's.meter', type: 'smallint', needsPlace: false };
    case 'location':
      return level === 'place'
        ? { id: 'p.location', type: 'text', needsPlace: true }
        : { id: 's.location', type: 'text', needsPlace: false };
    case 'resourceGroup':
      return { id: 'p.resource_group_id', type: 'uuid', needsPlace: true };
    case 'resource':
      return { id: 'p.resource', type: 'uuid', needsPlace: true };
    case 'resourceType':
      return { id: 'p.resource_type', type: 'text', needsPlace: true };
    default:
      throw new TypeError(`usage has no ${grouping}`);
  }
}

/** A condition of a statement. */
export interface Condition {
  readonly sql: string;
  readonly needsPlace: boolean;
}

/**
 * What the filters ask of a row.
 *
 * @param meters numbers of the meters of the filter by meter, if there is one
 */
export function conditionsOf(
  filters: readonly AnalysisFilter[],
  meters: readonly number[] | undefined,
  level: Level,
  parameters: Parameters,
): Condition[] {
  const conditions = filters
    .filter(({ by }) => by !== 'meter')
    .map(({ by, values }): Condition => {
      if (by === 'resourceGroup') return inResourceGroups(values, parameters);
      const { id, type, needsPlace } = groupingSql(by, level, parameters);
      const wanted = by === 'resource' ? values.map(hashOfKey) : values;
      return { sql: `${id} = any (${parameters.add(wanted, `${type}[]`)})`, needsPlace };
    });
  if (meters === undefined) return conditions;
  const [only = -1] = meters;
  const sql =
    meters.length === 1
      ? `s.meter = ${parameters.add(only, 'smallint')}`
      : `s.meter = any (${parameters.add(meters, 'smallint[]')})`;
  return [...conditions, { sql, needsPlace: false }];
}

/** By key, or by the mere name in any subscription. */
function inResourceGroups(values: readonly string[], parameters: Parameters): Condition {
  const names = values.filter((value) => partsOfResourceGroup(value).subscriptionId === undefined);
  const keys = values.filter((value) => !names.includes(value)).map(hashOfKey);
  const sql = `(p.resource_group_id = any (${parameters.add(keys, 'uuid[]')})
                or p.resource_group = any (${parameters.add(names, 'text[]')}))`;
  return { sql, needsPlace: true };
}

import {
  partsOfResourceGroup,
  type AnalysisFilter,
  type Grouping,
} from '../../../analysis/index.ts';
import type { Values } from './parameters.ts';
import { pieceColumns } from './pieces.ts';

/**
 * What a question needs to know of usage, from the coarsest sums to the finest: charges know subscription, meter and buyer;
 * places also group, type, location and tags; resources all.
 */
export type Level = 'charge' | 'place' | 'resource';

const LEVELS: readonly Level[] = ['charge', 'place', 'resource'];

/** The level at which a dimension is known. */
export function levelOf(by: Grouping): Level {
  switch (by) {
    case 'subscription':
    case 'meter':
    case 'service':
    case 'account':
      return 'charge';
    case 'resource':
      return 'resource';
    default:
      return 'place';
  }
}

export function finest(levels: readonly Level[]): Level {
  return LEVELS.findLast((level) => levels.includes(level)) ?? 'charge';
}

/** What is selected, with everything that only we can look up. */
export interface Selection {
  readonly sales: readonly number[];
  /** Hours since 1970, half open. */
  readonly from: number;
  readonly to: number;
  /** Numbers of versions of meters; undefined: all. */
  readonly meters: readonly number[] | undefined;
  /** Of commerce; undefined: all. */
  readonly customers: readonly string[] | undefined;
  /** By subscription, and by what places and resources know. */
  readonly filters: readonly AnalysisFilter[];
}

/**
 * The charges that can have something of what is wanted, with the days of each. A statement finds them by buyer and period,
 * which the planner can estimate, and steps from each into the sums by the key of the charge.
 */
export function selectedCharges(values: Values, selection: Selection): string {
  const { sales, from, to, meters, customers, filters } = selection;
  const { fromDay, toDay, isWhole, isAny } = pieceColumns(values, { from, to });
  const conditions = [`c.sale = any(${values.add(sales, 'int[]')})`, isAny];
  if (meters !== undefined) conditions.push(`c.meter = any(${values.add(meters, 'int[]')})`);
  if (customers !== undefined) {
    conditions.push(`c.customer_subscription_id = any(${values.add(customers, 'uuid[]')})`);
  }
  for (const { by, values: wanted } of filters) {
    if (by !== 'subscription') continue;
    conditions.push(`c.subscription_id = any(${values.add(wanted, 'uuid[]')})`);
  }
  return `(select c.*, ${fromDay} as from_day, ${toDay} as to_day, ${isWhole} as whole
    from cost_charge c where ${conditions.join(' and ')})`;
}

/** Conditions on rows that name a place, by the filters that places know; empty without any. */
export function placeConditions(
  values: Values,
  { sales, filters }: Selection,
  row: string,
): string {
  const known = filters.flatMap(({ by, values: wanted }) => {
    const condition = placeCondition(values, by, wanted);
    return condition === undefined ? [] : [condition];
  });
  if (known.length === 0) return '';
  return ` and ${row}.place = any(array(select p.place from cost_place p
    where p.sale = any(${values.add(sales, 'int[]')}) and ${known.join(' and ')}))`;
}

function placeCondition(
  values: Values,
  by: Grouping,
  wanted: readonly string[],
): string | undefined {
  switch (by) {
    case 'resourceGroup': {
      const groups = wanted.map(partsOfResourceGroup);
      return `exists (select from unnest(${values.add(
        groups.map(({ subscriptionId }) => subscriptionId ?? null),
        'text[]',
      )}, ${values.add(
        groups.map(({ name }) => name),
        'text[]',
      )}) as g (subscription, name)
        where p.group_key = g.name and (g.subscription is null or p.subscription_id::text = g.subscription))`;
    }
    case 'resourceType':
      return `p.type_key = any(${values.add(wanted, 'text[]')})`;
    case 'location':
      return `p.location_key = any(${values.add(wanted, 'text[]')})`;
    case 'subscription':
    case 'meter':
    case 'service':
    case 'account':
    case 'resource':
      return undefined;
    default:
      return `coalesce(p.tags ->> ${values.add(by.slice('tag:'.length), 'text')}, '') = any(${values.add(wanted, 'text[]')})`;
  }
}

/** A condition on rows that name a resource; empty without any. */
export function resourceCondition(
  values: Values,
  identities: readonly string[] | undefined,
  row: string,
): string {
  if (identities === undefined) return '';
  return ` and ${row}.resource = any(array(select r.resource from cost_resource r
    where r.identity = any(${values.add(identities, 'uuid[]')})))`;
}

/** The level at which all of these filters are known. */
export function levelOfFilters(filters: readonly AnalysisFilter[]): Level {
  return finest(filters.map(({ by }) => levelOf(by)));
}

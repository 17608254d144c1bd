import {
  partsOfResourceGroup,
  tagOf,
  type AnalysisFilter,
  type Grouping,
} from '../../../analysis/index.ts';
import { identityOf } from '../summaries/place.ts';
import type { Level } from '../summaries/levels.ts';
import type { Values } from './parameters.ts';

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
  readonly filters: readonly AnalysisFilter[];
}

/** The coarsest sums that can tell these apart. */
export function levelFor(groupings: readonly (Grouping | undefined)[]): Level {
  const has = (...some: Kind[]): boolean =>
    groupings.some((one) => one !== undefined && some.includes(kindOf(one)));
  if (!has('place', 'resource')) return 'charge';
  const isOfCharge = has('meter');
  if (has('resource')) return isOfCharge ? 'resourceOfCharge' : 'resource';
  return isOfCharge ? 'placeOfCharge' : 'place';
}

/** What knows a dimension: every row its scope; charges their meter. */
type Kind = 'scope' | 'meter' | 'place' | 'resource';

export function kindOf(by: Grouping): Kind {
  switch (by) {
    case 'subscription':
    case 'account':
      return 'scope';
    case 'meter':
    case 'service':
      return 'meter';
    case 'resource':
      return 'resource';
    default:
      return 'place';
  }
}

/** What is joined to scopes and sums: places `p`, resources `r`. */
export type Joined = 'p' | 'r';

/** A condition of a statement. */
export interface Condition {
  readonly sql: string;
  readonly needs: readonly Joined[];
}

/** What is asked of scopes `o`, sums `s` and what is joined to them, but for the range of time. */
export function conditionsOf(values: Values, selection: Selection): Condition[] {
  const { sales, meters, customers, filters } = selection;
  const conditions: Condition[] = [
    { sql: `o.sale = any(${values.add(sales, 'int[]')})`, needs: [] },
  ];
  if (meters !== undefined) {
    conditions.push({ sql: `s.meter = any(${values.add(meters, 'int[]')})`, needs: [] });
  }
  if (customers !== undefined) {
    const sql = `o.customer_subscription_id = any(${values.add(customers, 'uuid[]')})`;
    conditions.push({ sql, needs: [] });
  }
  for (const { by, values: wanted } of filters) {
    const condition = filterOf(values, by, wanted);
    if (condition !== undefined) conditions.push(condition);
  }
  return conditions;
}

/** Meters, services and accounts have been looked up. */
function filterOf(values: Values, by: Grouping, wanted: readonly string[]): Condition | undefined {
  const isOneOf = (column: string): string => `${column} = any(${values.add(wanted, 'text[]')})`;
  switch (by) {
    case 'meter':
    case 'service':
    case 'account':
      return undefined;
    case 'subscription':
      return { sql: `o.subscription_id = any(${values.add(wanted, 'uuid[]')})`, needs: [] };
    case 'resource': {
      const identities = values.add(wanted.map(identityOf), 'uuid[]');
      return { sql: `r.identity = any(${identities})`, needs: ['r'] };
    }
    case 'resourceGroup':
      return { sql: inResourceGroups(values, wanted), needs: ['p'] };
    case 'resourceType':
      return { sql: isOneOf('p.type_key'), needs: ['p'] };
    case 'location':
      return { sql: isOneOf('p.location_key'), needs: ['p'] };
    default:
      return { sql: isOneOf(tagColumn(values, by)), needs: ['p'] };
  }
}

export function tagColumn(values: Values, by: Grouping): string {
  return `coalesce(p.tags ->> ${values.add(tagOf(by) ?? '', 'text')}, '')`;
}

/** By key, or by the mere name in any subscription. */
function inResourceGroups(values: Values, wanted: readonly string[]): string {
  const groups = wanted.map(partsOfResourceGroup);
  const subscriptions = groups.map(({ subscriptionId }) => subscriptionId ?? null);
  const names = groups.map(({ name }) => name);
  return `exists (select from unnest(${values.add(subscriptions, 'text[]')}, ${values.add(names, 'text[]')}) as g (subscription, name)
    where p.group_key = g.name and (g.subscription is null or p.subscription_id::text = g.subscription))`;
}

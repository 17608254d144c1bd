import { comparisonKey, type Grouping } from '../../../analysis/index.ts';
import type { Ground } from './ground.ts';
import type { Values } from './parameters.ts';
import { kindOf, tagColumn, type Joined } from './selection.ts';

/** How a grouping is written in SQL. */
export interface GroupingSql {
  /** What groups are told apart by. */
  readonly id: string;
  readonly type: 'uuid' | 'text';
  readonly needs: readonly Joined[];
  /** What else is joined. */
  readonly join: string;
  /** The name by which a group is sought and ordered, in the form in which names compare: an aggregate over its rows. */
  readonly name: string;
}

/** @throws TypeError for what costs have not */
export function groupingSql(values: Values, by: Grouping, ground: Ground): GroupingSql {
  const known = lookUp(by, ground);
  if (known !== undefined) return lookedUp(values, columnOf(by, ground), known);
  const ofPlace = (id: string, name = `min(${id})`): GroupingSql => ({
    id,
    type: 'text',
    needs: ['p'],
    join: '',
    name,
  });
  switch (by) {
    case 'resource': {
      const name = `min(reverse(split_part(reverse(r.uri_key), '/', 1)))`;
      return { id: 'r.identity', type: 'uuid', needs: ['r'], join: '', name };
    }
    case 'resourceGroup':
      return ofPlace("p.subscription_id::text || '/' || p.group_key", 'min(p.group_key)');
    case 'resourceType':
      return ofPlace('p.type_key');
    case 'location':
      return ofPlace('p.location_key');
    default: {
      const id = tagColumn(values, by);
      return ofPlace(id, `min(replace(lower(${id}), 'ς', 'σ'))`);
    }
  }
}

/** What the database has of a dimension that is told by something else, with its key and name. */
export interface KnownGroup {
  readonly column: string;
  readonly key: string;
  readonly name: string;
}

/** Undefined for what the database itself can tell. */
export function lookUp(by: Grouping, ground: Ground): readonly KnownGroup[] | undefined {
  const { meters, accounts, subscriptions } = ground;
  switch (by) {
    case 'meter':
      return [...meters].map(([column, { key, name }]) => ({ column, key, name }));
    case 'service':
      return [...meters].map(([column, { service }]) => ({
        column,
        key: comparisonKey(service),
        name: service,
      }));
    case 'account':
      return accounts.map(({ column, account }) => ({
        column,
        key: account.accountId,
        name: account.name,
      }));
    case 'subscription':
      return [...subscriptions].map(([column, name]) => ({ column, key: column, name }));
    default:
      return undefined;
  }
}

function lookedUp(
  values: Values,
  { column, type }: LookedUp,
  known: readonly KnownGroup[],
): GroupingSql {
  const add = (read: (one: KnownGroup) => string, as: string): string =>
    values.add(known.map(read), as);
  const columns = add((one) => one.column, `${type}[]`);
  const keys = add(({ key }) => key, 'text[]');
  const names = add(({ name }) => comparisonKey(name), 'text[]');
  return {
    id: `coalesce(k.key, ${column}::text)`,
    type: 'text',
    needs: [],
    join: `left join unnest(${columns}, ${keys}, ${names}) as k (number, key, name) on k.number = ${column}`,
    name: `coalesce(min(k.name), min(${column}::text))`,
  };
}

interface LookedUp {
  readonly column: string;
  readonly type: 'int' | 'uuid';
}

function columnOf(by: Grouping, { view }: Ground): LookedUp {
  if (kindOf(by) === 'meter') return { column: 's.meter', type: 'int' };
  if (by === 'subscription') return { column: 'o.subscription_id', type: 'uuid' };
  if (view === 'selling') return { column: 'o.sale', type: 'int' };
  return { column: 'o.customer_subscription_id', type: 'uuid' };
}

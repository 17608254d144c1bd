import { identityOf } from '../summaries/place.ts';
import type { Values } from './parameters.ts';
import {
  placeConditions,
  resourceCondition,
  selectedCharges,
  type Level,
  type Selection,
} from './selection.ts';

/** The identities of the resources that are filtered by. */
export function filteredResources({ filters }: Selection): string[] | undefined {
  return filters.find(({ by }) => by === 'resource')?.values.map(identityOf);
}

const CHARGE = `s.charge, s.sale, s.meter, s.subscription_id, s.customer_subscription_id, s.amount, s.rate,
  s.quantity as whole_quantity`;
const DAYS = 'd.charge = s.charge and d.usage_day >= s.from_day and d.usage_day < s.to_day';

/**
 * What each selected charge has of each place or resource, or in all: columns of the charge, `place` or `resource`, and
 * `quantity`; a charge and place may come twice. Of whole periods totals are read, of others the days that are wanted.
 */
export function cellsOf(values: Values, selection: Selection, level: Level): string {
  const sel = selectedCharges(values, selection);
  return `${wholeCells(values, selection, level, sel)} union all ${partCells(values, selection, level, sel)}`;
}

function wholeCells(values: Values, selection: Selection, level: Level, sel: string): string {
  if (level === 'charge') return `select ${CHARGE}, s.quantity from ${sel} s where s.whole`;
  const where = `${placeConditions(values, selection, 't')}${resourceCondition(values, filteredResources(selection), 't')}`;
  return `select ${CHARGE}, t.quantity, t.${level}
    from ${sel} s join cost_resource_total t on t.charge = s.charge where s.whole${where}`;
}

function partCells(values: Values, selection: Selection, level: Level, sel: string): string {
  switch (level) {
    case 'charge':
      return `select ${CHARGE}, d.quantity from ${sel} s join cost_day d on ${DAYS} where not s.whole`;
    case 'place':
      return `select ${CHARGE}, d.quantity, d.place
        from ${sel} s join cost_place_day d on ${DAYS} where not s.whole${placeConditions(values, selection, 'd')}`;
    case 'resource':
      // Lines are added up before they meet the names of their resources, which are fewer.
      return `select ${CHARGE}, l.quantity, r.resource
        from (select d.charge, d.resource_key, sum(d.quantity) as quantity
              from ${sel} s join rated_line d on ${DAYS} where not s.whole group by 1, 2) l
        join ${sel} s on s.charge = l.charge
        join cost_resource r on r.sale = s.sale and r.customer_subscription_id = s.customer_subscription_id
                            and r.resource_key = l.resource_key
        where true${placeConditions(values, selection, 'r')}${resourceCondition(values, filteredResources(selection), 'r')}`;
    default:
      return level satisfies never;
  }
}

const PIECE = `${CHARGE}, greatest(d.usage_day * 24, s.period_from) as hour, d.quantity`;

/**
 * The same by piece of a day, as `hour` in which it begins. With resources picked out, lines are found by day and resource,
 * one step in an index for each.
 */
export function dailyCells(
  values: Values,
  selection: Selection,
  level: Level,
  picked?: { readonly places?: string; readonly identities?: readonly string[] },
): string {
  const sel = selectedCharges(values, selection);
  if (level === 'charge') return `select ${PIECE} from ${sel} s join cost_day d on ${DAYS}`;
  const placed = (row: string): string =>
    `${placeConditions(values, selection, row)}${picked?.places === undefined ? '' : ` and ${row}.place = any(array(${picked.places}))`}`;
  if (level === 'place') {
    return `select ${PIECE}, d.place from ${sel} s join cost_place_day d on ${DAYS} where true${placed('d')}`;
  }
  const both = [filteredResources(selection), picked?.identities]
    .map((some) => resourceCondition(values, some, 'r'))
    .join('');
  // A piece can begin in the range on the day before its first midnight.
  const from = values.add(Math.floor(selection.from / 24), 'int');
  const to = values.add(Math.ceil(selection.to / 24), 'int');
  return `select ${PIECE}, r.resource
    from cost_resource r
    join cost_sale a on a.sale = r.sale
    cross join generate_series(${from}, ${to} - 1) as day
    join rated_line d on d.account_id = a.account_id and d.usage_day = day and d.resource_key = r.resource_key
    join ${sel} s on ${DAYS} and s.customer_subscription_id = r.customer_subscription_id
    where r.sale = any(${values.add(selection.sales, 'int[]')})${both}${placed('r')}`;
}

import type { Grouping } from '../../../analysis/index.ts';
import { isOfQuantities, LEVELS, type Level } from '../summaries/levels.ts';
import type { Ground } from './ground.ts';
import { groupingSql, type GroupingSql } from './grouping.ts';
import { Values } from './parameters.ts';
import { conditionsOf, levelFor, type Joined, type Selection } from './selection.ts';
import { DIGITS } from './settle.ts';
import { amountOfSpan, daysOfSpan, scopesOfSpan, spanOf } from './span.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Rows of sums with what is joined to them: scopes `o`, sums `s`, and what conditions and groups need. */
function rowsOf(
  values: Values,
  selection: Selection,
  level: Level,
  needed: readonly Joined[],
  more: { readonly join?: string; readonly where?: readonly string[] } = {},
): string {
  const span = spanOf(selection);
  const conditions = conditionsOf(values, selection);
  const needs = new Set([...needed, ...conditions.flatMap((one) => one.needs)]);
  const joins = [
    isOfQuantities(level) ? 'join cost_charge c on c.charge = s.charge' : '',
    needs.has('r') ? 'join cost_resource r on r.resource = s.resource' : '',
    needs.has('p') ? 'join cost_place p on p.place = s.place' : '',
    more.join ?? '',
  ];
  const { first, last } = span.months;
  const where = [
    ...conditions.map(({ sql }) => sql),
    scopesOfSpan(span),
    `s.month between ${first} and ${last}`,
    ...(more.where ?? []),
  ];
  return `from cost_scope o join ${LEVELS[level].table} s on s.scope = o.scope ${joins.join(' ')}
    where ${where.join(' and ')}`;
}

/** What a row costs, of an expression of its days: quantities cost what the rate of their charge says. */
function costOf(level: Level, days: string): string {
  return isOfQuantities(level) ? `coalesce(c.rate, 0) * (${days})` : days;
}

function levelOf({ filters }: Selection, by?: Grouping): Level {
  return levelFor([by, ...filters.map((filter) => filter.by)]);
}

/**
 * What all of a selection costs: of charges that are in it with all of their days the amounts, to the last digit; of others
 * what is rounded at {@link DIGITS}.
 */
export function totalStatement(selection: Selection): Statement {
  const values = new Values();
  const level = levelOf(selection);
  const isWhole =
    level === 'charge'
      ? `o.period_from >= ${selection.from} and o.period_to <= ${selection.to}`
      : 'false';
  const cost = costOf(level, amountOfSpan(spanOf(selection)));
  const text = `
    select trim_scale(coalesce(sum(${cost}) filter (where ${isWhole}), 0)
                      + round(coalesce(sum(${cost}) filter (where not (${isWhole})), 0), ${DIGITS}))::text as total
    ${rowsOf(values, selection, level, [])}`;
  return { text, values: values.list };
}

/** How many charges have something of a selection and no price. */
export function unpricedStatement(selection: Selection): Statement {
  const values = new Values();
  const where = [
    'c.amount is null and c.quantity <> 0',
    `(${amountOfSpan(spanOf(selection))}) <> 0`,
    // Few have none: only their rows are read.
    's.scope = any(array(select u.scope from cost_charge u where u.amount is null))',
    's.charge = any(array(select u.charge from cost_charge u where u.amount is null))',
  ];
  const text = `select count(distinct s.charge)::int as unpriced ${rowsOf(values, selection, 'resourceOfCharge', [], { where })}`;
  return { text, values: values.list };
}

/** Which groups are listed, and of how many. */
export interface Listing {
  readonly by: Grouping;
  /** Part of a name, in the form in which names compare; empty: all. */
  readonly search: string;
  readonly order: 'amount' | 'name';
  readonly limit: number;
  readonly skipped: number;
}

/**
 * Groups of a page, how many there are in all, and how many the search finds. Their amounts add up to the total: each is what
 * the sum of those up to it, rounded, has more than that of those before, so that none is off by more than a unit.
 *
 * @param total as decimal text
 * @param digits after the point of the amounts
 */
export function groupsStatement(
  selection: Selection,
  ground: Ground,
  { by, search, order, limit, skipped }: Listing,
  { total, digits }: { readonly total: string; readonly digits: number },
): Statement {
  const values = new Values();
  const level = levelOf(selection, by);
  const grouping = groupingSql(values, by, ground);
  const asksNames = search !== '' || order === 'name';
  const amount = amountOfSpan(spanOf(selection));
  const cost = `sum(${costOf(level, amount)})`;
  const place = order === 'name' ? 'name collate "C", id' : 'at';
  const text = `
    with summed as materialized (
      select ${grouping.id} as id, ${cost} as raw${asksNames ? `, ${grouping.name} as name` : ''}
      ${rowsOf(values, selection, level, grouping.needs, { join: grouping.join })}
      group by 1 having ${cost} is not null
    ), settled as materialized (
      select *, row_number() over up_to as at, round(sum(raw) over up_to, ${digits}) as upto
      from summed window up_to as (order by raw desc, id rows unbounded preceding)
    ), found as (
      select * from settled ${search === '' ? '' : `where strpos(name, ${values.add(search, 'text')}) > 0`}
    ), page as (
      select *, row_number() over (order by ${place}) as place from found order by ${place}
      limit ${values.add(limit, 'int')} offset ${values.add(skipped, 'int')}
    )
    select counts.*, page.id::text as id,
           trim_scale(page.upto - coalesce(before.upto, 0)
                      + case when page.at = 1 then ${values.add(total, 'numeric')} - counts.settled::numeric else 0 end)::text as amount
    from (
      select count(*)::int as "allGroups", coalesce(round(sum(raw), ${digits}), 0)::text as settled,
             (select count(*)::int from found) as "foundGroups"
      from settled
    ) as counts
    left join page on true left join settled before on before.at = page.at - 1
    order by page.place`;
  return { text, values: values.list };
}

/** Which groups have which slot. */
export interface Slots {
  readonly by: Grouping;
  readonly ids: readonly string[];
  readonly slots: readonly number[];
}

/** What falls into each month, and each of its days, by slot; without slots everything. */
export function pointsStatement(
  selection: Selection,
  ground: Ground,
  { isDaily, slots }: { readonly isDaily: boolean; readonly slots?: Slots | undefined },
): Statement {
  const values = new Values();
  const level = levelOf(selection, slots?.by);
  const grouping = slots && groupingSql(values, slots.by, ground);
  const listed = slots && grouping ? joinSlots(values, slots, grouping) : '';
  const slot = listed === '' ? '0' : 'listed.slot';
  return daysStatement(values, selection, level, {
    slot,
    isDaily,
    needs: grouping?.needs ?? [],
    join: `${grouping?.join ?? ''} ${listed}`,
  });
}

/** What falls into each day; the slot is the hour in which a billing period begins within a day, or 0. */
export function piecesStatement(selection: Selection): Statement {
  const slot = 'case when o.period_from % 24 <> 0 then o.period_from else 0 end';
  const made = { slot, isDaily: true, needs: [], join: '' };
  return daysStatement(new Values(), selection, levelOf(selection), made);
}

interface Made {
  readonly slot: string;
  readonly isDaily: boolean;
  readonly needs: readonly Joined[];
  readonly join: string;
}

/** Quantities of a charge are added up before they meet its rate. */
function daysStatement(
  values: Values,
  selection: Selection,
  level: Level,
  { slot, isDaily, needs, join }: Made,
): Statement {
  const span = spanOf(selection);
  const columns = isDaily ? daysOfSpan(span) : [amountOfSpan(span)];
  const rows = rowsOf(values, selection, level, needs, { join });
  const sums = columns.map((column) => `sum(${column})`);
  if (!isOfQuantities(level)) {
    const text = `select ${slot} as slot, s.month, array[${sums.join(', ')}]::text[] as amounts ${rows} group by 1, 2`;
    return { text, values: values.list };
  }
  const text = `
    select slot, month, array[${sums.map((_, at) => `sum(rate * q${at})`).join(', ')}]::text[] as amounts
    from (select ${slot} as slot, s.month, coalesce(min(c.rate), 0) as rate, ${sums.map((sum, at) => `${sum} as q${at}`).join(', ')}
          ${rows} group by 1, 2, s.charge) as of_charge
    group by 1, 2`;
  return { text, values: values.list };
}

function joinSlots(values: Values, { ids, slots }: Slots, { id, type }: GroupingSql): string {
  const given = values.add(ids, `${type}[]`);
  const numbers = values.add(slots, 'int[]');
  return `join unnest(${given}, ${numbers}) as listed (id, slot) on listed.id = ${id}`;
}

import type { Grouping } from '../../../analysis/index.ts';
import type { Decimal } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import { cellsOf, dailyCells } from './cells.ts';
import type { Ground } from './ground.ts';
import { columnOf, joinsFor } from './keys.ts';
import { Values } from './parameters.ts';
import { finest, levelOf, levelOfFilters, type Selection } from './selection.ts';
import { DIGITS, RAW_DIGITS } from './settle.ts';

/** What a part of the selection costs, before its last digits are settled. */
export interface RawCost {
  /** What was grouped by, as the database has it. */
  readonly column: string;
  readonly amount: Decimal;
}

/** What is selected costs. */
export interface SelectedCost {
  /** Of all of it: exact for charges that are selected as a whole, to 20 digits for parts. */
  readonly total: Decimal;
  /** Charges that have something of it and no price. */
  readonly unpriced: number;
  readonly groups: readonly RawCost[];
}

const raw = (rates: string): string =>
  `trim_scale(round(coalesce(sum(${rates}), 0), ${RAW_DIGITS}))`;

/** More groups than anybody looks at, and as many as are kept in memory. */
export const MOST_GROUPS = 200_000;

/** Costs by group, and of all: of the groups a charge's rate times what they have of it. */
export async function costsBy(
  db: Queryable,
  ground: Ground,
  selection: Selection,
  by: Grouping | undefined,
): Promise<SelectedCost> {
  const whole = await costOfAll(db, selection);
  return {
    ...whole,
    groups: by === undefined ? [] : await costsOfGroups(db, ground, selection, by),
  };
}

/** A charge that is selected as a whole costs its amount, whatever the digits of its rate. */
async function costOfAll(
  db: Queryable,
  selection: Selection,
): Promise<Pick<SelectedCost, 'total' | 'unpriced'>> {
  const values = new Values();
  const cells = cellsOf(values, selection, levelOfFilters(selection.filters));
  const { rows } = await db.query<{ amount: string; unpriced: number }>(
    `select trim_scale(coalesce(sum(
              case when c.quantity = c.whole_quantity then c.amount else round(c.rate * c.quantity, ${DIGITS}) end), 0)) as amount,
            count(*) filter (where c.amount is null and c.quantity <> 0)::int as unpriced
     from (select charge, whole_quantity, amount, rate, sum(quantity) as quantity from (${cells}) cell group by 1, 2, 3, 4) c`,
    values.list,
  );
  const [all] = rows;
  return {
    total: decimalOf(all?.amount ?? '0'),
    unpriced: all?.unpriced ?? 0,
  };
}

async function costsOfGroups(
  db: Queryable,
  ground: Ground,
  selection: Selection,
  by: Grouping,
): Promise<RawCost[]> {
  const level = finest([levelOfFilters(selection.filters), levelOf(by)]);
  const values = new Values();
  const cells = cellsOf(values, selection, level);
  const column = columnOf(values, by, ground);
  const limit = `limit ${MOST_GROUPS + 1}`;
  const { rows } = await db.query<{ column: string; amount: string }>(
    levelOf(by) === 'charge'
      ? `select ${column} as column, ${raw('s.rate * s.quantity')} as amount from (${cells}) s group by 1 ${limit}`
      : // Multiplied and added up by place or resource first: their names are looked up once each.
        `select ${column} as column, ${raw('x.amount')} as amount
         from (select s.${level}, sum(s.rate * s.quantity) as amount from (${cells}) s group by 1) x${joinsFor(by, level, 'x')}
         group by 1 ${limit}`,
    values.list,
  );
  return rows.map((row) => ({ column: row.column, amount: decimalOf(row.amount) }));
}

/** What a piece of a day costs, of a group or of all. */
export interface PieceCost {
  readonly column: string;
  /** In which it begins: that of the day, or of a billing period that begins within it. */
  readonly hour: number;
  readonly amount: Decimal;
}

/** Groups of which the days are wanted. */
export interface PickedGroups {
  readonly by: Grouping;
  readonly columns: readonly string[];
  /** Whether there are no others: then none has to be picked out. */
  readonly isAll: boolean;
}

/** Costs by piece of UTC days of use, of all that is selected or of these groups of it. */
export async function costsByPiece(
  db: Queryable,
  ground: Ground,
  selection: Selection,
  picked?: PickedGroups,
): Promise<PieceCost[]> {
  if (selection.from >= selection.to) return [];
  const by = picked?.by;
  const level = finest([
    levelOfFilters(selection.filters),
    by === undefined ? 'charge' : levelOf(by),
  ]);
  const values = new Values();
  const narrowed =
    picked === undefined || picked.isAll ? selection : narrow(selection, picked, ground);
  const daily = dailyCells(
    values,
    narrowed,
    level,
    picked && placesOf(values, selection, picked, ground),
  );
  const piece = by === undefined || levelOf(by) === 'charge' ? '' : `, s.${level}`;
  // Pieces of a place or resource are added up before its names are looked up.
  const pieces =
    piece === ''
      ? `(${daily})`
      : `(select hour, sum(s.rate * s.quantity) as amount${piece} from (${daily}) s group by s.hour${piece})`;
  const amount = raw(piece === '' ? 's.rate * s.quantity' : 's.amount');
  const column = by === undefined ? "''" : columnOf(values, by, ground);
  const joins = by === undefined ? '' : joinsFor(by, level, 's');
  const { rows } = await db.query<{ column: string; hour: number; amount: string }>(
    `select ${column} as column, s.hour, ${amount} as amount from ${pieces} s${joins} group by 1, 2`,
    values.list,
  );
  return rows.map((row) => ({ ...row, amount: decimalOf(row.amount) }));
}

/** The selection without charges that have nothing of the groups. */
function narrow(selection: Selection, { by, columns }: PickedGroups, ground: Ground): Selection {
  switch (by) {
    case 'meter':
    case 'service':
      return { ...selection, meters: columns.map((column) => Number.parseInt(column, 10)) };
    case 'subscription':
      return {
        ...selection,
        filters: [...selection.filters.filter((one) => one.by !== by), { by, values: columns }],
      };
    case 'account': {
      if (ground.view === 'buying') return { ...selection, customers: columns };
      return { ...selection, sales: columns.map((column) => Number.parseInt(column, 10)) };
    }
    default:
      return selection;
  }
}

function placesOf(
  values: Values,
  { sales }: Selection,
  { by, columns, isAll }: PickedGroups,
  ground: Ground,
): { readonly places?: string; readonly identities?: readonly string[] } {
  if (by === 'resource') return { identities: columns };
  if (isAll || levelOf(by) !== 'place') return {};
  return {
    places: `select p.place from cost_place p where p.sale = any(${values.add(sales, 'int[]')})
             and ${columnOf(values, by, ground)} = any(${values.add(columns, 'text[]')})`,
  };
}

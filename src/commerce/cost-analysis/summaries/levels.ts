/** The columns of a row of sums: the days of a month. */
export const DAY_COLUMNS = Array.from({ length: 31 }, (_, at) => `d${at + 1}`);

/**
 * What is summed: amounts by charge and by place of a charge, over all meters by place and by resource; quantities by resource
 * of a charge.
 */
export type Level = 'charge' | 'placeOfCharge' | 'place' | 'resource' | 'resourceOfCharge';

interface LevelTable {
  readonly table: string;
  /** What a row is of, besides its scope and month; all of it is in the primary key. */
  readonly key: readonly string[];
  /** Its key and what follows from that. */
  readonly columns: readonly string[];
}

export const LEVELS = {
  charge: { table: 'cost_by_charge', key: ['charge'], columns: ['charge', 'meter'] },
  placeOfCharge: {
    table: 'cost_by_charge_place',
    key: ['meter', 'charge', 'place'],
    columns: ['charge', 'meter', 'place'],
  },
  place: { table: 'cost_by_place', key: ['place'], columns: ['place'] },
  resource: { table: 'cost_by_resource', key: ['resource'], columns: ['resource', 'place'] },
  resourceOfCharge: {
    table: 'cost_quantity',
    key: ['meter', 'charge', 'resource'],
    columns: ['charge', 'meter', 'resource', 'place'],
  },
} as const satisfies Readonly<Record<Level, LevelTable>>;

/** Whether rows of a level are quantities of a charge, which cost what its rate says. */
export function isOfQuantities(level: Level): boolean {
  return level === 'resourceOfCharge';
}

/** Months since January 1970, and day of that month, of a column of days since then. */
export const MONTH_OF_DAY = (day: string): string =>
  `((extract(year from date '1970-01-01' + ${day})::int - 1970) * 12
    + extract(month from date '1970-01-01' + ${day})::int - 1)`;
export const DAY_IN_MONTH = (day: string): string =>
  `extract(day from date '1970-01-01' + ${day})::int`;

/** Digits after the point of amounts that are summed, where they do not end before. */
export const SUMMED_DIGITS = 30;

import type { Values } from './parameters.ts';

/**
 * Which days of a charge a range of hours has, in SQL on `c`, a row of `cost_charge`. Costs are kept by the UTC day of use; a
 * day in which a billing period begins or ends is in two pieces, and a piece belongs to the range in which it begins. So
 * ranges that follow each other have each piece once, and a range from the beginning of a period to its end has just the
 * period.
 */
export interface PieceColumns {
  /** Days since 1970, half open. */
  readonly fromDay: string;
  readonly toDay: string;
  /** Whether these are all days of the period. */
  readonly isWhole: string;
  /** Whether there are any. */
  readonly isAny: string;
}

const FIRST_DAY = 'c.period_from / 24';
const LAST_DAY = '(c.period_to - 1) / 24';

export function pieceColumns(
  values: Values,
  { from, to }: { readonly from: number; readonly to: number },
): PieceColumns {
  const [start, end] = [values.add(from, 'int'), values.add(to, 'int')];
  const startDay = values.add(Math.ceil(from / 24), 'int');
  const endDay = values.add(Math.ceil(to / 24), 'int');
  const isFromFirst = `c.period_from >= ${start}`;
  return {
    fromDay: `case when ${isFromFirst} then ${FIRST_DAY} else greatest(${startDay}, ${FIRST_DAY} + 1) end`,
    toDay: `least(greatest(${endDay}, ${FIRST_DAY} + 1), ${LAST_DAY} + 1)`,
    isWhole: `${isFromFirst} and ${LAST_DAY} < greatest(${endDay}, ${FIRST_DAY} + 1)`,
    isAny: `c.period_from < ${end} and c.period_to > ${start}`,
  };
}

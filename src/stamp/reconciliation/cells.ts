import {
  minus,
  NOTHING,
  NOTHING_BILLED,
  plus,
  type Amount,
  type BilledSide,
  type Cell,
  type Place,
  type ReceivedTotal,
} from './compare.ts';
import type { DayPlan, PartClass } from './day-plan.ts';
import type { StampSum } from './store.ts';

interface CellSums extends Cell {
  readonly parts: Map<PartClass, Amount>;
  received: ReceivedTotal | undefined;
  billing: BilledSide | undefined;
}

/** Sums of commerce. */
export interface CommerceSums {
  /** of windows that are rated; of all where commerce does not say what it bills */
  readonly received: readonly ReceivedTotal[];
  /** of windows that are not rated yet */
  readonly waiting: readonly ReceivedTotal[];
  /** of those that are; undefined where commerce does not say it */
  readonly billed: readonly ReceivedTotal[] | undefined;
}

/** All sides of each place; a place that a period's end cuts in two comes from commerce in two parts. */
export function cellsOf(
  plans: readonly DayPlan[],
  sums: readonly StampSum[],
  { received, waiting, billed }: CommerceSums,
): Iterable<Cell> {
  const sources = new Map(plans.map(({ day, source }) => [day, source]));
  const cells = new Map<string, CellSums>();
  const cellAt = ({ day, subscriptionId, meterKey }: Place): CellSums => {
    const key = `${day}|${subscriptionId}|${meterKey}`;
    const known = cells.get(key);
    if (known !== undefined) return known;
    const source = sources.get(day) ?? 'hours';
    const parts = new Map<PartClass, Amount>();
    const sides = { received: undefined, billing: billed && NOTHING_BILLED };
    const made = { day, subscriptionId, meterKey, source, parts, ...sides };
    cells.set(key, made);
    return made;
  };
  for (const { partClass, rows, quantity, ...place } of sums) {
    const { parts } = cellAt(place);
    parts.set(partClass, plus(parts.get(partClass) ?? NOTHING, { rows, quantity }));
  }
  const receive = (total: ReceivedTotal): CellSums => {
    const cell = cellAt(total);
    cell.received = cell.received === undefined ? total : together(cell.received, total);
    return cell;
  };
  for (const total of received) {
    const cell = receive(total);
    const { billing } = cell;
    cell.billing = billing && { ...billing, unexplained: plus(billing.unexplained, total) };
  }
  for (const total of waiting) {
    const cell = receive(total);
    const { billing } = cell;
    cell.billing = billing && { ...billing, notYetRated: plus(billing.notYetRated, total) };
  }
  for (const total of billed ?? []) {
    const cell = cellAt(total);
    const { billing = NOTHING_BILLED } = cell;
    cell.billing = {
      ...billing,
      billed: plus(billing.billed, total),
      unexplained: minus(billing.unexplained, total),
    };
  }
  return cells.values();
}

function together(one: ReceivedTotal, other: ReceivedTotal): ReceivedTotal {
  return {
    ...one,
    ...plus(one, other),
    onBase: one.onBase.add(other.onBase),
    unpaid: one.unpaid.add(other.unpaid),
  };
}

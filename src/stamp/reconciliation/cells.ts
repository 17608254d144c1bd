import {
  NOTHING,
  plus,
  type Amount,
  type Cell,
  type Place,
  type ReceivedTotal,
} from './compare.ts';
import type { DayPlan, PartClass } from './day-plan.ts';
import type { StampSum } from './store.ts';

interface CellSums extends Cell {
  readonly parts: Map<PartClass, Amount>;
  received: ReceivedTotal | undefined;
}

/** Both sides of each place; a place that a period's end cuts in two comes from commerce in two parts. */
export function cellsOf(
  plans: readonly DayPlan[],
  sums: readonly StampSum[],
  received: readonly ReceivedTotal[],
): Iterable<Cell> {
  const sources = new Map(plans.map(({ day, source }) => [day, source]));
  const cells = new Map<string, CellSums>();
  const cellAt = ({ day, subscriptionId, meterKey }: Place): CellSums => {
    const key = `${day}|${subscriptionId}|${meterKey}`;
    const known = cells.get(key);
    if (known !== undefined) return known;
    const source = sources.get(day) ?? 'hours';
    const parts = new Map<PartClass, Amount>();
    const made = { day, subscriptionId, meterKey, source, parts, received: undefined };
    cells.set(key, made);
    return made;
  };
  for (const { partClass, rows, quantity, ...place } of sums) {
    const { parts } = cellAt(place);
    parts.set(partClass, plus(parts.get(partClass) ?? NOTHING, { rows, quantity }));
  }
  for (const total of received) {
    const cell = cellAt(total);
    cell.received = cell.received === undefined ? total : together(cell.received, total);
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

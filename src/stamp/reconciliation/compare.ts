import { Decimal, type MeterKey, type SubscriptionId } from '../../kernel/index.ts';
import { hourCauses } from './hour-class.ts';
import type { DaySource, PartClass } from './day-plan.ts';

/** Everything that can lie between the two sides, in the order in which it is told. */
export const causes = [...hourCauses, 'past retention', 'unexplained'] as const;
export type Cause = (typeof causes)[number];

/** Rows and their quantity; quantities of different meters are never added together. */
export interface Amount {
  readonly rows: bigint;
  readonly quantity: Decimal;
}

export const NOTHING: Amount = { rows: 0n, quantity: Decimal.zero };

export function plus(one: Amount, other: Amount): Amount {
  return { rows: one.rows + other.rows, quantity: one.quantity.add(other.quantity) };
}

export function minus(one: Amount, other: Amount): Amount {
  return { rows: one.rows - other.rows, quantity: one.quantity.subtract(other.quantity) };
}

export function isNothing({ rows, quantity }: Amount): boolean {
  return rows === 0n && quantity.isZero();
}

/** One reported day of one subscription and meter: as fine as the two sides are compared. */
export interface Place {
  /** days since 1970-01-01 */
  readonly day: number;
  readonly subscriptionId: SubscriptionId;
  readonly meterKey: MeterKey;
}

/** What commerce received, and where it went. */
export interface ReceivedTotal extends Place, Amount {
  /** booked on the base subscription of the registration, because its directory is not mapped */
  readonly onBase: Decimal;
  /** costs nothing: an unpaid meter, or a billing model by which usage is not paid */
  readonly unpaid: Decimal;
}

/** What commerce billed of what it received. */
export interface BilledSide {
  readonly billed: Amount;
  /** received in windows that are not rated yet */
  readonly notYetRated: Amount;
  /** what the windows that are rated held, less what is billed of them */
  readonly unexplained: Amount;
}

export const NOTHING_BILLED: BilledSide = {
  billed: NOTHING,
  notYetRated: NOTHING,
  unexplained: NOTHING,
};

export function plusBilled(one: BilledSide, other: BilledSide): BilledSide {
  return {
    billed: plus(one.billed, other.billed),
    notYetRated: plus(one.notYetRated, other.notYetRated),
    unexplained: plus(one.unexplained, other.unexplained),
  };
}

/** The sides of a place before they are compared. */
export interface Cell extends Place {
  readonly source: DaySource;
  /** the stamp's side by class */
  readonly parts: ReadonlyMap<PartClass, Amount>;
  /** undefined: commerce has none of it */
  readonly received: ReceivedTotal | undefined;
  /** undefined: commerce does not say what it bills */
  readonly billing: BilledSide | undefined;
}

/** The sides of a place beside each other. */
export interface Comparison extends Place {
  readonly stamp: Amount;
  readonly received: Amount;
  /** stamp less received */
  readonly difference: Amount;
  /** their quantities add up to that of the difference, exactly; their rows too, but for days of daily rows */
  readonly causes: ReadonlyMap<Cause, Amount>;
  readonly onBase: Decimal;
  readonly unpaid: Decimal;
  /** undefined: commerce does not say what it bills */
  readonly billing: BilledSide | undefined;
  /** the part of the stamp's side that commerce should have */
  readonly due: Amount;
  /** the stamp's rows are those of days */
  readonly isDaily: boolean;
}

/** Compares the sides of a place and names the cause of each part of the difference. */
export function compareCell(cell: Cell): Comparison {
  const { day, subscriptionId, meterKey, source, parts } = cell;
  const received: Amount = cell.received ?? NOTHING;
  const found = new Map<Cause, Amount>();
  let stamp = NOTHING;
  for (const [partClass, amount] of parts) {
    stamp = plus(stamp, amount);
    if (partClass !== 'received' && partClass !== 'past retention') found.set(partClass, amount);
  }
  const due = parts.get('received') ?? NOTHING;
  const blurred = parts.get('past retention') ?? NOTHING;
  const left = minus(plus(due, blurred), received);
  const isGone = source === 'gone' || parts.has('past retention');
  if (!isNothing(source === 'day' ? { ...left, rows: 0n } : left)) {
    // Rows of a day are fewer than those of its hours that were sent: they tell nothing.
    const rows = source === 'day' ? 0n : left.rows;
    found.set(isGone ? 'past retention' : 'unexplained', { ...left, rows });
  }
  return {
    day,
    subscriptionId,
    meterKey,
    stamp,
    received,
    difference: minus(stamp, received),
    causes: found,
    onBase: cell.received?.onBase ?? Decimal.zero,
    unpaid: cell.received?.unpaid ?? Decimal.zero,
    billing: cell.billing,
    due,
    isDaily: source === 'day',
  };
}

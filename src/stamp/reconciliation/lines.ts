import { Decimal, fail, type MeterKey, type SubscriptionId } from '../../kernel/index.ts';
import {
  causes,
  isNothing,
  NOTHING,
  NOTHING_BILLED,
  plus,
  plusBilled,
  type Amount,
  type BilledSide,
  type Cause,
  type Comparison,
  type Place,
} from './compare.ts';

/** What lines are told apart by. */
export const dimensions = ['day', 'meter', 'subscription'] as const;
export type Dimension = (typeof dimensions)[number];

/** Part of a difference with the cause of it. */
export interface CauseAmount extends Amount {
  readonly cause: Cause;
  /** places (day, subscription and meter) that it is about */
  readonly places: number;
}

/** No difference, but where it went; the quantity is part of what was received, or with `receipted` of the stamp's. */
export interface Note {
  readonly note: 'mapped to base' | 'unpaid meter' | 'receipted' | 'daily rows';
  readonly quantity: Decimal;
}

/** What commerce billed, in a line. */
export interface LineBilling extends BilledSide {
  /** places at which something of it is unexplained */
  readonly places: number;
}

/** All sides of what lines are told apart by. Quantities mean something only where that is the meter among others. */
export interface Line {
  readonly day: number | undefined;
  readonly meterKey: MeterKey | undefined;
  readonly subscriptionId: SubscriptionId | undefined;
  readonly stamp: Amount;
  /** undefined: commerce was not asked with success */
  readonly received: Amount | undefined;
  readonly difference: Amount | undefined;
  /** undefined: commerce does not say what it bills */
  readonly billing: LineBilling | undefined;
  readonly causes: readonly CauseAmount[];
  readonly notes: readonly Note[];
}

interface Sums {
  readonly place: Partial<Place>;
  stamp: Amount;
  received: Amount;
  due: Amount;
  onBase: Decimal;
  unpaid: Decimal;
  daily: Amount;
  billing: LineBilling | undefined;
  readonly causes: Map<Cause, { amount: Amount; places: number }>;
}

/** Lines in the making. */
export interface LineSums {
  add(comparison: Comparison): void;
  /** Makes the line of a day also when nothing was used on it, if days are all that is asked for. */
  touchDay(day: number): void;
  /** The lines so far, in order, which are then forgotten. @param isKnown whether commerce was asked with success */
  take(isKnown: boolean): Line[];
}

/** @param most lines that there may be in all, together with those taken already */
export function sumLines(
  by: readonly Dimension[],
  { most = Infinity }: { readonly most?: number } = {},
): LineSums {
  const lines = new Map<string, Sums>();
  let taken = 0;
  const [byDay, byMeter, bySubscription] = dimensions.map((dimension) => by.includes(dimension));
  const lineOf = (place: Partial<Place>): Sums => {
    const wanted: Partial<Place> = {
      ...(byDay === true && place.day !== undefined && { day: place.day }),
      ...(byMeter === true && place.meterKey !== undefined && { meterKey: place.meterKey }),
      ...(bySubscription === true &&
        place.subscriptionId !== undefined && { subscriptionId: place.subscriptionId }),
    };
    const key = `${wanted.day}|${wanted.subscriptionId}|${wanted.meterKey}`;
    const known = lines.get(key);
    if (known !== undefined) return known;
    if (taken + lines.size >= most) throw tooManyLines(by, most);
    const made = emptySums(wanted);
    lines.set(key, made);
    return made;
  };
  return {
    add: (comparison) => addTo(lineOf(comparison), comparison),
    touchDay: (day) => {
      if (by.length === 1 && byDay === true) lineOf({ day });
    },
    take: (isKnown) => {
      const made = [...lines.values()].map((sums) => toLine(sums, isKnown));
      taken += made.length;
      lines.clear();
      return made;
    },
  };
}

function tooManyLines(by: readonly Dimension[], most: number): Error {
  return fail('InvalidProperty', {
    parameter: 'by',
    value: by.join(','),
    rule: `the answer would have more than ${most} lines; ask by fewer of day, meter and subscription, or for fewer days`,
  });
}

function emptySums(place: Partial<Place>): Sums {
  return {
    place,
    stamp: NOTHING,
    received: NOTHING,
    due: NOTHING,
    daily: NOTHING,
    onBase: Decimal.zero,
    unpaid: Decimal.zero,
    billing: undefined,
    causes: new Map(),
  };
}

function addTo(sums: Sums, comparison: Comparison): void {
  sums.stamp = plus(sums.stamp, comparison.stamp);
  sums.received = plus(sums.received, comparison.received);
  sums.due = plus(sums.due, comparison.due);
  sums.onBase = sums.onBase.add(comparison.onBase);
  sums.unpaid = sums.unpaid.add(comparison.unpaid);
  if (comparison.billing !== undefined) {
    const { places, ...known } = sums.billing ?? { ...NOTHING_BILLED, places: 0 };
    const isWrong = !isNothing(comparison.billing.unexplained);
    sums.billing = {
      ...plusBilled(known, comparison.billing),
      places: isWrong ? places + 1 : places,
    };
  }
  if (comparison.isDaily) sums.daily = plus(sums.daily, comparison.stamp);
  for (const [cause, amount] of comparison.causes) {
    const known = sums.causes.get(cause) ?? { amount: NOTHING, places: 0 };
    sums.causes.set(cause, { amount: plus(known.amount, amount), places: known.places + 1 });
  }
}

function toLine(sums: Sums, isKnown: boolean): Line {
  const { place, stamp, received } = sums;
  const difference = {
    rows: stamp.rows - received.rows,
    quantity: stamp.quantity.subtract(received.quantity),
  };
  const told = causes.flatMap((cause): CauseAmount[] => {
    const found = sums.causes.get(cause);
    // What is left over says nothing while the other side is not known.
    if (found === undefined || (cause === 'unexplained' && !isKnown)) return [];
    return [{ cause, ...found.amount, places: found.places }];
  });
  return {
    day: place.day,
    meterKey: place.meterKey,
    subscriptionId: place.subscriptionId,
    stamp,
    received: isKnown ? received : undefined,
    difference: isKnown ? difference : undefined,
    billing: isKnown ? sums.billing : undefined,
    causes: told,
    notes: notesOf(sums, isKnown),
  };
}

function notesOf({ onBase, unpaid, due, daily }: Sums, isKnown: boolean): Note[] {
  const notes: Note[] = [];
  if (isKnown && !onBase.isZero()) notes.push({ note: 'mapped to base', quantity: onBase });
  if (isKnown && !unpaid.isZero()) notes.push({ note: 'unpaid meter', quantity: unpaid });
  if (!isKnown && due.rows > 0n) notes.push({ note: 'receipted', quantity: due.quantity });
  if (daily.rows > 0n) notes.push({ note: 'daily rows', quantity: daily.quantity });
  return notes;
}

import { allocate, type Decimal } from '../../kernel/index.ts';

/** The part of a record that falls into one usage hour. Times in whole microseconds since 1970-01-01T00:00Z. */
export interface RecordPart {
  /** whole hours since 1970-01-01T00:00Z */
  readonly usageHour: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly quantity: Decimal;
}

export const HOUR_US = 3_600_000_000;

/** Decimal places that a share may have beyond those of the quantity that is shared, and at least altogether. */
const EXTRA_PLACES = 6;
const LEAST_PLACES = 12;

/**
 * Spreads a record over the usage hours that it touches, by time.
 *
 * The shares add up to the quantity exactly: each is cut at a fixed number of places and what is left over goes,
 * a unit at a time, to the largest remainders.
 *
 * @param startUs inclusive @param endUs exclusive, after startUs
 */
export function spreadOverHours(startUs: number, endUs: number, quantity: Decimal): RecordPart[] {
  const firstHour = Math.floor(startUs / HOUR_US);
  const lastHour = Math.floor((endUs - 1) / HOUR_US);
  if (firstHour === lastHour) return [{ usageHour: firstHour, startUs, endUs, quantity }];
  const bounds: { usageHour: number; startUs: number; endUs: number }[] = [];
  for (let hour = firstHour; hour <= lastHour; hour++) {
    bounds.push({
      usageHour: hour,
      startUs: Math.max(startUs, hour * HOUR_US),
      endUs: Math.min(endUs, (hour + 1) * HOUR_US),
    });
  }
  const shares = allocate(
    quantity,
    bounds.map((bound) => BigInt(bound.endUs - bound.startUs)),
    Math.max(LEAST_PLACES, quantity.scale + EXTRA_PLACES),
  );
  return bounds.map((bound, index) => ({ ...bound, quantity: shares[index]! }));
}

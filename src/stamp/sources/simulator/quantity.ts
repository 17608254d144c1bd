/**
 * Exact decimal text of the quantities that a stamp emits. Everything is counted in whole units (requests, pages of
 * 4 KiB, ten-thousandths of an hour) and only written as a fraction: no binary fraction takes part.
 */

/** Ten-thousandths of an hour since 1970-01-01T00:00Z. One is 360 ms; four decimals write any part of an hour. */
export type Tick = number;

export const TICKS_PER_HOUR = 10_000;

/** Pages of 4 KiB in a GB, which is 2^30 bytes. */
export const PAGES_PER_GB = 262_144;

/** Digits after the point of a share of a month. */
const SHARE_SCALE = 18;

/** 10^18 / 2^18: so many units of the last decimal of {@link gigabytes} is one page. */
const UNITS_PER_PAGE = 5n ** 18n;

/** `count / 10^digits` as decimal text without trailing zeros. `count` is a whole number of at most 2^53. */
export function scaled(count: number, digits: number): string {
  const unit = 10 ** digits;
  const whole = Math.floor(count / unit);
  const rest = count - whole * unit;
  return rest === 0 ? `${whole}` : `${whole}.${trimZeros(String(rest).padStart(digits, '0'))}`;
}

/** So many pages of 4 KiB in GB of 2^30 bytes, exactly: at most 18 decimals. */
export function gigabytes(pages: number): string {
  const whole = Math.floor(pages / PAGES_PER_GB);
  const rest = pages - whole * PAGES_PER_GB;
  if (rest === 0) return `${whole}`;
  // rest x 5^18 needs 60 bits: taken in two parts that each stay a safe integer
  const low = rest * 265_625;
  const carry = Math.floor(low / 1_000_000);
  const high = rest * 3_814_697 + carry;
  const lowText = String(low - carry * 1_000_000).padStart(6, '0');
  return `${whole}.${trimZeros(String(high).padStart(12, '0') + lowText)}`;
}

/**
 * The share of a calendar month that lies between two ticks counted from the start of the month, for `pages` of 4 KiB
 * (in GB x month) or, without them, for one piece (in pieces x month); 18 decimals.
 *
 * One hour of a month of 744 is no finite decimal. Each hour gets the difference between two running totals, each
 * rounded down, so the hours of a whole month add up to exactly 1, or to exactly the size.
 */
export function shareOfMonth(from: Tick, to: Tick, hoursInMonth: number, pages?: number): string {
  const amount = pages === undefined ? 10n ** 18n : BigInt(pages) * UNITS_PER_PAGE;
  const length = BigInt(hoursInMonth * TICKS_PER_HOUR);
  return fromUnits((amount * BigInt(to)) / length - (amount * BigInt(from)) / length);
}

/** One piece for one hour of a month of so many hours, to six decimals: how sites are counted. */
export function siteMonthHour(hoursInMonth: number): string {
  return scaled(Math.floor((2_000_000 + hoursInMonth) / (2 * hoursInMonth)), 6);
}

function fromUnits(units: bigint): string {
  const text = units.toString().padStart(SHARE_SCALE + 1, '0');
  const fraction = trimZeros(text.slice(-SHARE_SCALE));
  const whole = text.slice(0, -SHARE_SCALE);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

function trimZeros(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end--;
  return digits.slice(0, end);
}

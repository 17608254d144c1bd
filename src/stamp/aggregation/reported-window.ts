import type { Granularity, Instant } from '../../kernel/index.ts';

export type { Granularity };

/** Hours or days since 1970-01-01T00:00Z, by granularity. */
export interface WindowId {
  readonly granularity: Granularity;
  readonly number: number;
}

/** What a window holds, enough to tell whether anything in it ever changes. */
export interface WindowSums {
  readonly rows: bigint;
  readonly records: bigint;
  /** sum of all quantities, whatever their units: a check, not a figure; decimal text */
  readonly quantity: string;
  /** sum of a 64-bit hash of each row; does not depend on the order of rows */
  readonly hash: string;
}

interface WindowBase extends WindowId {
  readonly origin: 'own' | 'imported';
  readonly openedAt: Instant;
}

/** A reported window: takes records while open, is summed while closing, never changes once closed. */
export type ReportedWindow =
  | (WindowBase & { readonly state: 'open' | 'closing' })
  | (WindowBase & {
      readonly state: 'closed';
      readonly closedAt: Instant;
      readonly sums: WindowSums;
      readonly expiredAt: Instant | undefined;
      readonly recordsExpiredAt: Instant | undefined;
    });

export const HOURS_PER_DAY = 24;

export function sameSums(a: WindowSums, b: WindowSums): boolean {
  return (
    a.rows === b.rows && a.records === b.records && a.hash === b.hash && a.quantity === b.quantity
  );
}

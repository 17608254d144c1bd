import { hourNumber, type HourNumber, type SubscriptionId } from '../../kernel/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { PlanOfPeriod } from './price-groups.ts';

/** Hours, half open. */
export interface HourRange {
  readonly fromHour: HourNumber;
  readonly toHour: HourNumber;
}

/** Hours in which a buyer buys under one plan, in one of its periods. */
export interface Stretch extends HourRange {
  readonly period: number;
  readonly plan: number;
}

/** What a buyer pays from hour to hour, over whole periods. */
export interface Timeline {
  readonly accountId: AccountId;
  /** In order, none overlapping. */
  readonly stretches: readonly Stretch[];
  /** The plans of each period, by the period. */
  readonly plans: ReadonlyMap<number, readonly PlanOfPeriod[]>;
}

/** Hours in which what is booked on a customer goes to the same places. */
export interface Span extends HourRange {
  readonly customer: SubscriptionId;
  /** One for each sale. */
  readonly targets: readonly SpanTarget[];
}

/** To the charges of which buyer, period and plan usage goes. */
export interface SpanTarget {
  readonly accountId: AccountId;
  readonly period: number;
  readonly plan: number;
}

/**
 * Cuts hours wherever one of the buyers changes its period or plan. Hours of which nobody buys anything are left out.
 */
export function cutSpans(
  customer: SubscriptionId,
  ranges: readonly HourRange[],
  timelines: readonly Timeline[],
): Span[] {
  return ranges.flatMap(({ fromHour, toHour }) => {
    const near = timelines.map(({ accountId, stretches }) => ({
      accountId,
      stretches: stretches.filter((one) => one.fromHour < toHour && one.toHour > fromHour),
    }));
    const bounds = near.flatMap(({ stretches }) =>
      stretches.flatMap((one) => [one.fromHour, one.toHour]),
    );
    const inside = bounds.filter((hour) => hour > fromHour && hour < toHour);
    const cuts = [...new Set([fromHour, ...inside, toHour])].toSorted((a, b) => a - b);
    return cuts.slice(0, -1).flatMap((from, at) => {
      const targets = near.flatMap(({ accountId, stretches }) => {
        const stretch = stretches.find((one) => one.fromHour <= from && from < one.toHour);
        return stretch ? [{ accountId, period: stretch.period, plan: stretch.plan }] : [];
      });
      if (targets.length === 0) return [];
      return { customer, fromHour: from, toHour: cuts[at + 1] ?? toHour, targets };
    });
  });
}

/** The same hours in as few ranges as they can be, in order. */
export function mergeRanges(ranges: readonly HourRange[]): HourRange[] {
  const merged: HourRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.fromHour - b.fromHour)) {
    const last = merged.at(-1);
    if (last === undefined || range.fromHour > last.toHour) {
      merged.push(range);
    } else {
      const toHour = hourNumber(Math.max(last.toHour, range.toHour));
      merged[merged.length - 1] = { fromHour: last.fromHour, toHour };
    }
  }
  return merged;
}

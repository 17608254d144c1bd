import { isDeepStrictEqual } from 'node:util';
import type { Decimal } from '../../kernel/index.ts';
import type { PriceItem } from '../pricing/index.ts';

/** What a plan asks in a period. */
export interface PlanPrices {
  readonly plan: number;
  /** Product of the markups. */
  readonly factor: Decimal;
  /** From the currency of the price list to that of the account. */
  readonly exchangeRate: Decimal;
  /** Hours of the period in which the plan is in force, and hours of the period. */
  readonly share: { readonly hours: number; readonly of: number };
  /** By id of the meter in commerce, in lower case. */
  itemOf(meterKey: string): PriceItem | undefined;
}

/** Plans of a period, one after the other, that ask the same for a meter: one stretch of time under one price. */
export interface PlanRun extends Pick<PlanPrices, 'factor' | 'exchangeRate' | 'share'> {
  readonly plans: readonly number[];
  /** Undefined: they have no price for the meter. */
  readonly item: PriceItem | undefined;
}

/**
 * The plans of a period as one meter is priced by them. A minimum or a maximum holds by the time for which its price is
 * in force, so neighbours that have the same price with one are not told apart: a new version that leaves the price of a
 * meter alone changes nothing of what the meter costs. Other prices are what they are however their time is cut.
 *
 * @param ordered by time
 */
export function runsOf(meterKey: string, ordered: readonly PlanPrices[]): PlanRun[] {
  const runs: PlanRun[] = [];
  for (const one of ordered) {
    const { plan, factor, exchangeRate, share } = one;
    const item = one.itemOf(meterKey);
    const next: PlanRun = { plans: [plan], item, factor, exchangeRate, share };
    const last = runs.at(-1);
    if (last !== undefined && asksTheSame(last, next)) {
      const hours = Math.min(share.of, last.share.hours + share.hours);
      const plans = [...last.plans, plan];
      runs[runs.length - 1] = { ...last, plans, share: { hours, of: share.of } };
    } else {
      runs.push(next);
    }
  }
  return runs;
}

/** Whether a price asks for a least or a most amount, in proportion to the time for which it is in force. */
function isBounded({ minimum, maximum }: PriceItem): boolean {
  return minimum !== undefined || maximum !== undefined;
}

function asksTheSame(one: PlanRun, other: PlanRun): boolean {
  const { item } = one;
  if (item === undefined || other.item === undefined || !isBounded(item)) return false;
  return (
    one.share.of === other.share.of &&
    one.factor.equals(other.factor) &&
    one.exchangeRate.equals(other.exchangeRate) &&
    // What it is called costs nothing.
    isDeepStrictEqual({ ...item, name: '' }, { ...other.item, name: '' })
  );
}

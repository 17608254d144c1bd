import { Decimal } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import { metersOfPeriods, type ChargeSource, type UsageOfCharge } from './amount-store.ts';
import type { BillingContext } from './billing-context.ts';
import { readPlansOfPeriod } from './plan-store.ts';
import { priceCharges, type PlanOfPeriod } from './price-groups.ts';
import type { Timeline } from './spans.ts';

/** A charge with what it costs now, beside what is kept. */
export interface AmountChange {
  readonly charge: UsageOfCharge;
  readonly after: Decimal | undefined;
  /** Why it costs nothing that is known, where its plan has a price. */
  readonly problem: string | undefined;
}

/** Which charges are priced. */
export interface PricingRequest {
  readonly source: ChargeSource;
  readonly periods: readonly number[];
  /** Of the buyers of these periods. */
  readonly timelines: readonly Timeline[];
  /** Ids in commerce, in lower case; all meters unless given. */
  readonly meterKeys?: readonly string[] | undefined;
}

/** The charges of one meter in one period with what they cost. */
export interface PricedMeter {
  readonly meterKey: string;
  readonly charges: readonly AmountChange[];
}

/** Changes that are written at once, but for those of one meter in one period. */
const CHANGES_AT_ONCE = 2000;

/** Charges of which the amount is another one than is kept, some at a time. */
export async function* pricedAnew(
  tx: Tx,
  context: BillingContext,
  request: PricingRequest,
): AsyncGenerator<readonly AmountChange[], void, undefined> {
  let changes: AmountChange[] = [];
  for await (const { charges } of pricedMeters(tx, context, request)) {
    changes.push(...charges.filter(isChanged));
    if (changes.length < CHANGES_AT_ONCE) continue;
    yield changes;
    changes = [];
  }
  if (changes.length > 0) yield changes;
}

/** Prices charges, all of a meter of a period together: one meter of one period at a time. */
export async function* pricedMeters(
  tx: Tx,
  context: BillingContext,
  { source, periods, timelines, meterKeys }: PricingRequest,
): AsyncGenerator<PricedMeter, void, undefined> {
  const plansOf = new Map(timelines.flatMap(({ plans }) => [...plans]));
  const keys = meterKeys && [...new Set([...meterKeys, ...boundedMeters(plansOf.values())])];
  for await (const meter of metersOfPeriods(tx, source, periods, keys)) {
    const { period, meterKey, charges } = meter;
    const plans = await completePlans(tx, context, plansOf.get(period) ?? [], charges);
    const priced = [...priceCharges(charges, plans)].map(([charge, { amount, problem }]) => ({
      charge,
      after: amount,
      problem,
    }));
    yield { meterKey, charges: priced };
  }
}

/** Minima and maxima hold by the part of a period that their prices are in force, which a new version changes. */
function boundedMeters(plans: Iterable<readonly PlanOfPeriod[]>): Set<string> {
  return new Set([...plans].flatMap((all) => all.flatMap((plan) => plan.boundedMeters())));
}

/**
 * With those under which something was used and that are no longer in force: a version came since that corrects the past,
 * and what it corrects has not been rated anew yet.
 */
async function completePlans(
  tx: Tx,
  { itemsOf }: BillingContext,
  plans: readonly PlanOfPeriod[],
  charges: readonly UsageOfCharge[],
): Promise<readonly PlanOfPeriod[]> {
  const known = new Set(plans.map(({ plan }) => plan));
  const used = charges.filter((charge) => charge.billable && !charge.quantity.isZero());
  const missing = [...new Set(used.map(({ plan }) => plan))].filter((plan) => !known.has(plan));
  if (missing.length === 0) return plans;
  return [...plans, ...(await readPlansOfPeriod(tx, itemsOf, missing))];
}

function isChanged({ charge, after, problem }: AmountChange): boolean {
  return charge.problem !== problem || !isSame(charge.amount, after);
}

function isSame(one: Decimal | undefined, other: Decimal | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.equals(other);
}

/** By how much the charges of a buyer and period became dearer, or cheaper. */
export interface PeriodDifference {
  readonly accountId: AccountId;
  readonly period: number;
  /** Exact; zero where only what has no price changed. */
  readonly difference: Decimal;
}

/** Adds differences up by period. What has no price counts as 0 until it has one. */
export class DifferenceSums {
  readonly #sums = new Map<number, PeriodDifference>();

  add(changes: readonly AmountChange[]): void {
    for (const { charge, after } of changes) {
      const { accountId, period, amount: before = Decimal.zero } = charge;
      const sum = this.#sums.get(period)?.difference ?? Decimal.zero;
      const difference = sum.add((after ?? Decimal.zero).subtract(before));
      this.#sums.set(period, { accountId, period, difference });
    }
  }

  /** By period. */
  all(): PeriodDifference[] {
    return [...this.#sums.values()].toSorted((one, other) => one.period - other.period);
  }
}

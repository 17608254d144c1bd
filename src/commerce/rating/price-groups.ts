import { Decimal, sumOf, type SubscriptionId } from '../../kernel/index.ts';
import { priceUsage, type PriceItem, type PriceStep } from '../pricing/index.ts';
import { runsOf, type PlanPrices, type PlanRun } from './plan-runs.ts';
import { splitAmount } from './split.ts';

/** A plan in force in a period: what it has to say of the prices of that period. */
export interface PlanOfPeriod extends PlanPrices {
  /** From which hour on; orders the plans of a period. */
  readonly effectiveFrom: number;
  /** Of the price list; undefined when no prices could be found. */
  readonly version: number | undefined;
  /** Meters whose price has a minimum or a maximum, by the same ids. */
  boundedMeters(): readonly string[];
}

/** What pricing needs to know of a charge. */
export interface PricedUsage {
  readonly plan: number;
  readonly customerSubscriptionId: SubscriptionId;
  /** Of the stamp. */
  readonly subscriptionId: SubscriptionId;
  readonly meter: number;
  /** Id of the meter in commerce, in lower case. */
  readonly meterKey: string;
  readonly billable: boolean;
  /** Not negative. */
  readonly quantity: Decimal;
  /** Whether the quantity has more digits than can be computed with, and is not known here. */
  readonly isTooLong?: boolean | undefined;
}

/** What a charge costs. */
export interface PricedCharge {
  /** Exact; undefined where there is none. */
  readonly amount: Decimal | undefined;
  /** Why there is none although the plan has a price; undefined where it has none, or nothing is wrong. */
  readonly problem: string | undefined;
}

/** Charges that are priced together, since tiers and included quantities count over all of them. */
interface PricedGroup<Usage extends PricedUsage> {
  readonly charges: readonly Usage[];
  /** Of all of them; undefined when it needs more digits than an amount can have. */
  readonly amount: Decimal | undefined;
  readonly steps: readonly PriceStep[];
}

const FREE: PricedCharge = { amount: Decimal.zero, problem: undefined };
const WITHOUT_PRICE: PricedCharge = { amount: undefined, problem: undefined };
const TOO_LONG: PricedCharge = {
  amount: undefined,
  problem: 'what it comes to has more digits than can be computed with',
};

/**
 * What the charges of one buyer and period cost: the order in which they come does not matter. Usage that is not billable
 * costs nothing and counts towards no tier. A number that cannot be computed with leaves the charges that are priced
 * together with it without an amount, and no others.
 *
 * @param charges all billable ones of each meter among them, since each changes what the others cost
 */
export function priceCharges<Usage extends PricedUsage>(
  charges: readonly Usage[],
  plans: readonly PlanOfPeriod[],
): ReadonlyMap<Usage, PricedCharge> {
  const priced = new Map<Usage, PricedCharge>();
  for (const charge of charges) {
    priced.set(charge, charge.billable && !charge.quantity.isZero() ? WITHOUT_PRICE : FREE);
  }
  const ordered = plans.toSorted(byTime);
  const billable = charges.filter((charge) => charge.billable);
  for (const [meterKey, ofMeter] of Map.groupBy(billable, (charge) => charge.meterKey)) {
    if (ofMeter.some(({ isTooLong }) => isTooLong === true)) {
      for (const charge of ofMeter) priced.set(charge, TOO_LONG);
      continue;
    }
    for (const group of runsOf(meterKey, ordered).flatMap((run, at, runs) =>
      groupsOfRun(ofMeter, run, runs.slice(0, at)),
    )) {
      for (const [at, share] of sharesOf(group).entries()) priced.set(group.charges[at]!, share);
    }
  }
  return priced;
}

/** What each charge of a group has of its amount. */
function sharesOf({ amount, charges, steps }: PricedGroup<PricedUsage>): readonly PricedCharge[] {
  if (amount === undefined) return charges.map(() => TOO_LONG);
  const quantities = charges.map(({ quantity }) => quantity);
  const unitPrices = steps.flatMap(({ unitPrice }) => unitPrice ?? []);
  try {
    const shares = splitAmount(amount, quantities, unitPrices);
    return shares.map((share) => ({ amount: share, problem: undefined }));
  } catch (error) {
    if (error instanceof RangeError) return charges.map(() => TOO_LONG);
    throw error;
  }
}

/** The groups of a meter under plans that ask the same for it, each with its amount; none where they have no price. */
function groupsOfRun<Usage extends PricedUsage>(
  ofMeter: readonly Usage[],
  run: PlanRun,
  earlierRuns: readonly PlanRun[],
): PricedGroup<Usage>[] {
  const { item } = run;
  if (item === undefined) return [];
  const places = new Map(run.plans.map((plan, at) => [plan, at]));
  const earlier = new Set(earlierRuns.flatMap(({ plans }) => plans));
  const scopeOf = (charge: Usage): string =>
    item.scope === 'account' ? '' : charge.subscriptionId;
  return [...Map.groupBy(ofMeter, scopeOf).values()].flatMap((pooled) => {
    const own = pooled
      .filter((charge) => places.has(charge.plan))
      .toSorted((a, b) => byNature(a, b) || places.get(a.plan)! - places.get(b.plan)!);
    if (own.length === 0) return [];
    const before = quantityOf(pooled.filter((charge) => earlier.has(charge.plan)));
    const usage = { before, quantity: quantityOf(own), total: quantityOf(pooled) };
    return [{ charges: own, ...priceGroup(run, item, usage) }];
  });
}

/**
 * What a group costs under a plan. One of which nothing is left, after rating anew, costs nothing; not a minimum either.
 *
 * @returns no amount when it needs more digits than an amount can have
 */
export function priceGroup(
  { factor, exchangeRate, share }: Pick<PlanOfPeriod, 'factor' | 'exchangeRate' | 'share'>,
  item: PriceItem,
  usage: { readonly before: Decimal; readonly quantity: Decimal; readonly total: Decimal },
): { readonly amount: Decimal | undefined; readonly steps: readonly PriceStep[] } {
  if (usage.quantity.isZero()) return { amount: Decimal.zero, steps: [] };
  try {
    return priceUsage(item, usage, { factor, exchangeRate }, share);
  } catch (error) {
    // More digits than a decimal can have: this one amount is not known, and all others are.
    if (error instanceof RangeError) return { amount: undefined, steps: [] };
    throw error;
  }
}

function quantityOf(charges: readonly PricedUsage[]): Decimal {
  return sumOf(charges.map(({ quantity }) => quantity));
}

/** Plans of one period in the order of time. */
export function byTime<T extends Pick<PlanOfPeriod, 'effectiveFrom' | 'version' | 'plan'>>(
  one: T,
  other: T,
): number {
  return (
    one.effectiveFrom - other.effectiveFrom ||
    (one.version ?? 0) - (other.version ?? 0) ||
    one.plan - other.plan
  );
}

/** By what the charges are of, never by when they came. */
function byNature(one: PricedUsage, other: PricedUsage): number {
  return (
    compareTexts(one.customerSubscriptionId, other.customerSubscriptionId) ||
    compareTexts(one.subscriptionId, other.subscriptionId) ||
    one.meter - other.meter
  );
}

function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

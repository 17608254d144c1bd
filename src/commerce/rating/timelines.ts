import { dayOfHour, dayStart, hourNumber, type HourNumber } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import {
  ensurePeriods,
  pricingSegments,
  type AccountId,
  type PricingSegment,
  type Sale,
} from '../accounts/index.ts';
import type { BillingContext } from './billing-context.ts';
import { pinRates, type PinnedRate } from '../pricing/index.ts';
import { digestOfPlan, planWithout, type PlanTerms } from './plan.ts';
import { ensurePlans, imaginePlans, lookUpIn, type PlanNumbers } from './plan-store.ts';
import type { PlanOfPeriod } from './price-groups.ts';
import type { HourRange, Stretch, Timeline } from './spans.ts';

/** A period as rating needs it. */
export interface PeriodHours extends HourRange {
  readonly period: number;
}

/** A timeline of which the plans have no numbers yet. */
export interface TimelineDraft {
  readonly sale: Sale;
  readonly stretches: readonly DraftStretch[];
}

export interface DraftStretch extends HourRange {
  readonly period: PeriodHours;
  readonly terms: PlanTerms;
  /** The rate of exchange of its period, where none was fixed yet. */
  readonly pin: PinnedRate | undefined;
}

/** Periods of accounts that overlap [fromHour, toHour), in order. */
export async function readPeriods(
  tx: Tx,
  accountIds: readonly AccountId[],
  { fromHour, toHour }: HourRange,
): Promise<ReadonlyMap<AccountId, readonly PeriodHours[]>> {
  const { rows } = await tx.query<PeriodHours & { accountId: AccountId }>({
    name: 'rating-periods',
    text: `select period, account_id as "accountId", from_hour as "fromHour", to_hour as "toHour"
           from billing_period
           where account_id = any($1::uuid[]) and from_hour < $3 and to_hour > $2
           order by account_id, from_hour`,
    values: [accountIds, fromHour, toHour],
  });
  return Map.groupBy(rows, ({ accountId }) => accountId);
}

/** The periods of a buyer that hold these hours; those that are missing are made. */
export async function ensurePeriodsOf(
  tx: Tx,
  buyer: Sale['buyer'],
  present: readonly PeriodHours[],
  ranges: readonly HourRange[],
): Promise<readonly PeriodHours[]> {
  const found = new Map<number, PeriodHours>();
  for (const { fromHour, toHour } of ranges) {
    const near = present.filter((one) => one.fromHour < toHour && one.toHour > fromHour);
    // Periods have no gaps between them.
    const isCovered =
      near.some((one) => one.fromHour <= fromHour) && near.some((one) => one.toHour >= toHour);
    const periods = isCovered ? near : await ensurePeriods(tx, buyer, fromHour, toHour);
    for (const one of periods) found.set(one.period, one);
  }
  return [...found.values()].toSorted((a, b) => a.fromHour - b.fromHour);
}

/** What a buyer pays in each hour of these periods. */
export async function draftTimeline(
  context: BillingContext,
  sale: Sale,
  periods: readonly PeriodHours[],
): Promise<TimelineDraft> {
  const { pricings, tree, versions } = context;
  const segments = periods.flatMap((period) =>
    pricingSegments(pricings, tree, versions, sale, period.fromHour, period.toHour).map(
      (segment) => ({ period, segment }),
    ),
  );
  const foreign = segments.filter(({ segment }) => isForeign(context, sale, segment));
  const pins = await context.pinnedRates(foreign.map(({ period }) => period.period));
  const stretches: DraftStretch[] = [];
  for (const { period, segment } of segments) {
    const { fromHour, toHour } = segment;
    const { terms, pin } = await termsOf(context, sale, segment, { period, pins });
    stretches.push({ fromHour, toHour, period, terms, pin });
  }
  return { sale, stretches };
}

function isForeign(
  { currencies }: BillingContext,
  { buyer }: Sale,
  { priceListId }: PricingSegment,
): boolean {
  return priceListId !== undefined && currencies.get(priceListId) !== buyer.currency;
}

interface PinnedPeriod {
  readonly period: PeriodHours;
  readonly pins: readonly PinnedRate[];
}

/** The rate of exchange is that by which the period was first rated: that of the UTC day on which it begins. */
async function termsOf(
  { currencies, rateOn }: BillingContext,
  { buyer }: Sale,
  segment: PricingSegment,
  { period, pins }: PinnedPeriod,
): Promise<Pick<DraftStretch, 'terms' | 'pin'>> {
  const { effectiveFrom, factor, chain } = segment;
  const without = (problem: string): Pick<DraftStretch, 'terms' | 'pin'> => ({
    terms: planWithout(problem, effectiveFrom),
    pin: undefined,
  });
  if (segment.problem !== undefined) return without(segment.problem);
  const { priceListId, version } = segment;
  const from = currencies.get(priceListId) ?? buyer.currency;
  const pinned = pins.find((one) => one.period === period.period && one.from === from);
  const day = dayOfHour(period.fromHour);
  const exchangeRate = pinned?.rate ?? (await rateOn(from, buyer.currency, day));
  if (exchangeRate === undefined) {
    const date = dayStart(day).toString().slice(0, 10);
    return without(`no exchange rate from ${from} to ${buyer.currency} on ${date}`);
  }
  const isNew = pinned === undefined && from !== buyer.currency;
  return {
    terms: {
      priceListId,
      version,
      problem: undefined,
      effectiveFrom,
      factor,
      exchangeRate,
      chain,
    },
    pin: isNew ? { period: period.period, from, rate: exchangeRate } : undefined,
  };
}

/** The numbers of the plans of drafts, entered where they are new, and with them the rates of exchange of their periods. */
export async function enterPlans(tx: Tx, stretches: readonly DraftStretch[]): Promise<PlanNumbers> {
  await pinRates(
    tx,
    stretches.flatMap(({ pin }) => pin ?? []),
  );
  return ensurePlans(
    tx,
    stretches.map(({ terms }) => terms),
  );
}

/** As {@link enterPlans}, but nothing is entered. */
export async function imaginePlansOf(
  tx: Tx,
  stretches: readonly DraftStretch[],
): Promise<PlanNumbers> {
  return imaginePlans(
    tx,
    stretches.map(({ terms }) => terms),
  );
}

/** Gives the plans of a timeline their numbers, and the items of their price lists. */
export async function finishTimeline(
  { itemsOf }: Pick<BillingContext, 'itemsOf'>,
  { sale, stretches }: TimelineDraft,
  numbers: PlanNumbers,
): Promise<Timeline> {
  const numbered = stretches.map((one) => {
    const plan = numbers.get(digestOfPlan(one.terms));
    if (plan === undefined) throw new Error('a plan of rating has no number');
    return { ...one, plan };
  });
  const plans = new Map<number, PlanOfPeriod[]>();
  for (const [period, own] of Map.groupBy(numbered, (one) => one.period)) {
    plans.set(period.period, []);
    for (const [plan, [first, ...others]] of Map.groupBy(own, (one) => one.plan)) {
      if (first === undefined) continue;
      const hours = [first, ...others].reduce((sum, one) => sum + one.toHour - one.fromHour, 0);
      const { priceListId, version, effectiveFrom, factor, exchangeRate } = first.terms;
      const isPriced = priceListId !== undefined && version !== undefined;
      const items = isPriced ? await itemsOf(priceListId, version) : undefined;
      plans.get(period.period)?.push({
        plan,
        effectiveFrom,
        version,
        factor,
        exchangeRate,
        share: { hours, of: period.toHour - period.fromHour },
        ...lookUpIn(items),
      });
    }
  }
  const found = numbered.map(({ fromHour, toHour, period, plan }): Stretch => ({
    fromHour,
    toHour,
    period: period.period,
    plan,
  }));
  return { accountId: sale.buyer.accountId, stretches: found, plans };
}

/** The hours that lie in these ranges at all. */
export function hull(ranges: readonly HourRange[]): HourRange {
  return {
    fromHour: hourNumber(Math.min(...ranges.map(({ fromHour }) => fromHour))),
    toHour: hourNumber(Math.max(...ranges.map(({ toHour }) => toHour))),
  };
}

/** @param toHour exclusive */
export function hourRange(fromHour: number, toHour: number): HourRange {
  const to: HourNumber = hourNumber(toHour);
  return { fromHour: hourNumber(fromHour), toHour: to };
}

import { Decimal, shareOf } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { salesOf, type Sale } from '../accounts/index.ts';
import type { PriceItem, PriceStep } from '../pricing/index.ts';
import { readBillingContext, type BillingContext } from './billing-context.ts';
import { findCharge } from './charge-store.ts';
import type { Charge } from './charge.ts';
import { findLine, pooledByPlan, rowsOfLine, type ExplainedRow } from './explain-store.ts';
import { digestOfPlan } from './plan.ts';
import { readPlans, type StoredPlan } from './plan-store.ts';
import { byTime, priceGroup, type PlanOfPeriod } from './price-groups.ts';
import { resourcesOfCharge, type ResourceSum } from './resource-store.ts';
import { draftTimeline, hourRange, type TimelineDraft } from './timelines.ts';

/** The stretch of usage that a charge is priced with: all that its tiers count over. */
export interface ExplainedGroup {
  /** How many charges have the stretch together. */
  readonly charges: number;
  /** Of the period: under earlier plans, under that of the charge, in all. */
  readonly before: Decimal;
  readonly quantity: Decimal;
  readonly total: Decimal;
  /** Exact; undefined when it needs more digits than an amount can have. */
  readonly amount: Decimal | undefined;
  readonly steps: readonly PriceStep[];
}

/** What a charge is made of, from the price down to the resources. */
export interface ChargeExplanation {
  readonly charge: Charge;
  readonly sale: Sale | undefined;
  readonly plan: StoredPlan;
  /** As the price list has it, before markups and exchange; undefined: it has none, or the usage is not billable. */
  readonly item: PriceItem | undefined;
  readonly group: ExplainedGroup | undefined;
  /** By resource, one page. */
  readonly resources: readonly ExplainedResource[];
  /** The last resource of the page when there are more. */
  readonly next: string | undefined;
}

export interface ExplainedResource extends ResourceSum {
  /** Its part of the amount by quantity, at 20 digits after the point where it does not end before. */
  readonly amount: Decimal | undefined;
}

export interface ExplainOptions {
  /** Only resources after this one. */
  readonly resourcesAfter?: string | undefined;
  /** Resources on a page. */
  readonly limit?: number | undefined;
}

const PAGE = 100;
const SHARE_SCALE = 20;

/**
 * Explains a charge as it is now. Reads the charges of one meter and period by plan, and one page of resources, each along
 * an index: what else there is does not matter.
 *
 * @returns undefined when there is no such charge
 */
export async function explainCharge(
  db: Queryable,
  number: bigint,
  { resourcesAfter, limit = PAGE }: ExplainOptions = {},
): Promise<ChargeExplanation | undefined> {
  const charge = await findCharge(db, number);
  if (charge === undefined) return undefined;
  const [plan] = await readPlans(db, [charge.plan]);
  if (plan === undefined) throw new Error(`the plan ${charge.plan} is missing`);
  const context = await readBillingContext(db, new Map());
  const sale = saleOf(context, charge);
  const item = await itemOf(context, plan, charge);
  const group = item && (await groupOf(db, context, charge, plan, item));
  const found = await resourcesOfCharge(db, charge, resourcesAfter, limit + 1);
  const page = found.slice(0, limit);
  return {
    charge,
    sale,
    plan,
    item,
    group,
    resources: page.map((one) => ({ ...one, amount: costOf(charge, one.quantity) })),
    next: found.length > limit ? page.at(-1)?.resourceKey : undefined,
  };
}

function saleOf({ tree }: Pick<BillingContext, 'tree'>, charge: Charge): Sale | undefined {
  const sales = salesOf(tree, charge.customerSubscriptionId);
  return sales.find(({ buyer }) => buyer.accountId === charge.accountId);
}

async function itemOf(
  { itemsOf }: BillingContext,
  { priceListId, version }: StoredPlan,
  charge: Charge,
): Promise<PriceItem | undefined> {
  if (!charge.billable || priceListId === undefined || version === undefined) return undefined;
  return (await itemsOf(priceListId, version)).get(charge.meterId.toLowerCase());
}

async function groupOf(
  db: Queryable,
  context: BillingContext,
  charge: Charge,
  plan: StoredPlan,
  item: PriceItem,
): Promise<ExplainedGroup> {
  const scope = item.scope === 'subscription' ? charge.subscriptionId : undefined;
  const pools = await pooledByPlan(db, charge, scope);
  const plans = (
    await readPlans(
      db,
      pools.map((pool) => pool.plan),
    )
  ).toSorted(byTime);
  const earlier = new Set(
    plans
      .slice(
        0,
        plans.findIndex((one) => one.plan === plan.plan),
      )
      .map((one) => one.plan),
  );
  const sum = (wanted: (plan: number) => boolean): Decimal =>
    pools.reduce((all, pool) => (wanted(pool.plan) ? all.add(pool.quantity) : all), Decimal.zero);
  const usage = {
    before: sum((one) => earlier.has(one)),
    quantity: sum((one) => one === plan.plan),
    total: sum(() => true),
  };
  const share = isBounded(item) ? await shareOfPeriod(db, context, charge, plan) : WHOLE;
  return {
    charges: pools.find((pool) => pool.plan === plan.plan)?.charges ?? 0,
    ...usage,
    ...priceGroup({ ...plan, share }, item, usage),
  };
}

const WHOLE = { hours: 1, of: 1 } as const;

/** Only minima and maxima ask for how long a price is in force. */
function isBounded({ minimum, maximum }: PriceItem): boolean {
  return minimum !== undefined || maximum !== undefined;
}

async function shareOfPeriod(
  db: Queryable,
  context: BillingContext,
  charge: Charge,
  plan: StoredPlan,
): Promise<PlanOfPeriod['share']> {
  const own = (await stretchesOf(db, context, charge)).filter((one) => one.plan === plan.plan);
  const [first] = own;
  // Corrected since, and not rated anew yet.
  if (first === undefined) return WHOLE;
  const hours = own.reduce((sum, one) => sum + one.toHour - one.fromHour, 0);
  return { hours, of: first.period.toHour - first.period.fromHour };
}

type NumberedStretch = TimelineDraft['stretches'][number] & { readonly plan: number | undefined };

/** What the buyer pays from hour to hour in the period of a charge, as it is found out now. */
async function stretchesOf(
  db: Queryable,
  context: BillingContext,
  charge: Charge,
): Promise<NumberedStretch[]> {
  const sale = saleOf(context, charge);
  const { rows } = await db.query<{ from: number; to: number }>(
    'select from_hour as "from", to_hour as "to" from billing_period where period = $1',
    [charge.period],
  );
  const [bounds] = rows;
  if (sale === undefined || bounds === undefined) return [];
  const period = { period: charge.period, ...hourRange(bounds.from, bounds.to) };
  const { stretches } = await draftTimeline(context, sale, [period]);
  const { rows: numbers } = await db.query<{ digest: string; plan: number }>(
    `select encode(digest, 'hex') as digest, plan from price_plan
     where digest = any(select decode(one, 'hex') from unnest($1::text[]) as given (one))`,
    [stretches.map(({ terms }) => digestOfPlan(terms))],
  );
  const byDigest = new Map(numbers.map(({ digest, plan }) => [digest, plan]));
  return stretches.map((one) => ({ ...one, plan: byDigest.get(digestOfPlan(one.terms)) }));
}

/** A line of a charge: what one resource used on one day. */
export interface LineOfCharge {
  readonly charge: bigint;
  readonly resourceKey: string;
  /** Days since 1970. */
  readonly usageDay: number;
}

/**
 * The rows that a line of a charge was added up from, as they were reported.
 *
 * @returns none when there is no such line
 */
export async function explainRows(
  db: Queryable,
  { charge: number, resourceKey, usageDay }: LineOfCharge,
): Promise<ExplainedRow[]> {
  const charge = await findCharge(db, number);
  const line = charge && (await findLine(db, charge, resourceKey, usageDay));
  if (charge === undefined || line === undefined) return [];
  const day = Array.from({ length: 24 }, (_, hour) => usageDay * 24 + hour);
  const inPeriod = day.filter((hour) => hour >= line.fromHour && hour < line.toHour);
  const hours = line.isShared ? await hoursOfCharge(db, charge, inPeriod) : inPeriod;
  return rowsOfLine(db, charge, resourceKey, hours, line);
}

/** Those of the hours in which usage goes to this charge, where several plans have some of a day. */
async function hoursOfCharge(
  db: Queryable,
  charge: Charge,
  hours: readonly number[],
): Promise<number[]> {
  const context = await readBillingContext(db, new Map());
  const stretches = await stretchesOf(db, context, charge);
  const own = stretches.filter(({ plan }) => plan === charge.plan);
  return hours.filter((hour) => own.some((one) => one.fromHour <= hour && hour < one.toHour));
}

/**
 * What a resource has of the amount, to be shown. Corrections leave quantities below zero, and amounts and quantities
 * together more digits than a number has, so it is a share; what is booked is split by `allocate`.
 */
function costOf({ amount, quantity: whole }: Charge, quantity: Decimal): Decimal | undefined {
  if (amount === undefined || whole.isZero()) return amount;
  return shareOf(amount, quantity, whole, SHARE_SCALE);
}

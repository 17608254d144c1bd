import fc from 'fast-check';
import {
  hourNumber,
  parseSubscriptionId,
  type Decimal,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { parseAccountId, type AccountId } from '../accounts/index.ts';
import type { PriceItem } from '../pricing/index.ts';
import type { PlanOfPeriod } from './price-groups.ts';
import type { Stretch, Timeline } from './spans.ts';
import type { ModelRow } from './test-model.ts';
import { d, itemsFor, quantities } from './test-prices.ts';

/** Hours of the cases: four periods of twelve hours. */
const HOURS = 48;
const PERIOD = 12;
const METER_KEYS = ['vm', 'disk'] as const;

function guid(kind: string, number: number): string {
  return `${kind.repeat(8)}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export function subscription(kind: 'a' | 'c', number: number): SubscriptionId {
  return parseSubscriptionId(guid(kind, number))!;
}

export function account(number: number): AccountId {
  return parseAccountId(guid('b', number))!;
}

/** Customers with accounts of their own, above which one partner buys for all of them. */
export interface ModelCase {
  readonly timelines: readonly Timeline[];
  readonly timelinesOf: (customer: SubscriptionId) => readonly Timeline[];
  /** By window. */
  readonly windows: readonly (readonly ModelRow[])[];
}

interface PlanCase {
  readonly items: readonly PriceItem[];
  readonly factor: Decimal;
  readonly rate: Decimal;
}

const plans: fc.Arbitrary<PlanCase> = fc.record({
  items: fc
    .tuple(itemsFor('vm'), fc.option(itemsFor('disk'), { nil: undefined }))
    .map((items) => items.filter((item) => item !== undefined)),
  factor: fc.constantFrom('1', '1.1', '0.95').map(d),
  rate: fc.constantFrom('1', '1.0837').map(d),
});

/** At which hours the plan changes, and to which. */
const changes = fc.uniqueArray(fc.tuple(fc.integer({ min: 0, max: HOURS - 1 }), plans), {
  minLength: 0,
  maxLength: 3,
  selector: ([hour]) => hour,
});

function timelineOf(
  accountId: AccountId,
  firstPlan: number,
  first: PlanCase,
  later: readonly (readonly [number, PlanCase])[],
): Timeline {
  const starts = [[0, first] as const, ...later].toSorted(([a], [b]) => a - b);
  const byStart = starts.map(([hour, plan], at) => ({ hour, plan, number: firstPlan + at }));
  const at = (hour: number): (typeof byStart)[number] =>
    byStart.findLast((one) => one.hour <= hour)!;
  const firstPeriod = firstPlan * 10;
  const stretches: Stretch[] = [];
  for (let hour = 0; hour < HOURS; hour++) {
    const { number: plan } = at(hour);
    const period = firstPeriod + Math.floor(hour / PERIOD);
    const last = stretches.at(-1);
    const one = { fromHour: hourNumber(hour), toHour: hourNumber(hour + 1), period, plan };
    if (last?.period === period && last.plan === plan) {
      stretches[stretches.length - 1] = { ...last, toHour: one.toHour };
    } else {
      stretches.push(one);
    }
  }
  const plansByPeriod = new Map<number, PlanOfPeriod[]>();
  for (const { period, plan, fromHour, toHour } of stretches) {
    const { hour, plan: terms } = byStart.find(({ number }) => number === plan)!;
    const items = new Map(terms.items.map((item) => [item.meterId, item]));
    const known = plansByPeriod.get(period) ?? [];
    known.push({
      plan,
      effectiveFrom: hour,
      version: plan,
      factor: terms.factor,
      exchangeRate: terms.rate,
      share: { hours: toHour - fromHour, of: PERIOD },
      itemOf: (key) => items.get(key),
      boundedMeters: () => [],
    });
    plansByPeriod.set(period, known);
  }
  return { accountId, stretches, plans: plansByPeriod };
}

const rows: fc.Arbitrary<ModelRow> = fc
  .record({
    customer: fc.integer({ min: 1, max: 2 }).map((number) => subscription('c', number)),
    subscriptionId: fc.integer({ min: 1, max: 3 }).map((number) => subscription('a', number)),
    meter: fc.integer({ min: 1, max: 3 }),
    billable: fc.integer({ min: 0, max: 5 }).map((number) => number > 0),
    resource: fc.integer({ min: 1, max: 3 }),
    usageHour: fc.integer({ min: 0, max: HOURS - 1 }),
    quantity: quantities,
  })
  .map(({ resource, meter, ...rest }) => ({
    ...rest,
    meter,
    // Two versions of one meter are one meter.
    meterKey: meter === 3 ? METER_KEYS[1] : METER_KEYS[0],
    resourceKey: guid('d', resource),
    reportedHour: 0,
  }));

/** Usage of two customers and the partner that sells to them, prices that change, windows in which it comes. */
export const modelCases: fc.Arbitrary<ModelCase> = fc
  .record({
    own: fc.array(fc.tuple(plans, changes), { minLength: 2, maxLength: 2 }),
    partner: fc.tuple(plans, changes),
    windows: fc.array(fc.array(rows, { maxLength: 8 }), { minLength: 1, maxLength: 6 }),
  })
  .map(({ own, partner, windows }) => {
    const timelines = [...own, partner].map(([first, later], at) =>
      timelineOf(account(at + 1), 10 * (at + 1), first, later),
    );
    const timelinesOf = (customer: SubscriptionId): Timeline[] => [
      timelines[customer === subscription('c', 1) ? 0 : 1]!,
      timelines[2]!,
    ];
    return {
      timelines,
      timelinesOf,
      windows: windows.map((all, at) => all.map((row) => ({ ...row, reportedHour: HOURS + at }))),
    };
  });

import { Decimal, type SubscriptionId } from '../../kernel/index.ts';
import type { AccountId } from '../accounts/index.ts';
import { priceCharges, type PricedUsage } from './price-groups.ts';
import type { Timeline } from './spans.ts';

/** A row of reported usage as rating sees it. */
export interface ModelRow {
  readonly reportedHour: number;
  readonly customer: SubscriptionId;
  /** Of the stamp. */
  readonly subscriptionId: SubscriptionId;
  readonly meter: number;
  readonly meterKey: string;
  readonly billable: boolean;
  readonly resourceKey: string;
  readonly usageHour: number;
  readonly quantity: Decimal;
}

export interface ModelCharge extends PricedUsage {
  readonly accountId: AccountId;
  readonly period: number;
}

export interface ModelLine {
  readonly quantity: Decimal;
  readonly rows: number;
  readonly firstReported: number;
  readonly lastReported: number;
}

/** What is rated so far: charges and lines by their keys. */
export interface ModelState {
  readonly charges: ReadonlyMap<string, ModelCharge>;
  readonly lines: ReadonlyMap<string, ModelLine>;
}

export const NOTHING: ModelState = { charges: new Map(), lines: new Map() };

/** The timelines of the buyers of what is booked on a customer, one for each sale. */
export type TimelinesOf = (customer: SubscriptionId) => readonly Timeline[];

/** Rates one window after others, row by row: what the statements of the database have to come to. */
export function foldWindow(
  state: ModelState,
  rows: readonly ModelRow[],
  timelinesOf: TimelinesOf,
): ModelState {
  const charges = new Map(state.charges);
  const lines = new Map(state.lines);
  for (const row of rows) {
    const hour = row.usageHour;
    for (const { accountId, stretches } of timelinesOf(row.customer)) {
      const stretch = stretches.find((one) => one.fromHour <= hour && hour < one.toHour);
      if (stretch === undefined) continue;
      const { period, plan } = stretch;
      const key = chargeKey({ ...row, accountId, period, plan });
      const known = charges.get(key)?.quantity ?? Decimal.zero;
      charges.set(key, {
        accountId,
        period,
        plan,
        customerSubscriptionId: row.customer,
        subscriptionId: row.subscriptionId,
        meter: row.meter,
        meterKey: row.meterKey,
        billable: row.billable,
        quantity: known.add(row.quantity),
      });
      const lineKey = `${key} ${Math.floor(hour / 24)} ${row.resourceKey}`;
      lines.set(lineKey, lineWith(lines.get(lineKey), row));
    }
  }
  return { charges, lines };
}

function lineWith(line: ModelLine | undefined, { quantity, reportedHour }: ModelRow): ModelLine {
  if (line === undefined) {
    return { quantity, rows: 1, firstReported: reportedHour, lastReported: reportedHour };
  }
  return {
    quantity: line.quantity.add(quantity),
    rows: line.rows + 1,
    firstReported: Math.min(line.firstReported, reportedHour),
    lastReported: Math.max(line.lastReported, reportedHour),
  };
}

export function chargeKey(
  one: Pick<
    ModelCharge,
    'accountId' | 'period' | 'plan' | 'subscriptionId' | 'meter' | 'billable'
  > & { readonly customer: SubscriptionId },
): string {
  const { accountId, period, plan, customer, subscriptionId, meter, billable } = one;
  return [accountId, period, plan, customer, subscriptionId, meter, billable].join(' ');
}

/** What each charge costs, by key; `none` without a price. */
export function amountsOf(
  state: ModelState,
  timelines: readonly Timeline[],
): ReadonlyMap<string, string> {
  const plansOf = new Map(timelines.flatMap(({ plans }) => [...plans]));
  const keys = new Map([...state.charges].map(([key, charge]) => [charge, key]));
  const amounts = new Map<string, string>();
  const byPeriod = Map.groupBy(state.charges.values(), ({ period }) => period);
  for (const [period, charges] of byPeriod) {
    for (const [charge, { amount }] of priceCharges(charges, plansOf.get(period) ?? [])) {
      amounts.set(keys.get(charge) ?? '', amount?.toText() ?? 'none');
    }
  }
  return amounts;
}

/** A map as entries in the order of their keys, to be compared. */
export function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

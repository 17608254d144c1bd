import { Decimal, fail, type MeterKey, type SubscriptionId } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import type { ReceivedTotal } from './compare.ts';
import { HOURS_PER_DAY } from './day-plan.ts';
import type { HourSpan, ReportingPeriod } from './hour-class.ts';
import type { BridgeState, ReceivedTotals } from './received-totals.ts';

export const REGISTRATION = 'eeeeeeee-0000-4000-8000-000000000001';

export interface ReceivedRow {
  readonly hour: number;
  readonly subscriptionId: SubscriptionId;
  readonly meterKey: MeterKey;
  readonly quantity: Decimal;
}

/** For tests: a commerce that holds what it is given, row by row, and answers sums of it as the real one does. */
export interface TestCommerce {
  readonly received: ReceivedTotals;
  periods: ReportingPeriod[];
  bridge: BridgeState | undefined;
  /** that it does not answer: from the beginning, or from so many sums on */
  silentAfter: number | undefined;
  /** of these subscriptions nothing is mapped */
  readonly onBase: Set<SubscriptionId>;
  readonly unpaid: Set<MeterKey>;
  rows: ReceivedRow[];
  /** the first window that is not rated; undefined: it does not say what it bills */
  ratedUpTo: number | undefined;
  /** what rating made otherwise of rows, by their place among them: another quantity, or none */
  readonly billedAs: Map<ReceivedRow, Decimal | undefined>;
  /** Takes what the stamp has of these hours, with receipts, as the bridge would have sent it. */
  take(hours: HourSpan, registrationId?: string): Promise<void>;
}

export function testCommerce(database: () => Database): TestCommerce {
  let asked = 0;
  const answer = (): void => {
    if (commerce.silentAfter === undefined || asked < commerce.silentAfter) return;
    throw fail('CommerceUnreachable', { url: 'https://commerce.example', reason: 'it is off' });
  };
  const commerce: TestCommerce = {
    periods: [],
    bridge: undefined,
    silentAfter: undefined,
    onBase: new Set(),
    unpaid: new Set(),
    rows: [],
    ratedUpTo: undefined,
    billedAs: new Map(),
    received: {
      registrationId: REGISTRATION,
      offSince: undefined,
      bridge: async () => commerce.bridge,
      progress: async () => {
        asked = 0;
        answer();
        return {
          registrationId: REGISTRATION,
          status: 'Registered',
          billingModel: 'PayAsYouUse',
          periods: commerce.periods,
        };
      },
      totals: async (span) => {
        answer();
        asked += 1;
        return totalsOf(commerce, span, commerce.rows);
      },
      billing: async () => {
        const { ratedUpTo } = commerce;
        if (ratedUpTo === undefined) return undefined;
        return { ratedUpTo, totals: async (span) => billedOf(commerce, span, ratedUpTo) };
      },
    },
    take: async ({ from, to }, registrationId = REGISTRATION) => {
      const { pool } = database();
      const { rows } = await pool.query<Omit<ReceivedRow, 'quantity'> & { quantity: string }>(
        `select reported_hour as hour, subscription_id as "subscriptionId", meter_key as "meterKey", quantity
         from usage_hourly join meter using (meter) where reported_hour >= $1 and reported_hour < $2`,
        [from, to],
      );
      for (const row of rows) {
        commerce.rows.push({ ...row, quantity: Decimal.parse(row.quantity)! });
      }
      await pool.query(
        `insert into bridge_window (registration_id, reported_hour, batches, rows, receipt, sent_at)
         select $1, hour, 0, 0, '', 'epoch' from generate_series($2::int, $3::int - 1) as hour`,
        [registrationId, from, to],
      );
    },
  };
  return commerce;
}

function billedOf(commerce: TestCommerce, span: HourSpan, ratedUpTo: number): ReceivedTotal[] {
  if (span.to > ratedUpTo) throw new Error('asked for what is not rated yet');
  const billed = commerce.rows.flatMap((row) => {
    const quantity = commerce.billedAs.has(row) ? commerce.billedAs.get(row) : row.quantity;
    return quantity === undefined ? [] : [{ ...row, quantity }];
  });
  return totalsOf(commerce, span, billed);
}

function totalsOf(
  { onBase, unpaid }: TestCommerce,
  { from, to }: HourSpan,
  rows: readonly ReceivedRow[],
): ReceivedTotal[] {
  const totals = new Map<string, ReceivedTotal>();
  for (const { hour, subscriptionId, meterKey, quantity } of rows) {
    if (hour < from || hour >= to) continue;
    const day = Math.floor(hour / HOURS_PER_DAY);
    const key = `${day} ${subscriptionId} ${meterKey}`;
    const known = totals.get(key);
    const sum = (known?.quantity ?? Decimal.zero).add(quantity);
    totals.set(key, {
      day,
      subscriptionId,
      meterKey,
      rows: (known?.rows ?? 0n) + 1n,
      quantity: sum,
      onBase: onBase.has(subscriptionId) ? sum : Decimal.zero,
      unpaid: unpaid.has(meterKey) ? sum : Decimal.zero,
    });
  }
  return [...totals.values()];
}

import { Decimal, type SubscriptionId } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import { noteChanges } from './changed-charges.ts';
import { knownDecimal } from './numbers.ts';
import type { PricedCharge, PricedUsage } from './price-groups.ts';

/** A charge as pricing sees it. */
export interface UsageOfCharge extends PricedUsage {
  readonly charge: bigint;
  readonly accountId: AccountId;
  readonly period: number;
  /** As it is kept now; undefined: it has none. */
  readonly amount: Decimal | undefined;
  /** As it is kept now: why the amount is not known. */
  readonly problem: string | undefined;
}

interface UsageRow {
  readonly charge: bigint;
  readonly account_id: AccountId;
  readonly period: number;
  readonly plan: number;
  readonly customer_subscription_id: SubscriptionId;
  readonly subscription_id: SubscriptionId;
  readonly meter: number;
  readonly key: string;
  readonly billable: boolean;
  readonly quantity: string;
  readonly amount: string | null;
  readonly problem: string | null;
}

/** Where charges are read: as they are kept, or as they are found out anew in this transaction. */
export type ChargeSource = 'charge' | 'rating_charge';

const usageFrom = (source: ChargeSource): string => `
  select c.charge, c.account_id, c.period, c.plan, c.customer_subscription_id, c.subscription_id, c.meter,
    lower(m.commerce_meter_id) as key, c.billable, c.quantity, c.amount, c.problem
  from ${source} c join commerce_meter m using (meter)
  where c.period = any($1::int[]) and ($2::text[] is null or lower(m.commerce_meter_id) = any($2))`;

/** The charges of one meter in one period. */
export interface MeterOfPeriod {
  readonly period: number;
  readonly meterKey: string;
  readonly charges: readonly UsageOfCharge[];
}

/** Charges that are in memory at once, but for those of one meter in one period, which are priced together. */
const PAGE = 20_000;

/**
 * The charges of these periods, one meter of one period at a time, so that no more than that is in memory.
 *
 * @param meterKeys ids in commerce, in lower case; all meters unless given
 */
export async function* metersOfPeriods(
  tx: Tx,
  source: ChargeSource,
  periods: readonly number[],
  meterKeys?: readonly string[],
): AsyncGenerator<MeterOfPeriod, void, undefined> {
  await tx.query(
    `declare rating_usage no scroll cursor for ${usageFrom(source)} order by c.period, lower(m.commerce_meter_id) collate "C", c.charge`,
    [periods, meterKeys ?? null],
  );
  let own: UsageOfCharge[] = [];
  for (;;) {
    const { rows } = await tx.query<UsageRow>(`fetch ${PAGE} from rating_usage`);
    for (const row of rows) {
      const [first] = own;
      if (first !== undefined && (first.period !== row.period || first.meterKey !== row.key)) {
        yield { period: first.period, meterKey: first.meterKey, charges: own };
        own = [];
      }
      own.push(fromRow(row));
    }
    if (rows.length < PAGE) break;
  }
  await tx.query('close rating_usage');
  const [first] = own;
  if (first !== undefined) {
    yield { period: first.period, meterKey: first.meterKey, charges: own };
  }
}

function fromRow(row: UsageRow): UsageOfCharge {
  const quantity = knownDecimal(row.quantity);
  return {
    charge: row.charge,
    accountId: row.account_id,
    period: row.period,
    plan: row.plan,
    customerSubscriptionId: row.customer_subscription_id,
    subscriptionId: row.subscription_id,
    meter: row.meter,
    meterKey: row.key,
    billable: row.billable,
    quantity: quantity ?? Decimal.zero,
    isTooLong: quantity === undefined,
    amount: knownDecimal(row.amount),
    problem: row.problem ?? undefined,
  };
}

/** A charge with the amount that it gets. */
export interface NewAmount extends PricedCharge {
  readonly charge: bigint;
}

/** The order of the keys of charges, in which everybody locks them. */
export const CHARGE_KEY =
  'period, plan, customer_subscription_id, subscription_id, meter, billable';

/** Writes amounts, once all of the charges are held in the order of their keys. */
export async function writeAmounts(tx: Tx, amounts: readonly NewAmount[]): Promise<void> {
  if (amounts.length === 0) return;
  const charges = amounts.map(({ charge }) => charge.toString());
  await tx.query({
    name: 'rating-hold-charges',
    text: `select from charge where charge = any($1::bigint[]) order by ${CHARGE_KEY} for no key update`,
    values: [charges],
  });
  await tx.query({
    name: 'rating-write-amounts',
    text: `update charge set amount = given.amount, problem = given.problem
           from unnest($1::bigint[], $2::numeric[], $3::text[]) as given (charge, amount, problem)
           where charge.charge = given.charge`,
    values: [
      charges,
      amounts.map(({ amount }) => amount?.toText() ?? null),
      amounts.map(({ problem }) => problem ?? null),
    ],
  });
  await tx.query(noteChanges('select unnest($1::bigint[]), null::int'), [charges]);
}

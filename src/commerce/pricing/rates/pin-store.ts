import { Decimal, type Currency, type HourNumber } from '../../../kernel/index.ts';
import type { Queryable, Tx } from '../../../platform/index.ts';

/** By which rate a billing period is rated, of prices in another currency than that of its account. */
export interface PinnedRate {
  readonly period: number;
  /** Of the prices. */
  readonly from: Currency;
  readonly rate: Decimal;
}

/** The rates of these periods that have been needed so far. */
export async function pinnedRates(
  db: Queryable,
  periods: readonly number[],
): Promise<PinnedRate[]> {
  if (periods.length === 0) return [];
  const { rows } = await db.query<Omit<PinnedRate, 'rate'> & { readonly rate: string }>({
    name: 'pinned-rates',
    text: `select period, from_currency as "from", rate from period_exchange_rate
           where period = any($1::int[]) order by period, from_currency`,
    values: [periods],
  });
  return rows.map((row) => {
    const rate = Decimal.parse(row.rate);
    if (rate === undefined) throw new TypeError(`no rate of exchange: ${row.rate}`);
    return { ...row, rate };
  });
}

/**
 * Fixes the rates of periods where they are needed for the first time; those that are fixed stay. To be called with
 * billing held, as a rate is entered.
 */
export async function pinRates(tx: Tx, pins: readonly PinnedRate[]): Promise<void> {
  if (pins.length === 0) return;
  await tx.query(
    `insert into period_exchange_rate (period, from_currency, rate)
     select * from unnest($1::int[], $2::text[], $3::numeric[]) on conflict do nothing`,
    [
      pins.map(({ period }) => period),
      pins.map(({ from }) => from),
      pins.map(({ rate }) => rate.toText()),
    ],
  );
}

/** A period that an entry gives another rate than the one by which it is rated. */
export interface RepinnedPeriod {
  readonly period: number;
  readonly accountId: string;
  readonly fromHour: HourNumber;
}

/**
 * The periods that a new entry would give another rate: those that begin on its day or later, before the day of the next
 * entry. The earliest first.
 */
export async function periodsWithOtherRate(
  tx: Tx,
  { from, to, day, rate }: { from: Currency; to: Currency; day: number; rate: Decimal },
): Promise<RepinnedPeriod[]> {
  const { rows } = await tx.query<RepinnedPeriod>(
    `select p.period, p.account_id as "accountId", p.from_hour as "fromHour"
     from period_exchange_rate x join billing_period p using (period) join billing_account a using (account_id)
     where x.from_currency = $1 and a.currency = $2 and p.from_hour / 24 >= $3::int and x.rate <> $4
       and not exists (
         select from exchange_rate e
         where e.from_currency = $1 and e.to_currency = $2 and e.from_day > $3 and e.from_day <= p.from_hour / 24)
     order by p.from_hour, p.account_id`,
    [from, to, day, rate.toText()],
  );
  return rows;
}

/** Gives periods another rate; what was rated has to follow. */
export async function repin(
  tx: Tx,
  periods: readonly RepinnedPeriod[],
  { from, rate }: Pick<PinnedRate, 'from' | 'rate'>,
): Promise<void> {
  await tx.query(
    'update period_exchange_rate set rate = $3 where from_currency = $2 and period = any($1::int[])',
    [periods.map(({ period }) => period), from, rate.toText()],
  );
}

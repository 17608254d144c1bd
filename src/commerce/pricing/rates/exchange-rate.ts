import {
  dayNumber,
  dayStart,
  Decimal,
  fail,
  hourStart,
  type Currency,
  type DayNumber,
  type Instant,
} from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { invalidProperty, isKeepable, type Queryable, type Tx } from '../../../platform/index.ts';
import { holdBilling } from '../lock.ts';
import { queuePriceChanges, reasonOf, type NewPriceChange } from '../price-changes.ts';
import { periodsWithOtherRate, repin, type RepinnedPeriod } from './pin-store.ts';

/** Units of one currency for one of another, from a UTC day on. */
export interface ExchangeRate {
  readonly from: Currency;
  readonly to: Currency;
  readonly day: DayNumber;
  /** 1 for the first entry of this day; the highest counts. */
  readonly version: number;
  readonly rate: Decimal;
  /** Where the figure comes from, in words. */
  readonly source: string;
  readonly createdAt: Instant;
}

/** An entry as somebody makes it. */
export interface NewExchangeRate extends Omit<ExchangeRate, 'version' | 'createdAt'> {
  /** Whether billing periods that were rated by another rate get this one; false unless given. */
  readonly correctPast?: boolean | undefined;
}

const ONE = Decimal.fromBigInt(1n);
const LONGEST_SOURCE = 200;
/** Digits after the point; with those of prices, quantities and factors amounts stay exact. */
const MOST_RATE_SCALE = 8;
const MOST_RATE_DIGITS = 20;

interface RateRow {
  readonly from: Currency;
  readonly to: Currency;
  readonly day: number;
  readonly version: number;
  readonly rate: string;
  readonly source: string;
  readonly createdAt: Instant;
}

const COLUMNS = `from_currency as "from", to_currency as "to", from_day as day, version, rate, source,
  created_at as "createdAt"`;

function fromRow(row: RateRow): ExchangeRate {
  return { ...row, day: dayNumber(row.day), rate: readRate(row.rate) };
}

function readRate(text: string): Decimal {
  const rate = Decimal.parse(text);
  if (rate === undefined) throw new TypeError(`no rate of exchange: ${text}`);
  return rate;
}

/**
 * Enters a rate. Earlier entries stay; of those of a day the newest counts. A period keeps the rate by which its usage
 * was first rated, unless the past is to be corrected: it then gets this one, and that what was rated follows is queued
 * in the same transaction.
 *
 * @throws InvalidProperty, PriceInThePast when periods that were rated would get another rate
 */
export async function setExchangeRate(
  tx: Tx,
  wanted: NewExchangeRate,
  changing: Changing,
): Promise<ExchangeRate> {
  check(wanted);
  await holdBilling(tx);
  const { from, to, day, rate, source, correctPast = false } = wanted;
  const repinned = await periodsWithOtherRate(tx, wanted);
  const [first] = repinned;
  if (first !== undefined && !correctPast) {
    throw fail('PriceInThePast', { effectiveFrom: hourStart(first.fromHour).toString() });
  }
  const { rows } = await tx.query<RateRow>(
    `insert into exchange_rate
       (from_currency, to_currency, from_day, version, rate, source, created_at)
     select $1, $2, $3::int, coalesce(max(version), 0) + 1, $4, $5, $6
     from exchange_rate where from_currency = $1 and to_currency = $2 and from_day = $3
     returning ${COLUMNS}`,
    [from, to, day, rate.toText(), source, changing.clock.now().toString()],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the rate of exchange was not kept');
  await repin(tx, repinned, wanted);
  await queuePriceChanges(tx, repinned.map(changeOf), changing.clock);
  await appendAudit(tx, changing.clock, {
    actor: changing.actor,
    action: 'Stackmeter.Billing/prices/write',
    target: `/exchangeRates/${from}/${to}`,
    detail: { day: dayText(day), version: row.version, rate: rate.toText(), source, correctPast },
  });
  return fromRow(row);
}

/** Only the buyer itself: those below have periods, and rates, of their own. */
function changeOf({ accountId, fromHour }: RepinnedPeriod): NewPriceChange {
  return {
    accountId,
    alone: true,
    from: fromHour,
    reason: reasonOf('a rate of exchange', fromHour),
  };
}

function check({ from, to, rate, source }: NewExchangeRate): void {
  if (from === to) {
    throw invalidProperty('to', to, 'it is another currency than the one exchanged');
  }
  if (rate.compare(Decimal.zero) <= 0) {
    throw invalidProperty('rate', rate.toText(), 'it is above zero');
  }
  if (rate.scale > MOST_RATE_SCALE || rate.digits() > MOST_RATE_DIGITS) {
    const rule = `it has at most ${MOST_RATE_DIGITS} digits, ${MOST_RATE_SCALE} of them after the point`;
    throw invalidProperty('rate', rate.toText(), rule);
  }
  if (source.trim() === '' || source.length > LONGEST_SOURCE || !isKeepable(source)) {
    const rule = `it has 1 to ${LONGEST_SOURCE} printable characters`;
    throw invalidProperty('source', source, rule);
  }
}

/**
 * Units of `to` for one of `from` on a UTC day: the entry with the latest day that has come, of its versions the
 * highest. 1 for one and the same currency. Undefined when there is none: the rate of the other direction is not
 * turned round, since nobody has agreed to that figure.
 */
export async function exchangeRateOn(
  db: Queryable,
  from: Currency,
  to: Currency,
  day: DayNumber,
): Promise<Decimal | undefined> {
  if (from === to) return ONE;
  const { rows } = await db.query<{ rate: string }>(
    `select rate from exchange_rate where from_currency = $1 and to_currency = $2 and from_day <= $3
     order by from_day desc, version desc limit 1`,
    [from, to, day],
  );
  return rows[0] && readRate(rows[0].rate);
}

/** All entries, by currencies, the newest day and version first. */
export async function listExchangeRates(db: Queryable): Promise<ExchangeRate[]> {
  const { rows } = await db.query<RateRow>(
    `select ${COLUMNS} from exchange_rate
     order by from_currency, to_currency, from_day desc, version desc`,
  );
  return rows.map(fromRow);
}

/** An entry as answers and the command line have it. */
export function toWireExchangeRate(one: ExchangeRate): Readonly<
  Record<'from' | 'to' | 'day' | 'rate' | 'source' | 'createdAt', string>
> & {
  readonly version: number;
} {
  const { from, to, day, version, rate, source, createdAt } = one;
  return {
    from,
    to,
    day: dayText(day),
    version,
    rate: rate.toText(),
    source,
    createdAt: createdAt.toString(),
  };
}

/** `2026-11-01` */
export function dayText(day: DayNumber): string {
  return dayStart(day).toString().slice(0, 10);
}

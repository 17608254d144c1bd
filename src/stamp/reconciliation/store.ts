import { Decimal, type Instant, type MeterKey, type SubscriptionId } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import type { Amount } from './compare.ts';
import { HOURS_PER_DAY, type DayPlan, type PartClass, type StampHour } from './day-plan.ts';
import type { HourSpan } from './hour-class.ts';

/** How much the stamp holds of a reported day. */
export interface DaySize {
  readonly day: number;
  /** hours of it that the stamp has */
  readonly windows: number;
  /** as noted when they closed */
  readonly rows: bigint;
}

/** The days of from..to (exclusive, hours) of which the stamp has windows, in order. */
export async function readDaySizes(db: Queryable, { from, to }: HourSpan): Promise<DaySize[]> {
  const { rows } = await db.query<DaySize>(
    `select number / ${HOURS_PER_DAY} as day, count(*)::int as windows, coalesce(sum(rows), 0)::bigint as rows
     from reported_window where granularity = 'hour' and number >= $1 and number < $2
     group by 1 order by 1`,
    [from, to],
  );
  return rows;
}

/** Hours from..to (exclusive) that the stamp has, in order. */
export async function readHours(db: Queryable, { from, to }: HourSpan): Promise<StampHour[]> {
  const { rows } = await db.query<Omit<StampHour, 'closedAt'> & { closedAt: Instant | null }>(
    `select number as hour, closed_at as "closedAt", expired_at is not null as "isExpired",
            coalesce(rows, 0) as rows
     from reported_window where granularity = 'hour' and number >= $1 and number < $2
     order by number`,
    [from, to],
  );
  return rows.map((row) => ({ ...row, closedAt: row.closedAt ?? undefined }));
}

/** For which hours of from..to (exclusive) the stamp has receipts: under this registration, and under others. */
export async function readReceipted(
  db: Queryable,
  registrationId: string | undefined,
  { from, to }: HourSpan,
): Promise<{ own: HourSpan[]; earlier: HourSpan[] }> {
  const { rows } = await db.query<HourSpan & { readonly own: boolean }>(
    `select min(reported_hour) as "from", max(reported_hour) + 1 as "to", own
     from (select reported_hour, own,
                  reported_hour - dense_rank() over (partition by own order by reported_hour) as island
           from (select reported_hour, registration_id is not distinct from $1::uuid as own from bridge_window
                 where reported_hour >= $2 and reported_hour < $3) as receipted) as islands
     group by own, island order by 1`,
    [registrationId ?? null, from, to],
  );
  const spans = (own: boolean): HourSpan[] =>
    rows.filter((row) => row.own === own).map((row) => ({ from: row.from, to: row.to }));
  return { own: spans(true), earlier: spans(false) };
}

/** A meter by which usage was counted. */
export interface CountedMeter {
  readonly meterKey: MeterKey;
  readonly meterId: string;
  readonly name: string;
  readonly unit: string;
}

export async function readCountedMeters(db: Queryable): Promise<CountedMeter[]> {
  const { rows } = await db.query<CountedMeter>(
    'select meter_key as "meterKey", meter_id as "meterId", name, unit from meter',
  );
  return rows;
}

/** What the stamp counted on a day, under one class. */
export interface StampSum extends Amount {
  readonly day: number;
  readonly subscriptionId: SubscriptionId;
  readonly meterKey: MeterKey;
  readonly partClass: PartClass;
}

interface SumRow {
  readonly day: number;
  readonly subscriptionId: SubscriptionId;
  readonly meterKey: MeterKey;
  readonly part: number;
  readonly rows: bigint;
  readonly quantity: string;
}

/**
 * Sums by day, subscription, meter and class. $1 and $2 are windows and the number of the class of each, $3 and $4
 * their bounds, said outright so that other partitions are left out. The plan goes from window to window along the
 * primary key, which begins with the reported window, and groups by hash: about two million rows a second.
 */
const SUMMED = {
  hourly: summed('usage_hourly', 'reported_hour', `reported_hour / ${HOURS_PER_DAY}`),
  daily: summed('usage_daily', 'reported_day', 'reported_day'),
  // As the closing of the window will make rows of them.
  records: summed(
    `(select r.reported_hour, r.subscription_id, s.meter, sum(r.quantity) as quantity
      from usage_record r join meter_spelling s on s.spelling = r.spelling
      where r.reported_hour >= $3 and r.reported_hour < $4 and r.reported_hour = any ($1::int[])
      group by r.reported_hour, r.subscription_id, r.usage_hour, r.resource_key, s.meter) as made`,
    'reported_hour',
    `reported_hour / ${HOURS_PER_DAY}`,
  ),
} as const;

function summed(from: string, reported: string, day: string): string {
  return `
    select day, subscription_id as "subscriptionId", meter.meter_key as "meterKey", part, rows, quantity
    from (
      select ${day} as day, subscription_id, meter, part,
             count(*) as rows, trim_scale(sum(quantity))::text as quantity
      from ${from}
      join unnest($1::int[], $2::int[]) as w (number, part) on w.number = ${reported}
      where ${reported} >= $3 and ${reported} < $4
      group by 1, 2, 3, 4
    ) as sums join meter using (meter)`;
}

interface Wanted {
  readonly number: number;
  readonly partClass: PartClass;
}

/** What the stamp counted on these days. */
export async function sumDays(tx: Tx, plans: readonly DayPlan[]): Promise<StampSum[]> {
  const hours = plans.filter(({ source }) => source === 'hours').flatMap((plan) => plan.hours);
  const wanted = (isClosed: boolean): Wanted[] =>
    hours
      .filter(({ closedAt }) => (closedAt !== undefined) === isClosed)
      .map(({ hour, partClass }) => ({ number: hour, partClass }));
  const days = plans.filter(({ source }) => source === 'day');
  return [
    ...(await sum(tx, 'hourly', wanted(true))),
    ...(await sum(tx, 'records', wanted(false))),
    ...(await sum(
      tx,
      'daily',
      days.map(({ day, dayClass }) => ({ number: day, partClass: dayClass })),
    )),
  ];
}

async function sum(
  tx: Tx,
  from: keyof typeof SUMMED,
  wanted: readonly Wanted[],
): Promise<StampSum[]> {
  const first = wanted.at(0);
  const last = wanted.at(-1);
  if (first === undefined || last === undefined) return [];
  const classes = [...new Set(wanted.map(({ partClass }) => partClass))];
  const { rows } = await tx.query<SumRow>(SUMMED[from], [
    wanted.map(({ number }) => number),
    wanted.map(({ partClass }) => classes.indexOf(partClass)),
    first.number,
    last.number + 1,
  ]);
  return rows.map(({ day, subscriptionId, meterKey, part, rows: count, quantity }) => ({
    day,
    subscriptionId,
    meterKey,
    partClass: classes[part]!,
    rows: count,
    quantity: readQuantity(quantity),
  }));
}

/** A sum has as many digits as its largest and its smallest part need: more than a quantity may have. */
function readQuantity(text: string): Decimal {
  const quantity = Decimal.parse(text);
  if (quantity === undefined) throw new RangeError(`The sum ${text} has too many digits.`);
  return quantity;
}

/**
 * To be called before anything is read in a transaction: retention, which drops tables, waits until it has ended, so
 * that no window is seen as kept whose rows are then missing.
 */
export async function holdRows(tx: Tx, milliseconds: number | undefined): Promise<void> {
  if (milliseconds !== undefined) {
    await tx.query(`set local statement_timeout = ${Math.max(1, Math.floor(milliseconds))}`);
  }
  await tx.query('lock table usage_hourly, usage_daily, usage_record in access share mode');
}

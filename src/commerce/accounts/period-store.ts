import { hourNumber, type HourNumber, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId, BillingAccount } from './account.ts';
import { missingPeriods } from './extend-periods.ts';
import type { BillingPeriod, PeriodState } from './period.ts';

interface PeriodRow {
  readonly period: number;
  readonly account_id: AccountId;
  readonly name: string;
  readonly from_hour: number;
  readonly to_hour: number;
  readonly time_zone: string;
  readonly state: PeriodState;
  readonly review_started_at: Instant | null;
  readonly held: string | null;
}

function fromRow(row: PeriodRow): BillingPeriod {
  return {
    period: row.period,
    accountId: row.account_id,
    name: row.name,
    fromHour: hourNumber(row.from_hour),
    toHour: hourNumber(row.to_hour),
    timeZone: row.time_zone,
    state: row.state,
    reviewStartedAt: row.review_started_at ?? undefined,
    held: row.held ?? undefined,
  };
}

/**
 * The periods of an account that cover [fromHour, toHour), in order; those that are missing are made.
 * Periods have no gaps between them. Making some holds the row of the account until the transaction ends,
 * so this comes before any period is held.
 *
 * @param account with the calendar by which new ones begin and end
 * @throws BillingPeriodsTooMany when more than 240 are missing; none is made then
 */
export async function ensurePeriods(
  tx: Queryable,
  account: Pick<BillingAccount, 'accountId' | 'billingDay' | 'timeZone'>,
  fromHour: HourNumber,
  toHour: HourNumber,
): Promise<BillingPeriod[]> {
  const { accountId } = account;
  if (fromHour >= toHour) return [];
  const present = await readOverlapping(tx, accountId, fromHour, toHour);
  if (covers(present, fromHour, toHour)) return present;
  await tx.query('select from billing_account where account_id = $1 for no key update', [
    accountId,
  ]);
  const existing = await readAll(tx, accountId);
  const missing = missingPeriods(account, existing, fromHour, toHour);
  await tx.query(
    `insert into billing_period (account_id, name, from_hour, to_hour, time_zone)
     select $1, name, from_hour, to_hour, $5 from unnest($2::text[], $3::int[], $4::int[])
       with ordinality as made (name, from_hour, to_hour, at) order by at`,
    [
      accountId,
      missing.map(({ name }) => name),
      missing.map((one) => one.fromHour),
      missing.map((one) => one.toHour),
      account.timeZone,
    ],
  );
  return readOverlapping(tx, accountId, fromHour, toHour);
}

function covers(
  periods: readonly BillingPeriod[],
  fromHour: HourNumber,
  toHour: HourNumber,
): boolean {
  const [first] = periods;
  const last = periods.at(-1);
  return first !== undefined && first.fromHour <= fromHour && last!.toHour >= toHour;
}

async function readOverlapping(
  db: Queryable,
  accountId: AccountId,
  fromHour: HourNumber,
  toHour: HourNumber,
): Promise<BillingPeriod[]> {
  const { rows } = await db.query<PeriodRow>(
    `select * from billing_period where account_id = $1 and from_hour < $3 and to_hour > $2 order by from_hour`,
    [accountId, fromHour, toHour],
  );
  return rows.map(fromRow);
}

async function readAll(db: Queryable, accountId: AccountId): Promise<BillingPeriod[]> {
  const { rows } = await db.query<PeriodRow>(
    'select * from billing_period where account_id = $1 order by from_hour',
    [accountId],
  );
  return rows.map(fromRow);
}

/** Which periods of an account are listed. */
export interface PeriodFilter {
  readonly state?: PeriodState | undefined;
  /** Only those that begin before this hour. */
  readonly before?: HourNumber | undefined;
  readonly limit?: number | undefined;
}

/** Periods of an account, the newest first. */
export async function listPeriods(
  db: Queryable,
  accountId: AccountId,
  { state, before, limit }: PeriodFilter = {},
): Promise<BillingPeriod[]> {
  const { rows } = await db.query<PeriodRow>(
    `select * from billing_period
     where account_id = $1 and ($2::text is null or state = $2) and ($3::int is null or from_hour < $3)
     order by from_hour desc limit $4`,
    [accountId, state ?? null, before ?? null, limit ?? null],
  );
  return rows.map(fromRow);
}

/** A period by its name, such as 202610-1. */
export async function findPeriod(
  db: Queryable,
  accountId: AccountId,
  name: string,
): Promise<BillingPeriod | undefined> {
  const { rows } = await db.query<PeriodRow>(
    'select * from billing_period where account_id = $1 and name = $2',
    [accountId, name],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Holds a period until the transaction ends: the first of all rows that issuing takes. */
export async function holdPeriod(
  tx: Queryable,
  period: number,
): Promise<BillingPeriod | undefined> {
  const { rows } = await tx.query<PeriodRow>(
    'select * from billing_period where period = $1 for update',
    [period],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Writes how far a period is: its state, when its review began, and why it is held. To be held before. */
export async function setPeriodState(
  tx: Queryable,
  {
    period,
    state,
    reviewStartedAt,
    held,
  }: Pick<BillingPeriod, 'period' | 'state' | 'reviewStartedAt' | 'held'>,
): Promise<void> {
  await tx.query(
    'update billing_period set state = $2, review_started_at = $3, held = $4 where period = $1',
    [period, state, reviewStartedAt?.toString() ?? null, held ?? null],
  );
}

import { hourNumber, type HourNumber, type Instant } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { AccountId, BillingPeriod, PeriodState } from '../../accounts/index.ts';
import { CHANGED } from '../issue/periods.ts';
import { NOTE_PROBLEM } from '../problems.ts';

/** A period that has ended and is not invoiced, with what its account says about when it is. */
export interface DuePeriod extends Pick<
  BillingPeriod,
  'accountId' | 'period' | 'name' | 'toHour' | 'reviewStartedAt'
> {
  readonly state: PeriodState;
  readonly waitHours: number;
  readonly reviewDays: number;
}

/**
 * The periods that may be moved on at this time, by account and time: those that have ended, are not held,
 * and are not waiting for another attempt. Periods that have not been invoiced are few: billing_period_unissued.
 */
export async function readDuePeriods(
  db: Queryable,
  now: Instant,
  hour: HourNumber,
): Promise<DuePeriod[]> {
  const { rows } = await db.query<{
    account_id: AccountId;
    period: number;
    name: string;
    to_hour: number;
    state: PeriodState;
    review_started_at: Instant | null;
    wait_hours: number;
    review_days: number;
  }>({
    name: 'invoicing-due-periods',
    text: `select p.account_id, p.period, p.name, p.to_hour, p.state, p.review_started_at, a.wait_hours, a.review_days
           from billing_period p join billing_account a using (account_id)
           left join billing_problem b on b.account_id = p.account_id and b.period = p.period
           where p.state <> 'Issued' and p.to_hour <= $1 and (p.state = 'Open' or p.held is null)
             and (b.next_attempt_at is null or b.next_attempt_at <= $2)
           order by p.account_id, p.from_hour`,
    values: [hour, now.toString()],
  });
  return rows.map((row) => ({
    accountId: row.account_id,
    period: row.period,
    name: row.name,
    toHour: hourNumber(row.to_hour),
    state: row.state,
    reviewStartedAt: row.review_started_at ?? undefined,
    waitHours: row.wait_hours,
    reviewDays: row.review_days,
  }));
}

/** An account whose changed periods go on a note of its own. */
export interface DueNote {
  readonly accountId: AccountId;
  /** Under which a problem is kept: of the account, not of one of the periods. */
  readonly period: typeof NOTE_PROBLEM;
  /** Of the newest of the periods, by which a problem is told. */
  readonly name: string;
}

/**
 * Accounts by the policy Note of which invoiced periods have changed: when the last usage among it was
 * reported as long ago as they wait for usage, no note was issued within a day, and none failed that is not
 * tried again yet.
 */
export async function readDueNotes(
  db: Queryable,
  now: Instant,
  hour: HourNumber,
): Promise<DueNote[]> {
  const { rows } = await db.query<{ account_id: AccountId; name: string }>({
    name: 'invoicing-due-notes',
    text: `select distinct on (c.account_id) c.account_id, p.name
           from charge c join billing_period p using (period) join billing_account a on a.account_id = c.account_id
           left join billing_problem b on b.account_id = p.account_id and b.period = $3
           cross join lateral (
             select max(last_reported) as hour from rated_line where charge = c.charge) reported
           where ${CHANGED}
             and p.state = 'Issued' and a.late_usage = 'Note'
             and coalesce(reported.hour, 0) + a.wait_hours < $1
             and (b.next_attempt_at is null or b.next_attempt_at <= $2)
             and not exists (
               select from invoice i where i.account_id = c.account_id and i.issued_at > $2::timestamptz - interval '1 day'
                 and i.reason is not null)
           order by c.account_id, p.from_hour desc`,
    values: [hour, now.toString(), NOTE_PROBLEM],
  });
  return rows.map((row) => ({ accountId: row.account_id, period: NOTE_PROBLEM, name: row.name }));
}

/**
 * Accounts by the policy NextInvoice with invoiced periods that have changed and no period that is still to be
 * invoiced, so that there is no next invoice.
 */
export async function readAccountsWithoutNext(db: Queryable): Promise<AccountId[]> {
  const { rows } = await db.query<{ account_id: AccountId }>({
    name: 'invoicing-without-next',
    text: `select distinct c.account_id
           from charge c join billing_period p using (period) join billing_account a on a.account_id = c.account_id
           where ${CHANGED} and p.state = 'Issued' and a.late_usage = 'NextInvoice'
             and not exists (select from billing_period q where q.account_id = c.account_id and q.state <> 'Issued')
           order by c.account_id`,
  });
  return rows.map((row) => row.account_id);
}

/**
 * Accounts by the policy NextInvoice of which a changed period may need a note of its own: the given one, or
 * those for which that failed and is due again. With the newest of the changed periods, under which a
 * problem is kept.
 */
export async function readApartNotes(
  db: Queryable,
  of: { readonly accountId: AccountId } | { readonly now: Instant },
): Promise<Pick<BillingPeriod, 'accountId' | 'period' | 'name'>[]> {
  const { rows } = await db.query<{ account_id: AccountId; period: number; name: string }>({
    name: 'invoicing-apart-notes',
    text: `select distinct on (c.account_id) c.account_id, p.period, p.name
           from charge c join billing_period p using (period) join billing_account a on a.account_id = c.account_id
           where c.account_id in (
               select $1::uuid where $1::uuid is not null
               union all
               select b.account_id from billing_problem b join billing_period q using (period)
               where $1::uuid is null and q.state = 'Issued' and b.next_attempt_at <= $2)
             and ${CHANGED} and p.state = 'Issued' and a.late_usage = 'NextInvoice'
           order by c.account_id, p.from_hour desc`,
    values: 'accountId' in of ? [of.accountId, null] : [null, of.now.toString()],
  });
  return rows.map((row) => ({ accountId: row.account_id, period: row.period, name: row.name }));
}

/**
 * Problems of which nothing is left to be done: of invoiced periods that have not changed since, and of
 * notes where nothing has changed or the account wants none any more.
 */
export async function readStaleProblems(
  db: Queryable,
): Promise<Pick<BillingPeriod, 'accountId' | 'period' | 'name'>[]> {
  const { rows } = await db.query<{ account_id: AccountId; period: number; name: string }>({
    name: 'invoicing-stale-problems',
    text: `select b.account_id, b.period, coalesce(p.name, '') as name
           from billing_problem b join billing_account a using (account_id)
           left join billing_period p on p.period = b.period
           where (b.period = $1 or p.state = 'Issued') and not exists (
             select from charge c join billing_period q on q.period = c.period
             where c.account_id = b.account_id and q.state = 'Issued'
               and (c.quantity <> c.invoiced_quantity
                    or coalesce(c.amount, case c.quantity when 0 then 0 end) is distinct from c.invoiced_amount)
               and (c.period = b.period or (b.period = $1 and a.late_usage = 'Note')))
           order by b.account_id, b.period`,
    values: [NOTE_PROBLEM],
  });
  return rows.map((row) => ({ accountId: row.account_id, period: row.period, name: row.name }));
}

/** An account that owes something in every period, and the hours in which it does. */
export interface TermAccount {
  readonly accountId: AccountId;
  readonly fromHour: HourNumber;
  readonly toHour: HourNumber;
}

/**
 * Accounts that pay fees or commitments whether or not anything is used, and that lack periods for it up to
 * the given hour. Nothing is owed for the time before there was an account.
 */
export async function readTermAccounts(db: Queryable, until: HourNumber): Promise<TermAccount[]> {
  const { rows } = await db.query<{ account_id: AccountId; from_hour: number; to_hour: number }>({
    name: 'invoicing-term-accounts',
    text: `select * from (
             select t.account_id,
                    greatest(min(t.effective_from),
                             floor(extract(epoch from min(a.created_at)) / 3600)::int) as from_hour,
                    least(max(coalesce(t.effective_to, $1)), $1) as to_hour
             from account_term t join billing_account a using (account_id)
             where t.definition::jsonb->>'kind' in ('fee', 'commitment')
               and t.effective_to is distinct from t.effective_from and a.kind <> 'provider'
             group by t.account_id) owing
           where from_hour < to_hour and (
             not exists (select from billing_period p where p.account_id = owing.account_id and p.from_hour <= owing.from_hour)
             or not exists (select from billing_period p where p.account_id = owing.account_id and p.to_hour >= owing.to_hour))
           order by account_id`,
    values: [until],
  });
  return rows.map((row) => ({
    accountId: row.account_id,
    fromHour: hourNumber(row.from_hour),
    toHour: hourNumber(row.to_hour),
  }));
}

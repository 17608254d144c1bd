import type { Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { BillingAccount, BillingPeriod } from '../../accounts/index.ts';
import { registrationsBookingOn } from '../../registration/index.ts';

/** How far a registration has come. */
interface Reach {
  readonly registrationId: string;
  /** The window that comes next; undefined when it does not report any more. */
  readonly nextWindow: number | undefined;
  /** Accepted windows that have not been rated, the first of them. */
  readonly firstUnrated: number | undefined;
  /** When it began to report. */
  readonly since: Instant;
  /** When it was heard of last: a window of it was accepted, or it began to report. */
  readonly lastHeard: Instant;
}

/** What is known of registrations within one run, by customer: many accounts have the same ones. */
export type Reaches = Map<SubscriptionId, readonly Reach[]>;

/** Why usage of a period is not complete: a registration, and what is waited for. Undefined when it is. */
export type Incomplete =
  | {
      readonly registrationId: string;
      readonly waitsFor: 'reporting' | 'rating';
      readonly since: Instant;
      readonly lastHeard: Instant;
    }
  | undefined;

/**
 * Whether all usage of a period has come: every stamp that books on one of the customers and still reports
 * has been accepted up to the end of the period and the hours that the account waits, since what was used
 * at its end may be reported in those, and what was accepted up to there has been rated.
 *
 * @returns of several that are behind, the one that was heard of last
 */
export async function whyIncomplete(
  db: Queryable,
  customers: readonly SubscriptionId[],
  { toHour, waitHours }: Pick<BillingPeriod, 'toHour'> & Pick<BillingAccount, 'waitHours'>,
  known: Reaches,
): Promise<Incomplete> {
  const until = toHour + waitHours;
  let missing: Incomplete;
  for (const customer of customers) {
    const reaches = known.get(customer) ?? (await readReaches(db, customer));
    known.set(customer, reaches);
    for (const { registrationId, nextWindow, firstUnrated, ...heard } of reaches) {
      const isReporting = nextWindow !== undefined && nextWindow < until;
      const isRating = firstUnrated !== undefined && firstUnrated < until;
      if (!isReporting && !isRating) continue;
      if (
        missing !== undefined &&
        Temporal.Instant.compare(missing.lastHeard, heard.lastHeard) >= 0
      ) {
        continue;
      }
      missing = { registrationId, waitsFor: isReporting ? 'reporting' : 'rating', ...heard };
    }
  }
  return missing;
}

async function readReaches(db: Queryable, customer: SubscriptionId): Promise<Reach[]> {
  const registrations = await registrationsBookingOn(db, customer);
  const { rows } = await db.query<{
    id: string;
    next_window: number | null;
    first_unrated: number | null;
    since: Instant;
    last_heard: Instant;
  }>({
    name: 'invoicing-reach',
    text: `select r.registration_id as id, p.next_window, w.first_unrated,
                  coalesce(p.started_at, r.created_at) as since,
                  greatest(coalesce(p.started_at, r.created_at), h.accepted_at) as last_heard
           from registration r
           left join reporting_period p on p.registration_number = r.registration_number and p.ended_at is null
           left join rating_progress g on g.registration_number = r.registration_number
           left join lateral (
             select min(reported_hour) as first_unrated from received_window
             where registration_number = r.registration_number
               and reported_hour > coalesce(g.last_window, -1)) w on true
           left join lateral (
             select accepted_at from received_window
             where registration_number = r.registration_number order by reported_hour desc limit 1) h on true
           where r.registration_number = any($1::int[]) order by r.registration_number`,
    values: [registrations.map(({ number }) => number)],
  });
  return rows.map((row) => ({
    registrationId: row.id,
    nextWindow: row.next_window ?? undefined,
    firstUnrated: row.first_unrated ?? undefined,
    since: row.since,
    lastHeard: row.last_heard,
  }));
}

import type { Instant, SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';

/** A reported window of a registration, by numbers. */
export interface RegistrationWindow {
  readonly registration: number;
  readonly hour: number;
}

/**
 * SQL of whether mappings apply to what the registration `r` reports under the subscription `base`: its usage is paid by
 * use, and its subscription is that of a partner who is approved to map customers. Otherwise its own subscription pays.
 */
export const MAPPINGS_APPLY = `(r.billing_model = 'PayAsYouUse' and base.kind in ('CSP', 'CSPSharedServices')
  and base.multitenancy_approved)`;

/**
 * The windows that come next and may have usage of the account: of registrations that report and are under it, or have a
 * mapping to it that is in force or planned, their own or shared by their partner; and of those of which the account has
 * rows in that very window, from before a mapping ended or the registration was moved. One that has ended by its date is
 * among them: it goes on where it was when it is renewed.
 *
 * @param registrations numbers of those that have ever booked on the account, among which they are
 */
export async function readExpected(
  db: Queryable,
  account: SubscriptionId,
  registrations: readonly number[],
  now: Instant,
): Promise<RegistrationWindow[]> {
  const { rows } = await db.query<RegistrationWindow>({
    name: 'account-expected',
    text: `
      select r.registration_number as registration, p.next_window as hour
      from registration r
      join reporting_period p on p.registration_number = r.registration_number and p.ended_at is null
      join commerce_subscription base on base.subscription_id = r.subscription_id
      where r.registration_number = any($2::int[]) and r.state <> 'Removed'
        and (r.subscription_id = $1::uuid
          or ${MAPPINGS_APPLY} and exists (
            select from customer_mapping m
            where m.customer_subscription_id = $1::uuid
              and (m.effective_to is null or m.effective_to > $3::timestamptz and m.effective_to > m.effective_from)
              and (m.registration_number = r.registration_number or m.shared_with_partner = base.partner_id))
          or exists (
            select from reported_usage u
            where u.customer_subscription_id = $1::uuid and u.reported_hour = p.next_window
              and u.registration_number = r.registration_number))`,
    values: [account, registrations, now.toString()],
  });
  return rows;
}

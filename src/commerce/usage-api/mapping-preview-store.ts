import type { DirectoryTenantId, SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { MAPPINGS_APPLY, type RegistrationWindow } from './booking-store.ts';
import { ACCEPTED, unacceptedArrays } from './store.ts';

/** A registration that a mapping would concern. */
export interface ConcernedRegistration {
  readonly number: number;
  /** Whether a mapping applies to what it reports. */
  readonly mapsCustomers: boolean;
}

/** The registration itself, first, and all of the same partner when they are asked for. */
export async function readConcerned(
  db: Queryable,
  registration: number,
  ofPartner: boolean,
): Promise<ConcernedRegistration[]> {
  const { rows } = await db.query<ConcernedRegistration>(
    `select r.registration_number as number, ${MAPPINGS_APPLY} as "mapsCustomers"
     from registration r join commerce_subscription base on base.subscription_id = r.subscription_id
     where r.registration_number = $1
        or $2 and r.state <> 'Removed' and base.partner_id = (
             select own.partner_id from registration
             join commerce_subscription own using (subscription_id) where registration_number = $1)
     order by r.registration_number <> $1, r.registration_number`,
    [registration, ofPartner],
  );
  return rows;
}

/** Whose these mappings are: numbers of registrations by those of mappings. */
export async function readOwners(
  db: Queryable,
  mappings: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await db.query<{ mapping: number; owner: number }>(
    `select mapping, registration_number as owner from customer_mapping where mapping = any($1::int[])`,
    [mappings],
  );
  return new Map(rows.map(({ mapping, owner }) => [mapping, owner]));
}

/** What was booked on one subscription of one meter. */
export interface BookedUsage {
  readonly subscriptionId: SubscriptionId;
  readonly meterId: string;
  readonly meterName: string;
  readonly unit: string;
  readonly rows: bigint;
  /** decimal text */
  readonly quantity: string;
}

/** Usage of one directory, by the number of who reported it; in it by where it is booked and meter. */
export async function readBookedUsage(
  db: Queryable,
  request: {
    readonly registrations: readonly number[];
    readonly tenantId: DirectoryTenantId;
    readonly fromHour: number;
    readonly toHour: number;
    readonly unaccepted: readonly RegistrationWindow[];
  },
): Promise<ReadonlyMap<number, readonly BookedUsage[]>> {
  const { registrations, tenantId, fromHour, toHour, unaccepted } = request;
  const { rows } = await db.query<BookedUsage & { registration: number }>({
    name: 'mapping-preview',
    text: `
      select registration_number as registration, customer_subscription_id as "subscriptionId", min(commerce_meter_id) as "meterId", min(name) as "meterName",
             unit, sum(rows)::bigint as rows, trim_scale(sum(quantity))::text as quantity
      from (
        select registration_number, customer_subscription_id, meter, count(*) as rows, sum(quantity) as quantity
        from reported_usage
        where registration_number = any($1::int[]) and tenant_id = $4::uuid
          and reported_hour >= $5::int and reported_hour < $6::int and ${ACCEPTED}
        group by registration_number, customer_subscription_id, meter
      ) as used join commerce_meter using (meter)
      group by registration_number, customer_subscription_id, lower(commerce_meter_id), unit
      order by registration_number, customer_subscription_id, lower(commerce_meter_id), unit`,
    values: [registrations, ...unacceptedArrays(unaccepted), tenantId, fromHour, toHour],
  });
  const usage = new Map<number, BookedUsage[]>();
  for (const { registration, ...booked } of rows) {
    usage.set(registration, [...(usage.get(registration) ?? []), booked]);
  }
  return usage;
}

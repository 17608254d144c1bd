import type { DirectoryTenantId, SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { RegistrationWindow } from './booking.ts';
import { ACCEPTED, unacceptedArrays } from './store.ts';

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

/** Usage of one directory that one registration reported, by where it is booked and meter. */
export async function readBookedUsage(
  db: Queryable,
  request: {
    readonly registration: number;
    readonly tenantId: DirectoryTenantId;
    readonly fromHour: number;
    readonly toHour: number;
    readonly unaccepted: readonly RegistrationWindow[];
  },
): Promise<BookedUsage[]> {
  const { registration, tenantId, fromHour, toHour, unaccepted } = request;
  const { rows } = await db.query<BookedUsage>({
    name: 'mapping-preview',
    text: `
      select customer_subscription_id as "subscriptionId", min(commerce_meter_id) as "meterId", min(name) as "meterName",
             unit, sum(rows)::bigint as rows, trim_scale(sum(quantity))::text as quantity
      from (
        select customer_subscription_id, meter, count(*) as rows, sum(quantity) as quantity
        from reported_usage
        where registration_number = $1::int and tenant_id = $4::uuid
          and reported_hour >= $5::int and reported_hour < $6::int and ${ACCEPTED}
        group by customer_subscription_id, meter
      ) as used join commerce_meter using (meter)
      group by customer_subscription_id, lower(commerce_meter_id), unit
      order by customer_subscription_id, lower(commerce_meter_id), unit`,
    values: [registration, ...unacceptedArrays(unaccepted), tenantId, fromHour, toHour],
  });
  return rows;
}

import type { Queryable } from '../../platform/index.ts';
import type { AccountTree } from '../../commerce/accounts/index.ts';
import type { AdapterDefinition } from './adapter.ts';
import { adaptersByKind } from './kinds/index.ts';
import type { UsageEvent } from './event.ts';

/** Events of usage, as columns of `adapter_event` and with the stamp and the window. */
export interface UsageColumns {
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * SQL of the events of accepted windows of one reported hour: usage of an adapter's accounts, summed by subscription,
 * meter and unit. `$1` to `$7` are its values. Late usage is in the window in which it was reported.
 *
 * The rows of each account are found by `reported_usage_by_customer`, of one hour and so of one partition. An id is the
 * hash of what it stands for: as often as the same is asked for, it is the same.
 *
 * @param registration of one stamp; all unless given
 */
export function usageEvents(
  one: AdapterDefinition,
  tree: AccountTree,
  hour: number,
  registration?: number,
): UsageColumns {
  const account = tree.get(one.accountId);
  const accounts = account === undefined ? [] : [account, ...tree.below(one.accountId)];
  const booked = accounts.flatMap(({ accountId, subscriptionId }) =>
    subscriptionId === undefined ? [] : [{ accountId, subscriptionId }],
  );
  return {
    text: `
      select encode(substr(hash, 1, 6), 'hex') || '8' || substr(encode(substr(hash, 7, 2), 'hex'), 2) || '8' ||
               substr(encode(substr(hash, 9, 8), 'hex'), 2) as event_id, g.*
      from (
        select u.registration_number, r.registration_id, u.reported_hour, a.account_id, u.customer_subscription_id,
               u.subscription_id, lower(m.commerce_meter_id) as meter_id, max(m.name) as meter_name, m.unit,
               trim_scale(sum(u.quantity)) as quantity, min(u.usage_hour) as usage_from,
               max(u.usage_hour) + 1 as usage_to, $5::jsonb ->> lower(m.commerce_meter_id) as code,
               $6::jsonb ->> u.customer_subscription_id::text as customer,
               sha256(convert_to(concat_ws('/', $7::text, r.registration_id, u.reported_hour,
                 u.customer_subscription_id, u.subscription_id, lower(m.commerce_meter_id), m.unit), 'UTF8')) as hash
        from unnest($1::uuid[], $2::uuid[]) as a (account_id, customer_subscription_id)
        join reported_usage u on u.customer_subscription_id = a.customer_subscription_id and u.reported_hour = $3
        join registration r using (registration_number)
        join received_window w on w.registration_number = u.registration_number and w.reported_hour = u.reported_hour
        join commerce_meter m on m.meter = u.meter
        where ($4::int is null or u.registration_number = $4) and (u.billable or ${String(one.includeFree)})
        group by u.registration_number, r.registration_id, u.reported_hour, a.account_id, u.customer_subscription_id,
                 u.subscription_id, lower(m.commerce_meter_id), m.unit
      ) g`,
    values: [
      booked.map(({ accountId }) => accountId),
      booked.map(({ subscriptionId }) => subscriptionId),
      hour,
      registration ?? null,
      JSON.stringify(one.meters),
      JSON.stringify(one.customers),
      one.adapterId,
    ],
  };
}

/** What would be sent for an hour that was reported. */
export interface UsagePreview {
  readonly events: readonly UsageEvent[];
  readonly held: readonly UsageEvent[];
  /** Whether there is more than is shown. */
  readonly isCut: boolean;
}

const MOST_SHOWN = 1000;

/** Reads what would be sent for a reported hour, at most a thousand events; nothing is noted. */
export async function previewUsage(
  tx: Queryable,
  one: AdapterDefinition,
  tree: AccountTree,
  hour: number,
): Promise<UsagePreview> {
  const { text, values } = usageEvents(one, tree, hour);
  await tx.query(`set local statement_timeout = '30s'`);
  const { rows } = await tx.query<UsageEvent>(
    `select event_id::uuid as "eventId", reported_hour as window, registration_id as "registrationId",
            account_id as "accountId", customer_subscription_id as "customerSubscriptionId",
            subscription_id as "subscriptionId", meter_id as "meterId", meter_name as "meterName", unit, quantity,
            usage_from as "usageFrom", usage_to as "usageTo", code, customer
     from (${text}) e order by registration_number, event_id limit ${MOST_SHOWN + 1}`,
    [...values],
  );
  const shown = rows.slice(0, MOST_SHOWN);
  const isCut = rows.length > MOST_SHOWN;
  if (!adaptersByKind[one.kind].needsNames) return { events: shown, held: [], isCut };
  const isNamed = (event: UsageEvent): boolean => event.code !== null && event.customer !== null;
  return {
    events: shown.filter(isNamed),
    held: shown.filter((event) => !isNamed(event)),
    isCut,
  };
}

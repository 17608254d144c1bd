import { hash, randomUUID } from 'node:crypto';
import { SYSTEM } from '../../src/audit/index.ts';
import {
  addCommerceSubscription,
  type CommerceSubscriptionKind,
} from '../../src/commerce/registration/index.ts';
import { ensureCommerceMeters } from '../../src/commerce/reported-usage/index.ts';
import {
  hourOf,
  parseSubscriptionId,
  type Decimal,
  type SubscriptionId,
} from '../../src/kernel/index.ts';
import { fixedClock, type Database, type Tx } from '../../src/platform/index.ts';
import type { BillingModel } from '../../src/reporting/index.ts';

/** Meters of stamps that commerce knows, by what their usage is. */
export const METERS = {
  /** vCPU hours */
  baseVm: 'fab6eb84-500b-4a09-a8ca-7358f8bbaea5',
  /** vCPU hours with Windows */
  windowsVm: '9cd92d4c-bafd-4492-b278-bedc2de8232a',
} as const;

/** Hours since 1970 of a time such as `2026-09-01T00:00Z`. */
export function hourAt(text: string): number {
  return hourOf(Temporal.Instant.from(text));
}

/** A row of usage as it stands when a stamp has reported it. */
export interface UsageRow {
  /** The subscription of commerce on which it is booked. */
  readonly customer: SubscriptionId;
  /** Of the stamp; that of the customer unless given. */
  readonly subscriptionId?: SubscriptionId;
  /** Id of the meter on the stamp. */
  readonly meterId: string;
  /** Hour since 1970 in which it was used. */
  readonly usageHour: number;
  readonly quantity: string | Decimal;
  /** Name of a virtual machine; `vm` unless given. */
  readonly name?: string;
  /** Whether it can cost anything; by meter and billing model unless given. */
  readonly billable?: boolean;
  readonly tenantId?: string;
  /** The mapping that applied. */
  readonly mapping?: number;
}

/** A registered stamp whose usage a test states as already received. */
export interface ReportingStamp {
  readonly registration: number;
  readonly billingModel: BillingModel;
}

const PAID_BY_USE: ReadonlySet<BillingModel> = new Set(['PayAsYouUse', 'Custom', 'Ruggedized']);

/** A new id of a subscription. */
export function newSubscriptionId(): SubscriptionId {
  return parseSubscriptionId(randomUUID())!;
}

/** A subscription of commerce. */
export async function addCustomer(
  database: Database,
  {
    id = newSubscriptionId(),
    name = 'customer',
    kind = 'PayAsYouGo',
    partnerId,
    createdAt = '2026-01-01T00:00Z',
  }: {
    readonly id?: SubscriptionId;
    readonly name?: string;
    readonly kind?: CommerceSubscriptionKind;
    readonly partnerId?: string;
    readonly createdAt?: string;
  } = {},
): Promise<SubscriptionId> {
  const clock = fixedClock(Temporal.Instant.from(createdAt));
  await database.transaction((tx) =>
    addCommerceSubscription(
      tx,
      {
        subscriptionId: id,
        displayName: name,
        kind,
        partnerId,
        tenantId: undefined,
        multitenancyApproved: false,
      },
      { clock, actor: SYSTEM },
    ),
  );
  return id;
}

/**
 * A registration that reports from a window on, and the meters of commerce.
 *
 * @param from hour since 1970
 */
export async function addStamp(
  database: Database,
  base: SubscriptionId,
  { from, billingModel = 'PayAsYouUse' }: { from: number; billingModel?: BillingModel },
): Promise<ReportingStamp> {
  return database.transaction(async (tx) => {
    await ensureCommerceMeters(tx, fixedClock(Temporal.Instant.from('2026-01-01T00:00Z')));
    const { rows } = await tx.query<{ number: number }>(
      `with made as (
         insert into registration (registration_id, subscription_id, resource_group, name, cloud_id, billing_model,
           usage_reporting, marketplace_syndication, principal_id, state, etag, created_at, updated_at)
         values (gen_random_uuid(), $1, 'azurestack', 'stamp' || $2, gen_random_uuid(), $3, true, true,
                 gen_random_uuid(), 'Active', gen_random_uuid(), '2026-01-01', '2026-01-01')
         returning registration_number, subscription_id),
       based as (insert into registration_base (registration_number, subscription_id)
                 select registration_number, subscription_id from made),
       period as (insert into reporting_period (registration_number, from_window, next_window, started_at)
                  select registration_number, $4, $4, '2026-01-01' from made)
       select registration_number as number from made`,
      [base, randomUUID().slice(0, 8), billingModel, from],
    );
    return { registration: rows[0]!.number, billingModel };
  });
}

/**
 * Puts usage down as a stamp's accepted window would have it: for tests of what comes after the
 * reporting, which has its own. Windows of a stamp come in order; those in between are empty.
 */
export async function reportUsage(
  database: Database,
  stamp: ReportingStamp,
  reportedHour: number,
  rows: readonly UsageRow[],
): Promise<void> {
  await database.transaction((tx) => report(tx, stamp, reportedHour, rows));
}

async function report(
  tx: Tx,
  { registration, billingModel }: ReportingStamp,
  window: number,
  rows: readonly UsageRow[],
): Promise<void> {
  const kept = rows.map((row) => {
    const subscriptionId = row.subscriptionId ?? row.customer;
    const uri = `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/${row.name ?? 'vm'}`;
    return { ...row, subscriptionId, uri, key: keyOf(uri) };
  });
  await tx.query('select ensure_reported_partition($1)', [window]);
  await tx.query(`insert into reported_batch values ($1, $2, 1, greatest($3, 1), '\\x00', $4)`, [
    registration,
    window,
    rows.length,
    instantOf(window + 1),
  ]);
  await tx.query(
    `insert into reported_resource (customer_subscription_id, resource_key, subscription_id, resource_uri, location, tags,
                                    additional_info)
     select distinct on (1, 2) *, 'local', '', '' from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[])
     on conflict do nothing`,
    [
      kept.map((row) => row.customer),
      kept.map((row) => row.key),
      kept.map((row) => row.subscriptionId),
      kept.map((row) => row.uri),
    ],
  );
  const { rowCount } = await tx.query(
    `insert into reported_usage (registration_number, reported_hour, subscription_id, usage_hour, resource_key, meter,
                                 sequence, quantity, tenant_id, mapping, customer_subscription_id, billable)
     select $1, $2, given.subscription_id, given.usage_hour, given.resource_key, newest.meter, 1, given.quantity,
            given.tenant_id, given.mapping, given.customer, coalesce(given.billable, newest.paid and $3)
     from unnest($4::uuid[], $5::int[], $6::uuid[], $7::text[], $8::numeric[], $9::uuid[], $10::int[], $11::uuid[], $12::boolean[])
          as given (subscription_id, usage_hour, resource_key, meter_id, quantity, tenant_id, mapping, customer, billable)
     join lateral (select meter, paid from commerce_meter where local_meter_key = lower(given.meter_id)
                   order by version desc limit 1) newest on true`,
    [
      registration,
      window,
      PAID_BY_USE.has(billingModel),
      kept.map((row) => row.subscriptionId),
      kept.map((row) => row.usageHour),
      kept.map((row) => row.key),
      kept.map((row) => row.meterId),
      kept.map((row) => row.quantity.toString()),
      kept.map((row) => row.tenantId ?? '00000000-0000-4000-8000-00000000dddd'),
      kept.map((row) => row.mapping ?? null),
      kept.map((row) => row.customer),
      kept.map((row) => row.billable ?? null),
    ],
  );
  if (rowCount !== rows.length) throw new Error('a row names a meter that commerce does not have');
  await tx.query(
    `insert into received_window (registration_number, reported_hour, batches, rows, content, previous_hash, hash,
                                  accepted_at)
     values ($1, $2, 1, $3, 'stated by a test', '\\x00', $4, $5)`,
    [
      registration,
      window,
      rows.length,
      hash('sha256', `${registration} ${window}`, 'buffer'),
      instantOf(window + 1),
    ],
  );
  await tx.query(
    'update reporting_period set next_window = $2 + 1 where registration_number = $1 and ended_at is null',
    [registration, window],
  );
}

function instantOf(hour: number): string {
  return Temporal.Instant.fromEpochMilliseconds(hour * 3_600_000).toString();
}

function keyOf(uri: string): string {
  const digits = hash('md5', uri);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

import type { Decimal, Instant, SubscriptionId } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import type { Charge } from './charge.ts';
import { countOf } from './numbers.ts';

/** What was used of a meter under one plan by all that a price counts together. */
export interface PlanPool {
  readonly plan: number;
  readonly charges: number;
  readonly quantity: Decimal;
}

/**
 * What was used of the meter of a charge in its period, by plan.
 *
 * @param subscriptionId of the stamp, where its usage is counted on its own
 */
export async function pooledByPlan(
  db: Queryable,
  { period, meterId }: Charge,
  subscriptionId: SubscriptionId | undefined,
): Promise<PlanPool[]> {
  const { rows } = await db.query<{ plan: number; charges: bigint; quantity: string }>({
    name: 'explain-pools',
    text: `select plan, count(*) as charges, sum(quantity) as quantity from charge
           where period = $1 and billable and ($3::uuid is null or subscription_id = $3)
             and meter in (select meter from commerce_meter where lower(commerce_meter_id) = lower($2))
           group by plan`,
    values: [period, meterId, subscriptionId ?? null],
  });
  return rows.map(({ plan, charges, quantity }) => ({
    plan,
    charges: countOf(charges),
    quantity: decimalOf(quantity),
  }));
}

/** Where the rows of a line are found. */
export interface LinePlace {
  readonly rows: number;
  /** Hours since 1970, both inclusive. */
  readonly firstReported: number;
  readonly lastReported: number;
  /** Bounds of the period, of which the last is exclusive. */
  readonly fromHour: number;
  readonly toHour: number;
  /** Whether other charges of the account have some of the same day, resource and meter. */
  readonly isShared: boolean;
}

export async function findLine(
  db: Queryable,
  charge: Charge,
  resourceKey: string,
  usageDay: number,
): Promise<LinePlace | undefined> {
  const { rows } = await db.query<LinePlace>({
    name: 'explain-line',
    text: `select l.rows, l.first_reported as "firstReported", l.last_reported as "lastReported",
                  p.from_hour as "fromHour", p.to_hour as "toHour",
                  exists (
                    select from rated_line o join charge c on c.charge = o.charge
                    where o.account_id = $4 and o.usage_day = $3 and o.resource_key = $2 and o.charge <> $1
                      and c.period = $5 and c.customer_subscription_id = $6 and c.subscription_id = $7
                      and c.meter = $8 and c.billable = $9
                  ) as "isShared"
           from rated_line l join billing_period p on p.period = $5
           where l.charge = $1 and l.usage_day = $3 and l.resource_key = $2`,
    values: [
      charge.charge.toString(),
      resourceKey,
      usageDay,
      charge.accountId,
      charge.period,
      charge.customerSubscriptionId,
      charge.subscriptionId,
      charge.meter,
      charge.billable,
    ],
  });
  return rows[0];
}

/** The mapping by which a row was booked. */
export interface AppliedMapping {
  readonly mapping: number;
  readonly version: number;
  readonly effectiveFrom: Instant;
}

/** A row of usage as a stamp reported it, with the window that it came in. */
export interface ExplainedRow {
  readonly registrationId: string;
  /** Hours since 1970. */
  readonly reportedHour: number;
  readonly usageHour: number;
  /** Number of the batch in the window. */
  readonly sequence: number;
  readonly quantity: Decimal;
  /** Directory of the subscription on the stamp. */
  readonly tenantId: string;
  /** Undefined: none applied, and the subscription of the registration pays. */
  readonly mapping: AppliedMapping | undefined;
  readonly localMeterId: string;
  readonly meterVersion: number;
  readonly acceptedAt: Instant;
  /** Of the window, in the chain of accepted windows; hexadecimal. */
  readonly windowHash: string;
}

interface RowOfUsage {
  readonly registration_id: string;
  readonly reported_hour: number;
  readonly usage_hour: number;
  readonly sequence: number;
  readonly quantity: string;
  readonly tenant_id: string;
  readonly mapping: number | null;
  readonly mapping_version: number | null;
  readonly effective_from: Instant | null;
  readonly local_meter_id: string;
  readonly meter_version: number;
  readonly accepted_at: Instant;
  readonly hash: string;
}

/**
 * The rows of one resource and meter that were used in these hours and reported in those: one step in the index by account
 * for each pair of them, (account, reported_hour, usage_hour, resource, meter).
 */
export async function rowsOfLine(
  db: Queryable,
  charge: Charge,
  resourceKey: string,
  usageHours: readonly number[],
  reported: Pick<LinePlace, 'firstReported' | 'lastReported'>,
): Promise<ExplainedRow[]> {
  const { rows } = await db.query<RowOfUsage>({
    name: 'explain-rows',
    text: `select r.registration_id, u.reported_hour, u.usage_hour, u.sequence, u.quantity, u.tenant_id, u.mapping,
                  a.version as mapping_version, a.effective_from, m.local_meter_id, m.version as meter_version,
                  w.accepted_at, encode(w.hash, 'hex') as hash
           from reported_usage u
           join received_window w on w.registration_number = u.registration_number and w.reported_hour = u.reported_hour
           join registration r on r.registration_number = u.registration_number
           join commerce_meter m on m.meter = u.meter
           left join customer_mapping a on a.mapping = u.mapping
           where u.customer_subscription_id = $1 and u.reported_hour = any($2::int[]) and u.usage_hour = any($3::int[])
             and u.resource_key = $4 and u.meter = $5 and u.subscription_id = $6 and u.billable = $7
           order by u.usage_hour, u.reported_hour, u.registration_number`,
    values: [
      charge.customerSubscriptionId,
      hoursBetween(reported),
      usageHours,
      resourceKey,
      charge.meter,
      charge.subscriptionId,
      charge.billable,
    ],
  });
  return rows.map((row) => ({
    registrationId: row.registration_id,
    reportedHour: row.reported_hour,
    usageHour: row.usage_hour,
    sequence: row.sequence,
    quantity: decimalOf(row.quantity),
    tenantId: row.tenant_id,
    mapping: mappingOf(row),
    localMeterId: row.local_meter_id,
    meterVersion: row.meter_version,
    acceptedAt: row.accepted_at,
    windowHash: row.hash,
  }));
}

function hoursBetween({
  firstReported,
  lastReported,
}: Pick<LinePlace, 'firstReported' | 'lastReported'>): number[] {
  return Array.from({ length: lastReported - firstReported + 1 }, (_, at) => firstReported + at);
}

function mappingOf(row: RowOfUsage): AppliedMapping | undefined {
  const { mapping, mapping_version: version, effective_from: effectiveFrom } = row;
  if (mapping === null || version === null || effectiveFrom === null) return undefined;
  return { mapping, version, effectiveFrom };
}

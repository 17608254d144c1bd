import type { DirectoryTenantId, Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { BillingModel } from '../../../reporting/index.ts';
import type { Registration } from '../registrations/registration.ts';
import type { CustomerMapping, MappingInForce } from './mapping.ts';

interface MappingRow {
  readonly mapping: number;
  readonly shared_with_partner: string | null;
  readonly tenant_id: DirectoryTenantId;
  readonly customer_subscription_id: SubscriptionId;
  readonly version: number;
  readonly effective_from: Instant;
  readonly effective_to: Instant | null;
  readonly etag: string;
  readonly created_at: Instant;
}

function fromRow(row: MappingRow): CustomerMapping {
  return {
    mapping: row.mapping,
    version: row.version,
    tenantId: row.tenant_id,
    customerSubscriptionId: row.customer_subscription_id,
    shared: row.shared_with_partner !== null,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to ?? undefined,
    etag: row.etag,
    createdAt: row.created_at,
  };
}

/**
 * What applies to the usage of each directory at that moment: the registration's own mappings, and for
 * directories without one those that another registration of the same partner shares; of several such
 * the newest. None applies unless the registration may map customers as it is now: under the billing
 * model PayAsYouUse, and below a subscription that is approved for multi-tenancy.
 *
 * Read for each batch that arrives; both branches go through an index.
 */
export async function mappingsInForce(
  db: Queryable,
  {
    number,
    subscriptionId,
    billingModel,
  }: Pick<Registration, 'number' | 'subscriptionId' | 'billingModel'>,
  at: Instant,
): Promise<ReadonlyMap<DirectoryTenantId, MappingInForce>> {
  if (!mapsCustomers(billingModel)) return new Map();
  const { rows } = await db.query<MappingRow>({
    name: 'registration-mappings-in-force',
    // Only subscriptions of partners are ever approved.
    text: `with base as (select partner_id from commerce_subscription where subscription_id = $2 and multitenancy_approved)
      select * from (
        select m.*, true as own from customer_mapping m, base where registration_number = $1
        union all
        select m.*, false from customer_mapping m, base
        where m.shared_with_partner = base.partner_id and m.registration_number <> $1) as one
      where effective_from <= $3 and (effective_to is null or effective_to > $3)
      order by tenant_id, own, effective_from, mapping`,
    values: [number, subscriptionId, at.toString()],
  });
  // The last one of each directory counts.
  return new Map(
    rows.map(fromRow).map((row) => {
      const { mapping, version, tenantId, customerSubscriptionId, shared } = row;
      return [tenantId, { mapping, version, tenantId, customerSubscriptionId, shared }];
    }),
  );
}

/** Under other billing models nobody's usage is paid by somebody else. */
export function mapsCustomers(billingModel: BillingModel): boolean {
  return billingModel === 'PayAsYouUse';
}

/** Which of the mappings that have not ended are listed. */
export interface MappingFilter {
  readonly customerSubscriptionId?: SubscriptionId | undefined;
  /** Only those of customers whose id comes after. */
  readonly after?: SubscriptionId | undefined;
  /** Customers, each with all that it has. */
  readonly limit?: number | undefined;
}

/** The mappings of a registration that are in force or will be, by customer and time. */
export async function listLiveMappings(
  db: Queryable,
  registrationNumber: number,
  now: Instant,
  filter: MappingFilter = {},
): Promise<CustomerMapping[]> {
  const { rows } = await db.query<MappingRow>(
    `with live as (
       select *, dense_rank() over (order by customer_subscription_id) as place from customer_mapping
       where registration_number = $1 and (effective_to is null or effective_to > $2)
         and effective_to is distinct from effective_from
         and ($3::uuid is null or customer_subscription_id = $3)
         and ($4::uuid is null or customer_subscription_id > $4))
     select * from live where $5::int is null or place <= $5
     order by customer_subscription_id, effective_from`,
    [
      registrationNumber,
      now.toString(),
      filter.customerSubscriptionId ?? null,
      filter.after ?? null,
      filter.limit ?? null,
    ],
  );
  return rows.map(fromRow);
}

/** A mapping that another registration of the partner shares. */
export interface InheritedMapping extends CustomerMapping {
  /** The id of that registration. */
  readonly inheritedFrom: string;
}

/**
 * The mappings of other registrations of the partner that apply to this one or will, by customer and
 * time. Left out is what does not count now: for a directory that has a mapping of its own in force, or
 * one that is shared and newer.
 */
export async function listInheritedMappings(
  db: Queryable,
  { number, subscriptionId, billingModel }: Registration,
  now: Instant,
  filter: MappingFilter = {},
): Promise<InheritedMapping[]> {
  if (!mapsCustomers(billingModel)) return [];
  const { rows } = await db.query<MappingRow & { readonly registration_id: string }>(
    `with live as (
       select * from customer_mapping
       where (effective_to is null or effective_to > $2) and effective_to is distinct from effective_from),
     inherited as (
       select m.* from live m join commerce_subscription s on s.partner_id = m.shared_with_partner
       where s.subscription_id = $6 and s.multitenancy_approved and m.registration_number <> $1),
     seen as (
       select *, dense_rank() over (order by customer_subscription_id) as place from inherited m
       where not exists (
           select from live own where own.registration_number = $1 and own.tenant_id = m.tenant_id
             and (own.customer_subscription_id = m.customer_subscription_id
               or (own.effective_from <= $2 and own.effective_to is null)))
         and not exists (
           select from inherited newer where newer.tenant_id = m.tenant_id
             and newer.effective_from <= $2 and m.effective_from <= $2
             and (newer.effective_from, newer.mapping) > (m.effective_from, m.mapping))
         and ($3::uuid is null or customer_subscription_id = $3)
         and ($4::uuid is null or customer_subscription_id > $4))
     select seen.*, r.registration_id from seen join registration r using (registration_number)
     where $5::int is null or place <= $5
     order by customer_subscription_id, effective_from, mapping`,
    [
      number,
      now.toString(),
      filter.customerSubscriptionId ?? null,
      filter.after ?? null,
      filter.limit ?? null,
      subscriptionId,
    ],
  );
  return rows.map((row) => ({ ...fromRow(row), inheritedFrom: row.registration_id }));
}

/** Whether the registration shares a mapping that has not ended. */
export async function sharesMappings(
  db: Queryable,
  registrationNumber: number,
  now: Instant,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from customer_mapping where registration_number = $1 and shared_with_partner is not null
       and (effective_to is null or effective_to > $2) limit 1`,
    [registrationNumber, now.toString()],
  );
  return rowCount === 1;
}

/**
 * A mapping that the registration shares and that another one of its partner would miss: it may map
 * customers, and has for the directory neither a mapping of its own nor a newer one that is shared.
 */
export async function findUsedByOthers(
  db: Queryable,
  registrationNumber: number,
  now: Instant,
): Promise<CustomerMapping | undefined> {
  const { rows } = await db.query<MappingRow>(
    `select m.* from customer_mapping m
     join commerce_subscription s on s.partner_id = m.shared_with_partner and s.multitenancy_approved
     join registration r on r.subscription_id = s.subscription_id
       and r.state <> 'Removed' and r.billing_model = 'PayAsYouUse' and r.registration_number <> $1
     where m.registration_number = $1 and (m.effective_to is null or m.effective_to > $2)
       and m.effective_to is distinct from m.effective_from
       and not exists (
         select from customer_mapping other
         where other.tenant_id = m.tenant_id and other.registration_number <> $1 and other.effective_to is null
           and other.effective_from <= greatest(m.effective_from, $2::timestamptz)
           and (other.registration_number = r.registration_number
             or (other.shared_with_partner = m.shared_with_partner
               and (other.customer_subscription_id = m.customer_subscription_id
                 or (other.effective_from, other.mapping) > (m.effective_from, m.mapping)))))
     order by m.tenant_id limit 1`,
    [registrationNumber, now.toString()],
  );
  return rows[0] && fromRow(rows[0]);
}

export interface NewMapping {
  readonly registrationNumber: number;
  readonly sharedWithPartner: string | undefined;
  readonly tenantId: DirectoryTenantId;
  readonly customerSubscriptionId: SubscriptionId;
  readonly effectiveFrom: Instant;
  readonly etag: string;
  readonly createdAt: Instant;
}

/** Adds a mapping, as the next version of its directory. */
export async function insertMapping(tx: Queryable, one: NewMapping): Promise<CustomerMapping> {
  const { rows } = await tx.query<MappingRow>(
    `insert into customer_mapping (registration_number, shared_with_partner, tenant_id, customer_subscription_id,
       version, effective_from, etag, created_at)
     select $1, $2, $3, $4, coalesce(max(version), 0) + 1, $5, $6, $7
     from customer_mapping where registration_number = $1 and tenant_id = $3
     returning *`,
    [
      one.registrationNumber,
      one.sharedWithPartner ?? null,
      one.tenantId,
      one.customerSubscriptionId,
      one.effectiveFrom.toString(),
      one.etag,
      one.createdAt.toString(),
    ],
  );
  return fromRow(rows[0]!);
}

/** Gives mappings another end, or none. */
export async function setEnd(
  tx: Queryable,
  mappings: readonly number[],
  end: Instant | undefined,
): Promise<void> {
  await tx.query('update customer_mapping set effective_to = $2 where mapping = any($1::int[])', [
    mappings,
    end?.toString() ?? null,
  ]);
}

/** Ends all mappings of a registration; those that have not begun never were. */
export async function endAllMappings(
  tx: Queryable,
  registrationNumber: number,
  now: Instant,
): Promise<void> {
  await tx.query(
    `update customer_mapping set effective_to = greatest(effective_from, $2::timestamptz)
     where registration_number = $1 and (effective_to is null or effective_to > $2)`,
    [registrationNumber, now.toString()],
  );
}

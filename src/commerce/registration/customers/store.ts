import type { DirectoryTenantId, Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
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
 * the newest.
 *
 * Read for each batch that arrives; both branches go through an index.
 */
export async function mappingsInForce(
  db: Queryable,
  { number, subscriptionId }: Pick<Registration, 'number' | 'subscriptionId'>,
  at: Instant,
): Promise<ReadonlyMap<DirectoryTenantId, MappingInForce>> {
  const { rows } = await db.query<MappingRow>({
    name: 'registration-mappings-in-force',
    text: `select * from (
        select m.*, true as own from customer_mapping m where registration_number = $1
        union all
        select m.*, false from customer_mapping m
        join commerce_subscription s on s.subscription_id = $2 and s.partner_id = m.shared_with_partner
        where m.registration_number <> $1) as one
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

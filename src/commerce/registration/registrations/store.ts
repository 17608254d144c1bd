import {
  fail,
  isGuid,
  type Instant,
  type PrincipalId,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { groupKey } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { BillingModel, CheckedRegistrationToken } from '../../../reporting/index.ts';
import type { Registration, RegistrationPlace } from './registration.ts';

interface RegistrationRow {
  readonly registration_id: string;
  readonly registration_number: number;
  readonly subscription_id: SubscriptionId;
  readonly resource_group: string;
  readonly name: string;
  readonly cloud_id: string;
  readonly billing_model: BillingModel;
  readonly usage_reporting: boolean;
  readonly marketplace_syndication: boolean;
  readonly agreement_number: string | null;
  readonly asset_tag: string | null;
  readonly principal_id: PrincipalId;
  readonly token_issued_at: Instant;
  readonly state: Registration['state'];
  readonly etag: string;
  readonly created_at: Instant;
  readonly updated_at: Instant;
  readonly expires_at: Instant | null;
  readonly removed_at: Instant | null;
}

function fromRow(row: RegistrationRow): Registration {
  return {
    registrationId: row.registration_id,
    number: row.registration_number,
    subscriptionId: row.subscription_id,
    resourceGroup: row.resource_group,
    name: row.name,
    cloudId: row.cloud_id,
    billingModel: row.billing_model,
    usageReporting: row.usage_reporting,
    marketplaceSyndication: row.marketplace_syndication,
    agreementNumber: row.agreement_number ?? undefined,
    assetTag: row.asset_tag ?? undefined,
    principalId: row.principal_id,
    tokenIssuedAt: row.token_issued_at,
    state: row.state,
    etag: row.etag,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at ?? undefined,
    removedAt: row.removed_at ?? undefined,
  };
}

/**
 * A registration by its id, in whatever state.
 *
 * @param registrationId as a path has it; what is no GUID is none
 * @param options.lock holds the row until the transaction ends; to be taken before the period of it
 */
export async function findRegistration(
  db: Queryable,
  registrationId: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<Registration | undefined> {
  if (!isGuid(registrationId)) return undefined;
  const { rows } = await db.query<RegistrationRow>(
    `select * from registration where registration_id = $1${lock ? ' for no key update' : ''}`,
    [registrationId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** The registration at a place, names in any case; one that was removed is there no more. */
export async function findRegistrationByName(
  db: Queryable,
  place: RegistrationPlace,
): Promise<Registration | undefined> {
  const found = await findRegistrationInAnyGroup(db, place);
  return found && groupKey(found.resourceGroup) === groupKey(place.resourceGroup)
    ? found
    : undefined;
}

/** Names are taken in the whole subscription. */
export async function findRegistrationInAnyGroup(
  db: Queryable,
  { subscriptionId, name }: Pick<RegistrationPlace, 'subscriptionId' | 'name'>,
): Promise<Registration | undefined> {
  const { rows } = await db.query<RegistrationRow>(
    `select * from registration
     where subscription_id = $1 and lower(name) = lower($2) and state <> 'Removed'`,
    [subscriptionId, name],
  );
  return rows[0] && fromRow(rows[0]);
}

export async function findRegistrationOfCloud(
  db: Queryable,
  cloudId: string,
): Promise<Registration | undefined> {
  const { rows } = await db.query<RegistrationRow>(
    `select * from registration where cloud_id = $1 and state <> 'Removed'`,
    [cloudId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** The one that the stamp had before, and that was removed; the last, should there be several. */
export async function findFormerRegistration(
  db: Queryable,
  cloudId: string,
): Promise<Registration | undefined> {
  const { rows } = await db.query<RegistrationRow>(
    `select * from registration where cloud_id = $1 and state = 'Removed'
     order by removed_at desc, registration_number desc limit 1`,
    [cloudId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** The registrations under the subscriptions of a partner, removed ones not, by number. */
export async function listRegistrationsOfPartner(
  db: Queryable,
  partnerId: string,
): Promise<Registration[]> {
  const { rows } = await db.query<RegistrationRow>(
    `select r.* from registration r join commerce_subscription s using (subscription_id)
     where s.partner_id = $1 and r.state <> 'Removed' order by r.registration_number`,
    [partnerId],
  );
  return rows.map(fromRow);
}

/**
 * Waits for the batches that are just being received of these registrations, and lets no other begin
 * until the transaction ends: what they are booked by stays as it is.
 */
export async function holdBooking(tx: Queryable, numbers: readonly number[]): Promise<void> {
  await tx.query(
    `select from registration where registration_number = any($1::int[])
     order by registration_number for update`,
    [numbers],
  );
}

/**
 * Notes that a token is the one in force: what an older one states is not taken any more. To be called
 * while the registration is held.
 *
 * @throws InvalidRegistrationToken for one that is older than the one in force
 */
export async function noteTokenOf(
  tx: Queryable,
  registrationNumber: number,
  { issuedAt }: Pick<CheckedRegistrationToken, 'issuedAt'>,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update registration set token_issued_at = $2
     where registration_number = $1 and token_issued_at <= $2`,
    [registrationNumber, issuedAt.toString()],
  );
  if (rowCount !== 1) throw olderToken();
}

export function olderToken(): Error {
  const reason = 'it is an older one than the one in force';
  return fail('InvalidRegistrationToken', { reason });
}

/** Which registrations are listed; a filter that is left out holds nothing back. */
export interface RegistrationFilter {
  readonly subscriptionId?: SubscriptionId | undefined;
  /** In any case. */
  readonly resourceGroup?: string | undefined;
  readonly includeRemoved?: boolean | undefined;
  /** Only those that come after this one, by its id. */
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
}

/** Registrations by name, then id. */
export async function listRegistrations(
  db: Queryable,
  filter: RegistrationFilter = {},
): Promise<Registration[]> {
  const { rows } = await db.query<RegistrationRow>(
    `select * from registration
     where ($1::uuid is null or subscription_id = $1)
       and ($2::text is null or lower(resource_group) = lower($2))
       and ($3 or state <> 'Removed')
       and ($4::uuid is null or (lower(name), registration_id) >
         (select lower(last.name), last.registration_id from registration last where last.registration_id = $4))
     order by lower(name), registration_id limit $5`,
    [
      filter.subscriptionId ?? null,
      filter.resourceGroup ?? null,
      filter.includeRemoved ?? false,
      filter.after ?? null,
      filter.limit ?? null,
    ],
  );
  return rows.map(fromRow);
}

export async function insertRegistration(
  tx: Queryable,
  one: Omit<Registration, 'number'>,
): Promise<Registration> {
  const { rows } = await tx.query<RegistrationRow>(
    `insert into registration (registration_id, subscription_id, resource_group, name, cloud_id, billing_model,
       usage_reporting, marketplace_syndication, agreement_number, asset_tag, principal_id, state, etag,
       created_at, updated_at, expires_at, token_issued_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) returning *`,
    [
      one.registrationId,
      one.subscriptionId,
      one.resourceGroup,
      one.name,
      one.cloudId,
      one.billingModel,
      one.usageReporting,
      one.marketplaceSyndication,
      one.agreementNumber ?? null,
      one.assetTag ?? null,
      one.principalId,
      one.state,
      one.etag,
      one.createdAt.toString(),
      one.updatedAt.toString(),
      one.expiresAt?.toString() ?? null,
      one.tokenIssuedAt.toString(),
    ],
  );
  const made = fromRow(rows[0]!);
  await insertBase(tx, made);
  return made;
}

/** Writes all of a registration that can change. A key that was rotated to meanwhile stays noted. */
export async function updateRegistration(tx: Queryable, one: Registration): Promise<void> {
  await tx.query(
    `update registration set subscription_id = $2, resource_group = $3, name = $4, billing_model = $5,
       usage_reporting = $6, marketplace_syndication = $7, agreement_number = $8, asset_tag = $9,
       principal_id = $10, state = $11, etag = $12, updated_at = $13, expires_at = $14, removed_at = $15,
       token_issued_at = greatest(token_issued_at, $16::timestamptz)
     where registration_number = $1`,
    [
      one.number,
      one.subscriptionId,
      one.resourceGroup,
      one.name,
      one.billingModel,
      one.usageReporting,
      one.marketplaceSyndication,
      one.agreementNumber ?? null,
      one.assetTag ?? null,
      one.principalId,
      one.state,
      one.etag,
      one.updatedAt.toString(),
      one.expiresAt?.toString() ?? null,
      one.removedAt?.toString() ?? null,
      one.tokenIssuedAt.toString(),
    ],
  );
  await insertBase(tx, one);
}

/** Usage stays booked on the subscription under which the registration was when it came. */
async function insertBase(tx: Queryable, { number, subscriptionId }: Registration): Promise<void> {
  await tx.query(
    `insert into registration_base (registration_number, subscription_id) values ($1, $2)
     on conflict do nothing`,
    [number, subscriptionId],
  );
}

/**
 * The registrations whose usage may be booked on the subscription: those under it, now or before, and
 * those with a mapping to it, now or ever, their own or shared by their partner. Removed ones too.
 */
export async function registrationsBookingOn(
  db: Queryable,
  customerSubscriptionId: SubscriptionId,
): Promise<Registration[]> {
  const { rows } = await db.query<RegistrationRow>(
    `select * from registration r
     where registration_number in (
         select registration_number from registration_base where subscription_id = $1
         union all
         select registration_number from customer_mapping where customer_subscription_id = $1)
       or exists (
         select from customer_mapping m
         join registration_base b on b.registration_number = r.registration_number
         join commerce_subscription s on s.subscription_id = b.subscription_id
         where m.customer_subscription_id = $1 and m.shared_with_partner = s.partner_id)
     order by registration_number`,
    [customerSubscriptionId],
  );
  return rows.map(fromRow);
}

import type { Currency, Instant, SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId, AccountKind, BillingAccount, Language, LateUsage } from './account.ts';

interface AccountRow {
  readonly account_id: AccountId;
  readonly kind: AccountKind;
  readonly parent_id: AccountId | null;
  readonly subscription_id: SubscriptionId | null;
  readonly name: string;
  readonly street: string | null;
  readonly street2: string | null;
  readonly city: string | null;
  readonly postal_code: string | null;
  readonly region: string | null;
  readonly country: string | null;
  readonly tax_id: string | null;
  readonly registration_id: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly tax_exemption: string | null;
  readonly buyer_reference: string | null;
  readonly series_prefix: string;
  readonly iban: string | null;
  readonly bic: string | null;
  readonly has_logo: boolean;
  readonly currency: Currency;
  readonly language: Language;
  readonly billing_day: number;
  readonly time_zone: string;
  readonly late_usage: LateUsage;
  readonly wait_hours: number;
  readonly review_days: number;
  readonly payment_days: number;
  readonly etag: string;
  readonly created_at: Instant;
  readonly updated_at: Instant;
}

/** All but the picture, which only documents need. */
const COLUMNS = `account_id, kind, parent_id, subscription_id, name, street, street2, city, postal_code, region, country,
  tax_id, registration_id, email, phone, tax_exemption, buyer_reference, series_prefix, iban, bic,
  logo is not null as has_logo, currency, language, billing_day, time_zone, late_usage, wait_hours, review_days,
  payment_days, etag, created_at, updated_at`;

function fromRow(row: AccountRow): BillingAccount {
  return {
    accountId: row.account_id,
    kind: row.kind,
    parentId: row.parent_id ?? undefined,
    subscriptionId: row.subscription_id ?? undefined,
    name: row.name,
    street: row.street ?? undefined,
    street2: row.street2 ?? undefined,
    city: row.city ?? undefined,
    postalCode: row.postal_code ?? undefined,
    region: row.region ?? undefined,
    country: row.country ?? undefined,
    taxId: row.tax_id ?? undefined,
    registrationId: row.registration_id ?? undefined,
    email: row.email ?? undefined,
    phone: row.phone ?? undefined,
    taxExemption: row.tax_exemption ?? undefined,
    buyerReference: row.buyer_reference ?? undefined,
    seriesPrefix: row.series_prefix,
    iban: row.iban ?? undefined,
    bic: row.bic ?? undefined,
    hasLogo: row.has_logo,
    currency: row.currency,
    language: row.language,
    billingDay: row.billing_day,
    timeZone: row.time_zone,
    lateUsage: row.late_usage,
    waitHours: row.wait_hours,
    reviewDays: row.review_days,
    paymentDays: row.payment_days,
    etag: row.etag,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export async function findAccount(
  db: Queryable,
  id: AccountId,
): Promise<BillingAccount | undefined> {
  const { rows } = await db.query<AccountRow>(
    `select ${COLUMNS} from billing_account where account_id = $1`,
    [id],
  );
  return rows[0] && fromRow(rows[0]);
}

/** The account of a subscription of commerce; undefined until there is one. */
export async function findAccountBySubscription(
  db: Queryable,
  subscriptionId: SubscriptionId,
): Promise<BillingAccount | undefined> {
  const { rows } = await db.query<AccountRow>(
    `select ${COLUMNS} from billing_account where subscription_id = $1`,
    [subscriptionId],
  );
  return rows[0] && fromRow(rows[0]);
}

/**
 * An account and all above it, the provider last; empty for an unknown one.
 *
 * @param id of the account or of its subscription
 */
export async function readLineage(db: Queryable, id: AccountId): Promise<BillingAccount[]> {
  const { rows } = await db.query<AccountRow>(
    `with recursive line as (
       select account_id as id, parent_id, 0 as height from billing_account
       where account_id = (select account_id from billing_account where account_id = $1 or subscription_id = $1
                           order by account_id = $1 desc limit 1)
       union all
       select above.account_id, above.parent_id, height + 1
       from line join billing_account above on above.account_id = line.parent_id
     ) select ${COLUMNS.replace('parent_id', 'billing_account.parent_id')}
       from line join billing_account on account_id = id order by height`,
    [id],
  );
  return rows.map(fromRow);
}

/** Every account, by name. */
export async function readAllAccounts(db: Queryable): Promise<BillingAccount[]> {
  const { rows } = await db.query<AccountRow>(
    `select ${COLUMNS} from billing_account order by lower(name), account_id`,
  );
  return rows.map(fromRow);
}

/** Writes an account that is new, or anew. The picture stays as it is. */
export async function writeAccount(tx: Queryable, one: BillingAccount): Promise<void> {
  await tx.query(
    `insert into billing_account (account_id, kind, parent_id, subscription_id, name, street, street2, city,
       postal_code, region, country, tax_id, registration_id, email, phone, tax_exemption, buyer_reference,
       series_prefix, iban, bic, currency, language, billing_day, time_zone, late_usage, wait_hours, review_days,
       payment_days, etag, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
             $24, $25, $26, $27, $28, $29, $30, $31)
     on conflict (account_id) do update set kind = excluded.kind, parent_id = excluded.parent_id,
       subscription_id = excluded.subscription_id, name = excluded.name, street = excluded.street,
       street2 = excluded.street2, city = excluded.city, postal_code = excluded.postal_code,
       region = excluded.region, country = excluded.country, tax_id = excluded.tax_id,
       registration_id = excluded.registration_id, email = excluded.email, phone = excluded.phone,
       tax_exemption = excluded.tax_exemption, buyer_reference = excluded.buyer_reference,
       series_prefix = excluded.series_prefix, iban = excluded.iban, bic = excluded.bic,
       currency = excluded.currency, language = excluded.language, billing_day = excluded.billing_day,
       time_zone = excluded.time_zone, late_usage = excluded.late_usage, wait_hours = excluded.wait_hours,
       review_days = excluded.review_days, payment_days = excluded.payment_days, etag = excluded.etag,
       updated_at = excluded.updated_at`,
    [
      one.accountId,
      one.kind,
      one.parentId ?? null,
      one.subscriptionId ?? null,
      one.name,
      one.street ?? null,
      one.street2 ?? null,
      one.city ?? null,
      one.postalCode ?? null,
      one.region ?? null,
      one.country ?? null,
      one.taxId ?? null,
      one.registrationId ?? null,
      one.email ?? null,
      one.phone ?? null,
      one.taxExemption ?? null,
      one.buyerReference ?? null,
      one.seriesPrefix,
      one.iban ?? null,
      one.bic ?? null,
      one.currency,
      one.language,
      one.billingDay,
      one.timeZone,
      one.lateUsage,
      one.waitHours,
      one.reviewDays,
      one.paymentDays,
      one.etag,
      one.createdAt.toString(),
      one.updatedAt.toString(),
    ],
  );
}

/** The picture for its invoices, PNG or JPEG; undefined when there is none. */
export async function readLogo(db: Queryable, id: AccountId): Promise<Buffer | undefined> {
  const { rows } = await db.query<{ logo: Buffer | null }>(
    'select logo from billing_account where account_id = $1',
    [id],
  );
  return rows[0]?.logo ?? undefined;
}

/** Whether usage of any of these accounts has been charged, to themselves or to an account above. */
export async function haveCharges(
  db: Queryable,
  accounts: readonly Pick<BillingAccount, 'accountId' | 'subscriptionId'>[],
): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `select exists (select from charge where account_id = any($1::uuid[]))
         or exists (select from charge where customer_subscription_id = any($2::uuid[])) as found`,
    [
      accounts.map(({ accountId }) => accountId),
      accounts.flatMap(({ subscriptionId }) => subscriptionId ?? []),
    ],
  );
  return rows[0]?.found === true;
}

/**
 * Keeps accounts from being invoiced and from paying until the transaction ends: what issues holds a period
 * first of all, a payment the account. In the order in which rating takes them.
 */
export async function holdInvoicing(
  tx: Queryable,
  accounts: readonly Pick<BillingAccount, 'accountId'>[],
): Promise<void> {
  const ids = accounts.map(({ accountId }) => accountId);
  await tx.query(
    'select from billing_account where account_id = any($1::uuid[]) order by account_id for no key update',
    [ids],
  );
  await tx.query(
    'select from billing_period where account_id = any($1::uuid[]) order by period for update',
    [ids],
  );
}

/** Whether any of these accounts has invoices, given or received, payments, or periods that are issued. */
export async function haveInvoices(
  db: Queryable,
  accounts: readonly Pick<BillingAccount, 'accountId'>[],
): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `select exists (select from invoice where account_id = any($1::uuid[]))
         or exists (select from invoice where issuer_id = any($1::uuid[]))
         or exists (select from payment where account_id = any($1::uuid[]) or issuer_id = any($1::uuid[]))
         or exists (select from billing_period where account_id = any($1::uuid[]) and state = 'Issued') as found`,
    [accounts.map(({ accountId }) => accountId)],
  );
  return rows[0]?.found === true;
}

/** Whether another than this account has issued invoices whose numbers begin so. */
export async function isPrefixUsed(
  db: Queryable,
  { accountId, seriesPrefix }: Pick<BillingAccount, 'accountId' | 'seriesPrefix'>,
): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    `select exists (select from invoice_series where issuer_id <> $1 and split_part(series, '-', 1) = $2)
         or exists (select from billing_account where account_id <> $1 and series_prefix = $2
                      and kind in ('provider', 'partner')) as found`,
    [accountId, seriesPrefix],
  );
  return rows[0]?.found === true;
}

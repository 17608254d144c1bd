import {
  isGuid,
  type HourNumber,
  type Instant,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { TermUse } from '../../pricing/index.ts';
import type { Charge } from '../../rating/index.ts';
import type { Invoice, InvoiceKind } from '../invoice.ts';
import type { LineKind } from '../line.ts';
import type { LineOfCharge } from './explanation.ts';

/** All lines that have some of a charge, oldest first. By the index of lines by charge. */
export async function linesOfCharge(db: Queryable, charge: bigint): Promise<LineOfCharge[]> {
  const { rows } = await db.query<{
    number: string;
    invoice_kind: InvoiceKind;
    issued_at: Instant;
    line: number;
    kind: LineKind;
    quantity: string;
    amount: string;
  }>({
    name: 'explain-lines-of-charge',
    text: `select i.number, i.kind as invoice_kind, i.issued_at, l.line, l.kind,
                  case i.kind when 'credit-note' then -l.quantity else l.quantity end as quantity,
                  case i.kind when 'credit-note' then -l.exact_amount else l.exact_amount end as amount
           from invoice_line l join invoice i using (invoice_id)
           where l.charge = $1 order by i.issued_at, i.number, l.line`,
    values: [charge.toString()],
  });
  return rows.map((row) => ({
    number: row.number,
    invoiceKind: row.invoice_kind,
    issuedAt: row.issued_at,
    line: row.line,
    kind: row.kind,
    quantity: decimalOf(row.quantity),
    amount: decimalOf(row.amount),
  }));
}

/** Name and bounds of a billing period. */
export interface NamedPeriod {
  readonly name: string;
  readonly fromHour: HourNumber;
  readonly toHour: HourNumber;
}

export async function periodOf(db: Queryable, period: number): Promise<NamedPeriod> {
  const { rows } = await db.query<NamedPeriod>({
    name: 'explain-period',
    text: 'select name, from_hour as "fromHour", to_hour as "toHour" from billing_period where period = $1',
    values: [period],
  });
  return rows[0]!;
}

/** The texts of a resource, as they were reported. */
export interface ResourceTexts {
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
}

/** Texts of resources by their keys. */
export async function textsOf(
  db: Queryable,
  customer: SubscriptionId,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ResourceTexts>> {
  const { rows } = await db.query<ResourceTexts & { readonly key: string }>({
    name: 'explain-resource-texts',
    text: `select resource_key as key, resource_uri as "resourceUri", location, tags,
                  additional_info as "additionalInfo"
           from reported_resource where customer_subscription_id = $1 and resource_key = any($2::uuid[])`,
    values: [customer, keys],
  });
  return new Map(rows.map(({ key, ...texts }) => [key, texts]));
}

/** The keys that a resource may have: one for each of its texts that it ever had. */
const MOST_KEYS = 100;

/**
 * Keys of a resource by its key, its URI or the last part of that, in any case. Names are looked for among all resources
 * of the subscription.
 */
export async function keysOfResource(
  db: Queryable,
  { customerSubscriptionId, subscriptionId }: Charge,
  wanted: string,
): Promise<string[]> {
  if (isGuid(wanted)) return [wanted.toLowerCase()];
  const { rows } = await db.query<{ key: string }>({
    name: 'explain-resource-keys',
    text: `select resource_key as key from reported_resource
           where customer_subscription_id = $1 and subscription_id = $2
             and lower($3) in (lower(resource_uri), lower(regexp_replace(resource_uri, '^.*/', '')))
           order by resource_key limit $4`,
    values: [customerSubscriptionId, subscriptionId, wanted, MOST_KEYS],
  });
  return rows.map(({ key }) => key);
}

/** What invoices of an account had of its terms before one was issued; as {@link TermUse}, positive. */
export async function termUsesBefore(
  db: Queryable,
  { accountId, invoiceId }: Pick<Invoice, 'accountId' | 'invoiceId'>,
): Promise<TermUse[]> {
  const { rows } = await db.query<{
    term_id: string;
    subscription_id: SubscriptionId | null;
    amount: string;
    quantity: string;
  }>({
    name: 'explain-term-uses',
    text: `select l.term_id, l.subscription_id, abs(sum(l.amount * s.sign)) as amount,
                  abs(sum(l.quantity * s.sign)) as quantity
           from invoice_line l join invoice i using (invoice_id)
           cross join lateral (select case i.kind when 'credit-note' then -1 else 1 end as sign) s
           where l.term_id in (select term_id from account_term where account_id = $1)
             and (i.issued_at, i.invoice_id) <
                 (select issued_at, invoice_id from invoice where invoice_id = $2)
           group by l.term_id, l.subscription_id having sum(l.amount * s.sign) <> 0`,
    values: [accountId, invoiceId],
  });
  return rows.map((row) => ({
    termId: row.term_id,
    subscriptionId: row.subscription_id ?? undefined,
    amount: decimalOf(row.amount),
    quantity: decimalOf(row.quantity),
  }));
}

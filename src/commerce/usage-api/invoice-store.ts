import type { SubscriptionId } from '../../kernel/index.ts';
import type { Database, Queryable } from '../../platform/index.ts';
import { readAsAccount, type AccountQuestion } from './account-reader.ts';
import type { UsagePeriod } from './billing-period.ts';

/** An invoice, credit note or debit note of an account, as far as these interfaces tell of it. */
export interface IssuedInvoice {
  readonly invoiceId: string;
  /** As printed. */
  readonly number: string;
  /** The billing period that it is of. */
  readonly period: number;
  /** Names of earlier periods that it corrects, the newest first. */
  readonly corrected: readonly string[];
}

const COLUMNS = `i.invoice_id as "invoiceId", i.number, i.period,
  array(select corrects_period from invoice_line l where l.invoice_id = i.invoice_id and corrects_period is not null
        group by 1 order by 1 desc) as corrected`;

/** Which invoices are on a page. */
export interface InvoicePage {
  /** Of these billing periods. */
  readonly periods: readonly number[];
  /** Number of the last one of the page before. */
  readonly after: string | undefined;
  readonly limit: number;
}

/** Invoices of an account, the newest first, read as its reader, who sees no others. */
export async function readInvoices(
  database: Database,
  account: SubscriptionId,
  { periods, after, limit }: InvoicePage,
): Promise<IssuedInvoice[]> {
  if (periods.length === 0) return [];
  return readAsAccount(database, questionOf(account), nothing, async (tx) => {
    const { rows } = await tx.query<IssuedInvoice>({
      name: 'account-invoices',
      text: `select ${COLUMNS} from invoice i
             where i.period = any($1::int[])
               and ($2::text is null or (i.issued_at, i.invoice_id) <
                 (select last.issued_at, last.invoice_id from invoice last where last.number = $2))
             order by i.issued_at desc, i.invoice_id desc limit $3`,
      values: [periods, after ?? null, limit],
    });
    return rows;
  });
}

/** An invoice of an account by its number as printed, in any case; undefined for those of others. */
export async function readInvoice(
  database: Database,
  account: SubscriptionId,
  number: string,
): Promise<IssuedInvoice | undefined> {
  return readAsAccount(database, questionOf(account), nothing, async (tx) => {
    const { rows } = await tx.query<IssuedInvoice>({
      name: 'account-invoice',
      text: `select ${COLUMNS} from invoice i where i.number = $1`,
      values: [number.toUpperCase()],
    });
    return rows[0];
  });
}

/** Numbers of invoices by the billing period that they are of, the newest first. */
export type PeriodInvoices = ReadonlyMap<number, readonly string[]>;

/** The invoices of these billing periods. */
export async function readInvoicesOfPeriods(
  database: Database,
  account: SubscriptionId,
  periods: readonly UsagePeriod[],
): Promise<PeriodInvoices> {
  const wanted = periods.flatMap(({ number }) => number ?? []);
  if (wanted.length === 0) return new Map();
  return readAsAccount(database, questionOf(account), nothing, async (tx) => {
    const { rows } = await tx.query<{ period: number; numbers: string[] }>({
      name: 'account-period-invoices',
      text: `select period, array_agg(number order by issued_at desc, invoice_id desc) as numbers
             from invoice where period = any($1::int[]) group by period`,
      values: [wanted],
    });
    return new Map(rows.map(({ period, numbers }) => [period, numbers]));
  });
}

/** Those of the invoices whose document for people has been made. */
export async function readPrinted(
  db: Queryable,
  invoices: readonly IssuedInvoice[],
): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(
    `select invoice_id as id from invoice_document where kind = 'pdf' and invoice_id = any($1::uuid[])`,
    [invoices.map(({ invoiceId }) => invoiceId)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** A printed invoice as it is handed out. */
export interface PrintedInvoice {
  readonly mediaType: string;
  readonly fileName: string;
  readonly content: Buffer;
}

/** The document for people of an invoice. */
export async function readPrintedInvoice(
  db: Queryable,
  invoiceId: string,
): Promise<PrintedInvoice | undefined> {
  const { rows } = await db.query<PrintedInvoice>(
    `select media_type as "mediaType", file_name as "fileName", content from invoice_document
     where invoice_id = $1 and kind = 'pdf'`,
    [invoiceId],
  );
  return rows[0];
}

function questionOf(account: SubscriptionId): AccountQuestion {
  return { account, asked: ['subscriptionId', account] };
}

function nothing(): Promise<void> {
  return Promise.resolve();
}

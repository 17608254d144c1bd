import type { Instant } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import type { RenderedDocument } from '../../documents/index.ts';

export const documentKinds = ['pdf', 'ubl', 'csv'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** A document of an invoice as it was made, byte for byte. */
export interface StoredDocument {
  readonly kind: DocumentKind;
  readonly mediaType: string;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly content: Buffer;
}

/** A document of an invoice; undefined until it has been made. */
export async function readDocument(
  db: Queryable,
  invoiceId: string,
  kind: DocumentKind,
): Promise<StoredDocument | undefined> {
  const { rows } = await db.query<StoredDocument>(
    `select kind, media_type as "mediaType", file_name as "fileName", sha256, content
     from invoice_document where invoice_id = $1 and kind = $2`,
    [invoiceId, kind],
  );
  return rows[0];
}

/** Keeps documents; one that is there already stays, since it may have been read. */
export async function insertDocuments(
  tx: Queryable,
  invoiceId: string,
  documents: readonly RenderedDocument[],
  now: Instant,
): Promise<void> {
  for (const { kind, mediaType, fileName, sha256, bytes } of documents) {
    await tx.query({
      name: 'invoice-document-insert',
      text: `insert into invoice_document (invoice_id, kind, media_type, file_name, sha256, content, created_at)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
      values: [
        invoiceId,
        kind,
        mediaType,
        fileName,
        Buffer.from(sha256),
        Buffer.from(bytes),
        now.toString(),
      ],
    });
  }
}

/** Takes the next invoice whose documents are due, and holds it; others pass it by. */
export async function claimDue(tx: Queryable, now: Instant): Promise<string | undefined> {
  const { rows } = await tx.query<{ invoice_id: string }>({
    name: 'invoice-document-claim',
    text: `select invoice_id from invoice_document_due where next_attempt_at <= $1
           order by next_attempt_at, invoice_id limit 1 for update skip locked`,
    values: [now.toString()],
  });
  return rows[0]?.invoice_id;
}

export async function removeDue(tx: Queryable, invoiceId: string): Promise<void> {
  await tx.query('delete from invoice_document_due where invoice_id = $1', [invoiceId]);
}

/** Notes why documents could not be made, and when to try again. */
export async function parkDue(
  tx: Queryable,
  invoiceId: string,
  problem: string,
  nextAttempt: (attempts: number) => Instant,
): Promise<void> {
  const { rows } = await tx.query<{ attempts: number }>(
    `update invoice_document_due set attempts = attempts + 1, problem = $2 where invoice_id = $1 returning attempts`,
    [invoiceId, problem],
  );
  const attempts = rows[0]?.attempts;
  if (attempts === undefined) return;
  await tx.query('update invoice_document_due set next_attempt_at = $2 where invoice_id = $1', [
    invoiceId,
    nextAttempt(attempts).toString(),
  ]);
}

/** Why the documents of an invoice are missing; undefined while nothing went wrong. */
export async function whyNotMade(db: Queryable, invoiceId: string): Promise<string | undefined> {
  const { rows } = await db.query<{ problem: string | null }>(
    'select problem from invoice_document_due where invoice_id = $1',
    [invoiceId],
  );
  return rows[0]?.problem ?? undefined;
}

/** An invoice whose documents could not be made; tried again. */
export interface DocumentProblem {
  readonly number: string;
  readonly accountId: AccountId;
  readonly attempts: number;
  readonly problem: string;
  readonly nextAttemptAt: Instant;
}

/** Invoices of these accounts, or of all, whose documents could not be made; the oldest first. */
export async function listDocumentProblems(
  db: Queryable,
  accountIds?: readonly AccountId[],
): Promise<DocumentProblem[]> {
  const { rows } = await db.query<DocumentProblem>(
    `select i.number, i.account_id as "accountId", d.attempts, d.problem, d.next_attempt_at as "nextAttemptAt"
     from invoice_document_due d join invoice i using (invoice_id)
     where d.problem is not null and ($1::uuid[] is null or i.account_id = any($1))
     order by i.issued_at, i.number`,
    [accountIds ?? null],
  );
  return rows;
}

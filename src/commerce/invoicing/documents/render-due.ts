import { isTransient, type Tx } from '../../../platform/index.ts';
import type { RenderedDocument, Renderer } from '../../documents/index.ts';
import { enqueueWebhook } from '../../webhooks/index.ts';
import { describeProblem, waitAfter } from '../problems.ts';
import { findInvoiceById, fullInvoice } from '../store.ts';
import { readSale } from '../issue/sale.ts';
import type { BillingRun } from '../issue/room.ts';
import { claimDue, insertDocuments, parkDue, removeDue } from './document-store.ts';
import { toDocument } from './to-document.ts';

export interface RenderReport {
  readonly made: number;
  readonly failed: number;
}

export interface RenderOptions {
  /** How many are made side by side; 2 unless given. */
  readonly atOnce?: number;
  /** After how many to stop; when nothing is due any more unless given. */
  readonly most?: number;
}

/**
 * Makes the documents of invoices that lack them. Each invoice in a transaction of its own: its documents
 * are there once, however often this is interrupted, and several processes share the work.
 */
export async function renderDueDocuments(
  room: BillingRun,
  renderer: Pick<Renderer, 'render'>,
  { atOnce = 2, most = Infinity }: RenderOptions = {},
): Promise<RenderReport> {
  const report = { made: 0, failed: 0 };
  let left = most;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const done = await renderNext(room, renderer);
      if (done === 'none') return;
      report[done] += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return report;
}

type Outcome = 'made' | 'failed' | 'none';

async function renderNext(room: BillingRun, renderer: Pick<Renderer, 'render'>): Promise<Outcome> {
  let claimed: string | undefined;
  try {
    return await room.database.transaction(async (tx) => {
      claimed = await claimDue(tx, room.clock.now());
      return claimed === undefined ? 'none' : renderOne(tx, room, renderer, claimed);
    });
  } catch (error) {
    // What the renderer refuses is noted while the invoice is held; here it is the database that failed.
    if (claimed === undefined || isTransient(error)) throw error;
    const invoiceId = claimed;
    await room.database.transaction((tx) => park(tx, room, invoiceId, error));
    return 'failed';
  }
}

async function renderOne(
  tx: Tx,
  room: BillingRun,
  renderer: Pick<Renderer, 'render'>,
  invoiceId: string,
): Promise<Outcome> {
  const invoice = await findInvoiceById(tx, invoiceId);
  if (invoice === undefined) throw new Error(`the invoice ${invoiceId} is missing`);
  const document = await toDocument(tx, await fullInvoice(tx, invoice));
  let rendered: RenderedDocument[];
  try {
    rendered = await renderer.render(document);
  } catch (error) {
    await park(tx, room, invoiceId, error);
    return 'failed';
  }
  const now = room.clock.now();
  await insertDocuments(tx, invoiceId, rendered, now);
  await removeDue(tx, invoiceId);
  const { lineage } = await readSale(tx, invoice.accountId);
  await enqueueWebhook(tx, {
    type: 'invoice.document-ready',
    occurredAt: now,
    accountIds: lineage,
    data: { number: invoice.number, kind: invoice.kind, accountId: invoice.accountId },
  });
  return 'made';
}

async function park(
  tx: Tx,
  { clock, log }: BillingRun,
  invoiceId: string,
  error: unknown,
): Promise<void> {
  log.warn({ err: error, invoiceId }, 'the documents of an invoice could not be made');
  const { message } = describeProblem(error);
  await parkDue(tx, invoiceId, message, (attempts) =>
    clock.now().add({ minutes: waitAfter(attempts) }),
  );
}

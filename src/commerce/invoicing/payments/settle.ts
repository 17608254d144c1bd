import type { Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import type { FullInvoice, Invoice } from '../invoice.ts';
import { addShares, freeCredits, insertBalance, setOff } from './balance-store.ts';
import { shareCredits } from './credit.ts';
import { openItems } from './open-items.ts';

const PAYMENTS_LOCK = 7324;

/**
 * Lets one payment, invoice or note of an account at a time change what is open, until the transaction
 * ends: each sees what the one before left. Issuing takes it after its periods and before the ledger, and so do
 * payments. No row: that of the account is taken before periods are.
 */
export async function holdPayments(tx: Queryable, accountId: AccountId): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [PAYMENTS_LOCK, accountId]);
}

/**
 * Pays what is open between a seller and a buyer with all that the buyer has to its good: payments of more
 * than was owed or of invoices that were taken back, and credit notes. The earliest due comes first.
 */
export async function settleAccount(
  tx: Queryable,
  issuerId: AccountId,
  accountId: AccountId,
): Promise<void> {
  await holdPayments(tx, accountId);
  const items = await openItems(tx, { accountId, issuerId });
  if (items.length === 0) return;
  await addShares(tx, shareCredits(items, await freeCredits(tx, { accountId, issuerId })));
}

/**
 * Takes up an invoice or note that was just issued, before the audit trail is written: it is open, or pays
 * for what is. One that takes another back is set off against it whole, and what was paid for that is free
 * for what is due first.
 */
export async function settleIssued(tx: Queryable, invoice: FullInvoice): Promise<void> {
  const { invoiceId, issuerId, accountId, kind, gross } = invoice;
  await holdPayments(tx, accountId);
  if (kind !== 'credit-note') await insertBalance(tx, invoice);
  const other = takenBackBy(invoice);
  if (other !== undefined) {
    const isCredit = kind === 'credit-note';
    await setOff(tx, isCredit ? [invoiceId, other] : [other, invoiceId], gross);
  }
  await settleAccount(tx, issuerId, accountId);
}

/** The id of the document that another one takes back whole. */
function takenBackBy({ corrects, lines }: FullInvoice): Invoice['corrects'] {
  return lines.some(({ kind }) => kind === 'cancellation') ? corrects : undefined;
}

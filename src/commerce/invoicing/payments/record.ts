import { randomUUID } from 'node:crypto';
import { Decimal, fail, minorUnitsOf, type Currency } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { isKeepable, type Tx } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import { postEntry } from '../../ledger/index.ts';
import { enqueueWebhook } from '../../webhooks/index.ts';
import { parseLocalDay } from '../dates.ts';
import type { BillingRoom } from '../issue/room.ts';
import { readSale, type InvoicedSale } from '../issue/sale.ts';
import { lowerBalances } from './balance-store.ts';
import { openItems } from './open-items.ts';
import { allocatePayment, NotAllocable, type Payment, type WantedAllocation } from './payment.ts';
import { findPayment, findPaymentByReference, insertPayment } from './payment-store.ts';
import { holdPayments, settleAccount } from './settle.ts';

/** A payment as it came in. */
export interface NewPayment {
  /** Who paid. */
  readonly accountId: AccountId;
  readonly amount: Decimal;
  /** That of the account unless given; another one is refused. */
  readonly currency?: Currency | undefined;
  readonly receivedOn: string;
  readonly reference: string;
  /** For which invoices; those that are due first unless given. */
  readonly allocations?: readonly WantedAllocation[] | undefined;
}

/**
 * Books a payment. The same again, by its reference, changes nothing and gives what is there. What is left
 * when the invoices that it names are paid pays for what else is open.
 *
 * @throws BillingAccountNotFound, PaymentInvalid; also for the reference of a payment that was taken back, since
 *   nobody could tell whether the same one came again or another one is meant
 */
export async function recordPayment(
  { database }: BillingRoom,
  wanted: NewPayment,
  changing: Changing,
): Promise<Payment> {
  return database.transaction(async (tx) => {
    await holdPlace(tx, wanted.accountId);
    await holdPayments(tx, wanted.accountId);
    const sale = await readSale(tx, wanted.accountId);
    check(wanted, sale);
    const { accountId, amount, receivedOn } = wanted;
    const reference = wanted.reference.trim();
    const issuerId = sale.seller.accountId;
    const known = await findPaymentByReference(tx, { issuerId, accountId, reference });
    if (known !== undefined) {
      if ((await findReversal(tx, known)) !== undefined) {
        throw invalid(
          `the payment with the reference '${reference}' was taken back; book it again with another reference`,
        );
      }
      if (known.amount.equals(amount) && known.receivedOn === receivedOn) return known;
      throw invalid(`there is another payment with the reference '${reference}'`);
    }
    const { currency } = sale.buyer;
    const items = await openItems(tx, { accountId, issuerId, currency });
    return book(
      tx,
      {
        paymentId: randomUUID(),
        issuerId,
        accountId,
        currency,
        amount,
        receivedOn,
        reference,
        createdAt: changing.clock.now(),
        allocations: orInvalid(() => allocatePayment(amount, items, wanted.allocations)),
      },
      sale,
      changing,
    );
  });
}

/**
 * Takes a payment back, as when a bank does: another one of the opposite amount, and what it paid is open
 * again. The same again gives what is there.
 *
 * @throws PaymentInvalid for an unknown payment, and for one that takes back itself
 */
export async function reversePayment(
  { database }: BillingRoom,
  { paymentId, receivedOn }: { readonly paymentId: string; readonly receivedOn: string },
  changing: Changing,
): Promise<Payment> {
  return database.transaction(async (tx) => {
    const known = await findPayment(tx, paymentId);
    if (known === undefined) throw invalid(`there is no payment ${paymentId}`);
    if (known.amount.isNegative()) throw invalid('it takes another one back itself');
    if (parseLocalDay(receivedOn) === undefined) throw invalid(DAY_RULE);
    await holdPayments(tx, known.accountId);
    // What it is for may have changed until it was held.
    const first = (await findPayment(tx, paymentId)) ?? known;
    const reversed = await findReversal(tx, first);
    if (reversed !== undefined) return reversed;
    const reversal: Payment = {
      ...first,
      paymentId: randomUUID(),
      amount: first.amount.negate(),
      receivedOn,
      reference: reversalOf(first),
      createdAt: changing.clock.now(),
      allocations: first.allocations.map((one) => ({ ...one, amount: one.amount.negate() })),
    };
    return book(tx, reversal, await readSale(tx, first.accountId), changing);
  });
}

/** Keeps the account where it is: a payment is for its seller, in its currency. */
async function holdPlace(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.query('select from billing_account where account_id = $1 for no key update', [
    accountId,
  ]);
}

/** By its reference a payment is known to take another one back; the statement of free credits has it too. */
function reversalOf({ paymentId }: Pick<Payment, 'paymentId'>): string {
  return `Reversal of ${paymentId}`;
}

/** The payment that takes this one back. */
function findReversal(tx: Tx, payment: Payment): Promise<Payment | undefined> {
  return findPaymentByReference(tx, { ...payment, reference: reversalOf(payment) });
}

const LONGEST_REFERENCE = 140;
const DAY_RULE = 'receivedOn is a day such as 2026-11-03';

function check({ amount, currency, receivedOn, reference }: NewPayment, sale: InvoicedSale): void {
  const own = sale.buyer.currency;
  if (currency !== undefined && currency !== own) {
    throw invalid(`the account pays in ${own}, and not in ${currency}`);
  }
  if (amount.compare(Decimal.zero) <= 0 || amount.scale > minorUnitsOf(own)) {
    throw invalid(`its amount is more than zero, in whole minor units of ${own}`);
  }
  if (parseLocalDay(receivedOn) === undefined) throw invalid(DAY_RULE);
  if (
    reference.trim() === '' ||
    reference.length > LONGEST_REFERENCE ||
    !isKeepable(reference) ||
    reference.startsWith('Reversal of ')
  ) {
    throw invalid(`its reference has 1 to ${LONGEST_REFERENCE} printable characters`);
  }
}

async function book(
  tx: Tx,
  payment: Payment,
  { lineage }: InvoicedSale,
  { clock, actor }: Changing,
): Promise<Payment> {
  const { paymentId, issuerId, accountId, currency, amount, createdAt } = payment;
  await insertPayment(tx, payment);
  await lowerBalances(tx, payment.allocations);
  await settleAccount(tx, issuerId, accountId);
  const settled = (await findPayment(tx, paymentId)) ?? payment;
  const common = { party: accountId, currency };
  await postEntry(tx, {
    book: issuerId,
    kind: 'payment',
    reference: paymentId,
    occurredAt: createdAt,
    postings: [
      { ...common, account: 'cash', amount },
      { ...common, account: 'receivable', amount: amount.negate() },
    ],
  });
  const told = toWirePayment(settled);
  await enqueueWebhook(tx, {
    type: 'payment.received',
    occurredAt: createdAt,
    accountIds: lineage,
    data: told,
  });
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Billing/payments/write',
    target: `/billingAccounts/${accountId}/payments/${paymentId}`,
    detail: told,
  });
  return settled;
}

function orInvalid<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof NotAllocable ? invalid(error.message) : error;
  }
}

function invalid(reason: string): Error {
  return fail('PaymentInvalid', { reason });
}

/** A payment as answers, webhooks and commands have it. */
export function toWirePayment(payment: Payment): Readonly<Record<string, unknown>> {
  return {
    paymentId: payment.paymentId,
    issuerId: payment.issuerId,
    accountId: payment.accountId,
    currency: payment.currency,
    amount: payment.amount.toText(),
    receivedOn: payment.receivedOn,
    reference: payment.reference,
    createdAt: payment.createdAt.toString(),
    allocations: payment.allocations.map(({ number, amount }) => ({
      number,
      amount: amount.toText(),
    })),
  };
}

import type { FastifyRequest } from 'fastify';
import { fail, StackmeterError } from '../../../kernel/index.ts';
import {
  allows,
  authorize,
  type Action,
  type Authenticate,
  type Principal,
} from '../../../identity/index.ts';
import {
  invalidProperty,
  queryParameters,
  type Clock,
  type Database,
} from '../../../platform/index.ts';
import {
  accountsFor,
  authorizeAccount,
  findPeriod,
  readAccountTree,
  type AccountId,
  type BillingAccount,
  type BillingPeriod,
} from '../../accounts/index.ts';
import type { RecordsOf } from '../explain/explanation.ts';
import type { KeptInvoice } from '../invoice.ts';
import { readSale } from '../issue/sale.ts';
import { findInvoice } from '../store.ts';

/** What the routes of invoices need. */
export interface InvoicingApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** Asks the stamp for records, where it runs here. */
  readonly recordsOf?: RecordsOf | undefined;
}

export const READ_INVOICES: Action = 'Stackmeter.Billing/invoices/read';
export const WRITE_INVOICES: Action = 'Stackmeter.Billing/invoices/write';
export const READ_PAYMENTS: Action = 'Stackmeter.Billing/payments/read';
export const WRITE_PAYMENTS: Action = 'Stackmeter.Billing/payments/write';

/** Most items on a page. */
export const PAGE = 500;

/**
 * The accounts whose invoices or payments somebody may see: the one that the query names, or all.
 *
 * @returns undefined: every one that there is
 * @throws BillingAccountNotFound
 */
export async function readableAccounts(
  { database }: InvoicingApi,
  principal: Principal,
  action: Action,
  request: FastifyRequest,
): Promise<readonly AccountId[] | undefined> {
  const account = queryParameters(request).get('account');
  if (account !== undefined) {
    return [(await authorizeAccount(principal, action, database.pool, account)).accountId];
  }
  if (allows(principal.grants, action)) return undefined;
  const own = accountsFor(principal, action, await readAccountTree(database.pool));
  return own.map(({ accountId }) => accountId);
}

/**
 * An invoice for somebody who may read it: the buyer, the seller, and those above.
 *
 * @throws InvoiceNotFound to all others, whether or not there is such an invoice
 */
export async function readableInvoice(
  { database }: InvoicingApi,
  principal: Principal,
  number: string,
): Promise<KeptInvoice> {
  const invoice = await findInvoice(database.pool, number);
  try {
    if (invoice !== undefined) {
      await authorizeAccount(principal, READ_INVOICES, database.pool, invoice.accountId);
      return invoice;
    }
  } catch (error) {
    if (!(error instanceof StackmeterError)) throw error;
  }
  throw fail('InvoiceNotFound', { number });
}

/**
 * What is done to invoices and payments of an account is for its seller: no role on the account itself
 * is enough.
 *
 * @throws BillingAccountNotFound, AuthorizationFailed
 */
export async function authorizeSeller(
  { database }: InvoicingApi,
  principal: Principal,
  [see, change]: readonly [Action, Action],
  account: string,
): Promise<BillingAccount> {
  const buyer = await authorizeAccount(principal, see, database.pool, account);
  const { seller } = await readSale(database.pool, buyer.accountId);
  const { subscriptionId } = seller;
  const isAllowed =
    subscriptionId !== undefined && allows(principal.grants, change, { subscriptionId });
  if (!isAllowed) authorize(principal, change);
  return buyer;
}

/** A period of an account by its name. @throws InvalidProperty */
export async function requirePeriod(
  { database }: InvoicingApi,
  { accountId }: BillingAccount,
  name: string,
): Promise<BillingPeriod> {
  const period = await findPeriod(database.pool, accountId, name);
  if (period !== undefined) return period;
  throw invalidProperty('period', name, 'it is the name of a period of the account, like 202610-1');
}

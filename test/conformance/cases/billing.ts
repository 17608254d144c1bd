import type { As, Expectation, WireRequest } from '../case.ts';
import { OPERATOR } from './usage.ts';

export const BUYER: As = { client: 'billedCustomer' };
export const OTHER_BUYER: As = { client: 'otherBilledCustomer' };
/** Sells to the one buyer; the other is the provider's. */
export const SELLER: As = { client: 'billingPartner' };
export { OPERATOR };

/** Meters of the fixture's prices, as the test of support has them. */
export const BASE_VM = 'fab6eb84-500b-4a09-a8ca-7358f8bbaea5';
export const WINDOWS_VM = '9cd92d4c-bafd-4492-b278-bedc2de8232a';

type Query = Readonly<Record<string, string>>;

export const get = (path: string, as: As = OPERATOR, query?: Query): WireRequest => ({
  path: `/api/v1${path}`,
  as,
  ...(query && { query }),
});

/** A request with a body that the interface has as JSON. */
export const send = (
  method: string,
  path: string,
  json?: unknown,
  as: As = OPERATOR,
): WireRequest => ({
  method,
  path: `/api/v1${path}`,
  as,
  ...(json !== undefined && {
    body: { json },
    headers: { 'content-type': 'application/json' },
  }),
});

export const account = (name: string, path = ''): string => `/accounts/{${name}Account}${path}`;

export const refusal = (
  status: number,
  code: Expectation['code'] & string,
  message?: string,
): Expectation => ({ status, code, ...(message !== undefined && { message }) });

export const noAccount = refusal(404, 'BillingAccountNotFound');
export const noInvoice = refusal(404, 'InvoiceNotFound');
export const forbidden = refusal(403, 'AuthorizationFailed');

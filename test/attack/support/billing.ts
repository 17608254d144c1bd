import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { isJsonObject } from '../../../src/kernel/index.ts';
import { METERS } from '../../support/billing.ts';
import type { AttackedStamp } from './stamp.ts';

/** Ids of what is billed to somebody, by the names of parameters. */
export interface BilledThings {
  readonly account: string;
  readonly number: string;
  readonly charge: string;
  readonly endpoint: string;
  readonly term: string;
  readonly payment: string;
}

const NOBODYS = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5fff';

/** Each of them beside one of the same form and length that nobody has. */
export function pairsOf(things: BilledThings): (readonly [exists: string, nobodys: string])[] {
  const { account, number, charge, endpoint, term } = things;
  return [
    ...[account, endpoint, term].map((id) => [id, NOBODYS] as const),
    [number, number.replace(/^[A-Z]+/, (prefix) => 'X'.repeat(prefix.length))],
    [charge, charge.replaceAll(/\d/g, '9')],
  ];
}

/** Has the operator make a webhook endpoint, a term and a payment for an account that has an invoice. */
export async function makeBilledThings(
  stamp: AttackedStamp,
  of: { readonly account: string; readonly number: string; readonly charge: string },
): Promise<BilledThings> {
  const make = async (
    method: string,
    path: string,
    json: unknown,
  ): Promise<Record<string, unknown>> => {
    const answer = await stamp.as('operator', { method, path: `/api/v1${path}`, json });
    assert.ok(answer.status < 300, `${method} ${path} ${answer.status} ${answer.text}`);
    const body: unknown = JSON.parse(answer.text);
    assert.ok(isJsonObject(body));
    return body;
  };
  const endpoint = randomUUID();
  const { account: accountId } = of;
  const url = 'https://127.0.0.1:9/hook';
  await make('PUT', `/webhook-endpoints/${endpoint}`, { accountId, url });
  const term = await make('POST', `/accounts/${accountId}/terms`, TERM);
  const payment = await make('POST', '/payments', paymentOf(accountId, `for ${of.number}`));
  return { ...of, endpoint, term: String(term['termId']), payment: String(payment['paymentId']) };
}

const TERM = { name: 'a', definition: { kind: 'credit', amount: '1' } };
const CONTENT = {
  name: 'a',
  currency: 'USD',
  items: [{ meterId: METERS.baseVm, price: { kind: 'flat', unitPrice: '1' } }],
};
const HOURS = { from: '2026-09-20T10:00:00Z', to: '2026-09-20T11:00:00Z', reason: 'a' };

function paymentOf(accountId: string, reference: string): object {
  return { accountId, amount: '0.01', receivedOn: '2026-10-01', reference };
}

/** Bodies that name the id wherever one can be named, by operation of billing. */
export const BILLING_BODIES: Readonly<Record<string, (id: string) => readonly unknown[]>> = {
  putBillingAccount: (id) => [
    { kind: 'customer', name: 'a', parentId: id },
    { kind: 'customer', name: 'a', subscriptionId: id },
  ],
  updateBillingAccount: (id) => [{ parentId: id, name: 'taken', paymentDays: 365 }],
  setAccountPricing: () => [{ priceListId: 'sample', effectiveFrom: '2999-01-01T00:00:00Z' }],
  addAccountTerm: () => [TERM],
  holdPeriod: () => [{ reason: 'a' }],
  voidInvoice: () => [{ reason: 'a' }],
  recordPayment: (id) => [
    paymentOf(id, 'a'),
    { ...paymentOf(id, 'b'), allocations: [{ number: id, amount: '0.01' }] },
  ],
  rerateUsage: (id) => [{ ...HOURS, accountId: id }],
  whatIf: (id) => [{ period: '202609-1', accountId: id, content: CONTENT }],
  putPriceList: () => [{ content: CONTENT, effectiveFrom: '2999-01-01T00:00:00Z' }],
  publishPriceListVersion: () => [{ content: CONTENT, note: 'a' }],
  quoteUsage: (id) => [
    { priceListId: 'wire', usage: [{ meterId: METERS.baseVm, quantity: '1', subscriptionId: id }] },
  ],
  putExchangeRate: () => [
    { from: 'EUR', to: 'ISK', day: '2026-09-01', rate: '140', source: 'somebody' },
  ],
  addTaxRate: () => [{ sellerCountry: 'FI', buyerCountry: 'FI', category: 'S', percent: '25.5' }],
  putWebhookEndpoint: (id) => [
    { accountId: id, url: 'https://127.0.0.1:9/hook', eventTypes: ['invoice.issued'] },
  ],
  replayWebhookMessages: (id) => [{ messageId: id }, { dead: true }],
  rotateWebhookSecret: () => [{ hours: 0 }],
};

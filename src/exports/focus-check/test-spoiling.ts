/** How a delivery is spoilt, in words that the tables of faults share. */
import type { FocusDataset } from '../focus/index.ts';
import type { CheckOptions } from './check-focus.ts';
import type { Change } from './test-generic-faults.ts';
import { decimal, tablesOf, validDelivery } from './test-delivery.ts';
import type { Values } from './test-rows.ts';
import type { KnownInvoice } from './site.ts';

export interface Fault {
  readonly change: Change;
  /** what has to be known beside the files; nothing but the capabilities when left out */
  readonly options?: CheckOptions;
  /** rules that cannot hold either when this one is broken */
  readonly also?: readonly string[];
}

export const at = {
  vm: 0,
  blob: 1,
  covered: 2,
  idle: 3,
  corrected: 4,
  split: 5,
  contract: 6,
  reserved: 7,
  rounding: 8,
  commitment: 9,
  support: 10,
  credit: 11,
  tax: 12,
  note: 13,
  open: 14,
} as const;

export function setting(dataset: FocusDataset, row: number, values: Values): Change {
  return (delivery) => {
    Object.assign(delivery.rows[dataset]!.at(row)!, values);
  };
}

export const charge = (row: keyof typeof at, values: Values): Change =>
  setting('CostAndUsage', at[row], values);
export const openCharge = (values: Values): Change => charge('open', values);
export const all =
  (...changes: readonly Change[]): Change =>
  (delivery) => {
    for (const change of changes) change(delivery);
  };
export const nothing: Change = () => {};
export const invoiceLine = (row: number, values: Values): Change =>
  setting('InvoiceDetail', row, values);
export const period = (row: number, values: Values): Change =>
  setting('BillingPeriod', row, values);

/** One more record beside those that are there, like the last one. */
export function adding(dataset: FocusDataset, values: Values): Change {
  return ({ rows }) => {
    rows[dataset]!.push({ ...rows[dataset]!.at(-1)!, ...values });
  };
}

export function addingColumn(
  dataset: FocusDataset,
  name: string,
  value: string | null = '1',
): Change {
  return ({ columns, rows }) => {
    const names = columns[dataset]!;
    const place = names.findIndex((one) => one.startsWith('x_') && one > name);
    names.splice(place < 0 ? names.length : place, 0, name);
    for (const row of rows[dataset]!) row[name] = value;
  };
}

export const knownInvoice = (facts: Partial<KnownInvoice>, id = 'NC-1'): CheckOptions => ({
  invoices: new Map([[id, { payableAmount: decimal('144.36'), isIssued: true, ...facts }]]),
});
/** A delivery before this one, which has the invoice that the credit note changes. */
export function before(delivery = validDelivery('1.4')): CheckOptions {
  adding('InvoiceDetail', { InvoiceId: 'NC-0', ReferenceInvoiceId: 'NC-0' })(delivery);
  return { previous: tablesOf(delivery) };
}
export const later = '2026-11-02T10:00:00Z';

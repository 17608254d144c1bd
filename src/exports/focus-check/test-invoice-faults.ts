/** Faults for rules about invoices and periods, by their id in 1.4. */
import { decimal, validDelivery } from './test-delivery.ts';
import type { Values } from './test-rows.ts';
import {
  adding,
  all,
  before,
  invoiceLine,
  knownInvoice,
  later,
  nothing,
  period,
  type Fault,
} from './test-spoiling.ts';

const empty: Values = {
  InvoiceId: 'NC-9',
  ReferenceInvoiceId: 'NC-9',
  BilledCost: '0',
  PaymentCurrencyBilledCost: '0',
};

export const invoiceFaults: Readonly<Record<string, Fault>> = {
  'IND-BilledCost-C-008': {
    change: nothing,
    options: knownInvoice({ lines: new Map([['1', decimal('5.31')]]) }),
  },
  'IND-BilledCost-C-010': {
    change: all(
      invoiceLine(0, { BilledCost: '6.2' }),
      invoiceLine(1, { BilledCost: '120.9' }),
      invoiceLine(2, { BilledCost: '-4.1' }),
    ),
    also: ['SM-CAU-06'],
  },
  'IND-BilledCost-C-013': {
    change: all(invoiceLine(0, { BilledCost: '8.3' }), invoiceLine(1, { BilledCost: '117' })),
    also: ['SM-CAU-06'],
  },
  'IND-BillingCurrency-C-005': {
    change: nothing,
    options: knownInvoice({ currency: 'USD' }),
    also: ['CAU-BillingCurrency-C-005-M'],
  },
  'IND-BillingPeriodEnd-C-005': {
    change: invoiceLine(-1, { BillingPeriodEnd: '2026-12-01T00:00:00Z' }),
  },
  'IND-BillingPeriodStart-C-005': {
    change: invoiceLine(-1, { BillingPeriodStart: '2026-09-01T00:00:00Z' }),
  },
  'IND-InvoiceDetailCreated-C-004': {
    change: invoiceLine(-1, {
      InvoiceDetailCreated: '2026-11-02T07:00:00Z',
      InvoiceDetailLastUpdated: later,
    }),
    options: before(),
  },
  'IND-InvoiceDetailCreated-C-005': {
    change: invoiceLine(-1, {
      InvoiceDetailCreated: '2026-11-04T00:00:00Z',
      InvoiceDetailLastUpdated: '2026-11-04T00:00:00Z',
    }),
  },
  'IND-InvoiceDetailGrain-C-006': {
    change: invoiceLine(0, { InvoiceDetailGrain: '{"x_SkuId":"1"}' }),
  },
  'IND-InvoiceDetailGrain-C-008': {
    change: invoiceLine(0, { InvoiceDetailGrain: '{"x_lower":"1"}' }),
  },
  'IND-InvoiceDetailGrain-C-009': {
    change: invoiceLine(0, { InvoiceDetailGrain: '{"Colour":"1"}' }),
  },
  'IND-InvoiceDetailGrain-C-011': {
    change: invoiceLine(0, { InvoiceDetailGrain: '{"SKUId":"1"}' }),
  },
  'IND-InvoiceDetailGrain-C-012': { change: invoiceLine(0, { InvoiceDetailGrain: '{"SkuId":1}' }) },
  'IND-InvoiceDetailId-C-004': {
    change: adding('InvoiceDetail', {
      BilledCost: '0',
      PaymentCurrencyBilledCost: '0',
      InvoiceDetailDescription: 'Once more',
    }),
  },
  'IND-InvoiceDetailLastUpdated-C-004': {
    change: invoiceLine(-1, { InvoiceDetailDescription: 'Changed' }),
    options: before(),
  },
  'IND-InvoiceDetailLastUpdated-C-005': {
    change: invoiceLine(-1, { InvoiceDetailLastUpdated: '2026-11-01T00:00:00Z' }),
  },
  'IND-InvoiceId-C-005': {
    change: invoiceLine(0, { InvoiceIssueDate: '2026-11-03T00:00:00Z' }),
  },
  'IND-InvoiceIssueDate-C-004': {
    change: nothing,
    options: knownInvoice({ issueDate: '2026-11-01T00:00:00Z' }),
  },
  'IND-InvoiceIssueStatus-C-005': { change: nothing, options: knownInvoice({ status: 'Voided' }) },
  'IND-InvoiceIssueStatus-C-006': {
    change: all(
      invoiceLine(-1, { InvoiceIssueStatus: 'Open', InvoiceDetailLastUpdated: later }),
      period(0, { BillingPeriodStatus: 'Open', BillingPeriodLastUpdated: '2026-11-04T00:00:00Z' }),
    ),
    options: before(withOpenOctober()),
  },
  'IND-InvoiceIssuerName-C-004': {
    change: nothing,
    options: knownInvoice({ issuer: 'Southern Cloud' }),
    also: ['CAU-InvoiceIssuerName-SM-004'],
  },
  'IND-PaymentCurrencyInvoiceDetailId-C-004': {
    change: invoiceLine(3, {
      PaymentCurrencyBilledCost: '0',
      PaymentCurrencyInvoiceDetailId: '9',
    }),
  },
  'IND-PaymentCurrencyInvoiceDetailId-C-005': {
    change: invoiceLine(3, { PaymentCurrencyInvoiceDetailId: '3' }),
  },
  'IND-PaymentDueDate-C-004': { change: nothing, options: knownInvoice({ dueDate: null }) },
  'IND-PaymentTerms-C-004': { change: nothing, options: knownInvoice({ terms: 'Net 14' }) },
  'IND-PurchaseOrderNumber-C-004': {
    change: nothing,
    options: knownInvoice({ purchaseOrder: 'PO-2' }),
  },
  'IND-ReferenceInvoiceId-C-004': {
    change: nothing,
    options: knownInvoice({ payableAmount: decimal('-1'), adjusts: 'NC-1' }, 'NC-2'),
  },
  'IND-ReferenceInvoiceId-C-005': {
    change: invoiceLine(3, { ReferenceInvoiceId: 'NC-2' }),
    options: knownInvoice({ adjusts: null }),
  },
  'IND-InvoiceDetail-SM-029': {
    change: nothing,
    options: knownInvoice({ lines: new Map([['6', decimal('1')]]) }),
  },
  'SM-IND-01': {
    change: adding('InvoiceDetail', { ...empty, BillingPeriodEnd: '2026-10-01T00:00:00Z' }),
  },
  'SM-IND-03': {
    change: invoiceLine(-1, { ReferenceInvoiceId: 'NC-7', InvoiceDetailLastUpdated: later }),
    options: before(),
  },
  'SM-IND-04': {
    change: adding('InvoiceDetail', { ...empty, BilledCost: '0.001' }),
    also: ['SM-CAU-06'],
  },
  'SM-IND-05': { change: invoiceLine(2, { ChargeCategory: 'Purchase' }) },
  'SM-IND-06': { change: invoiceLine(-1, { PaymentDueDate: '2026-11-01T00:00:00Z' }) },
};

function withOpenOctober(): ReturnType<typeof validDelivery> {
  const delivery = validDelivery('1.4');
  period(0, { BillingPeriodStatus: 'Open' })(delivery);
  return delivery;
}

export const periodFaults: Readonly<Record<string, Fault>> = {
  'BIP-BillingPeriodCreated-C-004': {
    change: period(1, {
      BillingPeriodCreated: '2026-11-02T00:00:00Z',
      BillingPeriodLastUpdated: '2026-11-02T00:00:00Z',
    }),
    options: before(),
  },
  'BIP-BillingPeriodLastUpdated-C-004': {
    change: period(1, { BillingPeriodStatus: 'Closed' }),
    options: before(),
  },
  'BIP-BillingPeriodLastUpdated-C-005': {
    change: period(1, { BillingPeriodLastUpdated: '2026-10-30T00:00:00Z' }),
  },
  'BIP-BillingPeriodStatus-C-005': {
    change: period(0, {
      BillingPeriodStatus: 'Open',
      BillingPeriodLastUpdated: '2026-11-04T00:00:00Z',
    }),
    options: before(),
  },
  'SM-BPD-01': { change: adding('BillingPeriod', { BillingPeriodStatus: 'Closed' }) },
  'SM-BPD-02': {
    change: adding('BillingPeriod', {
      BillingPeriodStart: '2027-01-01T00:00:00Z',
      BillingPeriodEnd: '2027-01-01T00:00:00Z',
    }),
  },
  'SM-BPD-03': {
    change: adding('BillingPeriod', {
      BillingPeriodStart: '2026-11-15T00:00:00Z',
      BillingPeriodEnd: '2026-12-15T00:00:00Z',
    }),
  },
  'SM-BPD-04': { change: invoiceLine(-1, { InvoiceIssueStatus: 'Open' }) },
};

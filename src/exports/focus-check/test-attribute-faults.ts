/** Faults for rules of attributes, which hold for columns and texts of any dataset: by dataset and id. */
import type { FocusDataset } from '../focus/index.ts';
import { solo } from './test-charge-faults.ts';
import { dropColumn, type Change } from './test-generic-faults.ts';
import type { Values } from './test-rows.ts';
import {
  adding,
  addingColumn,
  all,
  charge,
  invoiceLine,
  openCharge,
  period,
  setting,
  type Fault,
} from './test-spoiling.ts';

const turningColumns =
  (dataset: FocusDataset): Change =>
  ({ columns }) => {
    columns[dataset]!.splice(0, 2, ...columns[dataset]!.slice(0, 2).toReversed());
  };

/** Names of columns: slips of FOCUS names, and own names that are not good. */
function names(dataset: FocusDataset): Record<string, Fault> {
  const adds = (name: string): Fault => ({ change: addingColumn(dataset, name) });
  return {
    'ATT-FocusColumnHandling-A-002': adds('billingperiodstart'),
    'ATT-FocusColumnHandling-A-003': adds('Billing Period Start'),
    'ATT-FocusColumnHandling-A-004': adds('Billing_Period_Start'),
    'ATT-DatasetCompleteness-A-009': { change: turningColumns(dataset) },
    'ATT-CustomColumnHandling-A-002': adds('Colour'),
    'ATT-CustomColumnHandling-A-003': adds('x_colour'),
    'ATT-CustomColumnHandling-A-004': adds('x_Colour_Name'),
    'ATT-CustomColumnHandling-A-006': adds('x_Qty'),
    'ATT-CustomColumnHandling-A-007': adds('x_VATId'),
    'ATT-CustomColumnHandling-A-008': adds(`x_${'Long'.repeat(13)}`),
  };
}

const own = (values: Values): Fault => ({ change: openCharge(values) });
const deepObject =
  '{"Elements":[{"ContractId":"/c","ContractCommitmentId":"/c/1","ContractCommitmentAppliedCost":1}],"x_Deep":{"A":{"B":{"C":1}}}}';

const inCharges: Readonly<Record<string, Fault>> = {
  ...names('CostAndUsage'),
  'ATT-DeliveryHandling-A-001': {
    change: all(
      (delivery) => dropColumn(delivery, 'CostAndUsage', 'x_RecordId'),
      adding('CostAndUsage', {}),
    ),
  },
  'ATT-NullHandling-A-001': own({ ChargeDescription: 'null' }),
  'ATT-NullHandling-A-002': own({ ChargeDescription: '' }),
  'ATT-StringHandling-A-010': {
    change: openCharge({ ...solo, ServiceName: '' }),
    also: ['ATT-NullHandling-A-002'],
  },
  'ATT-StringHandling-A-011': own({ ...solo, ServiceName: '  ' }),
  'ATT-CustomColumnHandling-A-012': own({ x_PriceVersionId: 'n/a' }),
  'ATT-CustomColumnHandling-A-013': own({ x_BookedTime: '2026-10-05' }),
  'ATT-CustomColumnHandling-A-016': own({ x_TaxRate: '20 %' }),
  'ATT-CustomColumnHandling-A-018': own({ x_PaidCurrency: 'eur' }),
  'ATT-CustomColumnHandling-A-019': own({ x_ReportedUnit: 'GB*Hours' }),
  'ATT-JsonObjectFormat-A-003': own({ ContractApplied: deepObject }),
  'ATT-UnitFormat-A-009': own({ ConsumedUnit: 'widgets' }),
  'ATT-UnitFormat-A-013': own({ ConsumedUnit: 'Cores-Hour' }),
  'ATT-UnitFormat-A-018': own({ ConsumedUnit: 'GB/Hours' }),
  'ATT-UnitFormat-A-019': own({ ConsumedUnit: 'Hour' }),
};

const inInvoices: Readonly<Record<string, Fault>> = {
  ...names('InvoiceDetail'),
  'ATT-DeliveryHandling-A-001': {
    change: all(
      setting('InvoiceDetail', 0, {}),
      adding('InvoiceDetail', {
        BilledCost: '0',
        InvoiceDetailId: '9',
        PaymentCurrencyInvoiceDetailId: '9',
      }),
      adding('InvoiceDetail', {}),
    ),
    also: ['IND-InvoiceDetailId-C-004'],
  },
  'ATT-NullHandling-A-001': { change: invoiceLine(0, { PurchaseOrderNumber: 'null' }) },
  'ATT-NullHandling-A-002': { change: invoiceLine(0, { PurchaseOrderNumber: '-' }) },
  'ATT-StringHandling-A-010': {
    change: invoiceLine(-1, { PaymentTerms: '' }),
    also: ['ATT-NullHandling-A-002'],
  },
  'ATT-StringHandling-A-011': { change: invoiceLine(-1, { PaymentTerms: ' ' }) },
};

const inPeriods: Readonly<Record<string, Fault>> = {
  ...names('BillingPeriod'),
  'ATT-DeliveryHandling-A-001': { change: adding('BillingPeriod', {}), also: ['SM-BPD-01'] },
  'ATT-NullHandling-A-001': { change: period(1, { InvoiceIssuerName: 'None' }) },
  'ATT-NullHandling-A-002': { change: period(1, { InvoiceIssuerName: 'N/A' }) },
  'ATT-StringHandling-A-010': {
    change: period(1, { InvoiceIssuerName: '' }),
    also: ['ATT-NullHandling-A-002'],
  },
  'ATT-StringHandling-A-011': { change: period(1, { InvoiceIssuerName: ' ' }) },
};

export const attributeFaults14: Readonly<Record<FocusDataset, Readonly<Record<string, Fault>>>> = {
  CostAndUsage: inCharges,
  InvoiceDetail: inInvoices,
  BillingPeriod: inPeriods,
};

/** The attributes of 1.2, which has one dataset. */
export const attributeFaults12: Readonly<Record<string, Fault>> = {
  'ColumnHandling-A-001-M': { change: addingColumn('CostAndUsage', 'billingperiodstart') },
  'ColumnHandling-A-003-M': { change: addingColumn('CostAndUsage', 'Billing_Period_Start') },
  'ColumnHandling-A-010-M': { change: addingColumn('CostAndUsage', 'Colour') },
  'ColumnHandling-A-011-O': { change: addingColumn('CostAndUsage', 'x_colour') },
  'ColumnHandling-A-012-O': {
    change: ({ columns }) => {
      columns.CostAndUsage!.unshift(columns.CostAndUsage!.pop()!);
    },
  },
  'NullHandling-A-001-C': own({ ChargeDescription: 'null' }),
  'NullHandling-A-002-M': own({ ChargeDescription: '' }),
  'StringHandling-A-007-M': own({ ...solo, ServiceName: '  ' }),
  'DiscountHandling-A-012-C': { change: charge('commitment', { ResourceId: '/other' }) },
  'DiscountHandling-A-016-C': {
    change: ({ rows }) => {
      const [, , covered, idle] = rows.CostAndUsage!;
      covered!['ResourceId'] = idle!['ResourceId'] ?? null;
      covered!['ResourceType'] = idle!['ResourceType'] ?? null;
    },
  },
  'DiscountHandling-A-018-C': {
    change: charge('commitment', { CommitmentDiscountStatus: 'Unused' }),
  },
  'DiscountHandling-A-019-C': { change: charge('idle', { ResourceId: '/other' }) },
  'UnitFormat-A-004-C': own({ ConsumedUnit: 'widgets' }),
};

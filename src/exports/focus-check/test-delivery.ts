/** A small delivery of FOCUS that keeps every rule, with a row for each kind of charge, for tests to spoil. */
import { Decimal } from '../../kernel/index.ts';
import {
  focusColumns,
  type FocusDataset,
  type FocusTable,
  type FocusVersion,
} from '../focus/index.ts';
import type { CheckOptions } from './check-focus.ts';
import type { KnownInvoice } from './site.ts';
import { details, otherRows, periods, usageRows, type Values } from './test-rows.ts';

/** Tables that can be changed before they are checked. */
export interface Delivery {
  readonly version: FocusVersion;
  readonly columns: Partial<Record<FocusDataset, string[]>>;
  readonly rows: Partial<Record<FocusDataset, Values[]>>;
}

export const decimal = (text: string): Decimal => {
  const number = Decimal.parse(text);
  if (number === undefined) throw new TypeError(text);
  return number;
};

const ownColumns: Readonly<Record<string, (at: number) => string>> = {
  x_BookedTime: () => '2026-10-05T00:00:00Z',
  x_PaidCurrency: () => 'EUR',
  x_PriceVersionId: () => 'v1',
  x_RecordId: (at) => `record-${at}`,
  x_ReportedUnit: () => 'Hours',
  x_TaxRate: () => '20',
};

/** A fresh delivery that keeps every rule of the version. */
export function validDelivery(version: FocusVersion): Delivery {
  const of = (dataset: FocusDataset, rows: readonly Values[]): [string[], Values[]] => {
    const names = focusColumns[version][dataset].map(({ name }) => name);
    const own = dataset === 'CostAndUsage' ? Object.keys(ownColumns) : [];
    const filled = rows.map((row, at) => ({
      ...Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
      ...Object.fromEntries(own.map((name) => [name, ownColumns[name]!(at)])),
    }));
    return [[...names, ...own], filled];
  };
  const [columns, rows] = of('CostAndUsage', [...usageRows, ...otherRows]);
  if (version === '1.2') {
    return { version, columns: { CostAndUsage: columns }, rows: { CostAndUsage: rows } };
  }
  const [detailColumns, detailRows] = of('InvoiceDetail', details);
  const [periodColumns, periodRows] = of('BillingPeriod', periods);
  return {
    version,
    columns: {
      CostAndUsage: columns,
      InvoiceDetail: detailColumns,
      BillingPeriod: periodColumns,
    },
    rows: { CostAndUsage: rows, InvoiceDetail: detailRows, BillingPeriod: periodRows },
  };
}

/** The delivery as tables to check. */
export function tablesOf({ version, columns, rows }: Delivery): FocusTable[] {
  return (['CostAndUsage', 'InvoiceDetail', 'BillingPeriod'] as const).flatMap((dataset) => {
    const names = columns[dataset];
    if (names === undefined) return [];
    const values = (rows[dataset] ?? []).map((row) => names.map((name) => row[name] ?? null));
    return [{ version, dataset, columns: names, rows: () => asyncRows(values) }];
  });
}

async function* asyncRows<T>(rows: readonly T[]): AsyncGenerator<T> {
  await Promise.resolve();
  yield* rows;
}

const capabilities =
  `ACCOUNT_NAMING AVAILABILITY_ZONE CAPACITY_RESERVATION COMMITMENT_PROGRAMS COMMITMENT_DISCOUNT
  CONTRACT_COMMITMENTS DATA_GENERATOR_SPLIT_COST_ALLOCATION INVOICE_ISSUER_PAYABLE_INVOICES MULTIPLE_PRICING_CATEGORIES
  MULTIPLE_SUB_ACCOUNT_TYPES MULTIPLE_BILLING_ACCOUNT_TYPES NEGOTIATED_PRICING PUBLIC_PRICE_LIST USAGE_MEASUREMENT
  UNIT_PRICING SUB_ACCOUNT BILLING_BASED_ON_PROVISIONED_RESOURCES RESOURCE_TYPE_ASSIGNMENT
  PRICING_BILLING_CURRENCY_DIFFERENCES PRICING_BILLING_AGGREGATION_DIFFERENCES VIRTUAL_CURRENCY REGION TAGGING
  PAYMENT_CURRENCY_DIFFERENCES PURCHASE_ORDER`.split(/\s+/);

const printed: KnownInvoice = {
  payableAmount: decimal('144.36'),
  isIssued: true,
  currency: 'EUR',
  issuer: 'Northern Cloud',
  status: 'Issued',
  issueDate: '2026-11-02T09:00:00Z',
  dueDate: '2026-12-02T00:00:00Z',
  terms: 'Net 30',
  purchaseOrder: 'PO-1',
  adjusts: null,
  lines: new Map([
    ['1', decimal('5.3')],
    ['2', decimal('120')],
    ['3', decimal('-5')],
    ['4', decimal('24.06')],
    ['5', Decimal.zero],
  ]),
};

/** Everything that can be known beside the files. */
export function allKnown(version: FocusVersion): CheckOptions {
  return {
    profile: Object.fromEntries(capabilities.map((name) => [name, true])),
    facts: {
      'generator.authorizedToInvoice': true,
      'generator.originates': true,
      'commitment.bothSidesPresent': true,
    },
    invoices: new Map([
      ['NC-1', printed],
      [
        'NC-2',
        {
          ...printed,
          payableAmount: decimal('-1'),
          adjusts: 'NC-0',
          lines: new Map([['1', decimal('-1')]]),
        },
      ],
    ]),
    previous: tablesOf(earlierDelivery(version)),
  };
}

/** What was delivered while the period was still open, and the invoice that the credit note changes. */
function earlierDelivery(version: FocusVersion): Delivery {
  const delivery = validDelivery(version);
  const { InvoiceDetail: lines, BillingPeriod: months } = delivery.rows;
  if (lines !== undefined) {
    lines.push({ ...lines[0]!, InvoiceId: 'NC-0', ReferenceInvoiceId: 'NC-0' });
  }
  for (const month of months ?? []) {
    month['BillingPeriodStatus'] = 'Open';
    month['BillingPeriodLastUpdated'] = month['BillingPeriodCreated'] ?? null;
  }
  return delivery;
}

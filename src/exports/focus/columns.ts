import {
  focusColumns,
  type FocusColumn,
  type FocusDataset,
  type FocusType,
  type FocusVersion,
} from './table.ts';

/** What this system does not have: zones, reservations, commitments, split costs, prices in other currencies. */
const LEFT_OUT =
  /^(?:Allocated|AvailabilityZone|Capacity|CommitmentDiscount|CommitmentProgram|ContractApplied|PricingCurrency.|PaymentCurrency)/;

const own = (type: FocusType, ...names: readonly string[]): FocusColumn[] =>
  names.map((name) => ({ name, type, nullable: true }));

/** Columns of ours in CostAndUsage. */
const OWN_USAGE = [
  ...own(
    'String',
    'x_AdditionalInfo',
    'x_ChargeId',
    'x_CorrectedPeriodName',
    'x_CustomerId',
    'x_CustomerName',
    'x_LineKind',
    'x_PriceVersion',
    'x_RecordId',
    'x_ResourceGroupName',
    'x_TaxCategory',
  ),
  ...own('DateTime', 'x_ReportedTime'),
  ...own('Decimal', 'x_TaxRate'),
];

/** What came after 1.2 goes along there under names of ours. */
const OWN_USAGE_12 = own(
  'String',
  'x_HostProviderName',
  'x_InvoiceDetailId',
  'x_ServiceProviderName',
);

const OWN_DETAIL = [
  ...own('String', 'x_CorrectedPeriodName', 'x_LineKind', 'x_TaxCategory'),
  ...own('Decimal', 'x_TaxRate'),
];

function byName(one: FocusColumn, other: FocusColumn): number {
  return one.name < other.name ? -1 : 1;
}

/** The columns that are delivered: those of FOCUS in alphabetical order, then ours likewise. */
export function deliveredColumns(version: FocusVersion, dataset: FocusDataset): FocusColumn[] {
  const defined = focusColumns[version][dataset].filter(({ name }) => !LEFT_OUT.test(name));
  const ours = {
    CostAndUsage: version === '1.2' ? [...OWN_USAGE, ...OWN_USAGE_12] : OWN_USAGE,
    InvoiceDetail: OWN_DETAIL,
    BillingPeriod: [],
  }[dataset];
  return [...defined, ...ours.toSorted(byName)];
}

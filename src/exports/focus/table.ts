/**
 * What a table of FOCUS looks like, whoever makes or checks it. Names, types and nulls of the columns are facts of the
 * FOCUS specification (FinOps Foundation, CC-BY-4.0); how they are written down is ours.
 */

/** Versions of FOCUS that are spoken here. */
export const focusVersions = ['1.2', '1.4'] as const;
export type FocusVersion = (typeof focusVersions)[number];

/** In 1.2 there is only CostAndUsage, and it has no name there. */
export const focusDatasets = ['CostAndUsage', 'InvoiceDetail', 'BillingPeriod'] as const;
export type FocusDataset = (typeof focusDatasets)[number];

export type FocusType = 'String' | 'Decimal' | 'DateTime' | 'Json';

export interface FocusColumn {
  readonly name: string;
  readonly type: FocusType;
  readonly nullable: boolean;
}

/** Rows of one dataset, read once or again: values as CSV has them, null where there is none. */
export interface FocusTable {
  readonly version: FocusVersion;
  readonly dataset: FocusDataset;
  readonly columns: readonly string[];
  /** The file that it is from, where it is. */
  readonly source?: string;
  rows(): AsyncIterable<readonly (string | null)[]>;
}

type ByType = Readonly<Partial<Record<FocusType, string>>>;

const costAndUsageNullable: ByType = {
  String: `AllocatedMethodId AllocatedResourceId AllocatedResourceName AvailabilityZone BillingAccountName
    CapacityReservationId CapacityReservationStatus ChargeClass ChargeDescription CommitmentDiscountCategory
    CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus CommitmentDiscountType CommitmentDiscountUnit
    ConsumedUnit HostProviderName InvoiceDetailId InvoiceId PricingCategory PricingUnit RegionId RegionName ResourceId
    ResourceName ResourceType SkuId SkuMeter SkuPriceId SubAccountId SubAccountName SubAccountType`,
  Decimal: `CommitmentDiscountQuantity ConsumedQuantity ContractedUnitPrice ListUnitPrice
    PricingCurrencyContractedUnitPrice PricingCurrencyListUnitPrice PricingQuantity`,
  Json: `AllocatedMethodDetails AllocatedTags CommitmentProgramEligibilityDetails ContractApplied SkuPriceDetails Tags`,
};

const costAndUsageFilled: ByType = {
  String: `BillingAccountId BillingAccountType BillingCurrency ChargeCategory ChargeFrequency InvoiceIssuerName
    PricingCurrency ServiceCategory ServiceName ServiceProviderName ServiceSubcategory`,
  Decimal: 'BilledCost ContractedCost EffectiveCost ListCost PricingCurrencyEffectiveCost',
  DateTime: 'BillingPeriodEnd BillingPeriodStart ChargePeriodEnd ChargePeriodStart',
};

const invoiceDetailNullable: ByType = {
  String: 'InvoiceDetailDescription PurchaseOrderNumber',
  DateTime: 'InvoiceIssueDate PaymentDueDate',
  Json: 'InvoiceDetailGrain',
};

const invoiceDetailFilled: ByType = {
  String: `BillingAccountId BillingCurrency ChargeCategory InvoiceDetailId InvoiceId InvoiceIssueStatus
    InvoiceIssuerName PaymentCurrency PaymentCurrencyInvoiceDetailId PaymentTerms ReferenceInvoiceId`,
  Decimal: 'BilledCost PaymentCurrencyBilledCost',
  DateTime: 'BillingPeriodEnd BillingPeriodStart InvoiceDetailCreated InvoiceDetailLastUpdated',
};

const billingPeriodFilled: ByType = {
  String: 'BillingPeriodStatus InvoiceIssuerName',
  DateTime: 'BillingPeriodCreated BillingPeriodEnd BillingPeriodLastUpdated BillingPeriodStart',
};

const isFocusType = (text: string): text is FocusType =>
  text === 'String' || text === 'Decimal' || text === 'DateTime' || text === 'Json';

function columnsOf(filled: ByType, nullable: ByType): FocusColumn[] {
  const of = (named: ByType, isNullable: boolean): FocusColumn[] =>
    Object.entries(named).flatMap(([type, names]) =>
      isFocusType(type)
        ? names.split(/\s+/).map((name) => ({ name, type, nullable: isNullable }))
        : [],
    );
  return [...of(filled, false), ...of(nullable, true)].toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
}

const costAndUsage14 = columnsOf(costAndUsageFilled, costAndUsageNullable);

/** Columns of CostAndUsage that came after 1.2, and those that left again. */
const since12 = new Set([
  'AllocatedMethodDetails',
  'AllocatedMethodId',
  'AllocatedResourceId',
  'AllocatedResourceName',
  'AllocatedTags',
  'CommitmentProgramEligibilityDetails',
  'ContractApplied',
  'HostProviderName',
  'InvoiceDetailId',
  'ServiceProviderName',
]);
const nullableIn12 = new Set(['PricingCurrency', 'PricingCurrencyEffectiveCost']);

const costAndUsage12 = columnsOf({ String: 'ProviderName PublisherName' }, {})
  .concat(costAndUsage14.filter(({ name }) => !since12.has(name)))
  .map((column) => (nullableIn12.has(column.name) ? { ...column, nullable: true } : column))
  .toSorted((one, other) => (one.name < other.name ? -1 : 1));

/** All columns that FOCUS defines, by version and dataset, in alphabetical order. Empty where it has no such dataset. */
export const focusColumns: Readonly<
  Record<FocusVersion, Readonly<Record<FocusDataset, readonly FocusColumn[]>>>
> = {
  '1.2': { CostAndUsage: costAndUsage12, InvoiceDetail: [], BillingPeriod: [] },
  '1.4': {
    CostAndUsage: costAndUsage14,
    InvoiceDetail: columnsOf(invoiceDetailFilled, invoiceDetailNullable),
    BillingPeriod: columnsOf(billingPeriodFilled, {}),
  },
};

/** The rows of a small delivery: a charge of each kind, the lines of its invoices, its periods. */
export type Values = Record<string, string | null>;

const SUBSCRIPTION = '/subscriptions/5a5a5a5a-0000-4000-8000-000000000001';
const RESOURCE = `${SUBSCRIPTION}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/web-1`;
const COMMITMENT = `${SUBSCRIPTION}/providers/Stackmeter.Billing/commitments/one`;
const OCTOBER = '2026-10-01T00:00:00Z';
const NOVEMBER = '2026-11-01T00:00:00Z';
const DECEMBER = '2026-12-01T00:00:00Z';

const common: Values = {
  BillingAccountId: '/tenants/one/billingAccounts/acme',
  BillingAccountName: 'Acme',
  BillingAccountType: 'Customer',
  BillingCurrency: 'EUR',
  BillingPeriodStart: OCTOBER,
  BillingPeriodEnd: NOVEMBER,
  ChargePeriodStart: '2026-10-05T00:00:00Z',
  ChargePeriodEnd: '2026-10-06T00:00:00Z',
  InvoiceIssuerName: 'Northern Cloud',
  ServiceProviderName: 'Northern Cloud',
  ProviderName: 'Northern Cloud',
  PublisherName: 'Northern Cloud',
  PricingCurrency: 'EUR',
  InvoiceId: 'NC-1',
};

const usage: Values = {
  ...common,
  ChargeCategory: 'Usage',
  ChargeFrequency: 'Usage-Based',
  ChargeDescription: 'Windows VM vCPU hours',
  HostProviderName: 'Northern Cloud',
  InvoiceDetailId: '1',
  BilledCost: '1.92',
  EffectiveCost: '1.92',
  PricingCurrencyEffectiveCost: '1.92',
  ContractedCost: '1.92',
  ContractedUnitPrice: '0.08',
  PricingCurrencyContractedUnitPrice: '0.08',
  ListCost: '2.4',
  ListUnitPrice: '0.1',
  PricingCurrencyListUnitPrice: '0.1',
  PricingCategory: 'Standard',
  PricingQuantity: '24',
  PricingUnit: 'Core-Hours',
  ConsumedQuantity: '24',
  ConsumedUnit: 'Core-Hours',
  RegionId: 'north',
  RegionName: 'North',
  ResourceId: RESOURCE,
  ResourceName: 'web-1',
  ResourceType: 'Microsoft.Compute/virtualMachines',
  ServiceCategory: 'Compute',
  ServiceName: 'Virtual Machines',
  ServiceSubcategory: 'Virtual Machines',
  SkuId: 'vm',
  SkuMeter: 'Windows VM',
  SkuPriceId: 'vm/north',
  SkuPriceDetails: '{"CoreCount":1,"OperatingSystem":"Windows","x_Tier":"first"}',
  SubAccountId: SUBSCRIPTION,
  SubAccountName: 'Web shop',
  SubAccountType: 'Subscription',
  Tags: '{"env":"prod","stackmeter/managed":true}',
};

const day = (number: number): Values => ({
  ChargePeriodStart: `2026-10-${String(number).padStart(2, '0')}T00:00:00Z`,
  ChargePeriodEnd: `2026-10-${String(number + 1).padStart(2, '0')}T00:00:00Z`,
});

const commitment: Values = {
  CommitmentDiscountId: COMMITMENT,
  CommitmentDiscountName: 'One year of cores',
  CommitmentDiscountCategory: 'Usage',
  CommitmentDiscountType: 'Reserved cores',
  CommitmentDiscountUnit: 'Core-Hours',
  CommitmentProgramEligibilityDetails: '{"CommitmentPrograms":[{"ProgramType":"Reserved cores"}]}',
};

/** A charge without a price: its four costs are one. */
const amount = (cost: string): Values => ({
  BilledCost: cost,
  EffectiveCost: cost,
  PricingCurrencyEffectiveCost: cost,
  ContractedCost: cost,
  ListCost: cost,
});

const billing: Values = {
  ...common,
  ChargeFrequency: 'One-Time',
  ServiceCategory: 'Other',
  ServiceName: 'Billing',
  ServiceSubcategory: 'Other (Other)',
};

const support: Values = {
  ...common,
  ...day(1),
  ...amount('20'),
  ChargeCategory: 'Purchase',
  ChargeFrequency: 'Recurring',
  ChargeDescription: 'Support',
  InvoiceDetailId: '2',
  ContractedUnitPrice: '20',
  PricingCurrencyContractedUnitPrice: '20',
  ListUnitPrice: '20',
  PricingCurrencyListUnitPrice: '20',
  PricingCategory: 'Standard',
  PricingQuantity: '1',
  PricingUnit: 'Units',
  ServiceCategory: 'Management and Governance',
  ServiceName: 'Support',
  ServiceSubcategory: 'Support',
  SkuId: 'support',
  SkuMeter: 'Support',
  SkuPriceId: 'support/one',
};

export const usageRows: readonly Values[] = [
  usage,
  {
    ...usage,
    ...amount('0.503'),
    ...day(6),
    ContractedUnitPrice: '0.0503',
    PricingCurrencyContractedUnitPrice: '0.0503',
    ListUnitPrice: '0.0503',
    PricingCurrencyListUnitPrice: '0.0503',
    PricingQuantity: '10',
    PricingUnit: 'GB-Hours',
    ConsumedQuantity: '10',
    ConsumedUnit: 'GB-Hours',
    ResourceId: `${SUBSCRIPTION}/resourceGroups/web/providers/Microsoft.Storage/storageAccounts/disks`,
    ResourceName: 'disks',
    ResourceType: 'Microsoft.Storage/storageAccounts',
    ServiceCategory: 'Storage',
    ServiceName: 'Storage Accounts',
    ServiceSubcategory: 'Storage Platforms',
    SkuId: 'blob',
    SkuMeter: 'Blob capacity',
    SkuPriceId: 'blob/north',
    SkuPriceDetails: '{"StorageClass":"Hot"}',
  },
  {
    ...usage,
    ...commitment,
    ...day(7),
    BilledCost: '0',
    EffectiveCost: '60',
    PricingCurrencyEffectiveCost: '60',
    PricingCategory: 'Committed',
    CommitmentDiscountStatus: 'Used',
    CommitmentDiscountQuantity: '24',
  },
  {
    ...usage,
    ...commitment,
    ...day(8),
    BilledCost: '0',
    EffectiveCost: '40',
    PricingCurrencyEffectiveCost: '40',
    PricingCategory: 'Committed',
    CommitmentDiscountStatus: 'Unused',
    CommitmentDiscountQuantity: '16',
    ConsumedQuantity: null,
    ConsumedUnit: null,
    ResourceId: COMMITMENT,
    ResourceName: 'one',
    ResourceType: 'Stackmeter.Billing/commitments',
  },
  {
    ...usage,
    ...amount('-0.96'),
    ...day(9),
    ContractedUnitPrice: '0.08',
    ListUnitPrice: '0.08',
    PricingQuantity: '-12',
    ConsumedQuantity: '-12',
    ChargePeriodStart: '2026-09-09T00:00:00Z',
    ChargePeriodEnd: '2026-09-10T00:00:00Z',
    ChargeClass: 'Correction',
  },
  {
    ...usage,
    ...day(10),
    ...amount('0.96'),
    ContractedUnitPrice: '0.08',
    ListUnitPrice: '0.08',
    PricingQuantity: '12',
    ConsumedQuantity: '12',
    AllocatedMethodId: '/methods/by-hours',
    AllocatedMethodDetails:
      '{"Elements":[{"AllocatedRatio":0.5,"UsageUnit":"Hours","UsageQuantity":12}]}',
    AllocatedResourceId: '/teams/shop',
    AllocatedResourceName: 'Shop',
    AllocatedTags: '{"team":"shop"}',
  },
  {
    ...usage,
    ...day(11),
    ContractApplied:
      '{"Elements":[{"ContractId":"/contracts/1","ContractCommitmentId":"/contracts/1/spend","ContractCommitmentAppliedCost":1.92}]}',
  },
  {
    ...usage,
    ...day(12),
    ...amount('0.96'),
    ContractedUnitPrice: '0.08',
    ListUnitPrice: '0.08',
    PricingQuantity: '12',
    ConsumedQuantity: '12',
    CapacityReservationId: '/reservations/1',
    CapacityReservationStatus: 'Used',
    AvailabilityZone: 'north-1',
    ContractApplied:
      '{"Elements":[{"ContractId":"/contracts/1","ContractCommitmentId":"/contracts/1/hours","ContractCommitmentAppliedQuantity":12,"ContractCommitmentAppliedUnit":"Hours"}]}',
  },
];

export const otherRows: readonly Values[] = [
  {
    ...billing,
    ...day(31),
    ...amount('-0.003'),
    ChargePeriodEnd: NOVEMBER,
    ChargeCategory: 'Adjustment',
    ChargeDescription: 'Rounding',
    InvoiceDetailId: '1',
  },
  {
    ...support,
    ...commitment,
    ...amount('100'),
    EffectiveCost: '0',
    PricingCurrencyEffectiveCost: '0',
    ChargeDescription: 'Commitment',
    ContractedUnitPrice: '100',
    ListUnitPrice: '100',
    CommitmentDiscountQuantity: '40',
    ResourceId: COMMITMENT,
    ResourceName: 'one',
    ResourceType: 'Stackmeter.Billing/commitments',
    RegionId: 'north',
    RegionName: 'North',
    HostProviderName: 'Northern Cloud',
    SkuId: 'commitment',
    SkuMeter: 'Commitment',
    SkuPriceId: 'commitment/one',
  },
  support,
  {
    ...billing,
    ...day(2),
    ...amount('-5'),
    ChargeCategory: 'Credit',
    ChargeDescription: 'Goodwill',
    InvoiceDetailId: '3',
    HostProviderName: 'Northern Cloud',
  },
  {
    ...billing,
    ...day(1),
    ...amount('24.06'),
    ChargeCategory: 'Tax',
    ChargeDescription: 'VAT 20 %',
    InvoiceDetailId: '4',
  },
  {
    ...usage,
    ...day(13),
    ...amount('-1'),
    ContractedUnitPrice: '0.1',
    ListUnitPrice: '0.1',
    PricingQuantity: '-10',
    ConsumedQuantity: '-10',
    ChargeClass: 'Correction',
    InvoiceId: 'NC-2',
    InvoiceDetailId: '1',
  },
  // Not invoiced yet.
  { ...usage, ...day(14), InvoiceId: null, InvoiceDetailId: null },
];

const detail: Values = {
  ...common,
  ChargeCategory: 'Usage',
  InvoiceDetailCreated: '2026-11-02T08:00:00Z',
  InvoiceDetailLastUpdated: '2026-11-02T09:00:00Z',
  InvoiceDetailDescription: 'Virtual Machines',
  InvoiceDetailGrain: '{"ServiceName":"Virtual Machines","x_Line":"1"}',
  InvoiceDetailId: '1',
  InvoiceIssueDate: '2026-11-02T09:00:00Z',
  InvoiceIssueStatus: 'Issued',
  PaymentCurrency: 'EUR',
  PaymentDueDate: '2026-12-02T00:00:00Z',
  PaymentTerms: 'Net 30',
  PurchaseOrderNumber: 'PO-1',
  ReferenceInvoiceId: 'NC-1',
};

const line = (id: string, category: string, cost: string, more: Values = {}): Values => ({
  ...detail,
  ChargeCategory: category,
  InvoiceDetailId: id,
  BilledCost: cost,
  PaymentCurrencyBilledCost: cost,
  PaymentCurrencyInvoiceDetailId: id,
  ...more,
});

export const details: readonly Values[] = [
  line('1', 'Usage', '5.3'),
  line('2', 'Purchase', '120'),
  line('3', 'Credit', '-5'),
  line('4', 'Tax', '24.06'),
  line('1', 'Usage', '-1', { InvoiceId: 'NC-2', ReferenceInvoiceId: 'NC-0' }),
];

export const periods: readonly Values[] = [
  {
    InvoiceIssuerName: 'Northern Cloud',
    BillingPeriodStart: OCTOBER,
    BillingPeriodEnd: NOVEMBER,
    BillingPeriodStatus: 'Closed',
    BillingPeriodCreated: '2026-10-01T00:00:00Z',
    BillingPeriodLastUpdated: '2026-11-03T00:00:00Z',
  },
  {
    InvoiceIssuerName: 'Northern Cloud',
    BillingPeriodStart: NOVEMBER,
    BillingPeriodEnd: DECEMBER,
    BillingPeriodStatus: 'Open',
    BillingPeriodCreated: '2026-11-01T00:00:00Z',
    BillingPeriodLastUpdated: '2026-11-01T00:00:00Z',
  },
];

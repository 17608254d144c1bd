/** Faults that belong to one version, or to what is known of a generator, and rules that break together. */
import type { FocusVersion } from '../focus/index.ts';
import { decimal } from './test-delivery.ts';
import { allKnown } from './test-delivery.ts';
import { charge, knownInvoice, nothing, openCharge, type Fault } from './test-spoiling.ts';

/** Filled columns for what the generator is said not to do. */
const without = (capability: string, also: readonly string[] = []): Fault => ({
  change: nothing,
  options: { profile: { ...allKnown('1.4').profile, [capability]: false } },
  also,
});
const split = 'DATA_GENERATOR_SPLIT_COST_ALLOCATION';
const splitRules = [
  'CAU-AllocatedMethodDetails-C-005-C',
  'CAU-AllocatedMethodId-C-004-C',
  'CAU-AllocatedResourceId-C-004-C',
  'CAU-AllocatedTags-C-003-C',
];
const but = (id: string, ids: readonly string[]): string[] => ids.filter((one) => one !== id);

export const contextFaults: Readonly<Record<string, Fault>> = {
  'CAU-AvailabilityZone-C-003-C': without('AVAILABILITY_ZONE'),
  'CAU-CapacityReservationId-C-004-C': without('CAPACITY_RESERVATION'),
  'CAU-CommitmentDiscountId-C-004-C': without('COMMITMENT_DISCOUNT'),
  ...Object.fromEntries(splitRules.map((id) => [id, without(split, but(id, splitRules))])),
};

const product = [
  'ContractedUnitPrice-C-011-C',
  'ContractedCost-C-009-C',
  'PricingQuantity-C-009-C',
];
const listProduct = ['ListUnitPrice-C-010-C', 'ListCost-C-009-C', 'PricingQuantity-C-009-C'];
const contracted = (id: string): Fault => ({
  change: openCharge({ ContractedCost: '1.93' }),
  also: but(id, product),
});
const listed = (id: string): Fault => ({
  change: openCharge({ ListCost: '2.5' }),
  also: but(id, listProduct),
});

export const faults12: Readonly<Record<string, Fault>> = {
  'BilledCost-C-005-C': { change: openCharge({ ProviderName: 'Somebody else' }) },
  'BilledCost-C-007-M': {
    change: nothing,
    options: knownInvoice({ payableAmount: decimal('144.361') }),
  },
  'ContractedUnitPrice-C-011-C': contracted('ContractedUnitPrice-C-011-C'),
  'ContractedCost-C-009-C': contracted('ContractedCost-C-009-C'),
  'PricingQuantity-C-009-C': contracted('PricingQuantity-C-009-C'),
  'ListUnitPrice-C-010-C': listed('ListUnitPrice-C-010-C'),
  'ListCost-C-009-C': listed('ListCost-C-009-C'),
  'CapacityReservationId-C-005-C': {
    change: charge('reserved', {
      CapacityReservationId: null,
      CapacityReservationStatus: 'Unused',
    }),
    also: ['CapacityReservationStatus-C-003-C'],
  },
  'Tags-C-006-M': { change: openCharge({ Tags: '{"env":null}' }) },
  'ListCost-C-008-C': { change: charge('credit', { ListCost: '-4' }) },
  'ContractedCost-C-008-C': { change: charge('credit', { ContractedCost: '-4' }) },
  'EffectiveCost-C-010-C': { change: charge('credit', { EffectiveCost: '-4' }) },
  'EffectiveCost-C-005-C': { change: charge('commitment', { EffectiveCost: '5' }) },
  'ContractedUnitPrice-C-009-C': {
    change: charge('support', { ContractedUnitPrice: '-20', ContractedCost: '-20' }),
  },
};

/** Rules that cannot hold when the one named is broken by a single value or column. */
export const companions: Readonly<Record<FocusVersion, Readonly<Record<string, string>>>> = {
  '1.2': {
    'BillingAccountId-C-001-M': 'BillingAccountType-C-004-C',
    'BillingAccountType-C-001-M': 'BillingAccountId-C-004-M',
    'BillingAccountType-C-004-C': 'BillingAccountId-C-001-M',
    'BillingAccountType-C-005-C': 'BillingAccountId-C-004-M',
    'BillingAccountName-C-001-M': 'SM-CAU-11',
    'BillingAccountName-C-003-C': 'SM-CAU-11',
    'CommitmentDiscountCategory-C-001-M': 'CommitmentDiscountId-C-007-M',
    'CommitmentDiscountCategory-C-004-C': 'CommitmentDiscountId-C-007-M',
    'CommitmentDiscountCategory-C-005-M': 'CommitmentDiscountCategory-C-003-C',
    'CommitmentDiscountQuantity-C-005-C': 'CommitmentDiscountUnit-C-005-C',
    'CommitmentDiscountQuantity-C-007-C': 'CommitmentDiscountUnit-C-006-C',
    'CommitmentDiscountType-C-001-M': 'CommitmentDiscountId-C-007-M',
    'CommitmentDiscountType-C-005-C': 'CommitmentDiscountId-C-007-M',
    'CommitmentDiscountUnit-C-001-M': 'CommitmentDiscountId-C-007-M',
    'CommitmentDiscountUnit-C-003-M': 'CommitmentDiscountId-C-007-M',
    'CommitmentDiscountUnit-C-006-C': 'CommitmentDiscountId-C-007-M CommitmentDiscountUnit-C-008-M',
    'ConsumedQuantity-C-004-C': 'ConsumedUnit-C-006-C',
    'ConsumedQuantity-C-006-C': 'ConsumedUnit-C-005-C',
    'PricingQuantity-C-004-C': 'PricingUnit-C-006-C',
    'PricingQuantity-C-005-C': 'PricingUnit-C-005-C',
    'ServiceName-C-005-C': 'SM-CAU-04',
    'SM-CAU-09': 'PricingCurrencyEffectiveCost-C-003-M',
    'SkuId-C-004-C': 'SkuMeter-C-005-C',
    'SkuId-C-005-C': 'SkuMeter-C-004-C',
    'SubAccountName-C-001-M': 'SM-CAU-12',
    'SubAccountName-C-005-C': 'SM-CAU-12',
    'CostAndUsage-D-008-M': 'CommitmentDiscountQuantity-C-007-C ConsumedQuantity-C-004-C',
    'CostAndUsage-D-013-C': 'CommitmentDiscountQuantity-C-007-C SM-CAU-10',
    'CostAndUsage-D-017-C': 'ConsumedQuantity-C-006-C',
    'CostAndUsage-D-026-M': 'SM-CAU-03',
    'CostAndUsage-D-047-C': 'CostAndUsage-D-048-C',
    'CostAndUsage-D-048-C': 'CostAndUsage-D-047-C',
    'CostAndUsage-D-051-C': 'CostAndUsage-D-052-C',
    'CostAndUsage-D-052-C': 'CostAndUsage-D-051-C',
    'CostAndUsage-D-055-C': 'CostAndUsage-D-056-C',
    'CostAndUsage-D-056-C': 'CostAndUsage-D-055-C',
  },
  '1.4': {
    'CAU-BillingAccountId-C-001-M': 'CAU-BillingAccountType-C-004-C',
    'CAU-BillingAccountType-C-001-M': 'CAU-BillingAccountId-C-004-M',
    'CAU-BillingAccountType-C-004-C': 'CAU-BillingAccountId-C-001-M',
    'CAU-BillingAccountType-C-005-C': 'CAU-BillingAccountId-C-004-M',
    'CAU-BillingAccountName-C-001-M': 'SM-CAU-11',
    'CAU-BillingAccountName-C-003-C': 'SM-CAU-11',
    'CAU-BillingPeriodEnd-C-001-M': 'SM-CAU-08',
    'CAU-BillingPeriodEnd-C-002-M': 'SM-CAU-08',
    'CAU-BillingPeriodEnd-C-004-M': 'SM-CAU-08',
    'CAU-BillingPeriodStart-C-001-M': 'SM-CAU-08',
    'CAU-BillingPeriodStart-C-002-M': 'SM-CAU-08',
    'CAU-BillingPeriodStart-C-004-M': 'SM-CAU-08',
    'CAU-CommitmentDiscountCategory-C-001-M': 'CAU-CommitmentDiscountId-C-007-M',
    'CAU-CommitmentDiscountCategory-C-004-C': 'CAU-CommitmentDiscountId-C-007-M',
    'CAU-CommitmentDiscountCategory-C-005-M': 'CAU-CommitmentDiscountCategory-C-003-C',
    'CAU-CommitmentDiscountQuantity-C-016-C':
      'CAU-CommitmentDiscountQuantity-C-007-C CAU-CommitmentDiscountUnit-C-006-C',
    'CAU-CommitmentDiscountQuantity-C-005-C': 'CAU-CommitmentDiscountUnit-C-005-C',
    'CAU-CommitmentDiscountQuantity-C-007-C': 'CAU-CommitmentDiscountUnit-C-006-C',
    'CAU-CommitmentDiscountType-C-001-M':
      'CAU-CommitmentDiscountId-C-007-M CAU-CommitmentProgramEligibilityDetailsObject-SM-003',
    'CAU-CommitmentDiscountType-C-005-C': 'CAU-CommitmentDiscountId-C-007-M',
    'CAU-CommitmentDiscountUnit-C-001-M': 'CAU-CommitmentDiscountId-C-007-M',
    'CAU-CommitmentDiscountUnit-C-003-O': 'CAU-CommitmentDiscountId-C-007-M',
    'CAU-CommitmentDiscountUnit-C-006-C':
      'CAU-CommitmentDiscountId-C-007-M CAU-CommitmentDiscountUnit-C-008-M',
    'CAU-ConsumedQuantity-C-009-C': 'CAU-ConsumedQuantity-C-004-C CAU-ConsumedUnit-C-006-C',
    'CAU-ConsumedQuantity-C-004-C': 'CAU-ConsumedUnit-C-006-C',
    'CAU-ConsumedQuantity-C-006-C': 'CAU-ConsumedUnit-C-005-C',
    'CAU-ContractedUnitPrice-C-005-C': 'CAU-ContractedUnitPrice-C-014-C',
    'CAU-ContractedUnitPrice-C-006-C': 'CAU-ContractedUnitPrice-C-015-C',
    'CAU-InvoiceId-C-001-M': 'CAU-InvoiceDetailId-SM-006',
    'CAU-InvoiceIssuerName-C-001-M': 'SM-CAU-08',
    'CAU-ListUnitPrice-C-004-C': 'CAU-ListUnitPrice-C-012-C',
    'CAU-ListUnitPrice-C-005-C': 'CAU-ListUnitPrice-C-013-C',
    'CAU-PricingCategory-C-003-C': 'CAU-PricingCategory-C-012-C',
    'CAU-PricingCurrencyContractedUnitPrice-C-004-C':
      'CAU-PricingCurrencyContractedUnitPrice-C-011-C',
    'CAU-PricingCurrencyContractedUnitPrice-C-005-C':
      'CAU-PricingCurrencyContractedUnitPrice-C-012-C',
    'CAU-PricingCurrencyListUnitPrice-C-004-C': 'CAU-PricingCurrencyListUnitPrice-C-011-C',
    'CAU-PricingCurrencyListUnitPrice-C-005-C': 'CAU-PricingCurrencyListUnitPrice-C-012-C',
    'CAU-PricingQuantity-C-011-C': 'CAU-PricingUnit-C-006-C',
    'CAU-PricingQuantity-C-004-C': 'CAU-PricingQuantity-C-011-C CAU-PricingUnit-C-006-C',
    'CAU-PricingQuantity-C-005-C': 'CAU-PricingUnit-C-005-C',
    'CAU-SkuId-C-004-C': 'CAU-SkuMeter-C-005-C',
    'CAU-SkuId-C-005-C': 'CAU-SkuMeter-C-004-C',
    'CAU-SkuPriceId-C-004-C':
      'CAU-ContractedUnitPrice-C-015-C CAU-ListUnitPrice-C-013-C CAU-PricingCurrencyContractedUnitPrice-C-012-C CAU-PricingCurrencyListUnitPrice-C-012-C',
    'CAU-SkuPriceId-C-005-C':
      'CAU-ContractedUnitPrice-C-014-C CAU-ListUnitPrice-C-012-C CAU-PricingCategory-C-012-C CAU-PricingCurrencyContractedUnitPrice-C-011-C CAU-PricingCurrencyListUnitPrice-C-011-C CAU-PricingQuantity-C-011-C',
    'CAU-SubAccountName-C-001-M': 'SM-CAU-12',
    'CAU-SubAccountName-C-005-C': 'SM-CAU-12',
    'CAU-CostAndUsage-D-008-M':
      'CAU-CommitmentDiscountQuantity-C-007-C CAU-ConsumedQuantity-C-004-C IND-BilledCost-C-010',
    'CAU-CostAndUsage-D-026-M': 'SM-CAU-03',
    'CAU-CostAndUsage-D-013-C':
      'CAU-CommitmentDiscountQuantity-C-007-C CAU-EffectiveCost-SM-006 CAU-EffectiveCost-SM-007 SM-CAU-10',
    'CAU-CostAndUsage-D-017-C': 'CAU-ConsumedQuantity-C-006-C',
    'CAU-CostAndUsage-D-047-C': 'CAU-CostAndUsage-D-047-C-SM2',
    'CAU-CostAndUsage-D-047-C-SM2': 'CAU-CostAndUsage-D-047-C',
    'CAU-CostAndUsage-D-051-C': 'CAU-CostAndUsage-D-051-C-SM2',
    'CAU-CostAndUsage-D-051-C-SM2': 'CAU-CostAndUsage-D-051-C',
    'CAU-CostAndUsage-D-055-C': 'CAU-CostAndUsage-D-055-C-SM2',
    'CAU-CostAndUsage-D-055-C-SM2': 'CAU-CostAndUsage-D-055-C',
    'IND-BilledCost-C-001': 'SM-CAU-06',
    'IND-BilledCost-C-003': 'SM-CAU-06',
    'IND-BillingPeriodEnd-C-004': 'IND-BillingPeriodEnd-C-005',
    'IND-BillingPeriodStart-C-004': 'IND-BillingPeriodStart-C-005',
    'IND-ChargeCategory-C-003': 'SM-IND-05',
    'IND-InvoiceDetailId-C-001':
      'CAU-InvoiceDetailId-SM-006 SM-CAU-06 IND-PaymentCurrencyInvoiceDetailId-C-004 IND-PaymentCurrencyInvoiceDetailId-C-005',
    'IND-InvoiceDetailId-C-003':
      'CAU-InvoiceDetailId-SM-006 SM-CAU-06 IND-PaymentCurrencyInvoiceDetailId-C-004 IND-PaymentCurrencyInvoiceDetailId-C-005',
    'IND-InvoiceId-C-001': 'CAU-InvoiceDetailId-SM-006 SM-CAU-06',
    'IND-InvoiceId-C-003': 'CAU-InvoiceDetailId-SM-006 SM-CAU-06',
    'IND-InvoiceIssuerName-C-001': 'CAU-InvoiceDetailId-SM-006 SM-CAU-06',
    'IND-InvoiceIssuerName-C-003': 'CAU-InvoiceDetailId-SM-006 SM-CAU-06',
    'IND-InvoiceDetail-D-009': 'IND-BilledCost-C-010',
  },
};

/** Faults for rules about charges that need more than one value spoilt, by their id in 1.4. */
import { decimal } from './test-delivery.ts';
import type { Change } from './test-generic-faults.ts';
import type { Values } from './test-rows.ts';
import {
  all,
  at,
  before,
  charge,
  knownInvoice,
  nothing,
  openCharge,
  type Fault,
} from './test-spoiling.ts';

const otherPrice = (details: string): Change =>
  openCharge({ SkuPriceId: 'vm/other', SkuPriceDetails: details });
const everyVm =
  (values: Values): Change =>
  ({ rows }) => {
    for (const row of rows.CostAndUsage ?? []) {
      if (row['SkuPriceId'] === 'vm/north') Object.assign(row, values);
    }
  };
const zero: Values = {
  BilledCost: '0',
  EffectiveCost: '0',
  ContractedCost: '0',
  ListCost: '0',
  PricingQuantity: '0',
  ConsumedQuantity: '0',
};
const negative: Values = {
  BilledCost: '-1.92',
  EffectiveCost: '-1.92',
  ContractedCost: '-1.92',
  ListCost: '-2.4',
  PricingQuantity: '-24',
  ConsumedQuantity: '-24',
};
export const solo: Values = { ServiceName: 'Solo', SkuId: 'solo', SkuPriceId: 'solo/one' };
const spend = (contract: string, id: string): string =>
  `{"Elements":[{"ContractId":"${contract}","ContractCommitmentId":"${id}","ContractCommitmentAppliedCost":1}]}`;
export const chargeFaults: Readonly<Record<string, Fault>> = {
  'CAU-AllocatedMethodDetails-SM-006': {
    change: charge('split', { AllocatedMethodDetails: '{"Elements":[{"AllocatedRatio":2}]}' }),
  },
  'CAU-AllocatedResourceId-C-008-O': {
    change: openCharge({
      AllocatedResourceId: '/teams/shop',
      AllocatedResourceName: 'Shop',
      ChargePeriodStart: '2026-10-10T00:00:00Z',
      ChargePeriodEnd: '2026-10-11T00:00:00Z',
    }),
  },
  'CAU-AllocatedTags-C-006-M': { change: charge('split', { AllocatedTags: '{"env":"test"}' }) },
  'CAU-AllocatedTags-C-008-M': {
    change: all(
      charge('split', { AllocatedTags: '{"team":true}' }),
      openCharge({ AllocatedTags: '{"team":""}' }),
    ),
  },
  'CAU-BilledCost-SM-009': {
    change: nothing,
    options: { facts: { 'generator.authorizedToInvoice': false } },
  },
  'CAU-BilledCost-SM-010': {
    change: nothing,
    options: knownInvoice({ payableAmount: decimal('145.37') }),
  },
  'CAU-BillingAccountId-C-004-M': { change: openCharge({ BillingAccountType: 'Partner' }) },
  'CAU-BillingAccountType-C-004-C': {
    change: openCharge({ BillingAccountId: null }),
    also: ['CAU-BillingAccountId-C-003-M'],
  },
  'CAU-BillingAccountType-C-006-M': {
    change: openCharge({
      BillingAccountId: '/billingAccounts/other',
      BillingAccountType: 'CUSTOMER',
    }),
  },
  'CAU-BillingCurrency-C-005-M': {
    change: nothing,
    options: knownInvoice({ currency: 'USD' }),
    also: ['IND-BillingCurrency-C-005'],
  },
  'CAU-ChargeFrequency-C-004-C': {
    change: charge('support', { ChargeFrequency: 'Usage-Based' }),
  },
  'CAU-CommitmentDiscountId-C-007-M': {
    change: charge('covered', {
      CommitmentDiscountType: 'Other',
      CommitmentProgramEligibilityDetails: '{"CommitmentPrograms":[{"ProgramType":"Other"}]}',
    }),
  },
  'CAU-CommitmentDiscountId-SM-006': { change: charge('commitment', { ResourceId: '/other' }) },
  'CAU-CommitmentDiscountId-SM-007': { change: charge('idle', { ResourceId: '/other' }) },
  'CAU-CommitmentDiscountUnit-C-008-M': {
    change: charge('covered', { CommitmentDiscountUnit: 'Hours' }),
    also: ['CAU-CommitmentDiscountId-C-007-M'],
  },
  'CAU-CommitmentProgramEligibilityDetails-SM-009': {
    change: openCharge({ CommitmentProgramEligibilityDetails: '{"CommitmentPrograms":[]}' }),
  },
  'CAU-CommitmentProgramEligibilityDetailsObject-SM-003': {
    change: charge('covered', {
      CommitmentProgramEligibilityDetails: '{"CommitmentPrograms":[{"ProgramType":"Other"}]}',
    }),
  },
  'CAU-ContractApplied-SM-005': { change: openCharge({ ContractApplied: '{"Elements":[]}' }) },
  'CAU-ContractAppliedObject-SM-003': {
    change: openCharge({ ContractApplied: spend('bare', '/c/9') }),
  },
  'CAU-ContractAppliedObject-SM-005': {
    change: openCharge({ ContractApplied: spend('/c', 'bare') }),
  },
  'CAU-ContractAppliedObject-SM-006': {
    change: openCharge({ ContractApplied: spend('/contracts/2', '/contracts/1/spend') }),
  },
  'CAU-ContractAppliedObject-SM-007': {
    change: charge('commitment', { ContractApplied: spend('/c/9', '/c/9/x') }),
  },
  'CAU-ContractAppliedObject-SM-008': {
    change: charge('idle', { ContractApplied: spend('/c/9', '/c/9/x') }),
    options: { facts: { 'charge.commitmentUnused': true } },
    also: [],
  },
  'CAU-ContractAppliedObject-SM-012': {
    change: openCharge({
      ContractApplied:
        '{"Elements":[{"ContractId":"/c","ContractCommitmentId":"/c/1","ContractCommitmentAppliedQuantity":1,"ContractCommitmentAppliedUnit":"GB*Hours"}]}',
    }),
  },
  'CAU-ContractedCost-C-008-M': { change: charge('credit', { ContractedCost: '-4' }) },
  'CAU-ContractedCost-C-011-C': {
    change: openCharge({ ContractedCost: '1.93' }),
    also: ['CAU-PricingQuantity-C-013-C'],
  },
  'CAU-ContractedUnitPrice-C-009-M': {
    change: charge('support', { ContractedUnitPrice: '-20', ContractedCost: '-20' }),
  },
  'CAU-EffectiveCost-SM-006': { change: openCharge({ EffectiveCost: '1' }) },
  'CAU-EffectiveCost-SM-007': { change: charge('support', { EffectiveCost: '1' }) },
  'CAU-EffectiveCost-SM-008': { change: charge('tax', { EffectiveCost: '1' }) },
  'CAU-EffectiveCost-SM-011': { change: charge('commitment', { EffectiveCost: '5' }) },
  'CAU-EffectiveCost-SM-012': {
    change: nothing,
    options: { facts: { 'generator.originates': false } },
  },
  'CAU-EffectiveCost-SM-013': {
    change: charge('covered', { EffectiveCost: '61' }),
    options: { facts: { 'commitment.bothSidesPresent': true } },
  },
  'CAU-InvoiceDetailId-SM-006': {
    change: openCharge({ ...zero, InvoiceId: 'NC-1', InvoiceDetailId: '9' }),
  },
  'CAU-InvoiceId-C-007-C': {
    change: openCharge({
      ...zero,
      InvoiceId: 'NC-1',
      InvoiceDetailId: '1',
      BillingAccountId: '/billingAccounts/other',
    }),
  },
  'CAU-InvoiceIssuerName-SM-004': {
    change: nothing,
    options: knownInvoice({ issuer: 'Southern Cloud' }),
    also: ['IND-InvoiceIssuerName-C-004'],
  },
  'CAU-ListCost-C-008-M': { change: charge('credit', { ListCost: '-4' }) },
  'CAU-ListCost-C-011-C': {
    change: openCharge({ ListCost: '2.5' }),
    also: ['CAU-PricingQuantity-C-013-C'],
  },
  'CAU-ListUnitPrice-C-008-M': {
    change: charge('support', { ListUnitPrice: '-20', ListCost: '-20' }),
  },
  'CAU-PricingCurrencyContractedUnitPrice-C-008-C': {
    change: openCharge({ PricingCurrencyContractedUnitPrice: '-0.08' }),
  },
  'CAU-PricingCurrencyListUnitPrice-C-008-M': {
    change: openCharge({ PricingCurrencyListUnitPrice: '-0.1' }),
  },
  'CAU-PricingQuantity-C-013-C': {
    change: openCharge({ ListCost: '2.5' }),
    also: ['CAU-ListCost-C-011-C'],
  },
  'CAU-ResourceId-C-007-M': { change: openCharge({ ResourceType: 'Microsoft.Other/things' }) },
  'CAU-ResourceId-SM-007': {
    change: ({ rows }) => {
      const { idle, covered } = at;
      const [spoilt, commitment] = [rows.CostAndUsage![covered]!, rows.CostAndUsage![idle]!];
      spoilt['ResourceId'] = commitment['ResourceId'] ?? null;
      spoilt['ResourceType'] = commitment['ResourceType'] ?? null;
    },
  },
  'CAU-ResourceName-C-006-C': {
    change: ({ rows }) => {
      const row = rows.CostAndUsage![at.open]!;
      row['ResourceName'] = row['ResourceId'] ?? null;
    },
  },
  'CAU-ServiceName-C-005-C': {
    change: openCharge({ ServiceCategory: 'Other', ServiceSubcategory: 'Other (Other)' }),
    also: ['CAU-ServiceName-C-008-C', 'SM-CAU-04'],
  },
  'CAU-ServiceName-C-008-C': { change: openCharge({ ServiceSubcategory: 'Containers' }) },
  'CAU-ServiceSubcategory-C-004-M': {
    change: openCharge({ ...solo, ServiceSubcategory: 'Support' }),
  },
  'CAU-SkuMeter-C-006-O': { change: openCharge({ SkuMeter: 'Other' }) },
  'CAU-SkuPriceDetails-C-002-O': { change: otherPrice('{"x_lower":"1"}') },
  'CAU-SkuPriceDetails-C-007-M': { change: openCharge({ SkuPriceDetails: '{"CoreCount":1}' }) },
  'CAU-SkuPriceDetails-C-010-C': { change: otherPrice('{"x_CoreCount":2}') },
  'CAU-SkuPriceDetails-C-013-O': {
    change: everyVm({
      SkuPriceDetails: '{"CoreCount":2,"OperatingSystem":"Windows","x_Tier":"1"}',
    }),
    options: before(),
  },
  'CAU-SkuPriceDetails-C-014-O': {
    change: everyVm({ SkuPriceDetails: '{"CoreCount":1}' }),
    options: before(),
  },
  'CAU-SkuPriceDetails-C-017-C': { change: otherPrice('{"Colour":"red"}') },
  'CAU-SkuPriceDetails-C-020-M': { change: otherPrice('{"CORECount":1}') },
  'CAU-SkuPriceDetails-C-021-M': { change: otherPrice('{"CoreCount":"one"}') },
  'CAU-SkuPriceId-C-008-M': { change: openCharge({ SkuId: 'other' }) },
  'CAU-SkuPriceId-C-009-M': { change: everyVm({ SkuId: 'vm2' }), options: before() },
  'CAU-SubAccountType-C-006-M': { change: openCharge({ SubAccountType: 'SUBSCRIPTION' }) },
  'CAU-Tags-C-006-O': { change: openCharge({ Tags: '{"env":null}' }) },
  'CAU-Tags-C-008-M': { change: openCharge({ Tags: '{"stackmeter/managed":""}' }) },
  'CAU-CostAndUsage-SM-086': {
    change: openCharge({
      ...negative,
      ChargePeriodStart: '2026-10-05T00:00:00Z',
      ChargePeriodEnd: '2026-10-06T00:00:00Z',
    }),
  },
  'SM-CAU-01': { change: openCharge({ ChargePeriodEnd: '2026-10-14T00:00:00Z' }) },
  'SM-CAU-02': {
    change: charge('open', {
      BillingPeriodEnd: '2026-10-01T00:00:00Z',
      ChargeClass: 'Correction',
    }),
    also: ['SM-CAU-08'],
  },
  'SM-CAU-03': { change: openCharge({ ChargePeriodEnd: '2026-11-02T00:00:00Z' }) },
  'SM-CAU-04': { change: openCharge({ ServiceName: 'Solo' }) },
  'SM-CAU-05': { change: openCharge({ x_RecordId: 'record-0' }) },
  'SM-CAU-06': {
    change: charge('rounding', {
      BilledCost: '-0.002',
      EffectiveCost: '-0.002',
      ContractedCost: '-0.002',
      ListCost: '-0.002',
    }),
  },
  'SM-CAU-07': { change: openCharge({ BilledCost: '-1.92', EffectiveCost: '-1.92' }) },
  'SM-CAU-08': {
    change: openCharge({
      BillingPeriodStart: '2026-12-01T00:00:00Z',
      BillingPeriodEnd: '2027-01-01T00:00:00Z',
      ChargePeriodStart: '2026-12-05T00:00:00Z',
      ChargePeriodEnd: '2026-12-06T00:00:00Z',
    }),
  },
  'SM-CAU-09': {
    change: openCharge({ PricingCurrency: 'USD', PricingCurrencyEffectiveCost: null }),
    also: ['CAU-PricingCurrencyEffectiveCost-C-003-M'],
  },
  'SM-CAU-10': { change: openCharge({ PricingCategory: 'Committed' }) },
  'SM-CAU-11': { change: openCharge({ BillingAccountName: 'Acme Inc.' }) },
  'SM-CAU-12': { change: openCharge({ SubAccountName: 'Another shop' }) },
};

import type { Currency, Decimal, HourNumber, Instant } from '../../kernel/index.ts';
import type { Dimension } from '../../analysis/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { Money } from '../cost-analysis/index.ts';

/** The stretch of usage that a budget is for, again and again. */
export const grains = ['BillingPeriod', 'Month', 'Quarter', 'Year'] as const;
export type BudgetGrain = (typeof grains)[number];

/** What the account pays its seller, or what is bought from it. */
export const views = ['buying', 'selling'] as const;
export type BudgetView = (typeof views)[number];

/** Of what has come together so far, or of what is expected by the end. */
export const alertBases = ['actual', 'forecast'] as const;
export type AlertBasis = (typeof alertBases)[number];

export const thresholdUnits = ['percent', 'amount'] as const;
export type ThresholdUnit = (typeof thresholdUnits)[number];

/** By what a budget can be narrowed, besides tags. */
export const filterDimensions = [
  'subscription',
  'resourceGroup',
  'resource',
  'resourceType',
  'meter',
  'location',
  'service',
] as const satisfies readonly Dimension[];
export type FilterName = (typeof filterDimensions)[number] | 'tag';

/** Any of the values of a name, all of the names. A tag is written NAME:VALUE. */
export type BudgetFilters = Readonly<Partial<Record<FilterName, readonly string[]>>>;

/** When somebody is told. */
export interface BudgetAlert {
  readonly of: AlertBasis;
  readonly unit: ThresholdUnit;
  /** 80 for eighty percent of the budget, or money. */
  readonly threshold: Decimal;
  readonly emails: readonly string[];
  /** Whether the webhook endpoints of the account, and of those above it, are told. */
  readonly webhook: boolean;
}

/** An alert as it is kept. */
export interface KeptAlert extends BudgetAlert {
  /** Nobody is told of a stretch that was over then. */
  readonly since: Instant;
}

/** What a budget counts, and how much that may be. */
export interface BudgetTerms {
  /** In the currency of the account. */
  readonly amount: Decimal;
  readonly grain: BudgetGrain;
  readonly view: BudgetView;
  readonly filters: BudgetFilters;
}

export interface Budget extends BudgetTerms {
  readonly budgetId: string;
  readonly accountId: AccountId;
  readonly name: string;
  readonly alerts: readonly KeptAlert[];
  /** Goes up when the terms change: alerts then begin anew. */
  readonly version: number;
  /** Another with each change. */
  readonly etag: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A stretch of usage, half-open. */
export interface BudgetSpan {
  readonly fromHour: HourNumber;
  readonly toHour: HourNumber;
}

/** How a budget stands in a stretch. */
export interface BudgetFigures {
  readonly spent: Decimal;
  /** Charges that have no price: what they cost is in no figure. */
  readonly unpriced: number;
  /** Undefined where none can be made. */
  readonly forecast: Forecast | undefined;
  /** What is sold to buyers with other currencies, each above or below zero: it is in no figure. */
  readonly otherCurrencies: readonly Money[];
}

/** What is expected by the end, and between what it will be in four of five cases. */
export interface Forecast {
  readonly amount: Decimal;
  readonly low: Decimal;
  readonly high: Decimal;
}

/** What came of looking at a budget. */
export interface BudgetStatus {
  readonly evaluatedAt: Instant;
  readonly span: BudgetSpan | undefined;
  readonly figures: BudgetFigures | undefined;
  /** Why it could not be looked at. */
  readonly problem: string | undefined;
}

/** An alert that went out. */
export interface BudgetFiring extends BudgetSpan {
  readonly of: AlertBasis;
  readonly unit: ThresholdUnit;
  readonly threshold: Decimal;
  /** Of the budget, then. */
  readonly amount: Decimal;
  readonly spent: Decimal;
  readonly forecast: Decimal | undefined;
  readonly mails: number;
  /** Addresses that were not told, because the account had sent too much that day. */
  readonly mailsWithheld: number;
  readonly webhook: boolean;
  readonly firedAt: Instant;
}

/** An account as its budgets need it. */
export interface BudgetAccount {
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly billingDay: number;
  readonly timeZone: string;
}

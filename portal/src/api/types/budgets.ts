export const grains = ['BillingPeriod', 'Month', 'Quarter', 'Year'] as const;
export type BudgetGrain = (typeof grains)[number];

/** Values by the name of a dimension, or of `tag` as NAME:VALUE. */
export type BudgetFilters = Readonly<Record<string, readonly string[]>>;

export interface BudgetAlert {
  readonly of: 'actual' | 'forecast';
  readonly unit: 'percent' | 'amount';
  /** A decimal as text. */
  readonly threshold: string;
  readonly notify: { readonly emails: readonly string[]; readonly webhook: boolean };
}

/** What somebody says of a budget. */
export interface BudgetTerms {
  readonly name: string;
  readonly amount: string;
  readonly grain: BudgetGrain;
  readonly view: 'buying' | 'selling';
  readonly filters: BudgetFilters;
  readonly alerts: readonly BudgetAlert[];
}

/** How it stands; amounts and percentages are decimals as text. */
export interface BudgetStatus {
  readonly evaluatedAt: string;
  readonly from?: string;
  readonly to?: string;
  readonly spent?: string;
  readonly percent?: string;
  readonly forecast?: {
    readonly amount: string;
    readonly low: string;
    readonly high: string;
    readonly percent?: string;
  };
  /** Why it could not be looked at. */
  readonly problem?: string;
}

export interface Budget extends BudgetTerms {
  readonly accountId: string;
  readonly currency: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Absent until it was first looked at. */
  readonly current?: BudgetStatus;
}

/** An alert that went out. */
export interface BudgetFiring {
  readonly firedAt: string;
  readonly from: string;
  readonly to: string;
  readonly of: BudgetAlert['of'];
  readonly unit: BudgetAlert['unit'];
  readonly threshold: string;
  readonly amount: string;
  readonly spent: string;
  readonly percent?: string;
  readonly forecast?: string;
  readonly mails: number;
  readonly mailsWithheld: number;
  readonly webhook: boolean;
}

/** Where a resource or a resource group is. */
export interface GroupParent {
  readonly subscription: string;
  readonly subscriptionName?: string;
  readonly resourceGroup?: string;
}

/** What the analysis of usage and of cost answer; every number is a decimal as text. */
export interface AnalysisGroup {
  readonly key: string;
  readonly name: string;
  /** A quantity in usage, an amount of money in cost. */
  readonly amount: string;
  /** Percent of the total, in cost. */
  readonly share?: string;
  /** When meters stand side by side, each has its own. */
  readonly unit?: string;
  readonly parent?: GroupParent;
  readonly points?: readonly string[];
}

export interface AnalysisSum {
  readonly amount: string;
  readonly points?: readonly string[];
}

export interface Freshness {
  readonly closedTo?: string;
  readonly ratedTo?: string;
  readonly summarizedTo?: string;
}

export interface AnalysisAnswer {
  readonly from: string;
  readonly to: string;
  readonly granularity: string;
  readonly groupBy: string;
  readonly unit?: string;
  readonly currency?: string;
  readonly freshness: Freshness;
  readonly buckets: readonly string[];
  readonly groups: readonly AnalysisGroup[];
  readonly others?: AnalysisSum & { readonly count: number };
  readonly total?: AnalysisSum;
  /** In which there are amounts: those of two are not added. */
  readonly currencies?: readonly string[];
  /** What issued invoices of these days have besides usage; in no other amount. */
  readonly feesAndCredits?: string;
  /** Charges that have no price yet and are in no amount. */
  readonly unpriced?: number;
  readonly nextLink?: string;
}

export interface DimensionValue {
  readonly key: string;
  readonly name: string;
  readonly unit?: string;
}

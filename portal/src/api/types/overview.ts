import type { ForecastError } from './cost.ts';

/** The first page in one answer: GET /api/v1/overview. Decimals are texts. */
export interface Overview {
  readonly account: { readonly id: string; readonly name: string };
  readonly view: 'buying' | 'selling';
  readonly currency: string;
  /** Of those who sell in several: all of them. */
  readonly currencies?: readonly string[];
  readonly current: PeriodTrend;
  readonly previous: PeriodTrend;
  /** Both periods after so many complete days. */
  readonly compared: {
    readonly days: number;
    readonly current: string;
    readonly previous: string;
    readonly changePercent?: string;
  };
  readonly forecast?: {
    readonly amount: string;
    /** Between these it will be in four of five cases. */
    readonly low: string;
    readonly high: string;
    readonly error?: ForecastError;
  };
  readonly top: Readonly<Record<'meters' | 'resources' | 'subscriptions', readonly TopGroup[]>>;
  /** Charges without a price. */
  readonly unpriced: number;
  readonly freshness: Freshness;
  readonly attention: readonly AttentionItem[];
}

/** A billing period with what its days cost, as far as there are any. */
export interface PeriodTrend {
  readonly period: string;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly daily: readonly string[];
}

export interface TopGroup {
  readonly key: string;
  readonly name: string;
  readonly amount: string;
}

export interface Freshness {
  readonly closedTo?: string;
  readonly ratedTo?: string;
  readonly summarizedTo?: string;
}

export type Severity = 'info' | 'warning' | 'error';

/** Something that somebody should look at. */
export interface AttentionItem {
  readonly kind: string;
  readonly severity: Severity;
  readonly count: number;
  /** A code, an amount with its currency, hours. */
  readonly parameters: Readonly<Partial<Record<'code' | 'amount' | 'currency' | 'hours', string>>>;
  /** Where the portal shows it and, where there is just one, whose it is. */
  readonly target: Readonly<Partial<Record<'place' | 'account' | 'period', string>>>;
}

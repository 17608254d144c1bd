/** How a forecast of a past period, made at the same day, turned out. */
export interface PastForecast {
  readonly period: string;
  readonly forecast: string;
  readonly actual: string;
  readonly percent: string;
}

/** How far off the same method was; absent where nothing can be told. */
export interface ForecastError {
  /** Mean of the absolute errors. */
  readonly percent: string;
  readonly periods: readonly PastForecast[];
}

/** What a period has cost and is expected to cost; every number is a decimal as text. */
export interface CostForecast {
  readonly currency: string;
  readonly period: string;
  readonly from: string;
  readonly to: string;
  /** What is known so far. */
  readonly amount: string;
  /** Absent while there is too little to go by. */
  readonly forecast?: string;
  /** Between these it will be in four of five cases. */
  readonly low?: string;
  readonly high?: string;
  readonly error?: ForecastError;
  readonly unpriced: number;
}

export interface MarginSums {
  /** What was paid for it to the seller above; absent where that is not known or in another currency. */
  readonly bought?: string;
  readonly sold: string;
  readonly margin?: string;
  /** Of what was sold. */
  readonly percent?: string;
}

export interface BuyerMargin extends MarginSums {
  readonly key: string;
  readonly name: string;
}

export interface Margins {
  readonly currency: string;
  /** Where it is another one than that of the buyers: there is no margin then. */
  readonly boughtCurrency?: string;
  readonly buyers: readonly BuyerMargin[];
  readonly others?: MarginSums & { readonly count: number };
  readonly total: MarginSums;
  /** What the seller bought for itself: nobody buys it, so it is in no margin. */
  readonly ownUse?: string;
}

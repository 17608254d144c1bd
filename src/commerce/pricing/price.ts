import type { Currency, Decimal, HourNumber, Instant } from '../../kernel/index.ts';

/** How a price turns a quantity into an amount; each kind has a file of its own below `kinds`. */
export const priceKinds = [
  'flat',
  'graduated',
  'volume',
  'package',
  'stairstep',
  'percentage',
] as const;
export type PriceKind = (typeof priceKinds)[number];

/** A stretch of quantity that has a price of its own. It begins where the one before ends, the first at zero. */
export interface Tier {
  /** Up to which quantity, inclusive; undefined for the last, which has no end. */
  readonly upTo: Decimal | undefined;
  readonly unitPrice: Decimal;
  /** Charged once when the tier is entered. */
  readonly fixed?: Decimal | undefined;
}

/** A step of a staircase: what everything together costs up to a quantity. */
export interface Stair {
  readonly upTo: Decimal | undefined;
  readonly amount: Decimal;
}

export interface FlatPrice {
  readonly kind: 'flat';
  readonly unitPrice: Decimal;
}

/** Each tier's own part of the quantity at its price. */
export interface GraduatedPrice {
  readonly kind: 'graduated';
  readonly tiers: readonly Tier[];
}

/** The whole quantity at the price of the tier in which the total of the period ends. */
export interface VolumePrice {
  readonly kind: 'volume';
  readonly tiers: readonly Tier[];
}

/** Whole packages: one that is begun is charged. */
export interface PackagePrice {
  readonly kind: 'package';
  readonly size: Decimal;
  readonly packagePrice: Decimal;
}

export interface StairstepPrice {
  readonly kind: 'stairstep';
  readonly steps: readonly Stair[];
}

/** A share of a quantity that is itself an amount of money, in the currency of the price list. */
export interface PercentagePrice {
  readonly kind: 'percentage';
  /** 10 is ten percent. */
  readonly percent: Decimal;
}

export type Price =
  FlatPrice | GraduatedPrice | VolumePrice | PackagePrice | StairstepPrice | PercentagePrice;

/**
 * Over what the quantities of a price are counted in a period: all that a buyer uses of the meter, or each
 * subscription of the stamp on its own.
 */
export type PriceScope = 'account' | 'subscription';

/** What one meter costs. Money is in the currency of the price list, quantities are in the unit of the meter. */
export interface PriceItem {
  /** Id of a meter of commerce, as the list spells it; compares without case. */
  readonly meterId: string;
  readonly name?: string | undefined;
  readonly scope: PriceScope;
  readonly price: Price;
  /** So much of a period is free, from its start; zero for none. */
  readonly included: Decimal;
  /** Least and most that the quantity of a period costs, if there is any. */
  readonly minimum?: Decimal | undefined;
  readonly maximum?: Decimal | undefined;
}

/** What a version of a price list says. */
export interface PriceListContent {
  readonly name: string;
  readonly currency: Currency;
  readonly items: readonly PriceItem[];
}

/** A published version of a price list; never changed. */
export interface PriceListVersion {
  readonly priceListId: string;
  /** 1, 2, 3 and so on. */
  readonly version: number;
  readonly effectiveFrom: HourNumber;
  /** Whether its figures are an example, not the operator's own. */
  readonly sample: boolean;
  readonly note: string;
  readonly publishedAt: Instant;
  readonly content: PriceListContent;
}

/** A stretch of what a group uses in a period. */
export interface PricedUsage {
  /** Used before the stretch, since the period began. */
  readonly before: Decimal;
  readonly quantity: Decimal;
  /** Used in the whole period. */
  readonly total: Decimal;
}

/** By what every figure of money of a price list is multiplied. */
export interface PriceScale {
  /** Product of the markups: 1.1 for ten percent. */
  readonly factor: Decimal;
  /** Units of the buyer's currency for one of the list's. */
  readonly exchangeRate: Decimal;
}

/** The part of a period in which a price is in force, both in hours. */
export interface PeriodShare {
  readonly hours: number;
  readonly of: number;
}

/** A part of an amount and how it came about. Money is scaled: in the currency of the buyer, markups included. */
export interface PriceStep {
  readonly kind:
    'included' | 'flat' | 'tier' | 'package' | 'step' | 'percentage' | 'minimum' | 'maximum';
  /** Bounds of the tier or step, in quantity after what is included; absent where the kind has none. */
  readonly from?: Decimal | undefined;
  readonly upTo?: Decimal | undefined;
  /** Of the stretch; zero for minimum and maximum. */
  readonly quantity: Decimal;
  /** For one unit; of a package, for one package; of a percentage, its share as a fraction. */
  readonly unitPrice?: Decimal | undefined;
  /** What of the amount is charged once for entering the tier. */
  readonly fixed?: Decimal | undefined;
  /** How many whole packages more the stretch begins. */
  readonly packages?: Decimal | undefined;
  readonly amount: Decimal;
}

/** An exact amount with the steps that add up to it. */
export interface PricedAmount {
  readonly amount: Decimal;
  readonly steps: readonly PriceStep[];
}

import { Decimal, type DayNumber, type Instant } from '../../../kernel/index.ts';

/** Why a sale is taxed or not (UNTDID 5305): standard, zero, exempt, reverse charge, export, outside scope. */
export const taxCategories = ['S', 'Z', 'E', 'AE', 'G', 'O'] as const;
export type TaxCategory = (typeof taxCategories)[number];

/** An entry of the operator's own table. */
export interface TaxRate {
  readonly taxRate: number;
  /** Two letters of ISO 3166-1, or `*` for any. */
  readonly sellerCountry: string;
  readonly buyerCountry: string;
  /** Only for buyers that have given a tax number. */
  readonly businessOnly: boolean;
  readonly category: TaxCategory;
  /** 20 is twenty percent. */
  readonly percent: Decimal;
  /** Why nothing is charged, as invoices say it. */
  readonly reason: string | undefined;
  /** UTC day from which on. */
  readonly fromDay: DayNumber;
  readonly createdAt: Instant;
}

/** What of a sale decides its tax. Countries in any case. */
export interface TaxedSale {
  readonly seller: { readonly country: string };
  readonly buyer: {
    readonly country: string;
    readonly taxId: string | undefined;
    /** Why its purchases are not taxed; undefined: they are. */
    readonly exemption: string | undefined;
  };
  readonly day: DayNumber;
}

/** How a sale is taxed. */
export interface TaxVerdict {
  readonly category: TaxCategory;
  readonly percent: Decimal;
  readonly reason: string | undefined;
}

const ANY = '*';

/**
 * How a sale is taxed by the table; undefined when no entry fits.
 *
 * An exemption of the buyer goes before the table. Of the entries that fit, the most particular one counts: in a sale
 * within one country one for that very country, then one for buyers with a tax number, then one for the buyer's country
 * rather than any, then one for the seller's. Of several alike the one with the latest day that has come, and of those
 * the one entered last.
 */
export function taxFor(rates: readonly TaxRate[], sale: TaxedSale): TaxVerdict | undefined {
  const { exemption } = sale.buyer;
  if (exemption !== undefined) return { category: 'E', percent: Decimal.zero, reason: exemption };
  const seller = sale.seller.country.toUpperCase();
  const buyer = sale.buyer.country.toUpperCase();
  const fits = rates.filter(
    (rate) =>
      rate.fromDay <= sale.day &&
      (rate.sellerCountry === seller || rate.sellerCountry === ANY) &&
      (rate.buyerCountry === buyer || rate.buyerCountry === ANY) &&
      (!rate.businessOnly || sale.buyer.taxId !== undefined),
  );
  const rank = (rate: TaxRate): readonly number[] => [
    // Without this, a rule for businesses anywhere else would also free those at home of tax.
    seller === buyer && rate.buyerCountry === buyer ? 1 : 0,
    rate.businessOnly ? 1 : 0,
    rate.buyerCountry === buyer ? 1 : 0,
    rate.sellerCountry === seller ? 1 : 0,
    rate.fromDay,
    rate.taxRate,
  ];
  const [best] = fits.toSorted((one, other) => compareRanks(rank(other), rank(one)));
  return best && { category: best.category, percent: best.percent, reason: best.reason };
}

function compareRanks(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

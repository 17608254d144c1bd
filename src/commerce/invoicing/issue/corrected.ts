import type { Instant } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { BillingPeriod } from '../../accounts/index.ts';
import type { LineTax } from '../line.ts';
import { ownInvoiceOf } from './find.ts';

/** A period of which an invoice has something, and how that is taxed. */
export interface TaxedPeriod {
  readonly bounds: BillingPeriod;
  readonly tax: LineTax;
  /** When it was invoiced before; undefined where it was not, or had nothing to invoice. */
  readonly invoicedAt: Instant | undefined;
}

/**
 * Invoiced periods with what their own invoices say of them, by time. What is corrected is taxed as it was:
 * by the table of today only where nothing was invoiced.
 */
export async function readCorrected(
  db: Queryable,
  periods: readonly BillingPeriod[],
  taxNow: (period: BillingPeriod) => LineTax,
): Promise<TaxedPeriod[]> {
  const known: TaxedPeriod[] = [];
  for (const bounds of periods.toSorted((one, other) => one.fromHour - other.fromHour)) {
    const own = await ownInvoiceOf(db, bounds.period);
    known.push({ bounds, tax: own?.tax ?? taxNow(bounds), invoicedAt: own?.issuedAt });
  }
  return known;
}

/** What is outside the scope of the tax stands on no document with anything that is not (BR-O-11, BR-O-12). */
export function standTogether(one: LineTax, other: LineTax): boolean {
  return (one.category === 'O') === (other.category === 'O');
}

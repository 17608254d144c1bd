import type { AccountId } from '../../commerce/accounts/index.ts';

/**
 * Whose rows: what an account bought, or what it sold as the issuer of the invoices. What buyers pay and what their
 * seller pays itself are never in one dataset.
 */
export const focusViews = ['buying', 'selling'] as const;
export type FocusView = (typeof focusViews)[number];

/** Rows of one billing period, by its name, such as 202610-1. */
export interface FocusScope {
  readonly accountId: AccountId;
  readonly view: FocusView;
  readonly periodName: string;
}

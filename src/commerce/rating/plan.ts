import { hash } from 'node:crypto';
import { Decimal } from '../../kernel/index.ts';
import type { Markup } from '../accounts/index.ts';

/** At which prices usage is rated, as it is found out anew each time; the same again is the same plan. */
export interface PlanTerms {
  /** Undefined: no price could be found, and {@link problem} says why. */
  readonly priceListId: string | undefined;
  readonly version: number | undefined;
  readonly problem: string | undefined;
  /** Hour since 1970 from which on all of it is in force. */
  readonly effectiveFrom: number;
  /** Product of the markups; 1 for none. */
  readonly factor: Decimal;
  /** From the currency of the price list to that of the buyer. */
  readonly exchangeRate: Decimal;
  /** From the account next to the price list to the buyer. */
  readonly chain: readonly Markup[];
}

const ONE = Decimal.fromBigInt(1n);

/** The plan of usage that has no price. */
export function planWithout(problem: string, effectiveFrom: number): PlanTerms {
  return {
    priceListId: undefined,
    version: undefined,
    problem,
    effectiveFrom,
    factor: ONE,
    exchangeRate: ONE,
    chain: [],
  };
}

/** The chain of markups as it is kept: JSON, percentages as decimal text. */
export function chainText(chain: readonly Markup[]): string {
  return JSON.stringify(
    chain.map(({ accountId, markupPercent }) => ({
      accountId,
      markupPercent: markupPercent.toText(),
    })),
  );
}

/** By which a plan is found again. Kept in databases: never to be written otherwise. */
export function digestOfPlan(terms: PlanTerms): string {
  const { priceListId, version, problem, effectiveFrom, factor, exchangeRate, chain } = terms;
  const content = JSON.stringify([
    priceListId ?? null,
    version ?? null,
    problem ?? null,
    effectiveFrom,
    factor.toText(),
    exchangeRate.toText(),
    chainText(chain),
  ]);
  return hash('sha256', content, 'hex');
}

import { hourStart, type Instant } from '../../kernel/index.ts';
import type { AccountId } from './account.ts';
import type { PeriodBounds } from './calendar.ts';

/**
 * - Open: its usage is still coming in;
 * - InReview: complete, its draft can be looked at;
 * - Issued: invoiced, or found to have nothing to invoice.
 */
export const periodStates = ['Open', 'InReview', 'Issued'] as const;
export type PeriodState = (typeof periodStates)[number];

/** A stretch of usage time that an account is invoiced for at once. */
export interface BillingPeriod extends PeriodBounds {
  /** By which charges and invoices name it. */
  readonly period: number;
  readonly accountId: AccountId;
  /** By which it was made; its days are days there, whatever zone the account has now. */
  readonly timeZone: string;
  readonly state: PeriodState;
  readonly reviewStartedAt: Instant | undefined;
  /** Why it is not invoiced by itself; undefined: it is. */
  readonly held: string | undefined;
}

/** A period as answers and commands have it. */
export function toWirePeriod(one: BillingPeriod): Readonly<Record<string, unknown>> {
  return {
    name: one.name,
    from: hourStart(one.fromHour).toString(),
    to: hourStart(one.toHour).toString(),
    state: one.state,
    ...(one.reviewStartedAt !== undefined && { reviewStartedAt: one.reviewStartedAt.toString() }),
    ...(one.held !== undefined && { held: one.held }),
  };
}

import { hourNumber, hourStart, type Instant } from '../../kernel/index.ts';
import type { AccountId } from '../../commerce/accounts/index.ts';

export const adapterKinds = ['webhook', 'csv', 'stripe', 'lago'] as const;
export type AdapterKind = (typeof adapterKinds)[number];

/** Disabled by somebody; parked by itself, because going on would be of no use. */
export const adapterStates = ['Enabled', 'Disabled', 'Parked'] as const;
export type AdapterState = (typeof adapterStates)[number];

/** What somebody else calls things, by our names in lower case. */
export type Names = Readonly<Record<string, string>>;

/** Where usage goes for billing elsewhere. */
export interface AdapterDefinition {
  readonly adapterId: string;
  readonly name: string;
  readonly kind: AdapterKind;
  /** Whose usage goes, and that of all below it. */
  readonly accountId: AccountId;
  /** Undefined: files. */
  readonly url: string | undefined;
  /** PEM of the authority of its certificate, where it is a private one. */
  readonly ca: string | undefined;
  /** Event names or codes by meter of commerce. */
  readonly meters: Names;
  /** Ids of customers by subscription of commerce. */
  readonly customers: Names;
  /** Whether usage goes too that can cost nothing. */
  readonly includeFree: boolean;
  /**
   * Digits after the point that the other side's whole numbers stand for: with 3 it is told thousandths. Stays once
   * something has been sent, or two figures there would mean different things.
   */
  readonly decimals: number;
  readonly secret: string | undefined;
  /** Hours since 1970: the first reported window that goes. */
  readonly startHour: number;
  readonly state: AdapterState;
  readonly problem: string | undefined;
  /** Attempts in a row that failed. */
  readonly failures: number;
  readonly nextAttemptAt: Instant | undefined;
  readonly createdAt: Instant;
}

/** How far an adapter is. */
export interface AdapterProgress {
  /** Windows of the stamp that waits for longest, which have not gone yet. */
  readonly lagHours: number;
  readonly held: number;
  readonly deadLetters: number;
  /** Hour at which the last window ends of which nothing waits any more. */
  readonly deliveredTo: number | undefined;
}

/** The beginning of an hour since 1970, as answers have it. */
export function hourText(hour: number): string {
  return hourStart(hourNumber(hour)).toString();
}

/**
 * An adapter as answers, commands and the audit trail have it: without its secret.
 *
 * @param url whole, or the origin alone: what follows the host is often a key as well
 */
export function toWireAdapter(
  one: AdapterDefinition,
  url: 'whole' | 'origin',
  progress?: AdapterProgress,
): Readonly<Record<string, unknown>> {
  const address =
    one.url !== undefined && url === 'origin' ? `${new URL(one.url).origin}/...` : one.url;
  const to = progress?.deliveredTo;
  return {
    adapterId: one.adapterId,
    name: one.name,
    kind: one.kind,
    accountId: one.accountId,
    state: one.state,
    settings: {
      ...(address !== undefined && { url: address }),
      ...(one.ca !== undefined && { ca: one.ca }),
      meters: one.meters,
      customers: one.customers,
      includeFree: one.includeFree,
      ...(one.kind === 'stripe' && { decimals: one.decimals }),
    },
    startWindow: hourText(one.startHour),
    ...(one.problem !== undefined && { problem: one.problem }),
    ...(one.nextAttemptAt !== undefined && { nextAttemptAt: one.nextAttemptAt.toString() }),
    ...(progress !== undefined && {
      lagHours: progress.lagHours,
      held: progress.held,
      deadLetters: progress.deadLetters,
    }),
    ...(to !== undefined && { deliveredTo: hourText(to) }),
    createdAt: one.createdAt.toString(),
  };
}

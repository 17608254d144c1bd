import type { HourNumber, Instant } from '../../kernel/index.ts';
import type { TroubleKind } from './trouble.ts';

/** How far the reporting of one registration is, and what stands in its way. */
export interface BridgeProgress {
  readonly registrationId: string;
  readonly firstWindow: HourNumber;
  /** All windows from the first up to this one have been reported. */
  readonly nextWindow: HourNumber;
  /** When the stamp was activated under it for the first time. */
  readonly firstActivatedAt: Instant;
  /** Hours before this one that have no window count as empty; undefined: an import is waited for. */
  readonly releasedBefore: HourNumber | undefined;
  /** Accepted windows of which no receipt could be had. */
  readonly withoutReceipt: number;
  readonly lastSentAt: Instant | undefined;
  /** Attempts in a row that led to nothing. */
  readonly failures: number;
  readonly failingSince: Instant | undefined;
  /** No attempt before. */
  readonly retryAt: Instant | undefined;
  readonly error: NotedTrouble | undefined;
}

/** What stands in the way of reporting. */
export interface NotedTrouble {
  readonly kind: TroubleKind;
  readonly code: string;
  readonly message: string;
}

/** Whether waiting does not help: commerce says no, or what is here is not fit to be sent. */
export function needsOperator({ error }: Pick<BridgeProgress, 'error'>): boolean {
  return error?.kind === 'refused' || error?.kind === 'ended' || error?.kind === 'unfit';
}

/** A window that was reported. */
export interface SentWindow {
  readonly window: HourNumber;
  readonly batches: number;
  readonly rows: bigint;
  /** JSON text as commerce signed it. */
  readonly receipt: string;
  readonly sentAt: Instant;
}

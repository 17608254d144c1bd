import type { HourNumber, Instant } from '../../kernel/index.ts';

/** How far the reporting of one registration is, and what stands in its way. */
export interface BridgeProgress {
  readonly registrationId: string;
  readonly firstWindow: HourNumber;
  /** All windows from the first up to this one have been reported. */
  readonly nextWindow: HourNumber;
  readonly lastSentAt: Instant | undefined;
  /** Attempts in a row that led to nothing. */
  readonly failures: number;
  readonly failingSince: Instant | undefined;
  /** No attempt before. */
  readonly retryAt: Instant | undefined;
  /** Whether commerce was reached and said no. */
  readonly refused: boolean;
  readonly error: { readonly code: string; readonly message: string } | undefined;
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

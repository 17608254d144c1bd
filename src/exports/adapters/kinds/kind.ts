import type { Instant } from '../../../kernel/index.ts';
import type { Clock } from '../../../platform/index.ts';
import type { AdapterDefinition } from '../adapter.ts';
import type { UsageEvent } from '../event.ts';

/** Events of one window, in the order of their ids. */
export interface EventBatch {
  readonly definition: AdapterDefinition;
  readonly registrationId: string;
  /** Hour since 1970 in which they were reported. */
  readonly window: number;
  /** Events of the window that were taken before. */
  readonly taken: number;
  readonly events: readonly UsageEvent[];
}

/** An event that the other side will never take as it is. */
export interface Refusal {
  readonly eventId: string;
  readonly status: number | undefined;
  /** At most 500 characters. */
  readonly answer: string;
}

/** Why no more was sent. */
export interface SendProblem {
  readonly text: string;
  /** It would be the same next time: somebody has to do something. */
  readonly isFatal: boolean;
  /** What the other side asks to be given. */
  readonly retryAfterMs?: number | undefined;
  /** Whether what was neither taken nor refused may have arrived all the same. */
  readonly isUnsure: boolean;
}

/** What became of a batch. What is neither taken nor refused is sent again, with the same content. */
export interface SendOutcome {
  readonly taken: readonly string[];
  readonly refused: readonly Refusal[];
  readonly problem?: SendProblem | undefined;
}

/** With what it is sent. */
export interface SendingRoom {
  readonly clock: Clock;
  /** Below it files are written. */
  readonly exportFolder: string;
  /** Ends what is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for an answer; 15,000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Whether others are to have their turn: what has not been begun is left for the next time. */
  readonly isOver?: (() => boolean) | undefined;
}

/** How usage is told to one kind of billing system. */
export interface BillingAdapter {
  /** Events that are given to it at once. */
  readonly batchSize: number;
  /** Whether an event needs the other side's names for its meter and its customer. */
  readonly needsNames: boolean;
  /** For how long the other side knows an event again; as long as it lasts unless given. */
  readonly knowsAgainHours?: number;
  /** What is sent for an event. */
  readonly contentOf: (
    event: UsageEvent,
    definition: AdapterDefinition,
  ) => Readonly<Record<string, unknown>>;
  /** Why the other side would not take an event as it is, where that is known before; such are put aside and not sent. */
  readonly unfit?: (
    event: UsageEvent,
    definition: AdapterDefinition,
    now: Instant,
  ) => string | undefined;
  /** Never throws for what the other side does. */
  send(batch: EventBatch, room: SendingRoom): Promise<SendOutcome>;
}

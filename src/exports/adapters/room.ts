import type { Clock, Database, Log } from '../../platform/index.ts';

/** What adapters send with. */
export interface AdapterRoom {
  readonly database: Database;
  readonly clock: Clock;
  /** The operator's folder, below which files are written; made when missing. */
  readonly exportFolder: string;
  readonly log?: Log | undefined;
  /** Ends the sending: what is under way is sent again later. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for an answer; 15,000 unless given. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds after which an adapter lets others have their turn; 30,000 unless given. */
  readonly turnMs?: number | undefined;
}

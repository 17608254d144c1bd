import type { Clock, Database, Log } from '../../platform/index.ts';

/** What exports are done with. */
export interface ExportRoom {
  readonly database: Database;
  readonly clock: Clock;
  /** The operator's folder, below which files are written; made when missing. */
  readonly exportFolder: string;
  /** Bytes that the exports of an account may have in folders of their own; no limit unless given. */
  readonly quotaBytes?: number | undefined;
  readonly log?: Log | undefined;
  /** Rows of a file at most; 500,000 unless given. */
  readonly partRows?: number | undefined;
  /** For an answer of a store. */
  readonly patienceMs?: number | undefined;
  /** For an attempt, which then is made again later and goes on; an hour unless given. */
  readonly attemptMs?: number | undefined;
}

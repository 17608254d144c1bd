import type { Clock, Database, Log } from '../../platform/index.ts';

/** What exports are done with. */
export interface ExportRoom {
  readonly database: Database;
  readonly clock: Clock;
  /** The operator's folder, below which files are written; made when missing. */
  readonly exportFolder: string;
  readonly log?: Log | undefined;
  /** Rows of a file at most; 500,000 unless given. */
  readonly partRows?: number | undefined;
}

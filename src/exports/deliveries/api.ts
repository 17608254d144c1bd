import type { Authenticate } from '../../identity/index.ts';
import type { ExportRoom } from './room.ts';

/** What the routes of exports need. */
export interface ExportApi extends Pick<ExportRoom, 'database' | 'clock' | 'exportFolder'> {
  readonly authenticate: Authenticate;
  /** Called when a run has become due; it is done within a minute anyway. */
  readonly wake?: () => void;
}

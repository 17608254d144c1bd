import type { Log } from '../telemetry/index.ts';

/** As much of the log as the database needs. */
export type DatabaseLog = Pick<Log, 'debug' | 'info' | 'warn' | 'error'>;

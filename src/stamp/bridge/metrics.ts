import type { Database, Metrics } from '../../platform/index.ts';
import type { BridgeTools } from './activating.ts';
import { bridgeLag } from './lag.ts';
import { findActivation, readProgress } from './store.ts';

/** Rows that this process reported, by database. */
const sentRows = new WeakMap<Database, number>();

export function countSentRows(database: Database, rows: number): void {
  sentRows.set(database, (sentRows.get(database) ?? 0) + rows);
}

/** What the bridge tells of itself; the page of this room says when to be alarmed. */
export function registerBridgeMetrics(metrics: Metrics, tools: BridgeTools): void {
  const { database, clock } = tools;
  const { pool } = database;
  const gauge = (name: string, help: string, read: () => Promise<number>): void => {
    metrics.gauge({ name: `stackmeter_bridge_${name}`, help }, async (one) => {
      one.set(await read());
    });
  };
  gauge(
    'lag_windows',
    'Closed reported hours that are to be reported to commerce and are not',
    async () => (await bridgeLag(pool, clock)).windows,
  );
  gauge(
    'lag_seconds',
    'Seconds since the oldest reported hour ended that is to be reported and is not; 0 when none is',
    async () => (await bridgeLag(pool, clock)).seconds,
  );
  gauge(
    'failures',
    'Attempts in a row that led to nothing',
    async () => (await readProgress(pool))?.failures ?? 0,
  );
  gauge('refused', '1 while commerce is reached and refuses what this stamp does', async () =>
    (await readProgress(pool))?.refused === true ? 1 : 0,
  );
  gauge(
    'activated',
    '1 while the stamp is activated and commerce knows its registration',
    async () => ((await findActivation(pool))?.state === 'Active' ? 1 : 0),
  );
  gauge(
    'rows_sent_total',
    'Rows that this process reported and commerce acknowledged',
    async () => sentRows.get(database) ?? 0,
  );
}

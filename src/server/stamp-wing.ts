import {
  applyRetention,
  closeWindows,
  openPresentHour,
  windowRoutes,
} from '../stamp/aggregation/index.ts';
import {
  bridgeRoutes,
  registerBridgeMetrics,
  startBridge,
  type Bridge,
} from '../stamp/bridge/index.ts';
import { directoryRoutes } from '../stamp/directory/index.ts';
import { emitterRoutes, IntakeEngine, intakeRoutes } from '../stamp/intake/index.ts';
import { meterRoutes } from '../stamp/meters/index.ts';
import {
  operationRoutes,
  OPERATIONS_TASK,
  runPendingOperations,
  sweepOperations,
} from '../stamp/operations/index.ts';
import { reconciliationRoutes } from '../stamp/reconciliation/index.ts';
import {
  registerUsageAnalysisMetrics,
  summarizeUsage,
  usageAnalysisRoutes,
} from '../stamp/usage-analysis/index.ts';
import { meterQueryRoutes, usageRoutes, type OtherUsage } from '../stamp/usage-api/index.ts';
import { EVERY_MINUTE, type Task } from './jobs.ts';
import { registerMetrics } from './metrics.ts';
import type { Ground, Wing } from './wing.ts';

/** What runs on the private cloud: taking usage in, closing windows, reading, reporting. */
export interface StampWing extends Wing {
  readonly engine: IntakeEngine;
  /** Has the bridge look for windows to report now. */
  wakeBridge(): void;
}

/**
 * Builds the stamp's wing.
 *
 * @param others who answers for usage of subscriptions that are not the stamp's
 */
export async function openStampWing(
  ground: Ground,
  others: OtherUsage | undefined,
): Promise<StampWing> {
  const { config, clock, log, database, identity, metrics } = ground;
  // Before anything is taken in: a record belongs to the hour of the present, not to the one of the last stop.
  await openPresentHour({ database, clock });
  const engine = new IntakeEngine({
    database,
    clock,
    log,
    connections: config.ingestConnections,
    batchRecords: config.ingestBatchRecords,
    queueBytes: config.ingestQueueBytes,
  });
  registerMetrics(metrics, { database, engine, clock, trusted: identity.trusted });
  registerBridgeMetrics(metrics, { database, clock });
  registerUsageAnalysisMetrics(metrics, { database, clock });
  const room = { database, clock, authenticate: identity.authenticate, region: config.region };
  let bridge: Bridge | undefined;
  const wakeBridge = (): void => bridge?.wake();
  const noteEmitters: Task = {
    name: 'note-emitters',
    when: EVERY_MINUTE,
    run: () => engine.activity.save(database.pool),
  };
  return {
    engine,
    wakeBridge,
    tasks: [...stampTasks(ground, wakeBridge), noteEmitters],
    addRoutes: (app) => {
      operationRoutes(app, room);
      directoryRoutes(app, room);
      intakeRoutes(app, { ...room, engine });
      meterRoutes(app, room);
      usageRoutes(app, { ...room, others });
      meterQueryRoutes(app, room);
      usageAnalysisRoutes(app, room);
      windowRoutes(app, room);
      emitterRoutes(app, { ...room, engine });
      bridgeRoutes(app, room);
      reconciliationRoutes(app, room);
    },
    start: () => {
      bridge = startBridge({ database, clock, log, givesWay: () => engine.isBusy });
    },
    stop: async () => {
      await bridge?.stop();
      await engine.activity.save(database.pool);
    },
  };
}

function stampTasks({ database, clock, log, config }: Ground, wake: () => void): readonly Task[] {
  return [
    {
      name: 'close-windows',
      when: EVERY_MINUTE,
      run: async () => {
        await openPresentHour({ database, clock });
        const closed = await closeWindows(
          { database, clock },
          clock.now(),
          ({ granularity, number, sums }) => {
            log.info(
              {
                granularity,
                window: number,
                rows: String(sums.rows),
                records: String(sums.records),
              },
              'reported window closed',
            );
          },
        );
        if (closed > 0) wake();
      },
    },
    {
      // Apart from closing, which it would only hold up.
      name: 'summarize-usage',
      when: EVERY_MINUTE,
      run: async () => {
        await summarizeUsage({ database, clock, log });
      },
    },
    {
      name: OPERATIONS_TASK,
      when: EVERY_MINUTE,
      run: () => runPendingOperations({ database, clock, log }),
    },
    {
      name: 'apply-retention',
      when: '17 3 * * *',
      run: async () => {
        await sweepOperations(database.pool, clock);
        const expired = await applyRetention(database, clock.now(), {
          recordDays: config.recordRetentionDays,
          hourlyDays: config.hourlyRetentionDays,
        });
        for (const { partition } of expired) log.info({ partition }, 'past retention, dropped');
      },
    },
  ];
}

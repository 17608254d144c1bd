import { Logger, parseCronItems, run, type CronItem } from 'graphile-worker';
import type { Clock, Config, Database, Log } from '../platform/index.ts';
import { SYSTEM } from '../audit/index.ts';
import { rotateKeysWhenDue, sweepArtifacts } from '../identity/index.ts';
import {
  OPERATIONS_TASK,
  runPendingOperations,
  sweepOperations,
} from '../stamp/operations/index.ts';
import { applyRetention, closeWindows, openPresentHour } from '../stamp/aggregation/index.ts';

/** Background work of a server, until it is stopped. */
export interface Jobs {
  stop(): Promise<void>;
}

export interface JobTools {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

const TASKS = {
  close: 'close-windows',
  retention: 'apply-retention',
  sweep: 'sweep-sign-ins',
  authority: 'rotate-keys',
  operations: OPERATIONS_TASK,
} as const;

/** A queue for each task: one that takes long keeps itself waiting, and no other. */
function everyMinute(task: string): CronItem {
  return { task, match: '* * * * *', options: { maxAttempts: 3, jobKey: task, queueName: task } };
}

/**
 * Runs the work that is due by the clock, through a queue in the same database: when several servers share it, each
 * job runs on one of them, and a job whose server died runs again on another.
 */
export async function startJobs(tools: JobTools): Promise<Jobs> {
  const { database, clock, log, config } = tools;
  const runner = await run({
    pgPool: database.pool,
    concurrency: 2,
    noHandleSignals: true,
    logger: quietLogger(log),
    taskList: {
      [TASKS.close]: async () => {
        await openPresentHour({ database, clock });
        await closeWindows({ database, clock }, clock.now(), ({ granularity, number, sums }) => {
          log.info(
            { granularity, window: number, rows: String(sums.rows), records: String(sums.records) },
            'reported window closed',
          );
        });
      },
      [TASKS.operations]: () => runPendingOperations({ database, clock, log }),
      [TASKS.sweep]: async () => {
        await sweepArtifacts(database.pool, clock);
      },
      [TASKS.authority]: async () => {
        const made = await database.transaction((tx) =>
          rotateKeysWhenDue(tx, { clock, actor: SYSTEM }),
        );
        if (made !== undefined) log.info({ kid: made.kid }, 'signing key made');
      },
      [TASKS.retention]: async () => {
        await sweepOperations(database.pool, clock);
        const expired = await applyRetention(database, clock.now(), {
          recordDays: config.recordRetentionDays,
          hourlyDays: config.hourlyRetentionDays,
        });
        for (const { partition } of expired) log.info({ partition }, 'past retention, dropped');
      },
    },
    parsedCronItems: parseCronItems([
      // Every minute, though an hour ends once in sixty: what a crash left open closes within the minute.
      everyMinute(TASKS.close),
      everyMinute(TASKS.operations),
      everyMinute(TASKS.sweep),
      { task: TASKS.authority, match: '7 * * * *', options: { jobKey: TASKS.authority } },
      { task: TASKS.retention, match: '17 3 * * *', options: { jobKey: TASKS.retention } },
    ]),
  });
  // Told through its log; a rejection nobody looks at would end the process.
  runner.promise.catch((err: unknown) => log.error({ err }, 'background jobs stopped'));
  return { stop: () => runner.stop() };
}

/** The library's own words at the level they deserve here: its hourly routine is nobody's news. */
function quietLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error(`jobs: ${message}`);
    else if (level === 'warning') log.warn(`jobs: ${message}`);
    else log.debug(`jobs: ${message}`);
  });
}

import { Logger, parseCronItems, run } from 'graphile-worker';
import type { Database, Log } from '../platform/index.ts';

/** Background work of a server, until it is stopped. */
export interface Jobs {
  stop(): Promise<void>;
}

/** Work that is done again and again. Each has a queue of its own: one that takes long keeps itself waiting, and no other. */
export interface Task {
  readonly name: string;
  /** When, as cron has it. */
  readonly when: string;
  readonly run: () => Promise<void>;
}

/** Every minute, also what is due less often: what a crash left undone is done within the minute. */
export const EVERY_MINUTE = '* * * * *';

/**
 * Runs the work that is due by the clock, through a queue in the same database: when several servers share it, each
 * task runs on one of them, and one whose server died runs again on another.
 */
export async function startJobs(
  { database, log }: { readonly database: Database; readonly log: Log },
  tasks: readonly Task[],
): Promise<Jobs> {
  const runner = await run({
    pgPool: database.pool,
    concurrency: 2,
    noHandleSignals: true,
    logger: quietLogger(log),
    taskList: Object.fromEntries(tasks.map((task) => [task.name, () => task.run()])),
    parsedCronItems: parseCronItems(
      tasks.map(({ name, when }) => ({
        task: name,
        match: when,
        options: { maxAttempts: 3, jobKey: name, queueName: name },
      })),
    ),
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

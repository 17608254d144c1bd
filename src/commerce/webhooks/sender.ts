import type { Clock, Database, Log } from '../../platform/index.ts';
import { deliverWebhooks } from './deliver.ts';

/** Sends messages while a server runs. */
export interface WebhookSender {
  start(): void;
  /** Looks at once whether something is due. */
  wake(): void;
  /** Ends what is under way; it is sent again later. */
  stop(): Promise<void>;
}

/** The first wait of a message that failed is five seconds, too short for the jobs of every minute. */
const LOOK_EVERY_MS = 5000;

export function createWebhookSender({
  database,
  clock,
  log,
}: {
  readonly database: Pick<Database, 'pool'>;
  readonly clock: Clock;
  readonly log: Log;
}): WebhookSender {
  const stopped = new AbortController();
  let woken = new AbortController();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      try {
        await deliverWebhooks({ database, clock, signal: stopped.signal });
      } catch (err) {
        log.warn({ err }, 'webhooks could not be sent; trying again');
      }
      const either = AbortSignal.any([stopped.signal, woken.signal]);
      await clock.sleep(LOOK_EVERY_MS, either).catch(() => undefined);
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    wake: () => woken.abort(),
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}

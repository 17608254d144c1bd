import {
  repeating,
  type Clock,
  type Database,
  type Log,
  type Repeating,
} from '../../platform/index.ts';
import { deliverWebhooks } from './deliver.ts';

/** The first wait of a message that failed is five seconds, too short for the jobs of every minute. */
const LOOK_EVERY_MS = 5000;

/** Sends messages while a server runs. What is under way when it stops is sent again later. */
export function createWebhookSender({
  database,
  clock,
  log,
}: {
  readonly database: Pick<Database, 'pool'>;
  readonly clock: Clock;
  readonly log: Log;
}): Repeating {
  return repeating({
    clock,
    everyMs: LOOK_EVERY_MS,
    work: async (signal) => {
      await deliverWebhooks({ database, clock, signal });
    },
    failed: (err) => log.warn({ err }, 'webhooks could not be sent; trying again'),
  });
}

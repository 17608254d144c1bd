import { repeating, type Repeating } from '../../platform/index.ts';
import type { AdapterRoom } from './room.ts';
import { adapterTurns } from './turns.ts';

/** The first wait after a failure is five seconds, too short for the jobs of every minute. */
const LOOK_EVERY_MS = 5000;

/** Sends usage while a server runs. What is under way when it stops is sent again later. */
export function createAdapterSender(room: Omit<AdapterRoom, 'signal'>): Repeating {
  const stopped = new AbortController();
  const failed = (err: unknown): void =>
    room.log?.warn({ err }, 'usage could not be sent to another billing system; trying again');
  const turns = adapterTurns({ ...room, signal: stopped.signal }, failed);
  // Whoever is at work meanwhile keeps nobody from being begun with.
  const looking = repeating({
    clock: room.clock,
    everyMs: LOOK_EVERY_MS,
    work: turns.begin,
    failed,
  });
  return {
    ...looking,
    stop: async () => {
      stopped.abort();
      await looking.stop();
      // What has failed was told when it did.
      await turns.ended().catch(() => undefined);
    },
  };
}

import { repeating, type Repeating } from '../../platform/index.ts';
import { runAdapters } from './deliver.ts';
import type { AdapterRoom } from './room.ts';

/** The first wait after a failure is five seconds, too short for the jobs of every minute. */
const LOOK_EVERY_MS = 5000;

/** Sends usage while a server runs. What is under way when it stops is sent again later. */
export function createAdapterSender(room: Omit<AdapterRoom, 'signal'>): Repeating {
  return repeating({
    clock: room.clock,
    everyMs: LOOK_EVERY_MS,
    work: async (signal) => {
      await runAdapters({ ...room, signal });
    },
    failed: (err) =>
      room.log?.warn({ err }, 'usage could not be sent to another billing system; trying again'),
  });
}

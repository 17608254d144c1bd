import { hourStart, hourNumber } from '../../kernel/index.ts';
import type { Clock, Queryable } from '../../platform/index.ts';
import { reportsUsage } from './activation.ts';
import { readBacklog } from './due-store.ts';
import { findActivation, readProgress } from './store.ts';

/** How far reporting is behind. */
export interface BridgeLag {
  /** Windows that are closed and have to be reported, and are not. */
  readonly windows: number;
  /** Since the oldest of them ended. */
  readonly seconds: number;
}

/** How far reporting is behind; nothing while none is to be done. */
export async function bridgeLag(db: Queryable, clock: Clock): Promise<BridgeLag> {
  const activation = await findActivation(db);
  const progress = reportsUsage(activation) ? await readProgress(db) : undefined;
  if (progress === undefined) return { windows: 0, seconds: 0 };
  const { windows, oldest } = await readBacklog(db, progress.nextWindow);
  if (oldest === undefined) return { windows: 0, seconds: 0 };
  const ended = hourStart(hourNumber(oldest + 1)).epochMilliseconds;
  const seconds = Math.floor((clock.now().epochMilliseconds - ended) / 1000);
  return { windows, seconds: Math.max(seconds, 0) };
}

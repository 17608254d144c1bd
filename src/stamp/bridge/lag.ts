import { hourStart, hourNumber } from '../../kernel/index.ts';
import type { Clock, Queryable } from '../../platform/index.ts';
import type { Activation } from './activation.ts';
import { readBacklog } from './due-store.ts';
import type { BridgeProgress } from './progress.ts';
import { findActivation, readProgress } from './store.ts';

/** How far reporting is behind. */
export interface BridgeLag {
  /** Windows that are closed and have to be reported, and are not. */
  readonly windows: number;
  /** Since the oldest of them ended. */
  readonly seconds: number;
}

/** How far reporting is behind; nothing while it is off on purpose. */
export async function bridgeLag(db: Queryable, clock: Clock): Promise<BridgeLag> {
  return lagOf(db, clock, {
    activation: await findActivation(db),
    progress: await readProgress(db),
  });
}

/** The same, of what was read already. A registration that has ended is not off: what closes meanwhile waits. */
export async function lagOf(
  db: Queryable,
  clock: Clock,
  state: {
    readonly activation: Activation | undefined;
    readonly progress: BridgeProgress | undefined;
  },
): Promise<BridgeLag> {
  const { activation, progress } = state;
  const isOff = activation?.usageReporting !== true;
  if (isOff || progress === undefined) return { windows: 0, seconds: 0 };
  const { windows, oldest } = await readBacklog(db, progress.nextWindow);
  if (oldest === undefined) return { windows: 0, seconds: 0 };
  const ended = hourStart(hourNumber(oldest + 1)).epochMilliseconds;
  const seconds = Math.floor((clock.now().epochMilliseconds - ended) / 1000);
  return { windows, seconds: Math.max(seconds, 0) };
}

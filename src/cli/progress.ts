import type { Clock } from '../platform/index.ts';
import type { Output } from './output.ts';

/** Tells on standard error how far long work is. */
export interface Progress {
  /** @param share from 0 to 1; undefined while it is not known */
  update(share: number | undefined, text: string): void;
  /** Takes the bar off the screen. */
  end(): void;
}

const SCREEN_EVERY_MS = 100;
const LINE_EVERY_MS = 10_000;
const BAR_WIDTH = 24;

/** A bar that is rewritten on a screen; elsewhere a line now and then, so that a log stays short. */
export function createProgress(output: Output, clock: Clock): Progress {
  const every = output.isScreen ? SCREEN_EVERY_MS : LINE_EVERY_MS;
  let last = output.isScreen ? -every : clock.monotonicMs();
  let shown = false;
  return {
    update: (share, text) => {
      const now = clock.monotonicMs();
      if (now - last < every) return;
      last = now;
      shown = true;
      if (output.isScreen) output.err.write(`\r${bar(share)}${text}\u001b[K`);
      else output.err.write(`stackmeter: ${percent(share)}${text}\n`);
    },
    end: () => {
      if (shown && output.isScreen) output.err.write('\r\u001b[K');
      shown = false;
    },
  };
}

function bar(share: number | undefined): string {
  if (share === undefined) return '';
  const full = Math.round(Math.min(1, share) * BAR_WIDTH);
  return `[${'#'.repeat(full)}${' '.repeat(BAR_WIDTH - full)}] ${percent(share)}`;
}

function percent(share: number | undefined): string {
  return share === undefined ? '' : `${Math.floor(Math.min(1, share) * 100)}% `;
}

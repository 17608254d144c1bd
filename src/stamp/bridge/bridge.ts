import type { Log } from '../../platform/index.ts';
import type { BridgeTools } from './activating.ts';
import type { BackOff } from './back-off.ts';
import { disconnect } from './connection.ts';
import { countSentRows } from './metrics.ts';
import { sendDueWindows, type PassOutcome } from './pass.ts';
import type { Acknowledged } from './send.ts';

/** What reports closed windows, until it is stopped. */
export interface Bridge {
  /** Something may be there to be sent: look now. */
  wake(): void;
  /** Ends soon; what is under way is given up, and done again by the next. */
  stop(): Promise<void>;
}

export interface BridgeOptions extends BridgeTools {
  readonly log: Log;
  /** Milliseconds between two looks while nothing happens; a minute. */
  readonly pauseMs?: number;
  /** Batches under way at a time; 3. */
  readonly concurrency?: number;
  readonly backoff?: BackOff;
  readonly timeoutMs?: number;
  /** Whether something else needs the machine more just now, so that reporting goes at a walk. */
  readonly givesWay?: () => boolean;
}

const PAUSE_MS = 60_000;
/** How long calls under way may take once the bridge is stopped. */
const FINISH_MS = 3000;

/** What ends the bridge: first it begins nothing new, then it gives up what is under way. */
interface Ending {
  readonly finishing: AbortSignal;
  readonly stopping: AbortSignal;
}

/**
 * Begins to report: a pass now, whenever it is woken, each minute, and when the time to try again has come. Several
 * processes may do this on one database; one of them sends.
 */
export function startBridge(options: BridgeOptions): Bridge {
  const finishing = new AbortController();
  const stopping = new AbortController();
  let bell = Promise.withResolvers<void>();
  const signals = { finishing: finishing.signal, stopping: stopping.signal };
  const done = run(options, signals, () => {
    bell = Promise.withResolvers<void>();
    return bell.promise;
  });
  return {
    wake: () => bell.resolve(),
    stop: async () => {
      const reason = new Error('the bridge was stopped');
      finishing.abort(reason);
      bell.resolve();
      // Commerce may be in this very process, and it would rather end a call than lose its caller.
      const patience = options.clock.sleep(FINISH_MS, stopping.signal).catch(() => undefined);
      await Promise.race([done, patience]);
      stopping.abort(reason);
      await done;
      disconnect(options);
    },
  };
}

/** @param nextBell is called before each pass, so that no ring during one is lost */
async function run(
  options: BridgeOptions,
  { finishing, stopping }: Ending,
  nextBell: () => Promise<void>,
): Promise<void> {
  const { clock, log, pauseMs = PAUSE_MS } = options;
  const acknowledged: Acknowledged = { window: undefined, batches: new Map() };
  while (!finishing.aborted) {
    const rung = nextBell();
    let waitMs = pauseMs;
    try {
      const outcome = await sendDueWindows(options, {
        ...options,
        signal: stopping,
        finishing,
        acknowledged,
        onRows: (rows) => countSentRows(options.database, rows),
      });
      if (outcome.kind === 'done' && outcome.windows > 0) {
        log.info({ windows: outcome.windows }, 'windows were reported');
      }
      waitMs = Math.min(pauseMs, untilRetry(outcome, options));
    } catch (err) {
      if (err !== stopping.reason && err !== finishing.reason) {
        log.error({ err }, 'the bridge could not do its work; it tries again');
      }
    }
    await rest(clock.sleep.bind(clock), waitMs, rung, finishing);
  }
}

function untilRetry(outcome: PassOutcome, { clock }: BridgeTools): number {
  if (outcome.kind === 'changed') return 1;
  if (!('retryAt' in outcome)) return Infinity;
  const waitMs = outcome.retryAt.epochMilliseconds - clock.now().epochMilliseconds;
  return Math.max(waitMs, 1);
}

/** Until the time is over or the bell rings. */
async function rest(
  sleep: BridgeTools['clock']['sleep'],
  waitMs: number,
  rung: Promise<void>,
  finishing: AbortSignal,
): Promise<void> {
  const awake = new AbortController();
  const slept = sleep(waitMs, AbortSignal.any([awake.signal, finishing])).catch(() => undefined);
  await Promise.race([slept, rung]);
  awake.abort();
}

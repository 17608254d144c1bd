import { StackmeterError, type HourNumber, type Instant } from '../../kernel/index.ts';
import { silentLog, type Log } from '../../platform/index.ts';
import type { BridgeTools } from './activating.ts';
import type { BackOff } from './back-off.ts';
import { connect, type Connection } from './connection.ts';
import { eachDue } from './due-store.ts';
import { withBridgeLock } from './lock.ts';
import type { BridgeProgress } from './progress.ts';
import { whyNothingIsTaken } from './registration-status.ts';
import { noteFailure, noteTrouble } from './note-trouble.ts';
import { goOnWithoutReceipt, sendWindows, startOver, type Acknowledged } from './send.ts';
import { noteAttempt, readProgress } from './store.ts';
import { acceptedUntil, syncWithCommerce, type Agreed } from './sync.ts';
import { ActivationChanged, Trouble } from './trouble.ts';

/** How a pass is made; all have a default. */
export interface PassOptions {
  readonly log?: Log;
  /** Ends the pass when it is aborted; it rejects with the reason then. */
  readonly signal?: AbortSignal;
  /** Begins no further batch once it is aborted, and lets those under way end; it rejects with the reason then. */
  readonly finishing?: AbortSignal;
  /** Batches under way at a time; 3. */
  readonly concurrency?: number;
  readonly backoff?: BackOff;
  /** Milliseconds that one call may take; 60,000. */
  readonly timeoutMs?: number;
  /** Try although the time for it has not come yet. */
  readonly force?: boolean;
  /** What is known from passes before; given by whoever makes several. */
  readonly acknowledged?: Acknowledged;
  readonly onRows?: (rows: number) => void;
  /** Whether something else needs the machine more just now; never unless given. */
  readonly givesWay?: () => boolean;
}

/** What a pass came to. */
export type PassOutcome =
  | { readonly kind: 'not activated' }
  /** Another process sends. */
  | { readonly kind: 'elsewhere' }
  /** It is too early after a failure, or commerce takes nothing at present. */
  | { readonly kind: 'waiting'; readonly retryAt: Instant; readonly code: string | undefined }
  /** The activation was changed or removed in the middle; under the one before nothing more is sent. */
  | { readonly kind: 'changed'; readonly windows: number }
  /** All that was due has been sent. */
  | { readonly kind: 'done'; readonly windows: number }
  | {
      readonly kind: 'failed';
      readonly windows: number;
      readonly retryAt: Instant;
      readonly code: string;
      readonly message: string;
    };

const LONGEST_WAIT_MS = 3_600_000;
const MOST_GAPS = 3;
const CONCURRENCY = 3;
/** Commerce is elsewhere than it was when it was asked. */
const MOVED = new Set(['ReportedWindowGap', 'UsageReportingOff']);
const ALTERED = new Set(['ReportedBatchAltered', 'ManifestMismatch']);

/**
 * Sends every window that is closed and was not reported yet, in order, if commerce can be reached. What goes wrong is
 * noted in the progress, with the time of the next attempt; nothing is skipped.
 *
 * @throws what the database throws; the reason of the signal once that is aborted
 */
export async function sendDueWindows(
  tools: BridgeTools,
  options: PassOptions = {},
): Promise<PassOutcome> {
  const { database, clock } = tools;
  const progress = await readProgress(database.pool);
  if (progress === undefined) return { kind: 'not activated' };
  const early = options.force === true ? undefined : tooEarly(progress, clock.now());
  if (early !== undefined) return early;
  try {
    const held = await withBridgeLock(database, 'bridge', async (lost) => {
      const signal = AbortSignal.any([
        lost,
        ...(options.signal === undefined ? [] : [options.signal]),
      ]);
      return attempt(tools, options, signal);
    });
    return held?.done ?? { kind: 'elsewhere' };
  } catch (error) {
    options.signal?.throwIfAborted();
    options.finishing?.throwIfAborted();
    if (error instanceof StackmeterError && error.code === 'NotActivated') {
      return { kind: 'not activated' };
    }
    // So that the status tells of it; where that cannot be written either, the log alone does.
    await noteFailure(tools, error, options.backoff).catch(() => undefined);
    throw error;
  }
}

function tooEarly(progress: BridgeProgress, now: Instant): PassOutcome | undefined {
  const { retryAt, error } = progress;
  if (retryAt === undefined) return undefined;
  const waitMs = retryAt.epochMilliseconds - now.epochMilliseconds;
  // A clock that was set back must not make the bridge wait for days.
  if (waitMs <= 0 || waitMs > LONGEST_WAIT_MS) return undefined;
  return { kind: 'waiting', retryAt, code: error?.code };
}

/** One attempt, and the note of what it came to. */
async function attempt(
  tools: BridgeTools,
  options: PassOptions,
  signal: AbortSignal,
): Promise<PassOutcome> {
  const { database } = tools;
  const connection = await connect(tools, { timeoutMs: options.timeoutMs });
  const pass: Pass = {
    connection,
    options,
    signal,
    log: options.log ?? silentLog,
    sent: 0,
    moved: false,
  };
  try {
    await sendAll(pass);
  } catch (error) {
    signal.throwIfAborted();
    options.finishing?.throwIfAborted();
    if (!(error instanceof Trouble) && !(error instanceof ActivationChanged)) throw error;
    return endEarly(pass, error);
  }
  const progress = await readProgress(database.pool);
  if (progress?.error !== undefined || progress?.retryAt !== undefined) {
    await noteAttempt(database.pool, connection.activation, NOTHING_WRONG).catch(unlessChanged);
  }
  return { kind: 'done', windows: pass.sent };
}

/** What is noted of it belongs to the activation under which it happened. */
async function endEarly(
  { connection, options, log, moved, sent }: Pass,
  error: Trouble | ActivationChanged,
): Promise<PassOutcome> {
  const changed = { kind: 'changed', windows: sent } as const;
  if (error instanceof ActivationChanged) return changed;
  try {
    const { backoff } = options;
    const noted = await noteTrouble(connection, error, { log, moved, windows: sent, backoff });
    const { retryAt, code, message, isWaiting } = noted;
    if (isWaiting) return { kind: 'waiting', retryAt, code };
    return { kind: 'failed', windows: sent, retryAt, code, message };
  } catch (cause) {
    unlessChanged(cause);
    return changed;
  }
}

function unlessChanged(error: unknown): void {
  if (!(error instanceof ActivationChanged)) throw error;
}

const NOTHING_WRONG = {
  failures: 0,
  failingSince: undefined,
  retryAt: undefined,
  error: undefined,
};

interface Pass {
  readonly connection: Connection;
  readonly options: PassOptions;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Windows that were accepted. */
  sent: number;
  /** Whether commerce acknowledged anything. */
  moved: boolean;
}

async function sendAll(pass: Pass): Promise<void> {
  const { connection, log, signal } = pass;
  const acknowledged = pass.options.acknowledged ?? { window: undefined, batches: new Map() };
  let startedOver: HourNumber | undefined;
  for (let gaps = 0; ;) {
    const agreed = await syncWithCommerce(connection, log, signal);
    requireOpen(agreed);
    const until = acceptedUntil(agreed.status, agreed.progress.nextWindow);
    const sender = senderOf(pass, agreed, acknowledged, until);
    // What comes after the stretch of an earlier period is not what commerce wants next: it is asked again then.
    const end = until === agreed.status.nextWindow ? undefined : until;
    try {
      const { pool } = connection.tools.database;
      await sendWindows(sender, eachDue(pool, agreed.progress.nextWindow, end));
      if (end === undefined || (await nextWindowOf(connection)) < end) return;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      const at = await nextWindowOf(connection);
      if (until !== undefined && at < until && mayGoOn(error)) {
        await goOnWithoutReceipt(sender, at, error);
      } else if (MOVED.has(error.code) && gaps < MOST_GAPS) {
        gaps += 1;
        acknowledged.batches.clear();
      } else if (ALTERED.has(error.code) && startedOver !== at) {
        log.error({ code: error.code, err: error }, 'commerce has another version of a window');
        startedOver = at;
        await startOver(sender, at).catch(unlessAccepted);
      } else {
        throw error;
      }
    }
  }
}

/** What does not pass by waiting, for a window that commerce has accepted. */
function mayGoOn({ kind, code }: Trouble): boolean {
  return kind === 'unfit' || ALTERED.has(code);
}

/** Accepted windows cannot be started over: asking where we are tells how to go on. */
function unlessAccepted(error: unknown): void {
  if (!(error instanceof Trouble) || error.code !== 'ReportedWindowGap') throw error;
}

async function nextWindowOf({ tools }: Connection): Promise<HourNumber> {
  const progress = await readProgress(tools.database.pool);
  if (progress !== undefined) return progress.nextWindow;
  throw new ActivationChanged();
}

function requireOpen({ status }: Agreed): void {
  if (status.status === 'Registered' && status.nextWindow !== undefined) return;
  const { code, message } = whyNothingIsTaken(status);
  throw new Trouble(status.status === 'Registered' ? 'off' : 'ended', code, message);
}

function senderOf(
  pass: Pass,
  agreed: Agreed,
  acknowledged: Acknowledged,
  until: HourNumber | undefined,
): Parameters<typeof sendWindows>[0] {
  const { connection, options, signal, log } = pass;
  return {
    connection: { ...connection, activation: agreed.activation },
    cloudId: agreed.cloudId,
    log,
    concurrency: options.concurrency ?? CONCURRENCY,
    signal,
    acknowledged,
    acceptedUntil: until,
    finishing: options.finishing,
    givesWay: options.givesWay ?? (() => false),
    onProgress: (rows) => {
      pass.moved = true;
      if (rows === 0) pass.sent += 1;
      options.onRows?.(rows);
    },
  };
}

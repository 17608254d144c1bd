import { hourNumber, type HourNumber, type Instant } from '../../kernel/index.ts';
import { silentLog, type Log, type Queryable } from '../../platform/index.ts';
import type { BridgeTools } from './activating.ts';
import { BACK_OFF, waitAfter, type BackOff } from './back-off.ts';
import { connect, type Connection } from './connection.ts';
import { listDue, type DueWindow } from './due-store.ts';
import { withBridgeLock } from './lock.ts';
import type { BridgeProgress } from './progress.ts';
import { whyNothingIsTaken } from './registration-status.ts';
import { goOnWithoutReceipts, sendWindows, startOver, type Acknowledged } from './send.ts';
import { noteAttempt, readProgress } from './store.ts';
import { acceptedUntil, syncWithCommerce, type Agreed } from './sync.ts';
import { describeTrouble, Trouble } from './trouble.ts';

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
  /** All that was due has been sent. */
  | { readonly kind: 'done'; readonly windows: number }
  | {
      readonly kind: 'failed';
      readonly windows: number;
      readonly retryAt: Instant;
      readonly code: string;
      readonly message: string;
    };

/** Between two looks at a registration that takes nothing. */
const PAUSE_MS = 300_000;
const LONGEST_WAIT_MS = 3_600_000;
const MOST_GAPS = 3;
const LISTED = 200;
const CONCURRENCY = 3;
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
  const held = await withBridgeLock(database, 'bridge', async (lost) => {
    const signal = AbortSignal.any([
      lost,
      ...(options.signal === undefined ? [] : [options.signal]),
    ]);
    return attempt(tools, options, signal);
  });
  return held?.done ?? { kind: 'elsewhere' };
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
    if (!(error instanceof Trouble)) throw error;
    return noteTrouble(pass, error);
  }
  const { registrationId } = connection.activation;
  const progress = await readProgress(database.pool);
  if (progress?.error !== undefined || progress?.retryAt !== undefined) {
    await noteAttempt(database.pool, registrationId, NOTHING_WRONG);
  }
  return { kind: 'done', windows: pass.sent };
}

const NOTHING_WRONG = {
  failures: 0,
  failingSince: undefined,
  retryAt: undefined,
  refused: false,
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
    try {
      await sendWindows(
        sender,
        dueWindows(connection.tools.database.pool, agreed.progress.nextWindow),
      );
      return;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      const at = await nextWindowOf(connection);
      if (until !== undefined && at < until && mayGoOn(error)) {
        await goOnWithoutReceipts(sender, at, until, error);
      } else if (error.code === 'ReportedWindowGap' && gaps < MOST_GAPS) {
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
  return kind === 'fault' || ALTERED.has(code);
}

/** Accepted windows cannot be started over: asking where we are tells how to go on. */
function unlessAccepted(error: unknown): void {
  if (!(error instanceof Trouble) || error.code !== 'ReportedWindowGap') throw error;
}

async function nextWindowOf({ tools }: Connection): Promise<HourNumber> {
  const progress = await readProgress(tools.database.pool);
  if (progress !== undefined) return progress.nextWindow;
  throw new Trouble('fault', 'NotActivated', 'the activation was removed');
}

function requireOpen({ status }: Agreed): void {
  if (status.status === 'Registered' && status.nextWindow !== undefined) return;
  const { code, message } = whyNothingIsTaken(status);
  // Turned off on purpose, as opposed to ended.
  throw new Trouble('paused', code, message, {
    status: status.status === 'Registered' ? 200 : 403,
  });
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

async function* dueWindows(db: Queryable, from: HourNumber): AsyncGenerator<DueWindow> {
  for (let next: HourNumber | undefined = from; next !== undefined;) {
    const due: DueWindow[] = await listDue(db, next, LISTED);
    yield* due;
    const last: DueWindow | undefined = due.at(-1);
    next = due.length < LISTED || last === undefined ? undefined : hourNumber(last.window + 1);
  }
}

async function noteTrouble(pass: Pass, trouble: Trouble): Promise<PassOutcome> {
  const { connection, options, log } = pass;
  const { database, clock } = connection.tools;
  const { registrationId, commerceUrl } = connection.activation;
  const before = await readProgress(database.pool);
  const now = clock.now();
  const isPaused = trouble.kind === 'paused';
  const failures = isPaused ? 0 : pass.moved ? 1 : (before?.failures ?? 0) + 1;
  const lookAgainMs =
    isPaused || trouble.kind === 'fault'
      ? Math.max(PAUSE_MS, trouble.retryAfterMs)
      : waitAfter(failures, trouble.retryAfterMs, options.backoff ?? BACK_OFF);
  const retryAt = now.add({ milliseconds: lookAgainMs });
  const error = describeTrouble(trouble, commerceUrl);
  const refused = trouble.kind === 'refused' || (isPaused && trouble.status !== 200);
  await noteAttempt(database.pool, registrationId, {
    failures,
    failingSince: isPaused ? undefined : failures > 1 ? (before?.failingSince ?? now) : now,
    retryAt,
    refused,
    error,
  });
  const told = { ...error, failures, retryAt: retryAt.toString(), windows: pass.sent };
  if (isPaused) log.info(told, 'commerce takes no usage at present');
  else if (trouble.kind === 'unreachable') log.warn(told, 'commerce was not reached');
  else log.error(told, 'usage is not reported');
  if (isPaused) return { kind: 'waiting', retryAt, code: error.code };
  return { kind: 'failed', windows: pass.sent, retryAt, ...error };
}

import type { Instant } from '../../kernel/index.ts';
import type { Log } from '../../platform/index.ts';
import type { BridgeTools } from './activating.ts';
import { adviceOn } from './advice.ts';
import { BACK_OFF, waitAfter, type BackOff } from './back-off.ts';
import type { Connection } from './connection.ts';
import type { NotedTrouble } from './progress.ts';
import { findActivation, noteAttempt, readProgress } from './store.ts';
import { describeTrouble, type Trouble } from './trouble.ts';

/** Between two looks at what does not pass by waiting. */
const PAUSE_MS = 300_000;

/** What was noted, and when it is tried again. */
export interface Noted {
  readonly code: string;
  readonly message: string;
  readonly retryAt: Instant;
  /** Nothing failed: commerce takes nothing at present. */
  readonly isWaiting: boolean;
}

/** How far the attempt came. */
export interface Attempt {
  readonly log: Log;
  /** Whether commerce acknowledged anything. */
  readonly moved: boolean;
  readonly windows: number;
  readonly backoff: BackOff | undefined;
}

/**
 * Notes what stood in the way of an attempt, and when the next one may be made, and tells of it in the log.
 *
 * @throws ActivationChanged when the attempt was made under another activation than the present one
 */
export async function noteTrouble(
  { activation, tools }: Connection,
  trouble: Trouble,
  { log, moved, windows, backoff = BACK_OFF }: Attempt,
): Promise<Noted> {
  const { database, clock } = tools;
  const before = await readProgress(database.pool);
  const now = clock.now();
  const isWaiting = trouble.kind === 'ended' || trouble.kind === 'off';
  const failures = isWaiting ? 0 : moved ? 1 : (before?.failures ?? 0) + 1;
  const lookAgainMs =
    isWaiting || trouble.kind === 'unfit'
      ? Math.max(PAUSE_MS, trouble.retryAfterMs)
      : waitAfter(failures, trouble.retryAfterMs, backoff);
  const retryAt = now.add({ milliseconds: lookAgainMs });
  const error = describeTrouble(trouble, activation.commerceUrl);
  await noteAttempt(database.pool, activation, {
    failures,
    failingSince: isWaiting ? undefined : failures > 1 ? (before?.failingSince ?? now) : now,
    retryAt,
    error,
  });
  const advice = adviceOn(error);
  const told = { ...error, advice, failures, retryAt: retryAt.toString(), windows };
  tell(log, told, before?.error);
  return { code: error.code, message: error.message, retryAt, isWaiting };
}

/** What was chosen is told of once; what waits for somebody is an error first, and then a warning each time. */
function tell(
  log: Log,
  told: NotedTrouble & Readonly<Record<string, unknown>>,
  before: NotedTrouble | undefined,
): void {
  const isNew = before?.kind !== told.kind || before.code !== told.code;
  if (told.kind === 'off') {
    if (isNew) log.info(told, 'reporting is off');
  } else if (told.kind === 'ended') {
    const message = 'commerce takes no usage until the registration is renewed';
    if (isNew) log.error(told, message);
    else log.warn(told, message);
  } else if (told.kind === 'unreachable') {
    log.warn(told, 'commerce was not reached');
  } else {
    log.error(told, 'usage is not reported');
  }
}

/** Notes a failure on this side that is none of the exchange with commerce, such as of the database. */
export async function noteFailure(
  { database, clock }: BridgeTools,
  cause: unknown,
  backoff: BackOff = BACK_OFF,
): Promise<void> {
  const activation = await findActivation(database.pool);
  const before = await readProgress(database.pool);
  if (activation === undefined || before === undefined) return;
  const now = clock.now();
  const failures = before.failures + 1;
  await noteAttempt(database.pool, activation, {
    failures,
    failingSince: before.failingSince ?? now,
    retryAt: now.add({ milliseconds: waitAfter(failures, 0, backoff) }),
    error: describeTrouble(cause, activation.commerceUrl),
  });
}

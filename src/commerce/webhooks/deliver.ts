import { randomInt } from 'node:crypto';
import type { Instant } from '../../kernel/index.ts';
import {
  callHttps,
  readRetryAfter,
  type CallAnswer,
  type Clock,
  type Database,
} from '../../platform/index.ts';
import {
  claimDelivery,
  disableGone,
  noteDelivered,
  noteFailed,
  noteUnanswered,
  type DueDelivery,
} from './delivery-store.ts';
import { forgetMessages } from './message-store.ts';
import { signedHeaders } from './signing.ts';

/** With what messages are sent. */
export interface DeliveryRoom {
  readonly database: Pick<Database, 'pool'>;
  readonly clock: Clock;
  /** Ends the sending: what is under way is sent again later. */
  readonly signal?: AbortSignal;
  /** Part of the longest extra wait, from 0 to 1; by chance unless given. */
  readonly jitter?: () => number;
  /** Milliseconds for an answer; 15,000 unless given. */
  readonly timeoutMs?: number;
}

export interface DeliveryReport {
  readonly delivered: number;
  readonly failed: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What is waited after the first attempt, the second, and so on; after the last the message is given up. */
export const RETRY_WAITS_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

const TIMEOUT_MS = 15 * SECOND;
/** Longer than an attempt and the noting of it. */
const LEASE_MS = MINUTE;
/** Endpoints that are sent to at once, each one message at a time. */
const MOST_AT_ONCE = 16;
/** Of these, for messages that have failed before: the rest is free for endpoints that answer. */
const MOST_AGAIN = 8;
const MOST_ANSWER_BYTES = 2 ** 20;
/** Part of a wait by which it may be longer, so that those who failed together do not come back together. */
const JITTER = 0.2;

/**
 * Sends what is due until nothing is left that is. Several servers may do so at once. Endpoints that do not
 * answer take half of the places at most, and so keep no others waiting. A message is sent at least once: when
 * its sender dies before it has noted the answer, it is sent again under the same id.
 */
export async function deliverWebhooks(room: DeliveryRoom): Promise<DeliveryReport> {
  const { database, clock } = room;
  const running = new Map<string, { readonly done: Promise<void>; readonly again: boolean }>();
  const errors: unknown[] = [];
  const report = { delivered: 0, failed: 0 };
  let ended = 0;
  await forgetMessages(database.pool, clock.now());
  const start = (due: DueDelivery): void => {
    const { endpointId } = due.endpoint;
    const done = attempt(room, due)
      .then((isDelivered) => {
        report[isDelivered ? 'delivered' : 'failed'] += 1;
      })
      .catch((error: unknown) => errors.push(error))
      .then(() => {
        running.delete(endpointId);
        ended += 1;
      });
    running.set(endpointId, { done, again: due.attempts > 0 });
  };
  for (;;) {
    const isEnding = errors.length > 0 || room.signal?.aborted === true;
    const endedBefore = ended;
    const due = isEnding ? undefined : await claimNext(room, running);
    if (due !== undefined) start(due);
    // What ended while the database was asked was still taken for busy: its endpoint may have more.
    else if (!isEnding && ended !== endedBefore) continue;
    else if (running.size > 0) await Promise.race([...running.values()].map(({ done }) => done));
    else break;
  }
  if (errors.length > 0) throw errors[0];
  return report;
}

/** @param running messages under way, by endpoint */
async function claimNext(
  { database, clock }: DeliveryRoom,
  running: ReadonlyMap<string, { readonly again: boolean }>,
): Promise<DueDelivery | undefined> {
  if (running.size >= MOST_AT_ONCE) return undefined;
  const busy = [...running.keys()];
  const claim = (again: boolean): Promise<DueDelivery | undefined> =>
    claimDelivery(database.pool, clock.now(), { busy, again }, LEASE_MS);
  const retried = [...running.values()].filter(({ again }) => again).length;
  return (retried < MOST_AGAIN ? await claim(true) : undefined) ?? claim(false);
}

/** @returns whether the endpoint took the message */
async function attempt(room: DeliveryRoom, due: DueDelivery): Promise<boolean> {
  const { pool } = room.database;
  const attempts = due.attempts + 1;
  const answer = await send(room, due);
  // Told to end: nothing is noted, and the message is due again when its lease is over.
  if (typeof answer === 'string' && room.signal?.aborted === true) return false;
  const now = room.clock.now();
  if (typeof answer === 'string') {
    const end = { attempts, status: undefined, problem: answer };
    await noteFailed(pool, due, end, nextAttempt(room, due.attempts, now));
    const waits = RETRY_WAITS_MS.map((_, made) => waitAfter(room, made) ?? 0);
    await noteUnanswered(pool, due.endpoint.endpointId, answer, now, waits);
    return false;
  }
  const { status, headers } = answer;
  const isTaken = status >= 200 && status < 300;
  const end = { attempts, status, problem: isTaken ? undefined : `it answered with ${status}` };
  if (isTaken) {
    await noteDelivered(pool, due, end, now);
  } else if (status === 410) {
    await noteFailed(pool, due, end, undefined);
    await disableGone(pool, due.endpoint.endpointId);
  } else {
    const asked = readRetryAfter(headers, now, 24 * HOUR);
    await noteFailed(pool, due, end, nextAttempt(room, due.attempts, now, asked));
  }
  return isTaken;
}

/** The answer, or why there is none. Redirections are answers like any other and not followed. */
async function send(
  { clock, signal, timeoutMs = TIMEOUT_MS }: DeliveryRoom,
  { messageId, payload, endpoint }: DueDelivery,
): Promise<CallAnswer | string> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await callHttps(endpoint.url, {
      method: 'POST',
      reach: 'network',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'stackmeter',
        ...signedHeaders(endpoint, messageId, payload, clock.now()),
      },
      body: payload,
      maxBytes: MOST_ANSWER_BYTES,
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      ...(endpoint.ca !== undefined && { ca: endpoint.ca }),
    });
  } catch (error) {
    const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
    return reason.slice(0, 200);
  }
}

/** @param made attempts that came before the one that failed */
function nextAttempt(
  room: DeliveryRoom,
  made: number,
  now: Instant,
  leastMs = 0,
): Instant | undefined {
  const wait = waitAfter(room, made);
  return wait === undefined ? undefined : now.add({ milliseconds: Math.max(wait, leastMs) });
}

function waitAfter({ jitter = chance }: DeliveryRoom, made: number): number | undefined {
  const wait = RETRY_WAITS_MS[made];
  return wait === undefined ? undefined : Math.floor(wait * (1 + JITTER * jitter()));
}

function chance(): number {
  return randomInt(1000) / 1000;
}

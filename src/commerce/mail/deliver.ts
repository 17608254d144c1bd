import { randomInt } from 'node:crypto';
import type { Instant } from '../../kernel/index.ts';
import type { Clock, Database } from '../../platform/index.ts';
import {
  claimMail,
  holdUndeliverable,
  noteSent,
  noteServerFailed,
  noteUnsent,
  releaseUndeliverable,
  type DueMail,
} from './attempt-store.ts';
import type { MailServer } from './mail-server.ts';
import { forgetMail } from './message-store.ts';
import { openWay, type MailWay, type SendResult } from './smtp.ts';

/** With what messages are sent. */
export interface MailRoom {
  readonly database: Pick<Database, 'pool'>;
  readonly clock: Clock;
  /** Undefined: there is none, and messages are kept. */
  readonly server: MailServer | undefined;
  /** Ends the sending: what is under way is sent again later. */
  readonly signal?: AbortSignal;
  /** Part of the longest extra wait, from 0 to 1; by chance unless given. */
  readonly jitter?: () => number;
}

export interface MailReport {
  readonly sent: number;
  readonly failed: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What is waited after the first attempt, the second, and so on; after the last the message is given up. */
export const MAIL_WAITS_MS: readonly number[] = [
  30 * SECOND,
  5 * MINUTE,
  15 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  24 * HOUR,
];

const ATTEMPT_MS = MINUTE;
/** Longer than an attempt and the noting of it. */
const LEASE_MS = 2 * MINUTE;
/** Connections at once. */
const MOST_AT_ONCE = 4;
const JITTER = 0.2;
const WAITED_DAYS = 7;

/**
 * Sends what is due until nothing is left that is. Several servers may do so at once. A message is sent at
 * least once: when its sender dies before it has noted the answer, it is sent again under the same id.
 */
export async function deliverMail(room: MailRoom): Promise<MailReport> {
  const { database, clock, server } = room;
  const { pool } = database;
  const now = clock.now();
  await forgetMail(pool, now);
  if (server === undefined) {
    await holdUndeliverable(pool, now);
    return { sent: 0, failed: 0 };
  }
  await releaseUndeliverable(pool, now, now.subtract({ hours: WAITED_DAYS * 24 }));
  const way = openWay(server);
  try {
    const workers = Array.from({ length: MOST_AT_ONCE }, () => work(room, server, way));
    const ends = await Promise.allSettled(workers);
    const reports = ends.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
    return {
      sent: reports.reduce((sum, { sent }) => sum + sent, 0),
      failed: reports.reduce((sum, { failed }) => sum + failed, 0),
    };
  } finally {
    way.close();
  }
}

/** Sends one message after the other. */
async function work(room: MailRoom, server: MailServer, way: MailWay): Promise<MailReport> {
  const { database, clock } = room;
  const domain = server.from.slice(server.from.lastIndexOf('@') + 1);
  let [sent, failed] = [0, 0];
  while (room.signal?.aborted !== true) {
    const due = await claimMail(database.pool, clock.now(), domain, LEASE_MS);
    if (due === undefined) break;
    if (await attempt(room, way, due)) sent += 1;
    else failed += 1;
  }
  return { sent, failed };
}

/** @returns whether the server took the message */
async function attempt(room: MailRoom, way: MailWay, due: DueMail): Promise<boolean> {
  const { pool } = room.database;
  const result = await send(room, way, due);
  if (result.kind !== 'sent' && room.signal?.aborted === true) {
    // Told to end: nothing is noted, and the message is due again when its lease is over.
    return false;
  }
  const now = room.clock.now();
  if (result.kind === 'sent') {
    await noteSent(pool, due, result.status, now);
    return true;
  }
  const isForGood = result.kind === 'refused';
  await noteUnsent(pool, due, result, isForGood ? undefined : nextAttempt(room, due, now));
  if (result.kind === 'failed' && result.isServer) {
    const waits = MAIL_WAITS_MS.map((wait) => withJitter(room, wait));
    await noteServerFailed(pool, result.problem, now, waits);
  }
  return false;
}

function send({ signal }: MailRoom, way: MailWay, due: DueMail): Promise<SendResult> {
  const { messageId, domain, recipient, subject, text, html, language, occurredAt } = due;
  const timeout = AbortSignal.timeout(ATTEMPT_MS);
  return way.send(
    { id: `${messageId}@${domain}`, recipient, subject, text, html, language, date: occurredAt },
    signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
  );
}

function nextAttempt(room: MailRoom, { attempts }: DueMail, now: Instant): Instant | undefined {
  const wait = MAIL_WAITS_MS[attempts];
  return wait === undefined ? undefined : now.add({ milliseconds: withJitter(room, wait) });
}

function withJitter({ jitter = chance }: MailRoom, wait: number): number {
  return Math.floor(wait * (1 + JITTER * jitter()));
}

function chance(): number {
  return randomInt(1000) / 1000;
}

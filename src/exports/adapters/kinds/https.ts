import { Agent } from 'node:https';
import { isJsonObject } from '../../../kernel/index.ts';
import { callHttps, type CallAnswer } from '../../../platform/index.ts';
import type { AdapterDefinition } from '../adapter.ts';
import type { UsageEvent } from '../event.ts';
import type { EventBatch, Refusal, SendingRoom, SendOutcome, SendProblem } from './kind.ts';

const TIMEOUT_MS = 15_000;
const MOST_ANSWER_BYTES = 2 ** 20;
const LONGEST_ANSWER = 500;
const AT_ONCE = 4;
const MOST_WAIT_SECONDS = 24 * 60 * 60;
/** Busy, or not now: nothing was taken. */
const NOT_NOW = new Set([408, 425, 429]);
/** Not about an event: the address or the key is wrong, or there is nothing any more. */
const NOT_HERE = new Set([401, 402, 403, 404, 405, 410]);

export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an answer means for what was sent. */
export type Verdict =
  | { readonly is: 'taken' }
  | {
      readonly is: 'refused';
      readonly status: number | undefined;
      readonly answer: string;
      readonly text: string;
    }
  | { readonly is: 'stop'; readonly problem: SendProblem };

export type Poster = (post: Post) => Promise<Verdict>;

/** Gives work a way to post to the other side, by connections that end with it. */
export async function withPoster<T>(
  definition: AdapterDefinition,
  room: SendingRoom,
  work: (post: Poster) => Promise<T>,
): Promise<T> {
  const { url = '', ca, secret = '' } = definition;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: AT_ONCE,
    ...(ca !== undefined && { ca }),
  });
  try {
    return await work(async ({ path, headers, body }) => {
      const timeout = AbortSignal.timeout(room.timeoutMs ?? TIMEOUT_MS);
      const signal = room.signal === undefined ? timeout : AbortSignal.any([timeout, room.signal]);
      try {
        const answer = await callHttps(url + path, {
          method: 'POST',
          agent,
          headers: { 'user-agent': 'stackmeter', ...headers },
          body,
          maxBytes: MOST_ANSWER_BYTES,
          signal,
        });
        return verdictOf(answer, secret);
      } catch (error) {
        const reason = error instanceof Error && error.message !== '' ? error.message : 'no answer';
        return stop(`there is no answer: ${reason.slice(0, 200)}`, { isUnsure: true });
      }
    });
  } finally {
    agent.destroy();
  }
}

function verdictOf({ status, headers, text }: CallAnswer, secret: string): Verdict {
  if (status >= 200 && status < 300) return { is: 'taken' };
  const answer = answerText(text, secret);
  const said = `it answers with ${status}${answer === '' ? '' : `: ${answer}`}`;
  if (NOT_NOW.has(status)) {
    return stop(said, { retryAfterMs: 1000 * secondsAsked(headers['retry-after']) });
  }
  if (status < 400 || NOT_HERE.has(status)) return stop(said, { isFatal: true });
  if (status >= 500) {
    const retryAfterMs = 1000 * secondsAsked(headers['retry-after']);
    return stop(said, { isUnsure: true, retryAfterMs });
  }
  return { is: 'refused', status, answer, text };
}

export function stop(text: string, more: Partial<SendProblem> = {}): Verdict {
  return { is: 'stop', problem: { text, isFatal: false, isUnsure: false, ...more } };
}

/** Others may say our own key back to us. */
function answerText(text: string, secret: string): string {
  const open = secret === '' ? text : text.replaceAll(secret, '***');
  const line = open.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ');
  return line.trim().slice(0, LONGEST_ANSWER).toWellFormed();
}

function secondsAsked(header: string | undefined): number {
  if (header === undefined || !/^\d{1,9}$/.test(header)) return 0;
  return Math.min(Number.parseInt(header, 10), MOST_WAIT_SECONDS);
}

/** Sends events one by one, a few at a time, until all are settled or it is of no use to go on. */
export async function sendEach(
  { events }: EventBatch,
  sendOne: (event: UsageEvent) => Promise<Verdict>,
): Promise<SendOutcome> {
  const taken: string[] = [];
  const refused: Refusal[] = [];
  const problems: SendProblem[] = [];
  const waiting = events.values();
  const work = async (): Promise<void> => {
    for (const event of waiting) {
      const { eventId } = event;
      const verdict = await sendOne(event);
      if (verdict.is === 'taken') taken.push(eventId);
      else if (verdict.is === 'stop') problems.push(verdict.problem);
      else refused.push({ eventId, status: verdict.status, answer: verdict.answer });
      if (problems.length > 0) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { taken, refused, problem: worstOf(problems) };
}

function worstOf(problems: readonly SendProblem[]): SendProblem | undefined {
  const [first] = problems;
  if (first === undefined) return undefined;
  return {
    ...(problems.find(({ isFatal }) => isFatal) ?? first),
    isUnsure: problems.some(({ isUnsure }) => isUnsure),
    retryAfterMs: Math.max(...problems.map(({ retryAfterMs = 0 }) => retryAfterMs)),
  };
}

/** An object that an answer may hold; empty for anything else. */
export function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}

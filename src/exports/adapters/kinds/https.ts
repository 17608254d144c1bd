import type { IncomingHttpHeaders } from 'node:http';
import { Agent } from 'node:https';
import { isJsonObject } from '../../../kernel/index.ts';
import { callHttps, readRetryAfter, type CallAnswer } from '../../../platform/index.ts';
import type { AdapterDefinition } from '../adapter.ts';
import type { UsageEvent } from '../event.ts';
import type { EventBatch, Refusal, SendingRoom, SendOutcome, SendProblem } from './kind.ts';

const TIMEOUT_MS = 15_000;
const MOST_ANSWER_BYTES = 2 ** 20;
const LONGEST_ANSWER = 500;
const AT_ONCE = 4;
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;
/** Busy, or not now: nothing was taken. */
const NOT_NOW = new Set([408, 425, 429]);
/** Not about an event: the address or the key is wrong, or there is nothing any more. */
const NOT_HERE = new Set([401, 402, 403, 404, 405, 410]);

export interface Post {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back, for kinds that know more of it than its status says. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** What an answer means for what was sent. */
export type Verdict =
  | { readonly is: 'taken'; readonly answer?: undefined }
  | {
      readonly is: 'refused';
      readonly status: number | undefined;
      /** The answer as it is kept. */
      readonly said: string;
      readonly answer?: Answer;
    }
  | { readonly is: 'stop'; readonly problem: SendProblem; readonly answer?: Answer };

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
          reach: 'network',
          headers: { 'user-agent': 'stackmeter', ...headers },
          body,
          maxBytes: MOST_ANSWER_BYTES,
          signal,
        });
        return verdictOf(answer, secret, room);
      } catch (error) {
        const reason = error instanceof Error && error.message !== '' ? error.message : 'no answer';
        return stop(`there is no answer: ${reason.slice(0, 200)}`, { isUnsure: true });
      }
    });
  } finally {
    agent.destroy();
  }
}

function verdictOf(call: CallAnswer, secret: string, { clock }: SendingRoom): Verdict {
  const { status, headers } = call;
  if (status >= 200 && status < 300) return { is: 'taken' };
  // Others may say our own key back to us.
  const text = secret === '' ? call.text : call.text.replaceAll(secret, '***');
  const answer = { status, headers, text };
  const said = keptOf(text);
  const reason = `it answers with ${status}${said === '' ? '' : `: ${said}`}`;
  const retryAfterMs = readRetryAfter(headers, clock.now(), LONGEST_WAIT_MS);
  if (NOT_NOW.has(status)) return { ...stop(reason, { retryAfterMs }), answer };
  if (status < 400 || NOT_HERE.has(status)) return { ...stop(reason, { isFatal: true }), answer };
  if (status >= 500) return { ...stop(reason, { isUnsure: true, retryAfterMs }), answer };
  return { is: 'refused', status, said, answer };
}

/** What there is to do nothing more for now. */
export function stop(
  text: string,
  more: Partial<SendProblem> = {},
): Verdict & { readonly is: 'stop' } {
  return { is: 'stop', problem: { text, isFatal: false, isUnsure: false, ...more } };
}

function keptOf(text: string): string {
  const line = text.toWellFormed().replaceAll(/\p{Cc}+/gu, ' ');
  return line.trim().slice(0, LONGEST_ANSWER).toWellFormed();
}

/**
 * Sends events one by one, a few at a time, until all are settled, it is of no use to go on, or others are to have their
 * turn. Those of one lane go one after the other.
 */
export async function sendEach(
  { events }: EventBatch,
  { isOver }: SendingRoom,
  {
    laneOf = ({ eventId }) => eventId,
    sendOne,
  }: {
    readonly laneOf?: (event: UsageEvent) => string;
    readonly sendOne: (event: UsageEvent) => Promise<Verdict>;
  },
): Promise<SendOutcome> {
  const taken: string[] = [];
  const refused: Refusal[] = [];
  const problems: SendProblem[] = [];
  const lanes = Map.groupBy(events, laneOf).values();
  const work = async (): Promise<void> => {
    for (const lane of lanes) {
      for (const event of lane) {
        if (problems.length > 0 || isOver?.() === true) return;
        const { eventId } = event;
        const verdict = await sendOne(event);
        if (verdict.is === 'taken') taken.push(eventId);
        else if (verdict.is === 'stop') problems.push(verdict.problem);
        else refused.push({ eventId, status: verdict.status, answer: verdict.said });
      }
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

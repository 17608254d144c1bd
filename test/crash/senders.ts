import assert from 'node:assert/strict';
import { Agent, request } from 'node:https';
import { systemClock, type Clock } from '../../src/platform/index.ts';
import type { SeededRandom } from './random.ts';
import { alteredBatch, newBatch, type SentBatch, type SentRecord } from './records.ts';

/** Where to send, at this moment; undefined when no server answers. */
export type FindServer = () => { readonly baseUrl: string } | undefined;

export interface SenderTools {
  readonly findServer: FindServer;
  readonly ca: Buffer[];
  readonly authorization: string;
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly subscriptions: readonly string[];
}

/** What the senders know for certain. */
export interface Ledger {
  readonly acknowledged: Map<string, SentRecord>;
  /** ids that were answered with a conflict */
  readonly conflicts: Set<string>;
  /** batches given up in the middle, of which nobody knows whether they were counted */
  readonly open: SentBatch[];
  /** answers by status, and failures by code */
  readonly answers: Map<string, number>;
  batches: number;
}

export interface Senders {
  readonly ledger: Ledger;
  /** Rejects when an answer was wrong. */
  readonly wrong: Promise<never>;
  /** Ends when every batch is acknowledged, those given up in the middle included. */
  stop(): Promise<void>;
  /** Lets everything be, as it is. */
  abandon(): void;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A server that is repeating a transaction keeps its caller waiting; sending again meanwhile must do no harm. */
const ANSWER_TIMEOUT_MS = 4000;

const SHARE_RESENT = 0.1;
const SHARE_ALTERED = 0.06;
const SHARE_GIVEN_UP = 0.05;

/** Starts senders that go on until they are stopped. */
export function startSenders(tools: SenderTools, count: number): Senders {
  const ledger: Ledger = {
    acknowledged: new Map(),
    conflicts: new Set(),
    open: [],
    answers: new Map(),
    batches: 0,
  };
  const agent = new Agent({ keepAlive: true, ca: tools.ca, maxSockets: 16 });
  const stopped = new AbortController();
  const abandoned = new AbortController();
  const post = poster(tools, agent, abandoned.signal);
  const running = Promise.all(
    Array.from({ length: count }, () => sendOn(tools, post, ledger, stopped.signal)),
  );
  const wrong = running.then(() => new Promise<never>(() => undefined));
  wrong.catch(() => undefined);
  return {
    ledger,
    wrong,
    abandon: () => {
      stopped.abort();
      abandoned.abort();
      agent.destroy();
    },
    stop: async () => {
      stopped.abort();
      try {
        await running;
        for (const batch of ledger.open.splice(0)) await sendUntilTaken(post, ledger, batch);
      } finally {
        agent.destroy();
      }
    },
  };
}

type Post = (body: string, giveUpMs?: number) => Promise<Answer>;

function poster(tools: SenderTools, agent: Agent, abandoned: AbortSignal): Post {
  return async (body, giveUpMs = ANSWER_TIMEOUT_MS) => {
    if (abandoned.aborted) assert.fail('abandoned');
    const server = tools.findServer();
    if (server === undefined) throw Object.assign(new Error('no server'), { code: 'NOSERVER' });
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const headers = {
      'content-type': 'application/cloudevents-batch+json',
      'content-length': Buffer.byteLength(body),
      authorization: tools.authorization,
    };
    const url = `${server.baseUrl}/api/v1/events`;
    const sending = request(url, { agent, method: 'POST', headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sending.on('error', reject);
    const gaveUp = Object.assign(new Error('no answer in time'), { code: 'GAVEUP' });
    const timer = setTimeout(() => sending.destroy(gaveUp), giveUpMs);
    sending.end(body);
    return promise.finally(() => clearTimeout(timer));
  };
}

async function sendOn(
  tools: SenderTools,
  post: Post,
  ledger: Ledger,
  stopped: AbortSignal,
): Promise<void> {
  const { random, subscriptions, clock } = tools;
  const taken: SentBatch[] = [];
  while (!stopped.aborted) {
    const dice = random.next();
    if (taken.length > 0 && dice < SHARE_RESENT) {
      await sendUntilTaken(post, ledger, random.pick(taken), true);
    } else if (taken.length > 0 && dice < SHARE_RESENT + SHARE_ALTERED) {
      const batch = alteredBatch(random, subscriptions, random.pick(taken));
      await sendUntilTaken(post, ledger, batch);
    } else {
      const batch = newBatch(random, subscriptions, clock.now().epochMilliseconds);
      if (random.next() < SHARE_GIVEN_UP) {
        // Given up in the middle even when the answer would have come: then it is counted and nobody knows.
        await post(batch.body, random.between(0, 15)).catch(() => undefined);
        ledger.open.push(batch);
      } else {
        await sendUntilTaken(post, ledger, batch);
        taken.push(batch);
      }
    }
  }
}

async function sendUntilTaken(
  post: Post,
  ledger: Ledger,
  batch: SentBatch,
  resent = false,
): Promise<void> {
  for (;;) {
    try {
      const answer = await post(batch.body);
      note(ledger, String(answer.status));
      if (answer.status < 300) {
        checkAnswer(batch, answer, resent);
        settle(ledger, batch);
        return;
      }
      // Whatever goes wrong inside, a sender of a good request is told nothing but to come again.
      if (answer.status !== 503) throw new assert.AssertionError({ message: answer.text });
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      note(ledger, error instanceof Error && 'code' in error ? String(error.code) : String(error));
    }
    await systemClock.sleep(40);
  }
}

/** Nothing of what was acknowledged may ever be new again, and nothing altered may be counted. */
function checkAnswer(batch: SentBatch, { status, text }: Answer, resent: boolean): void {
  const count = batch.records.length;
  if (status === 204) {
    assert.ok(!resent && !batch.conflicting, 'a record was counted a second time');
    return;
  }
  const outcome = JSON.parse(text) as {
    accepted: number;
    duplicates: number;
    quarantined: { code: string }[];
  };
  const { accepted, duplicates, quarantined } = outcome;
  assert.equal(accepted + duplicates + quarantined.length, count, text);
  assert.equal(quarantined.length, batch.conflicting ? count : 0, text);
  assert.ok(
    quarantined.every(({ code }) => code === 'RecordConflict'),
    text,
  );
  if (resent) assert.equal(accepted, 0, `lost after it was acknowledged: ${text}`);
}

function settle(ledger: Ledger, batch: SentBatch): void {
  ledger.batches += 1;
  for (const record of batch.records) {
    if (batch.conflicting) ledger.conflicts.add(record.id);
    else ledger.acknowledged.set(record.id, record);
  }
}

function note(ledger: Ledger, what: string): void {
  ledger.answers.set(what, (ledger.answers.get(what) ?? 0) + 1);
}

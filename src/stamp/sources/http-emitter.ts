import { Agent } from 'node:https';
import { isJsonObject } from '../../kernel/index.ts';
import { callHttps, type Clock } from '../../platform/index.ts';
import type { UsageCloudEvent } from './simulator/index.ts';

/** Where records are sent, and as whom. */
export interface EmitterTarget {
  readonly baseUrl: string;
  /** PEM of the authority that the server's certificate is from */
  readonly ca: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the intake said of a batch. */
export interface EmitResult {
  readonly sent: number;
  readonly duplicates: number;
  readonly quarantined: number;
}

const BATCH_EVENTS = 1000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 30_000;

/**
 * Sends events to the public intake as any resource provider would: over HTTPS, in batches, again until they are
 * acknowledged. What was counted before counts as duplicate, so sending twice is harmless.
 *
 * @throws when the intake refuses the request itself (no permission, malformed), or `signal` is aborted
 */
export async function emitEvents(
  target: EmitterTarget,
  events: readonly UsageCloudEvent[],
  clock: Clock,
  signal: AbortSignal,
): Promise<EmitResult> {
  const agent = new Agent({ keepAlive: true, ca: target.ca });
  const result = { sent: 0, duplicates: 0, quarantined: 0 };
  try {
    for (let from = 0; from < events.length; from += BATCH_EVENTS) {
      const batch = events.slice(from, from + BATCH_EVENTS);
      const outcome = await untilTaken(target, agent, JSON.stringify(batch), clock, signal);
      result.sent += batch.length;
      result.duplicates += outcome.duplicates;
      result.quarantined += outcome.quarantined;
    }
    return result;
  } finally {
    agent.destroy();
  }
}

async function untilTaken(
  target: EmitterTarget,
  agent: Agent,
  body: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ duplicates: number; quarantined: number }> {
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    signal.throwIfAborted();
    const answer = await post(target, agent, body).catch(() => undefined);
    if (answer?.status === 204) return { duplicates: 0, quarantined: 0 };
    if (answer?.status === 200) return readOutcome(answer.text);
    if (answer !== undefined && answer.status < 500) {
      throw new Error(`the intake answered ${answer.status}: ${answer.text.slice(0, 300)}`);
    }
    await clock.sleep(wait * (0.5 + Math.random() / 2), signal);
  }
}

function readOutcome(text: string): { duplicates: number; quarantined: number } {
  const outcome: unknown = JSON.parse(text);
  if (!isJsonObject(outcome)) return { duplicates: 0, quarantined: 0 };
  const { duplicates, quarantined } = outcome;
  return {
    duplicates: typeof duplicates === 'number' ? duplicates : 0,
    quarantined: Array.isArray(quarantined) ? quarantined.length : 0,
  };
}

function post(
  target: EmitterTarget,
  agent: Agent,
  body: string,
): Promise<{ status: number; text: string }> {
  return callHttps(`${target.baseUrl}/api/v1/events`, {
    agent,
    method: 'POST',
    headers: {
      authorization: `Bearer ${target.clientId}.${target.clientSecret}`,
      'content-type': 'application/cloudevents-batch+json',
      'content-length': Buffer.byteLength(body),
    },
    body,
  });
}

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { systemClock } from '../../../src/platform/index.ts';
import { createCaller } from './https.ts';
import { usagePath, type AttackedStamp } from './stamp.ts';

const EVERY_MS = 20;
/** Attacks run in the same process as the server here, so this is far from what a caller sees. */
const SLOWEST_MS = 4_000;
const FEWEST = 5;

/**
 * Somebody who reads usage every few milliseconds while the tests of this `describe` attack, and who has to be served
 * rightly and in time with each request. To be called in a `describe` within the one that has the stamp.
 */
export function withBystander(stamp: AttackedStamp): void {
  let leave: (() => Promise<void>) | undefined;
  before(() => {
    leave = comeBy(stamp);
  });
  after(() => leave?.());
}

/** @returns how to leave: which fails unless all went well */
function comeBy(stamp: AttackedStamp): () => Promise<void> {
  const caller = createCaller(stamp.server, 2);
  const headers = { authorization: `Bearer ${stamp.actor('owner').token}` };
  const leaving = new AbortController();
  const wrong: string[] = [];
  const times: number[] = [];
  const stay = async (): Promise<void> => {
    while (!leaving.signal.aborted || times.length < FEWEST) {
      try {
        const { status, text, ms } = await caller.ask({ path: usagePath(), headers });
        times.push(ms);
        if (status !== 200 || !text.includes('"quantity":')) wrong.push(`${status} ${text}`);
      } catch (error) {
        times.push(0);
        wrong.push(String(error));
      }
      await systemClock.sleep(EVERY_MS);
    }
  };
  const staying = stay();
  return async () => {
    leaving.abort();
    await staying;
    caller.end();
    assert.deepEqual(wrong.slice(0, 3), [], `${wrong.length} of ${times.length} went wrong`);
    const slowest = Math.max(...times);
    assert.ok(slowest < SLOWEST_MS, `one waited for ${Math.round(slowest)} ms`);
  };
}

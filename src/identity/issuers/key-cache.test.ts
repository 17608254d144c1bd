import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { StackmeterError } from '../../kernel/index.ts';
import { fixedClock, silentLog } from '../../platform/index.ts';
import type { PublishedKeys } from './fetch-keys.ts';
import { createKeyCache } from './key-cache.ts';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

async function published(...keyIds: string[]): Promise<PublishedKeys> {
  const keys = await Promise.all(
    keyIds.map(async (kid) => {
      const { publicKey } = await generateKeyPair('ES256');
      return { ...(await exportJWK(publicKey)), kid };
    }),
  );
  return { jwksUri: 'https://one.example/keys', keys };
}

describe('the keys of an issuer', async () => {
  const [one, both] = [await published('one'), await published('one', 'two')];

  /** A cache and the issuer behind it. */
  function withIssuer() {
    const clock = fixedClock(Temporal.Instant.from('2026-03-01T00:00:00Z'));
    const issuer = { answer: one as PublishedKeys | undefined, fetches: 0 };
    const fetch = async (): Promise<PublishedKeys> => {
      issuer.fetches += 1;
      await Promise.resolve();
      if (issuer.answer === undefined) throw new Error('nobody answers');
      return issuer.answer;
    };
    return { clock, issuer, cache: createKeyCache({ name: 'one', fetch, clock, log: silentLog }) };
  }

  const unavailable = (seconds: number) => (error: unknown) => {
    assert.ok(error instanceof StackmeterError);
    assert.deepEqual(
      [error.status, error.code, error.headers],
      [503, 'ServiceUnavailable', { 'retry-after': `${seconds}` }],
    );
    return true;
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('are fetched once for all who ask at the same time, and used for an hour', async () => {
    const { clock, issuer, cache } = withIssuer();
    const all = await Promise.all(Array.from({ length: 100 }, () => cache.keys()));
    assert.equal(new Set(all).size, 1);
    clock.advance(HOUR - 1);
    await cache.keys();
    assert.equal(issuer.fetches, 1);
  });

  it('are refreshed in the background after an hour, the old ones serving meanwhile', async () => {
    const { clock, issuer, cache } = withIssuer();
    const first = await cache.keys();
    clock.advance(HOUR);
    assert.equal(await cache.keys(), first);
    await settled();
    assert.equal(issuer.fetches, 2);
    assert.notEqual(await cache.keys(), first);
  });

  it('are refreshed for remembered tokens too, which end with their key', async () => {
    const { clock, issuer, cache } = withIssuer();
    const { texts } = await cache.keys();
    const text = texts.get('one') ?? '';
    assert.ok(cache.holds('one', text));
    assert.ok(!cache.holds('two', text));
    issuer.answer = both;
    clock.advance(HOUR);
    assert.ok(cache.holds('one', text));
    await settled();
    assert.ok(!cache.holds('one', text), 'another key under the same id');
  });

  it('are kept for a day while the issuer does not answer, then given up', async () => {
    const { clock, issuer, cache } = withIssuer();
    const { texts } = await cache.keys();
    issuer.answer = undefined;
    for (let hour = 1; hour < 24; hour++) {
      clock.advance(HOUR);
      await cache.keys();
      await settled();
    }
    assert.equal(issuer.fetches, 24);
    assert.equal(cache.state().lastError, 'nobody answers');
    clock.advance(HOUR);
    await assert.rejects(cache.keys(), unavailable(60));
    assert.ok(!cache.holds('one', texts.get('one') ?? ''));
    clock.advance(60 * SECOND);
    issuer.answer = one;
    await cache.keys();
    assert.equal(cache.state().lastError, undefined);
  });

  it('that were never had are asked for after longer and longer pauses', async () => {
    const { clock, issuer, cache } = withIssuer();
    issuer.answer = undefined;
    for (const pause of [5, 10, 20, 40, 60, 60]) {
      const before = issuer.fetches;
      const all = await Promise.allSettled(Array.from({ length: 100 }, () => cache.keys()));
      assert.equal(issuer.fetches, before + 1);
      for (const result of all) {
        assert.ok(result.status === 'rejected' && unavailable(pause)(result.reason));
      }
      clock.advance(pause * SECOND - 1);
      await assert.rejects(cache.keys(), unavailable(1));
      assert.equal(issuer.fetches, before + 1);
      clock.advance(1);
    }
    issuer.answer = one;
    await cache.keys();
  });

  it('that are unknown are asked for once a minute, whoever asks and whatever is answered', async () => {
    const { clock, issuer, cache } = withIssuer();
    const first = await cache.keys();
    const ask = (keys = first) =>
      Promise.all(Array.from({ length: 500 }, () => cache.newerThan(keys)));
    assert.deepEqual([...new Set(await ask())], [undefined]);
    assert.equal(issuer.fetches, 1, 'they were fetched a moment ago');
    clock.advance(60 * SECOND);
    issuer.answer = both;
    const [second] = new Set(await ask());
    assert.deepEqual([...(second?.texts.keys() ?? [])], ['one', 'two']);
    assert.equal(issuer.fetches, 2);
    issuer.answer = undefined;
    clock.advance(60 * SECOND);
    assert.deepEqual([...new Set(await ask(second))], [undefined]);
    clock.advance(59 * SECOND);
    assert.deepEqual([...new Set(await ask(second))], [undefined]);
    assert.equal(issuer.fetches, 3);
    assert.equal(await cache.keys(), second, 'those that are held go on serving');
  });
});

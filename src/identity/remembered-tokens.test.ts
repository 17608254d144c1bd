import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedClock } from '../platform/index.ts';
import { rememberTokens } from './remembered-tokens.ts';

describe('remembered tokens', () => {
  const start = Temporal.Instant.from('2026-03-01T00:00:00Z');

  function counted(refusedFrom: number) {
    const checks: string[] = [];
    const check = async (token: string) => {
      checks.push(token);
      return token.startsWith('bad') ? 'it is bad' : { token, refusedFrom };
    };
    return { checks, check };
  }

  it('are checked once until they end', async () => {
    const clock = fixedClock(start);
    const { checks, check } = counted(start.epochMilliseconds + 1000);
    const remembering = rememberTokens(check, clock);
    const first = await remembering('one');
    assert.equal(await remembering('one'), first);
    clock.advance(999);
    await remembering('one');
    assert.deepEqual(checks, ['one']);
    clock.advance(1);
    await remembering('one');
    assert.deepEqual(checks, ['one', 'one']);
  });

  it('are never those that were refused', async () => {
    const { checks, check } = counted(start.epochMilliseconds + 1000);
    const remembering = rememberTokens(check, fixedClock(start));
    assert.equal(await remembering('bad'), 'it is bad');
    assert.equal(await remembering('bad'), 'it is bad');
    assert.equal(checks.length, 2);
  });

  it('are checked again once what they rest on is gone', async () => {
    let keys = true;
    const { checks, check } = counted(start.epochMilliseconds + 1000);
    const remembering = rememberTokens(check, fixedClock(start), () => keys);
    await remembering('one');
    await remembering('one');
    assert.equal(checks.length, 1);
    keys = false;
    await remembering('one');
    assert.equal(checks.length, 2);
  });

  it('are at most 10,000, the least recently used going first', async () => {
    const { checks, check } = counted(start.epochMilliseconds + 1000);
    const remembering = rememberTokens(check, fixedClock(start));
    for (let n = 0; n < 10_000; n++) await remembering(`token ${n}`);
    await remembering('token 0');
    await remembering('one more');
    assert.equal(checks.length, 10_001);
    await remembering('token 0');
    assert.equal(checks.length, 10_001, 'used lately');
    await remembering('token 1');
    assert.equal(checks.length, 10_002, 'forgotten');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readRetryAfter } from './retry-after.ts';

const HOUR_MS = 3_600_000;

describe('Retry-After', () => {
  it('is read in both forms, and bounded', () => {
    const now = Temporal.Instant.from('2026-03-01T00:00:00Z');
    const read = (value: string | undefined, date?: string): number =>
      readRetryAfter(
        {
          ...(value !== undefined && { 'retry-after': value }),
          ...(date !== undefined && { date }),
        },
        now,
        HOUR_MS,
      );
    assert.equal(read(undefined), 0);
    assert.equal(read('7'), 7000);
    assert.equal(read('999999'), HOUR_MS);
    assert.equal(read('Sun, 01 Mar 2026 00:00:30 GMT'), 30_000);
    const theirs = 'Fri, 01 Jan 2027 00:00:00 GMT';
    assert.equal(read('Fri, 01 Jan 2027 00:00:10 GMT', theirs), 10_000);
    assert.equal(read('Wed, 01 Jan 2020 00:00:00 GMT'), 0);
    for (const text of ['soon', '-1', 'Mon, 99 Foo 2026 00:00:00 GMT', '1.5']) {
      assert.equal(read(text), 0, text);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fail } from '../../kernel/index.ts';
import { describeProblem, waitAfter } from './problems.ts';

describe('a problem', () => {
  it('is tried again after a minute, then ever later, six hours at most', () => {
    assert.deepEqual([1, 2, 3, 4, 9, 10, 50].map(waitAfter), [1, 2, 4, 8, 256, 360, 360]);
  });

  it('is told as it is in the catalogue, and without its words where it is unexpected', () => {
    const known = fail('TaxUnknown', { country: 'DE', date: '2026-10-31' });
    assert.equal(describeProblem(known).code, 'TaxUnknown');
    assert.match(describeProblem(known).message, /DE on 2026-10-31/);
    const other = describeProblem(new Error('password of the database'));
    assert.equal(other.code, 'InternalServerError');
    assert.doesNotMatch(other.message, /password/);
  });
});

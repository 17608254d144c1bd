/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { sumOf } from '../analysis/exact.ts';
import { cumulative, lineTo } from './cumulative.ts';

const amount = fc.integer({ min: 0, max: 99_999 }).map((cents) => sumOf([`${cents}`]));

describe('what has come together', () => {
  it('ends with the sum of all days, and says nothing of those to come', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 31 }), (days) => {
        const sums = cumulative(days, 31);
        assert.equal(sums.length, 31);
        assert.equal(sums[days.length - 1], sumOf(days));
        assert.ok(sums.slice(days.length).every((one) => one === undefined));
      }),
    );
  });

  it('goes on from the last day that is known to what is expected', () => {
    const known = cumulative(['1', '2'], 5);
    assert.deepEqual(known, ['1', '3', undefined, undefined, undefined]);
    assert.deepEqual(lineTo(known, '9'), [undefined, '3', undefined, undefined, '9']);
  });
});

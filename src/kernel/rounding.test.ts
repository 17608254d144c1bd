import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoundingName } from './rounding.ts';
import { roundings } from './rounding.ts';

/** Each rounding of -2.5, -1.9, -1.5, -1.1, -0.5, 0, 0.5, 1.1, 1.5, 1.9 and 2.5, given in tenths. */
const tenths = [-25n, -19n, -15n, -11n, -5n, 0n, 5n, 11n, 15n, 19n, 25n];
const expected: Record<RoundingName, bigint[]> = {
  down: [-2n, -1n, -1n, -1n, 0n, 0n, 0n, 1n, 1n, 1n, 2n],
  up: [-3n, -2n, -2n, -2n, -1n, 0n, 1n, 2n, 2n, 2n, 3n],
  floor: [-3n, -2n, -2n, -2n, -1n, 0n, 0n, 1n, 1n, 1n, 2n],
  ceiling: [-2n, -1n, -1n, -1n, 0n, 0n, 1n, 2n, 2n, 2n, 3n],
  halfEven: [-2n, -2n, -2n, -1n, 0n, 0n, 0n, 1n, 2n, 2n, 2n],
  halfUp: [-2n, -2n, -1n, -1n, 0n, 0n, 1n, 1n, 2n, 2n, 3n],
  halfAwayFromZero: [-3n, -2n, -2n, -1n, -1n, 0n, 1n, 1n, 2n, 2n, 3n],
};

describe('rounding', () => {
  for (const [name, rounding] of Object.entries(roundings)) {
    it(name, () => {
      assert.deepEqual(
        tenths.map((value) => rounding(value, 10n)),
        expected[name as RoundingName],
      );
    });
  }
});

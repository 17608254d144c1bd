import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, shareOf, sumOf } from '../../../kernel/index.ts';
import { settle } from './settle.ts';

const weights = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 1, maxLength: 30 });
const wholes = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: 0, max: 25 }))
  .map(([units, scale]) => Decimal.fromBigInt(units, scale));

describe('parts whose last digits are settled', () => {
  it('add up to the whole, each off by less than a unit', () => {
    fc.assert(
      fc.property(wholes, weights, (whole, own) => {
        const all = own.reduce((sum, one) => sum + one, 0);
        fc.pre(all > 0);
        const number = (value: number): Decimal => Decimal.fromBigInt(BigInt(value));
        const parts = own.map((one) => shareOf(whole, number(one), number(all), 40));
        const settled = settle(whole, parts);
        assert.ok(sumOf(settled).equals(whole));
        const unit = Decimal.fromBigInt(2n, 20);
        for (const [at, part] of settled.entries()) {
          const off = part.subtract(parts[at]!);
          assert.ok((off.isNegative() ? off.negate() : off).compare(unit) < 0);
          assert.ok(!parts[at]!.isZero() || part.isZero());
        }
      }),
    );
  });

  it('are as they were when they are exact', () => {
    const parts = ['1.5', '0', '2.25'].map((text) => Decimal.parse(text)!);
    assert.deepEqual(
      settle(sumOf(parts), parts).map((part) => part.toText()),
      ['1.5', '0', '2.25'],
    );
    assert.deepEqual(settle(Decimal.zero, []), []);
  });

  it('do not hide that something is missing', () => {
    const [whole, ...parts] = ['5', '2', '2.99'].map((text) => Decimal.parse(text)!);
    assert.throws(() => settle(whole!, parts), /do not belong together/);
    assert.throws(() => settle(whole!, []), /do not belong together/);
  });
});

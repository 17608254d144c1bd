import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal } from './decimal.ts';
import { sumOf } from './money.ts';
import { shareOf as shareAt } from './share.ts';

const d = (text: string): Decimal => Decimal.parse(text)!;
const shareOf = (total: Decimal, part: Decimal, whole: Decimal): Decimal =>
  shareAt(total, part, whole, 20);
const decimals = (least: bigint, scale: number): fc.Arbitrary<Decimal> =>
  fc
    .tuple(fc.bigInt({ min: least, max: 10n ** 18n }), fc.integer({ min: 0, max: scale }))
    .map(([unscaled, digits]) => Decimal.fromBigInt(unscaled, digits));

describe('a share', () => {
  it('is exact where it ends, otherwise half to even at the scale', () => {
    assert.equal(shareOf(d('1'), d('1'), d('3')).toText(), '0.33333333333333333333');
    assert.equal(shareOf(d('2'), d('1'), d('3')).toText(), '0.66666666666666666667');
    assert.equal(shareOf(d('1'), d('1'), d('8')).toText(), '0.125');
    const long = d('0.0000000000000000000000001');
    assert.equal(shareOf(long, d('1'), d('2')).toText(), '0.00000000000000000000000005');
    assert.ok(shareOf(d('5'), d('1'), Decimal.zero).isZero());
    assert.equal(shareOf(d('-1'), d('1'), d('3')).toText(), '-0.33333333333333333333');
    assert.equal(shareAt(d('2'), d('1'), d('3'), 0).toText(), '1');
  });

  it('does not mind that total and part together have more digits than a number can', () => {
    const [total, part] = [d(`0.${'3'.repeat(59)}`), d('0.000000000001')];
    assert.throws(() => total.multiply(part), RangeError);
    assert.equal(shareAt(total, part, d('100'), 30).toText(), '0.000000000000003333333333333333');
  });

  it('is quantity times price, to the last digit, where every unit costs the same', () => {
    fc.assert(
      fc.property(decimals(1n, 12), decimals(0n, 12), decimals(0n, 12), (part, rest, price) => {
        const whole = part.add(rest);
        const share = shareOf(whole.multiply(price), part, whole);
        assert.equal(share.toText(), part.multiply(price).toText());
      }),
      { numRuns: 1000 },
    );
  });

  it('adds up with the others to the amount, but for the last of its digits', () => {
    fc.assert(
      fc.property(
        decimals(0n, 20),
        fc.array(decimals(0n, 12), { minLength: 1, maxLength: 20 }),
        (amount, parts) => {
          const whole = sumOf(parts);
          if (whole.isZero()) return;
          const sum = sumOf(parts.map((part) => shareOf(amount, part, whole)));
          const off = sum.subtract(amount);
          const most = Decimal.fromBigInt(BigInt(parts.length), 20);
          assert.ok(off.compare(most) < 0 && off.negate().compare(most) < 0, off.toText());
        },
      ),
      { numRuns: 1000 },
    );
  });
});

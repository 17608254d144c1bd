/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isZero, minus, percentOf, sumOf } from './exact.ts';

/** A decimal text, and what it is in units of 10^-24. */
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 24 }))
  .map(([units, scale]) => ({
    text: textOf(units, scale),
    units: units * 10n ** BigInt(24 - scale),
  }));

function textOf(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - scale), digits.slice(-scale)];
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${fraction}`}`;
}

function unitsOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(24, '0'));
}

describe('sums of decimal texts', () => {
  it('are exact, whatever digits they have', () => {
    fc.assert(
      fc.property(fc.array(decimal, { maxLength: 12 }), (all) => {
        const sum = sumOf(all.map(({ text }) => text));
        assert.equal(
          unitsOf(sum),
          all.reduce((units, one) => units + one.units, 0n),
        );
        assert.match(sum, /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/);
      }),
    );
  });

  it('leave what was taken away', () => {
    fc.assert(
      fc.property(decimal, fc.array(decimal, { maxLength: 8 }), (from, parts) => {
        const texts = parts.map(({ text }) => text);
        assert.equal(sumOf([minus(from.text, texts), ...texts]), sumOf([from.text]));
      }),
    );
  });

  it('are nothing only where they are', () => {
    assert.ok(isZero('0') && isZero('-0.000') && isZero(sumOf([])));
    assert.ok(!isZero('0.00000000000000000001'));
  });

  it('have shares, of nothing none', () => {
    assert.equal(percentOf('1', '3'), '33.3');
    assert.equal(percentOf('-1', '4'), '-25');
    assert.equal(percentOf('5', '0.00'), undefined);
  });

  it('have shares that are rounded half to even', () => {
    assert.equal(percentOf('2', '3'), '66.7');
    assert.equal(percentOf('-2', '3'), '-66.7');
    assert.equal(percentOf('2', '-3'), '-66.7');
    assert.equal(percentOf('0.0005', '1'), '0');
    assert.equal(percentOf('0.0015', '1'), '0.2');
    assert.equal(percentOf('-0.0015', '1'), '-0.2');
    assert.equal(percentOf('0.00050001', '1'), '0.1');
  });

  it('are not made from what is no decimal', () => {
    for (const text of ['', 'NaN', '1e3', '1,5', '--1', '.5', 'unlimited']) {
      assert.throws(() => sumOf(['1', text]), { name: 'TypeError', message: /no decimal/ }, text);
      assert.throws(() => isZero(text), TypeError, text);
      assert.throws(() => percentOf(text, '1'), TypeError, text);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal, minorUnitsOf, parseCurrency, roundMoney, sumOf } from './index.ts';

const decimal = (text: string) => Decimal.parse(text)!;
const currency = (code: string) => parseCurrency(code)!;

describe('money', () => {
  it('knows currencies by their codes, in any case', () => {
    assert.equal(parseCurrency('eur'), 'EUR');
    for (const text of ['', 'EU', 'EURO', '€', 'QQQ', 'E R']) {
      assert.equal(parseCurrency(text), undefined, text);
    }
  });

  it('knows the minor unit of each', () => {
    assert.deepEqual(
      ['EUR', 'USD', 'JPY', 'TND'].map((code) => minorUnitsOf(currency(code))),
      [2, 2, 0, 3],
    );
  });

  it('is rounded half to even, to the minor unit', () => {
    const cases = [
      ['0.005', 'EUR', '0'],
      ['0.015', 'EUR', '0.02'],
      ['0.025', 'EUR', '0.02'],
      ['-0.015', 'EUR', '-0.02'],
      ['2.5', 'JPY', '2'],
      ['3.5', 'JPY', '4'],
      ['1.2345', 'TND', '1.234'],
    ] as const;
    for (const [amount, code, rounded] of cases) {
      assert.equal(roundMoney(decimal(amount), currency(code)).toText(), rounded, amount);
    }
  });

  it('adds up exactly', () => {
    assert.equal(sumOf(['0.1', '0.2', '-0.3'].map(decimal)).toText(), '0');
    assert.equal(sumOf([]).toText(), '0');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal as OracleDecimal } from 'decimal.js';
import fc from 'fast-check';
import { Decimal, maximumScale } from './decimal.ts';
import type { RoundingName } from './rounding.ts';
import { halfEven, roundings } from './rounding.ts';

// The oracle works with far more digits than any case needs, so its own precision never shows.
const Oracle = OracleDecimal.clone({ precision: 500, toExpNeg: -9e15, toExpPos: 9e15 });

const oracleRounding: Record<RoundingName, OracleDecimal.Rounding> = {
  up: OracleDecimal.ROUND_UP,
  down: OracleDecimal.ROUND_DOWN,
  ceiling: OracleDecimal.ROUND_CEIL,
  floor: OracleDecimal.ROUND_FLOOR,
  halfEven: OracleDecimal.ROUND_HALF_EVEN,
  halfUp: OracleDecimal.ROUND_HALF_CEIL,
  halfAwayFromZero: OracleDecimal.ROUND_HALF_UP,
};

const runs = { numRuns: 2000 };

const digitText = (longest: number): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...'0001234567899'.split('')), { minLength: 1, maxLength: longest })
    .map((digits) => digits.join(''));

/** A number as text: short and long, with zeros at both ends, with a sign, with an exponent. */
const numberText: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '-', '+'),
    fc.oneof(digitText(4), digitText(30)),
    fc.option(fc.oneof(digitText(3), digitText(25)), { nil: undefined }),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-', 'e-'), fc.nat(30)), {
      nil: undefined,
    }),
  )
  .map(([sign, whole, fraction, exponent]) => {
    const integer = whole.replace(/^0+(?=.)/, '');
    const tail = fraction === undefined ? '' : `.${fraction}`;
    return sign + integer + tail + (exponent === undefined ? '' : exponent.join(''));
  });

/** Pairs of equal and of nearly equal numbers as well as of unrelated ones. */
const numberPair: fc.Arbitrary<[string, string]> = fc.oneof(
  fc.tuple(numberText, numberText),
  numberText.map((text): [string, string] => [text, text]),
  fc
    .tuple(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 }))
    .map(([one, other]): [string, string] => [`${one}`, `${other}e-1`]),
);

function parsed(text: string): Decimal {
  const number = Decimal.parse(text);
  assert.ok(number !== undefined, `${text} is a number`);
  return number;
}

function plain(number: OracleDecimal): string {
  return number.isZero() ? '0' : number.toFixed();
}

function assertCanonical(number: Decimal): void {
  assert.ok(number.scale >= 0 && number.scale <= maximumScale);
  if (number.scale > 0) assert.notEqual(number.unscaled % 10n, 0n);
}

describe('Decimal.parse', () => {
  it('reads every number that the oracle reads, to the same text, in canonical form', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const number = parsed(text);
        assert.equal(number.toText(), plain(new Oracle(text)));
        assertCanonical(number);
      }),
      runs,
    );
  });

  it('reads its own text back', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        const number = parsed(text);
        assert.deepEqual(Decimal.parse(number.toText()), number);
      }),
      runs,
    );
  });

  it('reads exactly the JSON grammar with an optional plus', () => {
    const anyText = fc
      .array(fc.constantFrom(...'00123789..+-eE x'.split('')), { maxLength: 18 })
      .map((characters) => characters.join(''));
    fc.assert(
      fc.property(anyText, (text) => {
        const withoutPlus = /^\+[0-9]/.test(text) ? text.slice(1) : text;
        const tooLarge = /[eE][+-]?0*([7-9][0-9]|[0-9]{3,}|6[1-9])/.test(text);
        if (tooLarge) return;
        const expected = isJsonNumber(withoutPlus) && fitsScale(withoutPlus);
        assert.equal(Decimal.parse(text) !== undefined, expected, JSON.stringify(text));
      }),
      { numRuns: 20_000 },
    );
  });

  const refused = {
    'signs and points without digits': ['', ' ', '-', '+', '.', '.5', '5.', '-.5', '+-1', '--1'],
    'leading zeros': ['00', '01', '-01', '00.5'],
    'spaces and separators': ['1 ', ' 1', '1,5', '1_000', '1\n', '\u00001', '1.2.3'],
    'broken exponents': ['1e', '1e+', 'e5', '1e5.0', '1e5e5', '1e--5'],
    'other notations': ['0x10', '1n', 'NaN', 'Infinity', '-Infinity', '\u0661', '\uff11'],
    'exponents beyond 60': ['1e61', '1e-61', '1e999999999999', '0e61'],
    'more than 60 digits after the point': ['0.1e-60', '11e-61', `0.${'1'.repeat(61)}`],
    'more than 100 digits': [`1${'0'.repeat(100)}`, '1'.repeat(5000), `${'9'.repeat(50)}e60`],
  };
  for (const [kind, texts] of Object.entries(refused)) {
    it(`refuses ${kind}`, () => {
      for (const text of texts) assert.equal(Decimal.parse(text), undefined, text);
    });
  }

  for (const [text, expected] of [
    ['1.0', '1'],
    ['-0', '0'],
    ['-0.000', '0'],
    ['0e60', '0'],
    ['+24', '24'],
    ['5E-05', '0.00005'],
    ['1e60', `1${'0'.repeat(60)}`],
    ['1e-60', `0.${'0'.repeat(59)}1`],
    ['10e-61', undefined],
    ['999999999999999', '999999999999999'],
    ['9999999999999999', '9999999999999999'],
    ['-99999999999999', '-99999999999999'],
    ['0.1234567890123', '0.1234567890123'],
    ['100', '100'],
    ['1200.00', '1200'],
    ['9'.repeat(100), '9'.repeat(100)],
    [`0.${'0'.repeat(90)}`, '0'],
    [`1.5${'0'.repeat(90)}`, '1.5'],
  ] as const) {
    it(`reads ${text.slice(0, 24)} as ${expected?.slice(0, 24) ?? 'no number'}`, () => {
      assert.equal(Decimal.parse(text)?.toText(), expected);
    });
  }
});

describe('Decimal arithmetic', () => {
  it('adds, subtracts and multiplies as the oracle does', () => {
    fc.assert(
      fc.property(numberPair, ([one, other]) => {
        const [a, b] = [parsed(one), parsed(other)];
        const [x, y] = [new Oracle(one), new Oracle(other)];
        for (const [ours, theirs] of [
          [a.add(b), x.plus(y)],
          [a.subtract(b), x.minus(y)],
          [a.negate(), x.negated()],
        ] as const) {
          assert.equal(ours.toText(), plain(theirs));
          assertCanonical(ours);
        }
        if (plain(x.times(y)).replace(/^[^.]*\.?/, '').length > maximumScale) {
          assert.throws(() => a.multiply(b), RangeError);
        } else {
          assert.equal(a.multiply(b).toText(), plain(x.times(y)));
          assertCanonical(a.multiply(b));
        }
      }),
      runs,
    );
  });

  it('compares as the oracle does, and equals exactly when it compares as equal', () => {
    fc.assert(
      fc.property(numberPair, ([one, other]) => {
        const [a, b] = [parsed(one), parsed(other)];
        assert.equal(a.compare(b), new Oracle(one).comparedTo(new Oracle(other)));
        assert.equal(a.equals(b), a.compare(b) === 0);
        assert.equal(b.compare(a) + a.compare(b), 0);
        assert.equal(a.isNegative(), a.compare(Decimal.zero) < 0);
        assert.equal(a.isZero(), a.equals(Decimal.zero));
      }),
      runs,
    );
  });

  const roundingName = fc.constantFrom(...(Object.keys(oracleRounding) as RoundingName[]));
  const scale = fc.oneof(fc.nat(3), fc.nat(30));

  it('divides as the oracle does, under every rounding', () => {
    fc.assert(
      fc.property(numberPair, scale, roundingName, ([one, other], places, name) => {
        const divisor = parsed(other);
        fc.pre(!divisor.isZero());
        const quotient = parsed(one).divide(divisor, places, roundings[name]);
        const expected = new Oracle(one)
          .div(new Oracle(other))
          .toDecimalPlaces(places, oracleRounding[name]);
        assert.equal(quotient.toText(), plain(expected));
        assertCanonical(quotient);
      }),
      { numRuns: 5000 },
    );
  });

  it('rounds as the oracle does, under every rounding, halves included', () => {
    const halves = fc
      .tuple(fc.integer({ min: -2000, max: 2000 }), fc.nat(3))
      .map(([whole, places]) => `${whole * 10 + 5}e-${places + 1}`);
    fc.assert(
      fc.property(fc.oneof(numberText, halves), scale, roundingName, (text, places, name) => {
        const rounded = parsed(text).roundTo(places, roundings[name]);
        const expected = new Oracle(text).toDecimalPlaces(places, oracleRounding[name]);
        assert.equal(rounded.toText(), plain(expected));
        assertCanonical(rounded);
      }),
      { numRuns: 5000 },
    );
  });

  it('counts significant digits as the oracle does', () => {
    fc.assert(
      fc.property(numberText, (text) => {
        assert.equal(parsed(text).digits(), new Oracle(text).precision(true));
      }),
      runs,
    );
  });
});

describe('Decimal limits', () => {
  it('does not divide by zero', () => {
    assert.throws(() => parsed('1').divide(Decimal.zero, 2, halfEven), RangeError);
  });

  it('refuses a scale that is not a whole number from 0 to 60', () => {
    for (const scale of [-1, 61, 0.5, Number.NaN]) {
      assert.throws(() => parsed('1').divide(parsed('3'), scale, halfEven), RangeError);
      assert.throws(() => parsed('1').roundTo(scale, halfEven), RangeError);
    }
    assert.throws(() => Decimal.fromBigInt(1n, -1), RangeError);
    assert.throws(() => Decimal.fromBigInt(1n, 61), RangeError);
    assert.throws(() => Decimal.fromBigInt(1n, 1.5), RangeError);
  });

  it('takes a larger scale where zeros at the end bring it down', () => {
    assert.equal(Decimal.fromBigInt(1200n, 62).toText(), `0.${'0'.repeat(58)}12`);
    assert.equal(Decimal.fromBigInt(0n, 99).scale, 0);
  });

  it('gives the whole number at a scale, and refuses to lose digits', () => {
    assert.equal(parsed('1.25').unscaledAt(4), 12_500n);
    assert.throws(() => parsed('1.25').unscaledAt(1), RangeError);
  });

  it('is written into text but never silently into JSON or a float', () => {
    const number = parsed('1.50');
    assert.equal(String(number), '1.5');
    assert.throws(() => JSON.stringify({ number }), TypeError);
    assert.throws(() => number < parsed('2'), TypeError);
  });
});

function isJsonNumber(text: string): boolean {
  try {
    return text.trim() === text && typeof JSON.parse(text) === 'number';
  } catch {
    return false;
  }
}

function fitsScale(text: string): boolean {
  return new Oracle(text).decimalPlaces() <= maximumScale;
}

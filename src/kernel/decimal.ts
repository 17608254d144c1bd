import type { Rounding } from './rounding.ts';

/** The most digits after the point that a Decimal can have. */
export const maximumScale = 60;

/** The most digits, before and after the point together, that Decimal.parse accepts. */
export const maximumParsedDigits = 100;

/** The JSON number grammar with an optional plus; each part can match in one way only. */
const numberGrammar = /^([+-]?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?)([0-9]+))?$/;

/** No longer text is matched: all digits, a point, two signs and an exponent with some zeros. */
const longestText = maximumParsedDigits + 10;

/** Up to so many characters, a text without exponent is read through a safe integer. */
const longestShortText = 15;

const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;
const digit0 = 0x30;
const digit9 = 0x39;

const powersOfTen: bigint[] = [];
for (let exponent = 0, power = 1n; exponent <= 2 * maximumScale; exponent++, power *= 10n) {
  powersOfTen.push(power);
}

function powerOfTen(exponent: number): bigint {
  return powersOfTen[exponent] ?? 10n ** BigInt(exponent);
}

/**
 * An exact decimal number: `unscaled / 10^scale`.
 *
 * Quantities and money are held in this form from the wire to the invoice (invariant "exact").
 * The form is canonical: no trailing zeros after the point, zero has scale 0 and no sign. So two
 * equal numbers always have equal fields, and equal text.
 *
 * No operation rounds unless a rounding is named. An exact result that needs more than
 * {@link maximumScale} digits after the point is a RangeError, never a silent loss.
 */
export class Decimal {
  static readonly zero: Decimal = new Decimal(0n, 0);

  readonly unscaled: bigint;
  /** Digits after the point, 0 to 60. */
  readonly scale: number;

  private constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /**
   * Reads a number as JSON writes it; a leading `+` is accepted too. Returns undefined for any other
   * text, for an exponent beyond 60 in either direction, for more than 100 digits (as written, or in
   * plain notation) and for more than 60 digits after the point.
   */
  static parse(text: string): Decimal | undefined {
    const length = text.length;
    if (length > longestShortText) return Decimal.parseByGrammar(text);
    const sign = text.charCodeAt(0);
    const first = sign === minus || sign === plus ? 1 : 0;
    let value = 0;
    let point = -1;
    // The value and scale up to the last digit that counts: zeros at the end are dropped in passing.
    let kept = 0;
    let keptScale = 0;
    for (let index = first; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code >= digit0 && code <= digit9) {
        value = value * 10 + (code - digit0);
        if (point >= 0 && code !== digit0) {
          kept = value;
          keptScale = index - point;
        }
      } else if (code === dot && point < 0) {
        point = index;
        kept = value;
      } else {
        return Decimal.parseByGrammar(text);
      }
    }
    if (point < 0) kept = value;
    const wholeDigits = (point < 0 ? length : point) - first;
    if (wholeDigits === 0 || point === length - 1) return undefined;
    if (wholeDigits > 1 && text.charCodeAt(first) === digit0) return undefined;
    if (kept === 0) return Decimal.zero;
    return new Decimal(BigInt(sign === minus ? -kept : kept), keptScale);
  }

  private static parseByGrammar(text: string): Decimal | undefined {
    if (text.length > longestText) return undefined;
    const match = numberGrammar.exec(text);
    if (match === null) return undefined;
    const [, sign, whole = '', fraction = '', exponentSign, exponentDigits = '0'] = match;
    if (whole.length + fraction.length > maximumParsedDigits) return undefined;
    const exponent = Number.parseInt(exponentDigits, 10);
    if (exponent > maximumScale) return undefined;
    const magnitude = BigInt(whole + fraction);
    if (magnitude === 0n) return Decimal.zero;
    const scale = fraction.length - (exponentSign === '-' ? -exponent : exponent);
    const unscaled = sign === '-' ? -magnitude : magnitude;
    if (scale <= 0) {
      const number = new Decimal(unscaled * powerOfTen(-scale), 0);
      return number.digits() > maximumParsedDigits ? undefined : number;
    }
    return Decimal.canonical(unscaled, scale);
  }

  /** The canonical form, or undefined when it needs too many digits after the point. */
  private static canonical(unscaled: bigint, scale: number): Decimal | undefined {
    if (unscaled === 0n) return Decimal.zero;
    while (scale > 0 && unscaled % 10n === 0n) {
      unscaled /= 10n;
      scale--;
    }
    return scale > maximumScale ? undefined : new Decimal(unscaled, scale);
  }

  /**
   * The number `unscaled / 10^scale`. The scale may be larger than 60 if trailing zeros bring it down.
   * Throws RangeError on a scale that is negative, fractional or too large.
   */
  static fromBigInt(unscaled: bigint, scale = 0): Decimal {
    if (!Number.isSafeInteger(scale) || scale < 0) {
      throw new RangeError(`A scale is a whole number from 0 to ${maximumScale}, not ${scale}.`);
    }
    const number = Decimal.canonical(unscaled, scale);
    if (number === undefined) {
      throw new RangeError(
        `The exact result needs more than ${maximumScale} digits after the point.`,
      );
    }
    return number;
  }

  add(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return Decimal.fromBigInt(this.unscaledAt(scale) + other.unscaledAt(scale), scale);
  }

  subtract(other: Decimal): Decimal {
    const scale = Math.max(this.scale, other.scale);
    return Decimal.fromBigInt(this.unscaledAt(scale) - other.unscaledAt(scale), scale);
  }

  /** The exact product. Throws RangeError when it needs more than 60 digits after the point. */
  multiply(other: Decimal): Decimal {
    return Decimal.fromBigInt(this.unscaled * other.unscaled, this.scale + other.scale);
  }

  negate(): Decimal {
    return this.unscaled === 0n ? this : new Decimal(-this.unscaled, this.scale);
  }

  /**
   * The quotient, rounded once, at `scale` digits after the point (0 to 60).
   * Throws RangeError on division by zero and on a scale out of range.
   */
  divide(divisor: Decimal, scale: number, rounding: Rounding): Decimal {
    checkTargetScale(scale);
    if (divisor.unscaled === 0n) throw new RangeError('A decimal cannot be divided by zero.');
    let numerator = this.unscaled;
    let denominator = divisor.unscaled;
    const shift = scale + divisor.scale - this.scale;
    if (shift >= 0) numerator *= powerOfTen(shift);
    else denominator *= powerOfTen(-shift);
    const quotient =
      denominator < 0n ? rounding(-numerator, -denominator) : rounding(numerator, denominator);
    return Decimal.fromBigInt(quotient, scale);
  }

  /** The nearest number with at most `scale` digits after the point, by the rounding named. */
  roundTo(scale: number, rounding: Rounding): Decimal {
    checkTargetScale(scale);
    if (scale >= this.scale) return this;
    return Decimal.fromBigInt(rounding(this.unscaled, powerOfTen(this.scale - scale)), scale);
  }

  /** -1 when this number is smaller than the other, 0 when equal, 1 when larger. */
  compare(other: Decimal): -1 | 0 | 1 {
    const scale = Math.max(this.scale, other.scale);
    const left = this.unscaledAt(scale);
    const right = other.unscaledAt(scale);
    if (left === right) return 0;
    return left < right ? -1 : 1;
  }

  equals(other: Decimal): boolean {
    return this.scale === other.scale && this.unscaled === other.unscaled;
  }

  isZero(): boolean {
    return this.unscaled === 0n;
  }

  isNegative(): boolean {
    return this.unscaled < 0n;
  }

  /** How many significant digits the number has: 3 for 1.05, 2 for 0.0012, 3 for 100, 1 for zero. */
  digits(): number {
    const length = this.unscaled.toString().length;
    return this.unscaled < 0n ? length - 1 : length;
  }

  /**
   * This number times 10^scale as a whole number, for columns and allocations that hold a fixed scale.
   * Throws RangeError when the scale is smaller than that of the number, since digits would be lost.
   */
  unscaledAt(scale: number): bigint {
    if (scale === this.scale) return this.unscaled;
    if (scale < this.scale) {
      throw new RangeError(`${this.toText()} has more than ${scale} digits after the point.`);
    }
    return this.unscaled * powerOfTen(scale - this.scale);
  }

  /** Plain notation, never an exponent: `-0.00012`, `24`, `0`. Decimal.parse reads it back. */
  toText(): string {
    if (this.scale === 0) return this.unscaled.toString();
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString();
    const padded = digits.padStart(this.scale + 1, '0');
    const point = padded.length - this.scale;
    return `${negative ? '-' : ''}${padded.slice(0, point)}.${padded.slice(point)}`;
  }

  toString(): string {
    return this.toText();
  }

  /** Always throws: JSON.stringify would decide between text and number without being asked. */
  toJSON(): never {
    throw new TypeError('Write a Decimal to JSON by name: toText(), or NumberText for a number.');
  }

  /** Template text works; `a < b` and `+a` throw, since they would compare text or lose digits. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'number') {
      throw new TypeError('Use compare, add and the other methods of Decimal, not operators.');
    }
    return this.toText();
  }
}

function checkTargetScale(scale: number): void {
  if (!Number.isSafeInteger(scale) || scale < 0 || scale > maximumScale) {
    throw new RangeError(`A scale is a whole number from 0 to ${maximumScale}, not ${scale}.`);
  }
}

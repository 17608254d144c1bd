/** Sums of decimal texts, to the last digit: what is shown beside each other has to add up. */
interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/** @throws TypeError for what is no decimal: a page that fails is better than a sum that leaves something out */
function read(text: string): Scaled {
  const found = DECIMAL.exec(text);
  if (found === null) throw new TypeError(`The server answered '${text}', which is no decimal.`);
  const [, sign = '', whole = '0', fraction = ''] = found;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

function atScale({ units, scale }: Scaled, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - scale);
}

function print(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

export function sumOf(texts: readonly string[]): string {
  const all = texts.map(read);
  const scale = all.reduce((most, one) => Math.max(most, one.scale), 0);
  return print(
    all.reduce((sum, one) => sum + atScale(one, scale), 0n),
    scale,
  );
}

export function minus(from: string, what: readonly string[]): string {
  return sumOf([from, negated(sumOf(what))]);
}

function negated(text: string): string {
  return text.startsWith('-') ? text.slice(1) : `-${text}`;
}

export function isZero(text: string): boolean {
  return read(text).units === 0n;
}

/**
 * Percent of a whole, to one digit, for a reader's eye; undefined of nothing. Rounded half to even, as all that is
 * shortened for the eye, so that shares of a whole add up to about 100 rather than to less.
 */
export function percentOf(part: string, whole: string): string | undefined {
  const [a, b] = [read(part), read(whole)];
  const scale = Math.max(a.scale, b.scale);
  const divisor = atScale(b, scale);
  if (divisor === 0n) return undefined;
  return print(dividedHalfEven(atScale(a, scale) * 1000n, divisor), 1);
}

function dividedHalfEven(of: bigint, by: bigint): bigint {
  const quotient = of / by;
  const twice = 2n * (of % by);
  const [rest, whole] = [twice < 0n ? -twice : twice, by < 0n ? -by : by];
  const isUp = rest > whole || (rest === whole && quotient % 2n !== 0n);
  if (!isUp) return quotient;
  return of < 0n === by < 0n ? quotient + 1n : quotient - 1n;
}

/** For the height of a bar, where a pixel is coarser than the error of a float. */
export function pixels(text: string): number {
  return Number(text);
}

/** Sums of decimal texts, to the last digit: what is shown beside each other has to add up. */
interface Scaled {
  readonly units: bigint;
  readonly scale: number;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

function read(text: string): Scaled {
  const [, sign = '', whole = '0', fraction = ''] = DECIMAL.exec(text) ?? [];
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

/** Percent of a whole, to one digit, for a reader's eye; undefined of nothing. */
export function percentOf(part: string, whole: string): string | undefined {
  const [a, b] = [read(part), read(whole)];
  const scale = Math.max(a.scale, b.scale);
  const divisor = atScale(b, scale);
  if (divisor === 0n) return undefined;
  return print((atScale(a, scale) * 1000n) / divisor, 1);
}

/** For the height of a bar, where a pixel is coarser than the error of a float. */
export function pixels(text: string): number {
  return Number(text);
}

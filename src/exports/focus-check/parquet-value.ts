import type { SchemaElement } from 'hyparquet';
import { Decimal } from '../../kernel/index.ts';

/** Makes the text that CSV would have of a value of Parquet. */
export type ValueText = (value: unknown) => string | null;

const utf8 = new TextDecoder();
const textOfBytes = (bytes: Uint8Array): string => utf8.decode(bytes);
const instantText = (nanoseconds: bigint): string =>
  Temporal.Instant.fromEpochNanoseconds(nanoseconds).toString();

/**
 * Times as text with all their digits, which a Date would cut off. One that is not said to be UTC is taken as UTC, since
 * that is all that FOCUS has.
 */
export const textParsers = {
  timestampFromMilliseconds: (at: bigint): string => instantText(at * 1_000_000n),
  timestampFromMicroseconds: (at: bigint): string => instantText(at * 1000n),
  timestampFromNanoseconds: (at: bigint): string => instantText(at),
  dateFromDays: (days: number): string =>
    Temporal.PlainDate.from('1970-01-01').add({ days }).toString(),
  jsonFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && textOfBytes(bytes),
  stringFromBytes: (bytes: Uint8Array | undefined): string | undefined =>
    bytes && textOfBytes(bytes),
};

/** The digits after the point of a decimal; undefined for a column of another type. */
function decimalScale({ converted_type, logical_type, scale }: SchemaElement): number | undefined {
  if (logical_type?.type === 'DECIMAL') return logical_type.scale;
  return converted_type === 'DECIMAL' ? (scale ?? 0) : undefined;
}

/** Without what makes the reader turn decimals into binary fractions: they come as they are stored. */
export function withoutDecimals(element: SchemaElement): SchemaElement {
  if (decimalScale(element) === undefined) return element;
  const { converted_type: _, logical_type: __, ...plain } = element;
  return plain;
}

/** Texts of the values of a column. Values that repeat themselves are turned into text once. */
export function valueTexts(element: SchemaElement): ValueText {
  const scale = decimalScale(element);
  const known = new Map<unknown, string | null>();
  return (value) => {
    if (typeof value === 'string') return value;
    let text = known.get(value);
    if (text === undefined) {
      if (known.size >= MOST_KNOWN) known.clear();
      text = scale === undefined ? plainText(value) : decimalText(value, scale);
      known.set(value, text);
    }
    return text;
  };
}

const MOST_KNOWN = 4096;

/** The number that big-endian bytes are, in two's complement. */
function integerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  if (!(value instanceof Uint8Array)) return undefined;
  if (value.length === 0) return 0n;
  const hex = Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex');
  return BigInt.asIntN(value.length * 8, BigInt(`0x${hex}`));
}

function decimalText(value: unknown, scale: number): string | null {
  const unscaled = integerOf(value);
  return unscaled === undefined ? plainText(value) : Decimal.fromBigInt(unscaled, scale).toText();
}

function plainText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Uint8Array) return textOfBytes(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return JSON.stringify(value, plainInJson);
}

/** The shortest decimal that is this binary fraction, in plain notation. */
function numberText(value: number): string {
  const text = String(value);
  return Decimal.parse(text)?.toText() ?? text;
}

function plainInJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? textOfBytes(value) : value;
}

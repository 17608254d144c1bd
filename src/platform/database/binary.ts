import { hash } from 'node:crypto';
import type { Brand } from '../../kernel/index.ts';

/**
 * Columns as binary arrays, the form in which PostgreSQL takes a few thousand rows in one statement
 * without a text to build on this side and one to parse on the other.
 *
 * Layout: number of dimensions, has-nulls flag, element type, count, lower bound, then length and bytes of each element.
 */
const HEADER_BYTES = 20;

/** Object ids of the element types in use; fixed since their introduction in PostgreSQL. */
const OID = { int4: 23, numeric: 1700, timestamptz: 1184, uuid: 2950 } as const;

/** Microseconds from 1970-01-01 to 2000-01-01, the epoch of PostgreSQL's timestamps. */
const POSTGRES_EPOCH_MICROSECONDS = 946_684_800_000_000;

function allocateArray(oid: number, elementBytes: number, count: number): Buffer {
  const array = Buffer.allocUnsafe(HEADER_BYTES + count * (4 + elementBytes));
  writeHeader(array, oid, count);
  return array;
}

function writeHeader(array: Buffer, oid: number, count: number): void {
  array.writeInt32BE(1, 0);
  array.writeInt32BE(0, 4);
  array.writeInt32BE(oid, 8);
  array.writeInt32BE(count, 12);
  array.writeInt32BE(1, 16);
}

/**
 * A uuid as a string of 16 characters, one a byte. Strings are made, compared and hashed several times faster than
 * small buffers, and the order is that of the uuid.
 */
export type UuidBytes = Brand<string, 'UuidBytes'>;

/** `uuid[]` */
export function uuidArray(count: number, valueAt: (index: number) => UuidBytes): Buffer {
  const array = allocateArray(OID.uuid, 16, count);
  for (let i = 0, at = HEADER_BYTES; i < count; i++) {
    const value = valueAt(i);
    array.writeInt32BE(16, at);
    at += 4;
    for (let byte = 0; byte < 16; byte++) array[at++] = value.charCodeAt(byte);
  }
  return array;
}

/** `int4[]` */
export function int4Array(count: number, valueAt: (index: number) => number): Buffer {
  const array = allocateArray(OID.int4, 4, count);
  for (let i = 0, at = HEADER_BYTES; i < count; i++, at += 8) {
    array.writeInt32BE(4, at);
    array.writeInt32BE(valueAt(i), at + 4);
  }
  return array;
}

/** `timestamptz[]` of whole microseconds since 1970-01-01T00:00Z. */
export function timestamptzArray(count: number, microsecondsAt: (index: number) => number): Buffer {
  const array = allocateArray(OID.timestamptz, 8, count);
  for (let i = 0, at = HEADER_BYTES; i < count; i++, at += 12) {
    array.writeInt32BE(8, at);
    const value = microsecondsAt(i) - POSTGRES_EPOCH_MICROSECONDS;
    const high = Math.floor(value / 2 ** 32);
    array.writeInt32BE(high, at + 4);
    array.writeUInt32BE(value - high * 2 ** 32, at + 8);
  }
  return array;
}

/** A decimal as `unscaled` x 10^-`scale`, scale not negative. */
export interface UnscaledDecimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** `numeric[]` */
export function numericArray(count: number, valueAt: (index: number) => UnscaledDecimal): Buffer {
  let array = Buffer.allocUnsafe(HEADER_BYTES + count * 24);
  writeHeader(array, OID.numeric, count);
  let at = HEADER_BYTES;
  for (let i = 0; i < count; i++) {
    if (array.length - at < 256) {
      const larger = Buffer.allocUnsafe(array.length * 2 + 256);
      array.copy(larger, 0, 0, at);
      array = larger;
    }
    const bytes = writeNumeric(array, at + 4, valueAt(i));
    array.writeInt32BE(bytes, at);
    at += 4 + bytes;
  }
  return array.subarray(0, at);
}

const NUMERIC_POSITIVE = 0x0000;
const NUMERIC_NEGATIVE = 0x4000;
const PADDING = [1n, 10n, 100n, 1000n] as const;

/**
 * One numeric: count of base-10000 digits, weight of the first, sign, decimal places shown, digits.
 * @returns bytes written; at most 8 + 2 x (decimal digits / 4 + 2)
 */
function writeNumeric(target: Buffer, at: number, { unscaled, scale }: UnscaledDecimal): number {
  const padding = (4 - (scale & 3)) & 3;
  const negative = unscaled < 0n;
  const magnitude = (negative ? -unscaled : unscaled) * PADDING[padding]!;
  const digits = base10000(magnitude);
  const fractionDigits = (scale + padding) >> 2;
  target.writeInt16BE(digits.length, at);
  target.writeInt16BE(digits.length - 1 - fractionDigits, at + 2);
  target.writeUInt16BE(negative ? NUMERIC_NEGATIVE : NUMERIC_POSITIVE, at + 4);
  target.writeInt16BE(scale, at + 6);
  const last = at + 6 + 2 * digits.length;
  for (let i = 0; i < digits.length; i++) target.writeInt16BE(digits[i]!, last - 2 * i);
  return 8 + 2 * digits.length;
}

/** The digits to base 10000, the last first, as division yields them. */
function base10000(magnitude: bigint): number[] {
  const digits: number[] = [];
  let rest = magnitude;
  // A bigint division costs as much as the rest of the row: leave bigints as soon as the value fits.
  while (rest > 9_007_199_254_740_991n) {
    digits.push(Number(rest % 10_000n));
    rest /= 10_000n;
  }
  for (let small = Number(rest); small > 0; small = Math.floor(small / 10_000)) {
    digits.push(small % 10_000);
  }
  return digits;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** A uuid as lower-case text with hyphens. */
export function uuidText(bytes: UuidBytes): string {
  let text = '';
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) text += '-';
    text += HEX[bytes.charCodeAt(i)];
  }
  return text;
}

function isUuidBytes(text: string): text is UuidBytes {
  return text.length === 16;
}

/** Marks 16 characters, each a byte, as what they are. */
function mark(bytes: string): UuidBytes {
  if (isUuidBytes(bytes)) return bytes;
  throw new RangeError(`a uuid has 16 bytes; these are ${bytes.length}`);
}

/**
 * The uuid that is written as `text`, with or without hyphens.
 * @throws RangeError when the text is no uuid
 */
export function uuidBytes(text: string): UuidBytes {
  return mark(Buffer.from(text.replaceAll('-', ''), 'hex').toString('latin1'));
}

/** 128 bits of the SHA-256 of `text`: no two texts that anybody will ever find share them. */
export function uuidOf(text: string): UuidBytes {
  return mark(hash('sha256', text, 'latin1').slice(0, 16));
}

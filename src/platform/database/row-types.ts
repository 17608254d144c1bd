import pg from 'pg';
import type { Instant } from '../../kernel/index.ts';

/** Object ids of types, with those of their arrays. */
const INT8 = { plain: 20, array: 1016 } as const;
const NUMERIC = { plain: 1700, array: 1231 } as const;
const DATE = { plain: 1082, array: 1182 } as const;
const TIMESTAMP = { plain: 1114, array: 1115 } as const;
const TIMESTAMPTZ = { plain: 1184, array: 1185 } as const;
const INTERVAL = { plain: 1186, array: 1187 } as const;
const TEXT_ARRAY = 1009;

type Parse = (text: string) => unknown;

/** The driver's own parsers; its types list the built-in types only, where it takes any object id. */
const driverParser: (oid: number, format: 'text' | 'binary') => Parse = pg.types.getTypeParser;

/** `2018-06-01 10:00:00.5+00`; infinity and years before 1 are refused with a RangeError. */
function toInstant(text: string): Instant {
  return Temporal.Instant.from(text);
}

const parsers = new Map<number, Parse>();

/** The array's structure is the driver's matter; what is in it is ours. */
function register(type: { plain: number; array: number }, parse: Parse): void {
  const parseTexts = driverParser(TEXT_ARRAY, 'text');
  const parseDeep = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(parseDeep) : typeof value === 'string' ? parse(value) : value;
  parsers.set(type.plain, parse);
  parsers.set(type.array, (text) => parseDeep(parseTexts(text)));
}

const keep: Parse = (text) => text;
register(INT8, BigInt);
register(TIMESTAMPTZ, toInstant);
register(NUMERIC, keep);
register(DATE, keep);
register(TIMESTAMP, keep);
register(INTERVAL, keep);

/**
 * How columns become values, arrays of them likewise: int8 a bigint, timestamptz a Temporal.Instant,
 * numeric its text (the exact digits), date, timestamp and interval their text. No column becomes a
 * Date, and none a binary floating-point number but float4 and float8. Everything else is as `pg` has
 * it: int2 and int4 a number, uuid lower-case text, bytea a Buffer, json and jsonb what JSON.parse says.
 */
export const rowTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    (format === 'binary' ? undefined : parsers.get(oid)) ?? driverParser(oid, format ?? 'text'),
};

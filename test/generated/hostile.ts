import type { SeededRandom } from '../crash/random.ts';

const LONG = 'L'.repeat(3000);

/** Texts that something on the way may take for more than text. */
export const TEXTS: readonly string[] = [
  '',
  ' ',
  '\t',
  'null',
  'true',
  '0',
  '-1',
  '1.5',
  '1e400',
  '1e-400',
  '0x10',
  'NaN',
  'Infinity',
  '9007199254740993',
  '99999999999999999999999999999999999999',
  "'",
  "''",
  '"',
  '`',
  '\\',
  "x' or '1'='1",
  "'; drop table subscription; --",
  '$1',
  '%s%n',
  '${7*7}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  '..',
  '.',
  'a/b',
  '/',
  'a\\b',
  'a\u0000b',
  '\u0000',
  'a\r\nX-Injected: 1',
  '\u0007',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\uffff',
  'ÄÖÜ ß é',
  'İıſK',
  'e\u0301',
  '日本語',
  '😀',
  '👩‍👩‍👧',
  '\ud800',
  '*',
  '%',
  '_',
  '{}',
  '[]',
  '{"a":1}',
  '__proto__',
  'constructor',
  'default',
  'a'.repeat(90),
  'a'.repeat(91),
  'a'.repeat(200),
  'a'.repeat(201),
  'é'.repeat(300),
  LONG,
];

/** Parts of an address as they are on the wire, some of which are no text at all. */
export const RAW_TEXTS: readonly string[] = [
  '%00',
  '%0a',
  '%0d%0aX:1',
  '%',
  '%zz',
  '%c0%80',
  '%ff%fe',
  '%ED%A0%80',
  '%2e%2e',
  '%2f',
  '%5c',
  '%252f',
  '%25',
  '+',
  '%2B',
  '%7B%7D',
  '%E2%80%AE',
  ';',
  'a;b=c',
  '#',
  'a?b',
  '&',
  '=',
  '==',
  '"<>',
  '|^`{}',
  'x'.repeat(2049),
  'x'.repeat(6000),
];

const TIMES: readonly string[] = [
  '2018-06-01T00:00:00Z',
  '2018-06-01T00:00:00+00:00',
  '2018-06-01T00:00:00 00:00',
  '2018-06-01',
  '2018-06-01T00:00Z',
  '2018-06-01T10:30:00Z',
  '2018-06-01T10:00:00',
  '2018-06-01t10:00:00z',
  '2018-06-01 10:00:00Z',
  '2018-06-01T10:00:00.0000000Z',
  '2018-06-01T10:00:00.123456789Z',
  '2018-06-01T10:00:00.1234567891Z',
  '2018-06-01T10:00:00+14:00',
  '2018-06-01T10:00:00-23:59',
  '2018-06-01T10:00:00+24:00',
  '2018-02-29T00:00:00Z',
  '2020-02-29T00:00:00Z',
  '2018-13-01T00:00:00Z',
  '2018-06-31T00:00:00Z',
  '2018-06-01T24:00:00Z',
  '2016-12-31T23:59:60Z',
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:00:00Z',
  '0001-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '-000001-01-01T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '+275760-09-14T00:00:00Z',
  '9999-12-31T23:00:00Z',
  '+010000-01-01T00:00:00Z',
  '99999-01-01T00:00:00Z',
  '1527811200',
  '2018-W22-5',
  '2018-152',
  'Fri, 01 Jun 2018 00:00:00 GMT',
  '2018-06-01T10:00:00Z[Europe/Paris]',
  '2018-06-01T10:00:00Z[u-ca=iso8601]',
  'now',
];

const GUIDS: readonly string[] = [
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6',
  '{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}',
  'f81d4fae7dec11d0a76500a0c91e6bf6',
  'f81d4fae-7dec-11d0-a765-00a0c91e6bf',
  'f81d4fae-7dec-11d0-a765-00a0c91e6bf6 ',
  'g81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
];

const JSON_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  -0,
  1e21,
  Number.MAX_VALUE,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  [],
  {},
  [null],
  [[]],
  { '': '' },
  { value: [] },
];

/** A text of no use, or one that almost is. */
export function hostileText(random: SeededRandom): string {
  const kind = random.between(0, 9);
  if (kind < 5) return random.pick(TEXTS);
  if (kind < 7) return random.pick(TIMES);
  if (kind < 9) return random.pick(GUIDS);
  return Array.from({ length: random.between(1, 12) }, () =>
    String.fromCodePoint(random.between(0, random.pick([0x7f, 0x2ff, 0xffff, 0x10ffff]))),
  ).join('');
}

/** A value of JSON of any type. */
export function hostileValue(random: SeededRandom): unknown {
  return random.next() < 0.6 ? hostileText(random) : random.pick(JSON_VALUES);
}

/** As it is written in an address. Half a character, which no percent-encoding has, is written all the same. */
export function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Part of an address, encoded or deliberately not well. */
export function hostilePart(random: SeededRandom): string {
  return random.next() < 0.3 ? random.pick(RAW_TEXTS) : encoded(hostileText(random));
}

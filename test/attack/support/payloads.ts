import { gzipSync, zstdCompressSync } from 'node:zlib';

export const MEBIBYTE = 2 ** 20;
const ZEROS = Buffer.alloc(256 * MEBIBYTE);

/** A gzip member whose header has the fields of the flags. */
function gzipHeader(flags: number, rest: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 0xff]), rest]);
}

/** Small bodies that are large, or nothing, once they are inflated; and how they say they are coded. */
export const bombs: readonly (readonly [what: string, coding: string, body: Buffer])[] = [
  ['64 MiB in gzip', 'gzip', gzipSync(ZEROS.subarray(0, 64 * MEBIBYTE))],
  ['256 MiB in zstd', 'zstd', zstdCompressSync(ZEROS)],
  ['64 MiB in gzip twice', 'gzip', gzipSync(gzipSync(ZEROS.subarray(0, 64 * MEBIBYTE)))],
  [
    'a thousand members of gzip',
    'gzip',
    Buffer.concat(Array(1_000).fill(gzipSync(ZEROS.subarray(0, MEBIBYTE / 8)))),
  ],
  [
    'a thousand frames of zstd',
    'zstd',
    Buffer.concat(Array(1_000).fill(zstdCompressSync(ZEROS.subarray(0, MEBIBYTE / 8)))),
  ],
  ['a file name of 1 MiB', 'gzip', gzipHeader(8, Buffer.alloc(MEBIBYTE, 'a'))],
  ['a comment of 1 MiB', 'gzip', gzipHeader(16, Buffer.alloc(MEBIBYTE, 'a'))],
  ['an extra field that is not there', 'gzip', gzipHeader(4, Buffer.from([0xff, 0xff, 1]))],
  ['reserved flags', 'gzip', gzipHeader(0xe0, Buffer.from([3, 0]))],
  ['a header and nothing else', 'gzip', gzipHeader(0, Buffer.alloc(0))],
  ['half a member', 'gzip', gzipSync(Buffer.from('{}')).subarray(0, 15)],
  [
    'a wrong checksum',
    'gzip',
    Buffer.from(gzipSync(Buffer.from('{}')).map((byte, at) => (at === 14 ? byte ^ 1 : byte))),
  ],
  [
    'a member and something else',
    'gzip',
    Buffer.concat([gzipSync(Buffer.from('{}')), Buffer.from('PK\x03\x04')]),
  ],
  ['no gzip', 'gzip', Buffer.from('{}')],
  ['no zstd', 'zstd', Buffer.from('{}')],
  ['gzip that says zstd', 'zstd', gzipSync(Buffer.from('{}'))],
  ['a window of terabytes', 'zstd', Buffer.from('28b52ffd04ff010000', 'hex')],
  ['a dictionary that nobody has', 'zstd', Buffer.from('28b52ffd03ffffffff00010000', 'hex')],
  ['a frame to be skipped that never ends', 'zstd', Buffer.from('502a4d18ffffffff00', 'hex')],
  ['nothing in gzip', 'gzip', Buffer.alloc(0)],
  ['a list of codings', 'gzip, gzip', gzipSync(gzipSync(Buffer.from('{}')))],
  ['a long list of codings', Array(200).fill('gzip').join(), gzipSync(Buffer.from('{}'))],
  ['identity and gzip', 'identity, gzip', gzipSync(Buffer.from('{}'))],
  ['a coding with a parameter', 'gzip;q=1', gzipSync(Buffer.from('{}'))],
  ['brotli', 'br', Buffer.from('{}')],
  ['deflate', 'deflate', Buffer.from('{}')],
  ['a coding that is none', '../../etc/passwd', Buffer.from('{}')],
];

const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

/** Values of JSON, for places where a text belongs. */
export const values: readonly (readonly [what: string, value: string])[] = [
  ['nested arrays', deep(100_000)],
  ['nested objects', nested(50_000)],
  ['a huge number', '1e400'],
  ['a tiny number', '1e-400'],
  ['a number of 100,000 digits', '9'.repeat(100_000)],
  ['minus zero', '-0'],
  ['a lone surrogate', String.raw`"\ud800"`],
  ['surrogates in the wrong order', String.raw`"\udc00\ud800"`],
  ['NUL', String.raw`"a\u0000b"`],
  ['control characters', String.raw`"\u0001\u001f\u007f\u0080"`],
  ['a million characters', `"${'a'.repeat(900_000)}"`],
  ['text that turns around', String.raw`"\u202e\u2066"`],
  ['markup', `"<script>alert(1)</script>"`],
  ['null', 'null'],
  ['true', 'true'],
  ['a list', '["a"]'],
  [
    'a prototype',
    '{"__proto__":{"isOperator":true},"constructor":{"prototype":{"isOperator":true}}}',
  ],
];

/** Bodies that say they are JSON. */
export const broken: readonly (readonly [what: string, body: Buffer | string])[] = [
  ['arrays without end', '['.repeat(500_000)],
  ['objects without end', '{"a":'.repeat(150_000)],
  ['nothing', ''],
  ['null', 'null'],
  ['a number', '1'],
  ['a text', '"text"'],
  ['a list', '[]'],
  ['a list of nothing', '[null, 1, "a", [], {}]'],
  ['something after the end', '{} {}'],
  ['NaN', '{"a":NaN}'],
  ['comments', '{/* */"a":1}'],
  ['single quotes', "{'a':1}"],
  ['a byte order mark', Buffer.concat([Buffer.from('efbbbf', 'hex'), Buffer.from('{}')])],
  ['UTF-16, little end first', Buffer.from('\ufeff{"displayName":"a"}', 'utf16le')],
  ['UTF-16, big end first', Buffer.from('\ufeff{"displayName":"a"}', 'utf16le').swap16()],
  ['bytes that are not UTF-8', Buffer.from('7b2261223a22ff227d', 'hex')],
  ['overlong UTF-8', Buffer.from('7b2261223a22c0af227d', 'hex')],
  ['a surrogate in UTF-8', Buffer.from('7b2261223a22eda080227d', 'hex')],
  [
    'the same name twice',
    '{"displayName":"a","displayName":"b","properties":{},"properties":{"principalId":1}}',
  ],
  ['a prototype', '{"__proto__":{"displayName":"a"},"constructor":{"prototype":{"a":1}}}'],
  ['10,000 names', `{${Array.from({ length: 10_000 }, (_, n) => `"n${n}":1`).join()}}`],
];

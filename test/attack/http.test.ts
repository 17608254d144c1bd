import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { withBystander } from './support/bystander.ts';
import { forEachOf } from './support/https.ts';
import { exchange, type Exchange } from './support/raw.ts';
import { assertEnvelope, createFindings } from './support/refused.ts';
import { usagePath, withAttackedStamp } from './support/stamp.ts';

/** Would be answered as a second request by a server that is fooled. */
const SMUGGLED = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

type Case = readonly [what: string, bytes: string | Buffer];

const post = (headers: string, body: string): string =>
  `POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n${body}`;
const get = (headers: string, target = '/api/v1/openapi.json'): string =>
  `GET ${target} HTTP/1.1\r\n${headers}\r\n`;

const zero = `0\r\n\r\n${SMUGGLED}`;

/** Two servers in a row may disagree on where these end. */
const framing: readonly Case[] = [
  ['length and chunks', post(`Content-Length: 4\r\n${CHUNKED}`, zero)],
  ['chunks and length', post(`${CHUNKED}Content-Length: 4\r\n`, zero)],
  ['two lengths', post('Content-Length: 0\r\nContent-Length: 48\r\n', SMUGGLED)],
  ['two equal lengths', post('Content-Length: 2\r\nContent-Length: 2\r\n', `{}${SMUGGLED}`)],
  ['a list of lengths', post('Content-Length: 2, 2\r\n', `{}${SMUGGLED}`)],
  ['a length with a sign', post('Content-Length: +2\r\n', `{}${SMUGGLED}`)],
  ['a negative length', post('Content-Length: -2\r\n', `{}${SMUGGLED}`)],
  ['a length in hexadecimal digits', post('Content-Length: 0x2\r\n', `{}${SMUGGLED}`)],
  ['a length of words', post('Content-Length: two\r\n', `{}${SMUGGLED}`)],
  ['an empty length', post('Content-Length: \r\n', SMUGGLED)],
  ['a length beyond 64 bits', post(`Content-Length: ${'9'.repeat(40)}\r\n`, '{}')],
  ['an unknown coding', post('Transfer-Encoding: xchunked\r\n', zero)],
  ['a coding before chunked', post('Transfer-Encoding: x, chunked\r\n', zero)],
  ['a coding after chunked', post('Transfer-Encoding: chunked, identity\r\n', zero)],
  ['two codings', post(`${CHUNKED}Transfer-Encoding: identity\r\n`, zero)],
  ['chunked twice', post(`${CHUNKED}${CHUNKED}`, zero)],
  ['a coding in quotes', post('Transfer-Encoding: "chunked"\r\n', zero)],
  ['a coding after a vertical tab', post('Transfer-Encoding: \x0bchunked\r\n', zero)],
  ['chunks in HTTP/1.0', `POST /api/v1/events HTTP/1.0\r\n${CHUNKED}\r\n${zero}`],
  [
    'chunks in HTTP/1.0 with a length',
    `POST /api/v1/events HTTP/1.0\r\n${CHUNKED}Content-Length: 4\r\n\r\n${zero}`,
  ],
  ['a chunk of too many digits', post(CHUNKED, `${'f'.repeat(17)}\r\n{}\r\n${zero}`)],
  ['a chunk of negative size', post(CHUNKED, `-2\r\n{}\r\n${zero}`)],
  ['a chunk with 0x', post(CHUNKED, `0x2\r\n{}\r\n${zero}`)],
  ['a chunk without size', post(CHUNKED, `\r\n{}\r\n${zero}`)],
  ['a chunk longer than it says', post(CHUNKED, `2\r\n{}{}\r\n${zero}`)],
  ['a chunk that ends with a line feed', post(CHUNKED, `2\n{}\n0\n\n${SMUGGLED}`)],
  ['a chunk extension of 64 kB', post(CHUNKED, `2;${'x'.repeat(65_536)}\r\n{}\r\n${zero}`)],
  ['a trailer of 64 kB', post(CHUNKED, `2\r\n{}\r\n0\r\nx: ${'x'.repeat(65_536)}\r\n\r\n`)],
];

const headers: readonly Case[] = [
  ['a folded header', get('Host: localhost\r\nX-A: b\r\n c\r\n')],
  ['a folded length', post('Content-Length:\r\n 2\r\n', '{}')],
  ['a folded first header', get(' Host: localhost\r\n')],
  ['lines that end with line feeds', get('Host: localhost\nX-A: b\n').replaceAll('\r\n', '\n')],
  ['a line feed in a header', get('Host: localhost\r\nX-A: b\nX-C: d\r\n')],
  ['a carriage return in a header', get('Host: localhost\r\nX-A: b\rX-C: d\r\n')],
  ['a space before a colon', get('Host : localhost\r\n')],
  ['a space before the colon of the coding', post('Transfer-Encoding : chunked\r\n', zero)],
  ['a tab before a colon', get('Host\t: localhost\r\n')],
  ['a header without a colon', get('Host: localhost\r\nX-A\r\n')],
  ['a header without a name', get('Host: localhost\r\n: b\r\n')],
  ['NUL in a name', get('Host: localhost\r\nX-\0A: b\r\n')],
  ['NUL in a value', get('Host: localhost\r\nX-A: b\0c\r\n')],
  ['a control character in a value', get('Host: localhost\r\nX-A: b\x01c\r\n')],
  ['DEL in a value', get('Host: localhost\r\nX-A: b\x7fc\r\n')],
  ['a letter beyond ASCII in a name', get('Host: localhost\r\nX-\xe4: b\r\n')],
  ['two hosts', get('Host: localhost\r\nHost: evil.example\r\n')],
  ['two equal hosts', get('Host: localhost\r\nHost: localhost\r\n')],
  ['a header of 64 kB', get(`Host: localhost\r\nX-A: ${'a'.repeat(65_536)}\r\n`)],
  ['a header name of 64 kB', get(`Host: localhost\r\n${'a'.repeat(65_536)}: b\r\n`)],
  ['2,000 headers', get(`Host: localhost\r\n${lines(2_000, (n) => `X-${n}: b`)}`)],
  ['3,000 very short headers', get(`Host: localhost\r\n${lines(3_000, () => 'a:')}`)],
  ['an address of 100 kB', get('Host: localhost\r\n', `/${'a'.repeat(102_400)}`)],
  ['a query of 100 kB', get('Host: localhost\r\n', `/health/live?${'a'.repeat(102_400)}`)],
];

const starts: readonly Case[] = [
  ['HTTP/0.9', 'GET /health/live\r\n\r\n'],
  ['HTTP/1.2', 'GET /health/live HTTP/1.2\r\nHost: localhost\r\n\r\n'],
  ['HTTP/2.0', 'GET /health/live HTTP/2.0\r\nHost: localhost\r\n\r\n'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a version in lower case', 'GET /health/live http/1.1\r\nHost: localhost\r\n\r\n'],
  ['a tab', 'GET\t/health/live\tHTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['no target', 'GET HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a space in the target', 'GET /health /live HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a method in lower case', 'get /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a method that is none', 'STEAL /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a space before the method', ' GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['NUL in the target', 'GET /health\0/live HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['another protocol', 'EHLO attacker.example\r\n'],
  ['TLS in TLS', Buffer.from('16030100050100000100\r\n\r\n', 'hex')],
  [
    'bytes without meaning',
    Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * 7_919) % 256)),
  ],
];

function lines(count: number, line: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => `${line(n)}\r\n`).join('');
}

/** One refusal, and then the end of the connection: nothing that follows may be taken for a request. */
function assertRefusedAndClosed(what: string, { answers, ended, text }: Exchange): void {
  const shown = `${what}: ${answers.map(({ status }) => status).join()} ${text.slice(0, 400)}`;
  assert.equal(answers.length, 1, shown);
  const [answer] = answers;
  assert.ok(answer);
  const type = answer.headers.get('content-type') ?? '';
  assertEnvelope({ status: answer.status, type, text: answer.body }, what);
  assert.ok(answer.headers.has('x-ms-request-id'), shown);
  // An answer that was given before the fault was met cannot tell of it.
  if (answer.status !== 401) assert.equal(answer.headers.get('connection'), 'close', shown);
  assert.ok(ended, `${what}: the connection stays open`);
}

describe('what is no proper HTTP', () => {
  const db = withTestDatabase();
  describe('sent to a whole server', () => {
    const stamp = withAttackedStamp(withServer(db));
    describe('is refused, and ends the connection', () => {
      withBystander(stamp);

      it('after what was asked before it is answered', async () => {
        const { token } = stamp.actor('owner');
        const good = `GET ${usagePath()} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`;
        for (const [what, bad] of [
          ...starts,
          ['a header without a colon', get('Host\r\n')],
        ] as const) {
          for (const count of [1, 3]) {
            const sent = Buffer.concat([Buffer.from(good.repeat(count)), Buffer.from(bad)]);
            const { answers, ended } = await exchange(stamp.server, sent);
            const statuses = answers.map(({ status }) => status);
            assert.deepEqual(statuses, [...Array<number>(count).fill(200), 400], what);
            assert.ok(answers.slice(0, count).every(({ body }) => body.includes('"quantity":')));
            assert.ok(ended, what);
          }
        }
      });

      it('unless it is the body of another request, whoever cares for it', async () => {
        const { token } = stamp.actor('owner');
        const bodies = [
          [`Content-Length: ${SMUGGLED.length}\r\n`, SMUGGLED],
          [CHUNKED, `${SMUGGLED.length.toString(16)}\r\n${SMUGGLED}\r\n0\r\n\r\n`],
        ] as const;
        const targets = [
          'GET /health/live',
          'HEAD /health/live',
          'GET /nowhere',
          'POST /nowhere',
          'DELETE /health/live',
          `GET ${usagePath()}`,
          'POST /api/v1/events',
          'POST /api/v1/meters',
          'OPTIONS /health/live',
        ];
        const findings = createFindings();
        const all = bodies.flatMap((body) =>
          targets.flatMap((start) =>
            ['', `Authorization: Bearer ${token}\r\n`].map((by) => [start, by, body] as const),
          ),
        );
        await forEachOf(all, 8, async ([start, by, [header, body]]) => {
          const sent = `${start} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${by}${header}\r\n${body}`;
          const { text } = await exchange(stamp.server, sent);
          await findings.check(() => {
            const answers = text.split('HTTP/1.1 ').length - 1;
            assert.equal(
              answers,
              1,
              `${start} ${by === '' ? 'by nobody' : ''} with ${header}: ${text}`,
            );
          });
        });
        findings.assertNone();
      });

      for (const [group, cases] of Object.entries({ framing, headers, starts })) {
        it(group, async () => {
          const { token } = stamp.actor('emitter');
          const findings = createFindings();
          await forEachOf(cases, 8, async ([what, bytes]) => {
            const known = `Host: localhost\r\nAuthorization: Bearer ${token}\r\n`;
            const knownBytes =
              typeof bytes === 'string' ? bytes.replace('Host: localhost\r\n', known) : bytes;
            for (const sent of new Set([bytes, knownBytes])) {
              const got = await exchange(stamp.server, sent);
              await findings.check(() => {
                assertRefusedAndClosed(what, got);
                assert.ok(!got.text.includes(token), `${what}: the answer repeats the token`);
              });
            }
          });
          findings.assertNone();
        });
      }
    });
  });
});

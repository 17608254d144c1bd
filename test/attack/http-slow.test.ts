import assert from 'node:assert/strict';
import { connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, it } from 'node:test';
import { systemClock } from '../../src/platform/index.ts';
import { SUBSCRIPTIONS } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { usageEvent } from './support/bodies.ts';
import { withBystander } from './support/bystander.ts';
import { openSocket } from './support/raw.ts';
import { assertEnvelope } from './support/refused.ts';
import { withAttackedStamp } from './support/stamp.ts';

const CONNECTIONS = 100;
const DRIP_MS = 50;
/** Limits in milliseconds that are long by default; the app takes them together with its configuration. */
const SHORT = {
  region: 'local',
  timeouts: {
    handshake: 1_000,
    headers: 1_000,
    request: 2_000,
    inactivity: 2_000,
  },
};
/** They are looked at every second. */
const LATE_MS = 4_500;

/** What came of a connection on which somebody was slow. */
interface Outcome {
  readonly text: string;
  readonly ms: number;
}

/** Waits until the server ends the connection, and reads what it says meanwhile. */
async function outcome(socket: TLSSocket): Promise<Outcome> {
  const begun = performance.now();
  const chunks: Buffer[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => resolve());
  socket.on('close', () => resolve());
  socket.resume();
  if (!socket.closed) await promise;
  return { text: Buffer.concat(chunks).toString('latin1'), ms: performance.now() - begun };
}

/** Sends the text a character at a time, until the connection ends. */
async function drip(socket: TLSSocket, text: string): Promise<void> {
  for (let at = 0; !socket.destroyed && socket.writable; at++) {
    socket.write(text[at % text.length] ?? '');
    await systemClock.sleep(DRIP_MS);
  }
}

function assertTimedOut({ text, ms }: Outcome, what: string): void {
  assert.ok(ms < LATE_MS, `${what} goes on for ${Math.round(ms)} ms`);
  const [head = '', body = ''] = text.split('\r\n\r\n');
  const type = /content-type: (.*)/i.exec(head)?.[1] ?? '';
  const status = Number.parseInt(head.slice('HTTP/1.1 '.length), 10);
  const { code } = assertEnvelope({ status, type, text: body }, what, [408]);
  assert.equal(code, 'RequestTimeout');
  assert.match(head, /connection: close/i);
}

describe('slow connections', () => {
  const db = withTestDatabase();
  describe('to a whole server', () => {
    const stamp = withAttackedStamp(withServer(db, SHORT));
    const many = <Result>(make: () => Promise<Result>, count = CONNECTIONS): Promise<Result[]> =>
      Promise.all(Array.from({ length: count }, make));

    describe('end in time, and hold nobody up meanwhile', { concurrency: true }, () => {
      withBystander(stamp);

      it('headers that come a character at a time', async () => {
        const all = await many(async () => {
          const socket = await openSocket(stamp.server);
          socket.write('GET / HTTP/1.1\r\n');
          const dripping = drip(socket, 'X-A: b\r\n');
          const end = await outcome(socket);
          await dripping;
          return end;
        });
        for (const each of all) assertTimedOut(each, 'headers');
      });

      it('bodies that come a character at a time', async () => {
        const all = await many(async () => {
          const socket = await openSocket(stamp.server);
          const { token } = stamp.actor('emitter');
          socket.write(
            `POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n`,
          );
          const dripping = drip(socket, '[ \n');
          const end = await outcome(socket);
          await dripping;
          return end;
        });
        for (const each of all) assertTimedOut(each, 'bodies');
      });

      it('chunks that come a character at a time', async () => {
        const all = await many(async () => {
          const socket = await openSocket(stamp.server);
          const { token } = stamp.actor('owner');
          socket.write(
            `PATCH /subscriptions/${SUBSCRIPTIONS.tenantSubscription}?api-version=2015-11-01 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
          );
          const dripping = drip(socket, '1\r\n \r\n');
          const end = await outcome(socket);
          await dripping;
          return end;
        }, 30);
        for (const each of all) assertTimedOut(each, 'chunks');
      });

      it('bodies that are announced and do not come: others go on sending usage', async () => {
        const { token } = stamp.actor('emitter');
        const sockets = await many(async () => {
          const socket = await openSocket(stamp.server);
          socket.write(
            `POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${16 * 2 ** 20}\r\n\r\n[`,
          );
          return socket;
        }, 20);
        const ends = sockets.map(outcome);
        for (let sent = 0; sent < 20; sent++) {
          const json = usageEvent(SUBSCRIPTIONS.otherSubscription);
          const answer = await stamp.as('operator', {
            method: 'POST',
            path: '/api/v1/events',
            json,
          });
          assert.equal(answer.status, 204, answer.text);
        }
        await Promise.all(ends);
      });

      it('answers that nobody reads', async () => {
        const one = 'GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n';
        const all = await many(async () => {
          const socket = await openSocket(stamp.server);
          // Never asked for data, the socket takes what fits into its buffers and no more.
          socket.pause();
          socket.write(one.repeat(100));
          await systemClock.sleep(LATE_MS);
          return outcome(socket);
        }, 3);
        for (const { text } of all) {
          const answers = text.split('HTTP/1.1 200').length - 1;
          assert.ok(answers < 100, `the connection was kept for all ${answers} answers`);
        }
      });

      it('handshakes that do not begin, and connections on which nothing is asked', async () => {
        const { hostname, port } = new URL(stamp.server.baseUrl);
        const begun = performance.now();
        await Promise.all([
          many(async () => {
            const { promise, resolve } = Promise.withResolvers<void>();
            const socket = connect(Number(port), hostname);
            socket.on('error', () => resolve());
            socket.on('close', () => resolve());
            socket.resume();
            await promise;
          }),
          many(async () => outcome(await openSocket(stamp.server)), 50),
        ]);
        assert.ok(performance.now() - begun < LATE_MS);
      });
    });
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { connect as connectPlain, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { connect } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { systemClock } from '../clock.ts';
import { silentLog } from '../telemetry/index.ts';
import { ensureTls, type TlsMaterial } from '../tls/index.ts';
import { buildApp, type AppOptions } from './app.ts';
import { closeGracefully } from './connections.ts';
import { originOf } from './origin.ts';

let data: string;
let tls: TlsMaterial;
const running: FastifyInstance[] = [];

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'stackmeter-wire-'));
  tls = await ensureTls({ data, hosts: [], clock: systemClock });
});

after(async () => {
  await Promise.all(running.map((app) => closeGracefully(app, { graceMs: 0, clock: systemClock })));
  await rm(data, { recursive: true });
});

async function serve(
  options: Partial<AppOptions> = {},
  prepare: (app: FastifyInstance) => void = () => undefined,
): Promise<{ app: FastifyInstance; port: number }> {
  const app = buildApp({ log: silentLog, clock: systemClock, tls, ...options });
  running.push(app);
  app.get('/origin', (incoming) => ({ origin: originOf(incoming) }));
  app.post('/echo', (incoming) => incoming.body);
  prepare(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, port: (app.server.address() as AddressInfo).port };
}

async function get(
  port: number,
  path: string,
  options: { readonly host?: string; readonly agent?: Agent } = {},
): Promise<{ status: number | undefined; body: string; connection: string | undefined }> {
  const sent = request({ host: '127.0.0.1', port, path, ca: tls.ca, agent: false, ...options });
  sent.end();
  const [reply] = await once(sent, 'response');
  const { statusCode: status, headers } = reply;
  return { status, body: await text(reply), connection: headers.connection };
}

async function openSocket(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, ca: tls.ca });
  await once(socket, 'secureConnect');
  return socket;
}

/** Sends bytes as they are and reads to the end of the connection. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = await openSocket(port);
  socket.write(bytes);
  return text(socket);
}

describe('HTTPS', () => {
  it('is trusted by a client that has the authority, under each loopback name', async () => {
    const { port } = await serve();
    const { status, body } = await get(port, '/origin');
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body), { origin: `https://127.0.0.1:${port}` });
    const named = request({
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      path: '/',
      ca: tls.ca,
    });
    named.end();
    const [reply] = await once(named, 'response');
    assert.equal(reply.statusCode, 404);
    reply.resume();
  });

  it('is refused by a client that has not', async () => {
    const { port } = await serve();
    await assert.rejects(
      once(request({ host: '127.0.0.1', port, path: '/', agent: false }).end(), 'response'),
      { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    );
  });

  it('is the only thing spoken: plain HTTP gets no answer, TLS 1.1 no handshake', async () => {
    const { port } = await serve();
    const plain = connectPlain(port, '127.0.0.1');
    plain.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.doesNotMatch(await text(plain), /HTTP/);
    const options = { host: '127.0.0.1', port, ca: tls.ca, ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const old = connect({ ...options, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' });
    await assert.rejects(once(old, 'secureConnect'));
    const fine = connect({ ...options, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' });
    await once(fine, 'secureConnect');
    fine.destroy();
  });

  it('an app without a certificate lets nobody in', async () => {
    const app = buildApp({ log: silentLog, clock: systemClock });
    running.push(app);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    await assert.rejects(get(port, '/health/live'));
    const plain = connectPlain(port, '127.0.0.1');
    plain.write('GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.doesNotMatch(await text(plain), /HTTP/);
  });
});

describe('what is sent', () => {
  const target = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;

  it('a target that begins with two slashes is a path, not a host', async () => {
    const { port } = await serve();
    assert.match(await exchange(port, target('//health//live')), /^HTTP\/1\.1 200 /);
    assert.match(await exchange(port, target('https://localhost/health/live')), /^HTTP\/1\.1 200 /);
  });

  for (const path of [
    '/health/x/../live',
    '/health%2flive',
    '/x/%2e%2e/health/live',
    '/%zz',
    '/%',
  ]) {
    it(`${path} reaches no route`, async () => {
      const { port } = await serve();
      const answer = await exchange(port, target(path));
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.match(answer, /"code":"InvalidProperty"/);
      assert.match(answer, /^x-ms-request-id: /im);
    });
  }

  it('without a Host header: refused in HTTP/1.1, served in HTTP/1.0', async () => {
    const { port } = await serve();
    const missing = 'GET /origin HTTP/1.1\r\nConnection: close\r\n\r\n';
    assert.match(await exchange(port, missing), /^HTTP\/1\.1 400 [^]*"InvalidProperty"/);
    const old = await exchange(port, 'GET /origin HTTP/1.0\r\n\r\n');
    assert.match(old, new RegExp(`"origin":"https://127.0.0.1:${port}"`));
  });

  it('headers that are too large, or bytes that are not HTTP, are told in the envelope', async () => {
    const { port } = await serve();
    const large = `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`;
    assert.match(await exchange(port, large), /^HTTP\/1\.1 431 [^]*"RequestHeadersTooLarge"/);
    const longTarget = target(`/${'x'.repeat(17_000)}`);
    assert.match(await exchange(port, longTarget), /^HTTP\/1\.1 431 [^]*"RequestHeadersTooLarge"/);
    const answer = await exchange(port, 'nonsense\r\n\r\n');
    assert.match(answer, /^HTTP\/1\.1 400 Bad Request[^]*"MalformedRequest"/);
    assert.match(answer, /^strict-transport-security: /m);
  });

  it('an unknown expectation is told in the envelope', async () => {
    const { port } = await serve();
    const answer = await exchange(
      port,
      'GET /origin HTTP/1.1\r\nHost: localhost\r\nExpect: miracles\r\nConnection: close\r\n\r\n',
    );
    assert.match(answer, /^HTTP\/1\.1 417 [^]*"ExpectationFailed"/);
  });

  it('two messages that a proxy could split differently are refused', async () => {
    const { port } = await serve();
    const smuggled =
      'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
      'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /origin HTTP/1.1\r\n\r\n';
    assert.match(await exchange(port, smuggled), /^HTTP\/1\.1 400 [^]*"MalformedRequest"/);
  });
});

describe('slow and many senders', () => {
  it('headers that do not end, and bodies that do not, are cut off with 408', async () => {
    const { port } = await serve({ timeouts: { headers: 150, request: 300 } });
    const unfinished = 'GET /origin HTTP/1.1\r\nHost: localhost\r\n';
    assert.match(await exchange(port, unfinished), /^HTTP\/1\.1 408 [^]*"RequestTimeout"/);
    const body =
      'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
      'Content-Length: 10\r\n\r\n{';
    assert.match(await exchange(port, body), /^HTTP\/1\.1 408 [^]*"RequestTimeout"/);
  });

  it('connections beyond the limit are closed and counted', async () => {
    const { app, port } = await serve({ maxConnections: 2 });
    const first = await openSocket(port);
    const second = await openSocket(port);
    await assert.rejects(openSocket(port));
    second.destroy();
    await once(second, 'close');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const { body } = await app.inject('/metrics');
    assert.match(body, /^stackmeter_http_connections_refused_total 1$/m);
    assert.match(body, /^stackmeter_http_connections 1$/m);
    assert.equal((await get(port, '/health/live')).status, 200);
    first.destroy();
  });
});

describe('graceful close', () => {
  it('answers what is under way, ends idle and silent connections, and takes no new ones', async () => {
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const closed: string[] = [];
    const { app, port } = await serve({}, (instance) => {
      instance.get('/slow', async () => {
        entered.resolve();
        await gate.promise;
        closed.push('answered');
        return { done: true };
      });
      instance.addHook('onClose', () => void closed.push('closed'));
    });
    const agent = new Agent({ keepAlive: true });
    await get(port, '/origin', { agent });
    const silent = await openSocket(port);
    const plain = connectPlain(port, '127.0.0.1');
    await once(plain, 'connect');
    const slow = get(port, '/slow');
    await entered.promise;
    const closing = closeGracefully(app, { graceMs: 10_000, clock: systemClock });
    await once(silent.resume(), 'close');
    await assert.rejects(get(port, '/origin'), { code: 'ECONNREFUSED' });
    gate.resolve();
    const { status, body, connection } = await slow;
    assert.deepEqual([status, body, connection], [200, '{"done":true}', 'close']);
    await closing;
    assert.deepEqual(closed, ['answered', 'closed']);
    plain.destroy();
    agent.destroy();
  });

  it('cuts what is still busy after the time of grace', async () => {
    const entered = Promise.withResolvers<void>();
    const { app, port } = await serve({}, (instance) => {
      instance.get('/never', () => {
        entered.resolve();
        return new Promise(() => undefined);
      });
    });
    const never = get(port, '/never');
    await entered.promise;
    await Promise.all([
      assert.rejects(never, { code: 'ECONNRESET' }),
      closeGracefully(app, { graceMs: 100, clock: systemClock }),
    ]);
  });
});

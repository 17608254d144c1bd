import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as send } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTls, systemClock } from '../../src/platform/index.ts';
import type { SeededRandom } from '../crash/random.ts';

/** What happens to a request on its way. */
export const faults = [
  'lost before',
  'lost after',
  'duplicated',
  'overtaken',
  'hours late',
  'cut on the way there',
  'cut on the way back',
  '429',
  '500',
  '502',
  '503',
  'garbage',
] as const;
export type Fault = (typeof faults)[number];

/** Where requests are passed on to, as it runs now. */
export interface Target {
  readonly baseUrl: string;
  /** PEM of its authority */
  readonly ca: string;
}

export interface HostileProxy {
  readonly url: string;
  /** PEM of the authority of the proxy's own certificate */
  readonly ca: string;
  readonly counts: ReadonlyMap<Fault, number>;
  /** From then on every request is passed on as it is. */
  behave(): void;
  close(): Promise<void>;
}

export interface ProxyOptions {
  readonly random: SeededRandom;
  /** Share of requests that something happens to. */
  readonly share: number;
  readonly target: () => Target | undefined;
  /** Puts the clock of the target forward by hours. */
  readonly passHours: () => void;
}

interface Passed {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A proxy that ends TLS itself, so that it can do to requests and answers what it likes. */
export async function startHostileProxy(options: ProxyOptions): Promise<HostileProxy> {
  const { random, share } = options;
  const data = await mkdtemp(join(tmpdir(), 'stackmeter-proxy-'));
  const tls = await ensureTls({ data, hosts: ['127.0.0.1'], clock: systemClock });
  const counts = new Map<Fault, number>();
  let hostile = true;
  const server = createServer({ key: tls.key, cert: tls.cert });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const fault = hostile && random.next() < share ? random.pick(faults) : undefined;
    if (fault !== undefined) counts.set(fault, (counts.get(fault) ?? 0) + 1);
    void readWhole(request)
      .then((passed) => handle(fault, { passed, response }, options))
      .catch(() => response.destroy());
  });

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: tls.ca,
    counts,
    behave: () => {
      hostile = false;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(data, { recursive: true });
    },
  };
}

/** Passes a request on, or does to it what the fault says. */
async function handle(
  fault: Fault | undefined,
  { passed, response }: { readonly passed: Passed; readonly response: ServerResponse },
  { random, target, passHours }: ProxyOptions,
): Promise<void> {
  switch (fault) {
    case 'lost before':
      response.destroy();
      return;
    case 'lost after':
      await pass(passed, target()).catch(() => undefined);
      response.destroy();
      return;
    case 'duplicated': {
      const [answer] = await Promise.all([pass(passed, target()), pass(passed, target())]);
      reply(response, answer);
      return;
    }
    case 'overtaken':
      // Others that came later go before it.
      await systemClock.sleep(random.between(30, 150));
      break;
    case 'hours late':
      // The caller has long given up when it arrives.
      response.destroy();
      await systemClock.sleep(random.between(50, 400));
      passHours();
      await pass(passed, target()).catch(() => undefined);
      return;
    case 'cut on the way there':
      await passHalf(passed, target());
      response.destroy();
      return;
    case 'cut on the way back': {
      const answer = await pass(passed, target());
      response.writeHead(answer.status, { 'content-length': answer.body.length + 1 });
      response.write(answer.body.subarray(0, answer.body.length / 2));
      await systemClock.sleep(5);
      response.destroy();
      return;
    }
    case '429':
    case '500':
    case '502':
    case '503': {
      const status = Number.parseInt(fault, 10);
      const headers = random.next() < 0.3 ? { 'retry-after': '1' } : {};
      response.writeHead(status, headers).end('{"error":{"code":"Proxy","message":"not now"}}');
      return;
    }
    case 'garbage':
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(random.pick(['<html>welcome to the network</html>', '{}', '', 'null', '[1,2']));
      return;
    case undefined:
      break;
  }
  reply(response, await pass(passed, target()));
}

async function readWhole(request: IncomingMessage): Promise<Passed> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}

function open(passed: Passed, target: Target | undefined): ReturnType<typeof send> {
  if (target === undefined) throw new Error('nobody there');
  const { method, path, headers } = passed;
  const { connection: _connection, 'transfer-encoding': _encoding, ...rest } = headers;
  return send(`${target.baseUrl}${path}`, {
    method,
    agent: false,
    ca: target.ca,
    headers: { ...rest, 'content-length': passed.body.length },
  });
}

function pass(passed: Passed, target: Target | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = open(passed, target);
    sent.on('error', reject);
    sent.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.end(passed.body);
  });
}

async function passHalf(passed: Passed, target: Target | undefined): Promise<void> {
  const sent = open(passed, target);
  sent.on('error', () => undefined);
  sent.write(passed.body.subarray(0, passed.body.length / 2));
  await systemClock.sleep(20);
  sent.destroy();
}

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _connection, 'transfer-encoding': _encoding, ...rest } = headers;
  response.writeHead(status, { ...rest, 'content-length': body.length }).end(body);
}

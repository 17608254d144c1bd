import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { ensureTls, systemClock } from '../../platform/index.ts';

/** What arrived. */
export interface Received {
  readonly path: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A server with a certificate of a private authority, on this machine. */
export interface TestReceiver {
  readonly url: string;
  readonly ca: string;
  readonly received: Received[];
  /** How it answers; 204 unless set. */
  answer: (response: ServerResponse, received: Received) => unknown;
}

/** Gives the `describe` in which it is called a receiver of webhooks. */
export function withTestReceiver(): TestReceiver {
  const data = mkdtempSync(join(tmpdir(), 'stackmeter-webhooks-'));
  let stop = (): void => undefined;
  const receiver: { -readonly [Name in keyof TestReceiver]: TestReceiver[Name] } = {
    url: '',
    ca: '',
    received: [],
    answer: (response) => response.writeHead(204).end(),
  };
  before(async () => {
    const tls = await ensureTls({ data, hosts: ['localhost'], clock: systemClock });
    const server = createServer(tls, (request, response) => {
      void read(request).then((one) => {
        receiver.received.push(one);
        return receiver.answer(response, one);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new TypeError('no port');
    receiver.url = `https://localhost:${address.port}`;
    receiver.ca = tls.ca;
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  after(() => {
    stop();
    rmSync(data, { recursive: true });
  });
  return receiver;
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    path: request.url ?? '',
    method: request.method ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString(),
  };
}

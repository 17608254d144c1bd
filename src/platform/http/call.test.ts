import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { Agent, createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '../clock.ts';
import { ensureTls } from '../tls/index.ts';
import { callHttps } from './call.ts';

describe('a call over HTTPS', () => {
  const data = mkdtempSync(join(tmpdir(), 'stackmeter-call-'));
  let answer = (response: ServerResponse): unknown => response.end('well');
  let stop = (): void => undefined;
  let [url, ca] = ['', ''];
  before(async () => {
    const tls = await ensureTls({ data, hosts: ['localhost'], clock: systemClock });
    const server = createServer(tls, (_request, response) => void answer(response));
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new TypeError('no port');
    [url, ca] = [`https://localhost:${address.port}/`, tls.ca];
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  after(() => {
    stop();
    rmSync(data, { recursive: true });
  });

  it('gives status, headers and text', async () => {
    answer = (response) => response.writeHead(404, { 'retry-after': '7' }).end('nothing');
    const { status, headers, text } = await callHttps(url, { ca });
    assert.deepEqual([status, headers['retry-after'], text], [404, '7', 'nothing']);
  });

  it('takes another connection when the one that was kept is closed', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let asked = 0;
    answer = (response) => {
      asked += 1;
      if (asked === 2) response.socket?.destroy();
      else response.end('there');
    };
    assert.equal((await callHttps(url, { ca, agent })).text, 'there');
    assert.equal((await callHttps(url, { ca, agent })).text, 'there');
    assert.equal(asked, 3);
    agent.destroy();
  });

  it('takes an answer of as many bytes as it may have, and no more', async () => {
    answer = (response) => response.end('x'.repeat(1000));
    const { text } = await callHttps(url, { ca, maxBytes: 1000 });
    assert.equal(text.length, 1000);
    await assert.rejects(callHttps(url, { ca, maxBytes: 999 }), /larger than 999 bytes/);
    answer = (response) => {
      const more = (): void => void response.write('x'.repeat(10_000), more);
      more();
    };
    await assert.rejects(callHttps(url, { ca, maxBytes: 999 }), /larger than 999 bytes/);
  });

  it('follows no redirection', async () => {
    answer = (response) => response.writeHead(307, { location: 'https://10.0.0.1/' }).end();
    assert.equal((await callHttps(url, { ca })).status, 307);
  });

  it('ends when it is told to, before and within the answer', async () => {
    answer = () => undefined;
    await assert.rejects(callHttps(url, { ca, signal: AbortSignal.timeout(50) }), {
      name: 'TimeoutError',
    });
    answer = (response) => response.write('some');
    await assert.rejects(callHttps(url, { ca, signal: AbortSignal.timeout(50) }), {
      name: 'TimeoutError',
    });
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(callHttps(url, { ca, signal }), /enough/);
  });
});

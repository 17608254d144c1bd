import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ensureTls, fixedClock, systemClock } from '../../../platform/index.ts';
import { newId, newTenant } from '../test-commerce.ts';
import { httpsSubscriptionResolver } from './resolver.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-resolver-'));
after(() => rmSync(folder, { recursive: true }));

describe('the directory of subscriptions over HTTPS', () => {
  let server: Server | undefined;
  let url = '';
  let ca = '';
  let answer: { status: number; text: string } | undefined;
  let asked = '';
  const arrived = Promise.withResolvers<void>();
  before(async () => {
    const tls = await ensureTls({ data: folder, hosts: ['127.0.0.1'], clock: systemClock });
    ca = readFileSync(tls.caFile, 'utf8');
    server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
      asked = request.url ?? '';
      if (answer === undefined) return arrived.resolve();
      response.writeHead(answer.status).end(answer.text);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    url = `https://127.0.0.1:${address.port}/directory/`;
  });
  after(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const id = newId();
  const ask = (status: number, value: unknown): Promise<unknown> => {
    answer = { status, text: typeof value === 'string' ? value : JSON.stringify(value) };
    return httpsSubscriptionResolver({ url, ca, clock: systemClock })(id);
  };
  const failed = { code: 'MetadataResolverBadGatewayError' };

  it('tells what it knows', async () => {
    const tenantId = newTenant();
    const known = { displayName: 'One', kind: 'CSP', partnerId: 'p' };
    assert.deepEqual(await ask(200, { ...known, tenantId }), { ...known, tenantId });
    assert.equal(asked, `/directory/subscriptions/${id}`);
    const bare = { displayName: 'Two', kind: 'msdn', tenantId: null };
    assert.deepEqual(await ask(200, bare), {
      displayName: 'Two',
      kind: 'MSDN',
      partnerId: undefined,
      tenantId: undefined,
    });
    assert.equal(await ask(404, ''), undefined);
  });

  it('that fails is a bad gateway', async () => {
    await assert.rejects(ask(500, ''), failed);
    await assert.rejects(ask(200, 'no json'), failed);
    await assert.rejects(ask(200, []), failed);
    await assert.rejects(ask(200, { displayName: 'x', kind: 'Other' }), failed);
    await assert.rejects(ask(200, { displayName: 'x', kind: 'CSP' }), failed);
    await assert.rejects(ask(200, { displayName: 'x', kind: 'MSDN', tenantId: 'x' }), failed);
    await assert.rejects(ask(200, ' '.repeat(70_000)), { ...failed, message: /larger/ });
    const unknown = httpsSubscriptionResolver({ url, clock: systemClock });
    await assert.rejects(unknown(id), failed);
  });

  it('is waited for five seconds', async () => {
    answer = undefined;
    const clock = fixedClock(Temporal.Instant.from('2026-03-01T00:00:00Z'));
    const waiting = httpsSubscriptionResolver({ url, ca, clock })(id);
    const refused = assert.rejects(waiting, { ...failed, message: /within 5 seconds/ });
    await arrived.promise;
    clock.advance(5000);
    await refused;
  });
});

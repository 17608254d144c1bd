import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { buildApp, silentLog, systemClock } from '../platform/index.ts';
import { portalRoutes, readPages } from './index.ts';

describe('the addresses of the portal', () => {
  let folder: string;
  let app: FastifyInstance;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stackmeter-pages-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<meta content="__NONCE__">');
    await writeFile(join(folder, 'assets', 'a-1.js'), 'alert(1)');
    await writeFile(join(folder, 'assets', 'a-1.js.br'), 'compressed');
    await writeFile(join(folder, 'secret.txt'), 'no');
    app = buildApp({ clock: systemClock, log: silentLog });
    const pages = await readPages(folder);
    portalRoutes(app, { pages, region: 'local', wings: ['stamp', 'commerce'] });
  });
  after(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  it('are one page, with a number of its own each time that the policy names', async () => {
    const nonces = new Set<string>();
    for (const path of [
      '/portal',
      '/portal/',
      '/portal/invoices/A-1/lines/3',
      '/portal/a/b/c/d/e',
    ]) {
      const { statusCode, body, headers } = await app.inject(path);
      assert.equal(statusCode, 200, path);
      const [, nonce = ''] = /content="([^"]+)"/.exec(body) ?? [];
      assert.ok(nonce.length >= 22);
      const policy = String(headers['content-security-policy']);
      assert.ok(policy.includes(`style-src 'self' 'nonce-${nonce}'`));
      assert.match(policy, /default-src 'none'; script-src 'self';/);
      assert.equal(headers['cache-control'], 'no-store');
      nonces.add(nonce);
    }
    assert.equal(nonces.size, 4);
  });

  it('have files for ever, compressed for those who take that', async () => {
    const plain = await app.inject('/portal/assets/a-1.js');
    assert.deepEqual([plain.statusCode, plain.body], [200, 'alert(1)']);
    assert.match(String(plain.headers['content-type']), /^text\/javascript/);
    assert.match(String(plain.headers['cache-control']), /immutable/);
    const ask = (coding: string) =>
      app.inject({ url: '/portal/assets/a-1.js', headers: { 'accept-encoding': coding } });
    assert.equal((await ask('gzip, br')).headers['content-encoding'], 'br');
    assert.equal((await ask('gzip, br;q=0')).headers['content-encoding'], undefined);
  });

  it('lead to no other file', async () => {
    for (const name of ['b.js', 'A-1.js', 'a-1.js.br', '..%2fsecret.txt']) {
      const { statusCode, body } = await app.inject(`/portal/assets/${name}`);
      assert.ok(statusCode === 404 || statusCode === 400, `${name}: ${statusCode}`);
      assert.doesNotMatch(body, /^no$/);
    }
  });

  it('say so where nothing was built', async () => {
    const bare = buildApp({ clock: systemClock, log: silentLog });
    const pages = await readPages(join(folder, 'nowhere'));
    portalRoutes(bare, { pages, region: 'local', wings: [] });
    const { statusCode, body } = await bare.inject('/portal');
    assert.equal(statusCode, 503);
    assert.equal(JSON.parse(body).error.code, 'PortalNotBuilt');
    const { body: text } = await bare.inject('/portal/configuration.json');
    assert.match(JSON.parse(text).issuer, /\/common\/v2\.0$/);
    await bare.close();
  });
});

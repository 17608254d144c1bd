import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import {
  callHttps,
  createMetrics,
  ensureTls,
  loadConfig,
  OPENAPI_PATH,
  silentLog,
  systemClock,
  type Operation,
} from '../platform/index.ts';
import { openListeners, type Listeners, type ListenersOptions } from './listeners.ts';

const OPERATION: Operation = {
  id: 'getSecrets',
  tag: 'server',
  summary: 'For operators',
  access: 'token',
  surface: 'operator',
  answers: {},
};
const SECRETS = '/subscriptions/x/providers/Microsoft.Thing.Admin/secrets';

describe('listeners', () => {
  let [data, ca] = ['', ''];
  let options: ListenersOptions;
  const opened: Listeners[] = [];

  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'stackmeter-listeners-'));
    const config = loadConfig({ flags: { data, port: 0 }, env: {} });
    const tls = await ensureTls({ data, hosts: ['127.0.0.1'], clock: systemClock });
    ca = await readFile(tls.caFile, 'utf8');
    const addRoutes = (app: FastifyInstance): void => {
      app.get('/spend', (request) => {
        app.budget.spend(request, 'somebody', undefined);
        return { left: true };
      });
      app.get(SECRETS.replace('/x/', '/:id/'), { config: { operation: OPERATION } }, () => ({}));
      app.get('/api/v1/secrets', { config: { operation: OPERATION } }, () => ({}));
    };
    options = {
      config,
      clock: systemClock,
      log: silentLog,
      tls,
      metrics: createMetrics(),
      addRoutes,
    };
  });
  after(async () => {
    for (const listeners of opened) await listeners.close();
    await rm(data, { recursive: true });
  });

  const open = async (config: Partial<ListenersOptions['config']> = {}): Promise<Listeners> => {
    const listeners = await openListeners({ ...options, config: { ...options.config, ...config } });
    opened.push(listeners);
    return listeners;
  };
  const ask = async (address: string): Promise<string> => {
    const { status, text } = await callHttps(address, { ca });
    const code = /"code":"(\w+)"/.exec(text)?.[1];
    return code === undefined ? String(status) : `${status} ${code}`;
  };

  it('are one for all unless operators have a port of their own', async () => {
    const { baseUrl, operatorUrl } = await open();
    assert.equal(baseUrl, operatorUrl);
    assert.equal(await ask(baseUrl + SECRETS), '200');
    assert.equal(await ask(`${baseUrl}/api/v1/secrets`), '200');
  });

  it('are two, and what is for operators is on theirs only', async () => {
    const { baseUrl, operatorUrl } = await open({ adminPort: 0 });
    assert.notEqual(baseUrl, operatorUrl);
    assert.equal(await ask(operatorUrl + SECRETS), '200');
    assert.equal(await ask(`${operatorUrl}/api/v1/secrets`), '200');
    assert.equal(await ask(baseUrl + SECRETS), '404 InvalidResourceNamespace');
    assert.equal(await ask(`${baseUrl}/api/v1/secrets`), '404 NotFound');
    const described = async (url: string): Promise<boolean> =>
      (await callHttps(url + OPENAPI_PATH, { ca })).text.includes('Microsoft.Thing.Admin');
    assert.deepEqual([await described(baseUrl), await described(operatorUrl)], [false, true]);
  });

  it('are two with one budget and one set of metrics', async () => {
    const { baseUrl, operatorUrl } = await open({ adminPort: 0, readBudget: 2 });
    assert.equal(await ask(`${baseUrl}/spend`), '200');
    assert.equal(await ask(`${operatorUrl}/spend`), '200');
    assert.equal(await ask(`${baseUrl}/spend`), '429 TooManyRequests');
    const { text } = await callHttps(`${operatorUrl}/metrics`, { ca });
    assert.match(text, /stackmeter_http_budget_refused_total\{kind="reads"\} 1/);
    assert.match(text, /stackmeter_http_connections \d/);
  });

  it('leave nothing open when one of them cannot be', async () => {
    const { baseUrl } = await open();
    const taken = Number.parseInt(new URL(baseUrl).port, 10);
    await assert.rejects(
      openListeners({ ...options, config: { ...options.config, adminPort: taken } }),
      {
        code: 'PortInUse',
      },
    );
  });
});

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { fail } from '../../kernel/index.ts';
import { fixedClock } from '../clock.ts';
import { silentLog } from '../telemetry/index.ts';
import { buildApp } from './app.ts';
import { OPENAPI_PATH } from './openapi.ts';
import type { Operation } from './operation.ts';
import type { ListenerSurface } from './surface.ts';

const clock = fixedClock(Temporal.Instant.from('2026-03-01T00:00:00Z'));
const apps = new Map<ListenerSurface, FastifyInstance>();

function operation(id: string, surface?: 'operator'): { config: { operation: Operation } } {
  const described = { id, tag: 'server', summary: id, access: 'token', answers: {} } as const;
  return { config: { operation: { ...described, ...(surface && { surface }) } } };
}

for (const surface of ['all', 'tenant', 'operator'] as const) {
  const app = buildApp({ log: silentLog, clock, surface });
  apps.set(surface, app);
  const answer = (): object => ({});
  const thing = '/subscriptions/:id/providers';
  app.get(`${thing}/Microsoft.Thing.Admin/things/:name`, operation('admin', 'operator'), answer);
  app.get(`${thing}/Microsoft.Thing/allThings`, operation('old', 'operator'), answer);
  app.get(`${thing}/Microsoft.Thing/things`, operation('tenant'), answer);
  app.get('/api/v1/things/:name', operation('read'), answer);
  app.post('/api/v1/things/:name', operation('write', 'operator'), answer);
  app.get('/api/v1/secrets', operation('secrets', 'operator'), answer);
  app.unmatched.register((request) => {
    const found = request.url.startsWith('/known')
      ? fail('ConfigurationInvalid', { option: '', reason: '' })
      : undefined;
    return Promise.resolve(found);
  });
}

after(() => Promise.all([...apps.values()].map((app) => app.close())));

async function ask(surface: ListenerSurface, url: string, method: 'GET' | 'POST' | 'PUT' = 'GET') {
  const answer = await apps.get(surface)!.inject({ method, url });
  const body: { error?: { code: string; message: string } } = answer.json();
  return { status: answer.statusCode, allow: answer.headers.allow, ...body.error };
}

describe('a listener for tenants', () => {
  it('has none of the namespaces of operators, whatever is asked of them and however it is spelled', async () => {
    for (const path of [
      '/subscriptions/a/providers/Microsoft.Thing.Admin/things/x',
      '/SUBSCRIPTIONS/a/PROVIDERS/microsoft.thing.ADMIN/Things/x/',
      '//subscriptions/a/providers/Microsoft.Thing%2EAdmin/things/x',
      '/subscriptions/a/providers/Microsoft.Thing.Admin/nothing',
      '/providers/Microsoft.Other.Admin',
    ]) {
      for (const method of ['GET', 'PUT'] as const) {
        const { status, code, message } = await ask('tenant', path, method);
        assert.deepEqual([status, code], [404, 'InvalidResourceNamespace'], `${method} ${path}`);
        assert.match(String(message), /'Microsoft\.(Thing|Other)\.Admin'/i);
      }
    }
    const old = await ask('tenant', '/subscriptions/a/providers/Microsoft.Thing/allThings');
    assert.equal(old.code, 'InvalidResourceType');
    assert.match(String(old.message), /'Microsoft\.Thing'.*'allThings'/);
  });

  it('has no other route of operators, not even by the methods that it takes', async () => {
    assert.deepEqual((await ask('tenant', '/api/v1/secrets')).code, 'NotFound');
    assert.deepEqual((await ask('tenant', '/api/v1/secrets', 'PUT')).code, 'NotFound');
    assert.deepEqual((await ask('tenant', '/api/v1/things/x', 'POST')).code, 'NotFound');
    const put = await ask('tenant', '/api/v1/things/x', 'PUT');
    assert.deepEqual([put.status, put.allow], [405, 'GET, HEAD']);
  });

  it('has everything else', async () => {
    assert.equal(
      (await ask('tenant', '/subscriptions/a/providers/Microsoft.Thing/things')).status,
      200,
    );
    assert.equal((await ask('tenant', '/api/v1/things/x')).status, 200);
  });

  it('does not tell of it in the description of the interfaces', async () => {
    const idsOf = async (surface: ListenerSurface): Promise<string[]> => {
      const text = (await apps.get(surface)!.inject(OPENAPI_PATH)).body;
      const found = [...text.matchAll(/"operationId":"(admin|old|tenant|read|write|secrets)"/g)];
      return found.map(([, id = '']) => id).toSorted();
    };
    assert.deepEqual(await idsOf('tenant'), ['read', 'tenant']);
    assert.equal((await idsOf('operator')).length, 6);
    assert.equal((await idsOf('all')).length, 6);
  });
});

describe('listeners for operators and for all', () => {
  it('have everything', async () => {
    for (const surface of ['operator', 'all'] as const) {
      const admin = '/subscriptions/a/providers/Microsoft.Thing.Admin/things/x';
      assert.equal((await ask(surface, admin)).status, 200);
      assert.equal((await ask(surface, '/api/v1/secrets')).status, 200);
      assert.equal((await ask(surface, '/api/v1/things/x', 'POST')).status, 200);
      assert.equal((await ask(surface, '/api/v1/things/x', 'PUT')).allow, 'GET, HEAD, POST');
    }
  });
});

describe('a path that leads nowhere', () => {
  it('is explained by whoever knows more of it', async () => {
    assert.equal((await ask('all', '/known/path')).code, 'ConfigurationInvalid');
    assert.equal((await ask('all', '/unknown/path')).code, 'NotFound');
  });
});

import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { fail } from '../../kernel/index.ts';
import { fixedClock } from '../clock.ts';
import { createLog, silentLog } from '../telemetry/index.ts';
import { buildApp, type AppOptions } from './app.ts';
import { isOwnOrigin, originOf, pathOf } from './origin.ts';
import { queryParameters } from './query.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const clock = fixedClock(Temporal.Instant.from('2018-06-01T10:00:00.123Z'));
const apps: FastifyInstance[] = [];

function newApp(options: Partial<AppOptions> = {}): FastifyInstance {
  const app = buildApp({ log: silentLog, clock, ...options });
  apps.push(app);
  app.get('/things/:name/parts', (request) => ({
    params: request.params,
    query: Object.fromEntries(queryParameters(request)),
    origin: originOf(request),
    path: pathOf(request),
  }));
  const body = Type.Object({ a: Type.Integer(), b: Type.Optional(Type.String()) });
  app.put('/things/:name', { schema: { body } }, (request) => request.body);
  app.get('/own', (request) => ({
    own: isOwnOrigin(request, queryParameters(request).get('address') ?? ''),
  }));
  app.get('/fails/inside', () => {
    throw new Error('the password of the database is hunter2');
  });
  app.get('/fails/database', () => {
    throw Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:5432'), { code: 'ECONNREFUSED' });
  });
  app.get('/fails/told', () => {
    throw fail(
      'TooManyRequests',
      { limit: '10 reads', seconds: 5 },
      { headers: { 'retry-after': '5' }, details: [{ code: 'Inner', message: 'inner' }] },
    );
  });
  return app;
}

after(() => Promise.all(apps.map((app) => app.close())));

describe('answers', () => {
  it('carry the ids of the request and the fixed headers', async () => {
    const { headers } = await newApp({ region: 'emea 1' }).inject('/health/live');
    const id = headers['x-ms-request-id'];
    assert.match(String(id), GUID);
    assert.equal(headers['x-ms-correlation-request-id'], id);
    assert.equal(headers['x-ms-routing-request-id'], `EMEA-1:20180601T100000Z:${String(id)}`);
    assert.equal(headers['cache-control'], 'no-cache');
    assert.equal(headers.pragma, 'no-cache');
    assert.equal(headers.expires, '-1');
    assert.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(headers['x-powered-by'], undefined);
  });

  it('carry them also where the path is refused before there is a route', async () => {
    const { statusCode, headers } = await newApp().inject(`/things/${'x'.repeat(3000)}/parts`);
    assert.equal(statusCode, 400);
    assert.match(String(headers['x-ms-request-id']), GUID);
    assert.equal(headers['x-content-type-options'], 'nosniff');
  });

  it("repeat the client's own id only when asked, and only when it is plain text", async () => {
    const app = newApp();
    const ask = async (sent: Record<string, string>) =>
      (await app.inject({ url: '/health/live', headers: sent })).headers['x-ms-client-request-id'];
    const id = { 'x-ms-client-request-id': 'mine-1' };
    assert.equal(await ask(id), undefined);
    assert.equal(await ask({ ...id, 'x-ms-return-client-request-id': 'false' }), undefined);
    assert.equal(await ask({ ...id, 'x-ms-return-client-request-id': 'true' }), 'mine-1');
    const hostile = { 'x-ms-client-request-id': 'a b', 'x-ms-return-client-request-id': 'true' };
    assert.equal(await ask(hostile), undefined);
  });
});

describe('paths and queries', () => {
  it('match without regard to case, trailing and repeated slashes; parameters keep their case', async () => {
    const reply = await newApp().inject({
      url: '/THINGS/NaMe/Parts/?Reported=2018-06-01T00:00:00+00:00&EMPTY=&b=%2B',
      headers: { host: 'localhost:9443' },
    });
    assert.deepEqual(reply.json(), {
      params: { name: 'NaMe' },
      query: { reported: '2018-06-01T00:00:00 00:00', b: '+' },
      origin: 'https://localhost:9443',
      path: '/THINGS/NaMe/Parts/',
    });
  });

  it('a parameter given twice, in whatever case, is refused by name', async () => {
    const reply = await newApp().inject('/things/a/parts?Top=1&top=2');
    assert.equal(reply.statusCode, 400);
    assert.equal(reply.json().error.code, 'InvalidProperty');
    assert.match(reply.json().error.message, /of top is not valid/);
  });

  it('the origin repeats only names that are ours', async () => {
    const app = newApp({ host: '0.0.0.0', hostNames: ['usage.example.org'] });
    const origin = async (host: string) =>
      (await app.inject({ url: '/things/a/parts', headers: { host } })).json().origin;
    assert.equal(await origin('Usage.Example.org'), 'https://usage.example.org');
    assert.equal(await origin('[::1]:9443'), 'https://[::1]:9443');
    for (const foreign of ['evil.example', 'localhost@evil.example', 'localhost/evil']) {
      assert.match(await origin(foreign), /^https:\/\/usage\.example\.org(:\d+)?$/);
    }
  });

  it('an address is our own by name and port', async () => {
    const app = newApp();
    const own = async (address: string) =>
      (
        await app.inject({ url: '/own', query: { address }, headers: { host: 'localhost:9443' } })
      ).json().own;
    for (const yes of ['https://localhost:9443', 'https://127.0.0.1:9443/', 'HTTPS://[::1]:9443']) {
      assert.equal(await own(yes), true, yes);
    }
    const others = ['http://localhost:9443', 'https://localhost', 'https://evil.example:9443'];
    for (const no of [...others, 'https://localhost:9443/x', 'https://localhost:9443/?a', 'x']) {
      assert.equal(await own(no), false, no);
    }
  });
});

describe('errors', () => {
  const cases: readonly (readonly [string, string, string, number, string])[] = [
    ['unknown path', 'GET', '/nothing/here', 404, 'NotFound'],
    ['unknown path with a body of any type', 'POST', '/nothing', 404, 'NotFound'],
    ['known path, other method', 'DELETE', '/THINGS/a/', 405, 'MethodNotAllowed'],
    ['method of another protocol', 'PROPFIND', '/things/a', 405, 'MethodNotAllowed'],
    ['OPTIONS', 'OPTIONS', '/health/live', 405, 'MethodNotAllowed'],
  ];
  for (const [what, method, url, status, code] of cases) {
    it(what, async () => {
      const reply = await newApp().inject({
        method: method as 'GET',
        url,
        headers: { 'content-type': 'text/strange' },
        payload: '{',
      });
      assert.equal(reply.statusCode, status);
      assert.equal(reply.json().error.code, code);
      assert.ok(reply.headers['x-ms-request-id']);
      assert.equal(reply.headers['content-type'], 'application/json; charset=utf-8');
    });
  }

  it('a wrong method names those that are allowed', async () => {
    const reply = await newApp().inject({ method: 'POST', url: '/health/live' });
    assert.equal(reply.headers.allow, 'GET, HEAD');
  });

  it('of the catalogue keep status, headers and details', async () => {
    const reply = await newApp().inject('/fails/told');
    assert.equal(reply.statusCode, 429);
    assert.equal(reply.headers['retry-after'], '5');
    assert.deepEqual(reply.json().error.details, [{ code: 'Inner', message: 'inner' }]);
  });

  it('inside tell nothing to the caller; the log has the cause under the request id', async () => {
    const lines: string[] = [];
    const log = createLog({}, { write: (line) => void lines.push(line) });
    const reply = await newApp({ log }).inject('/fails/inside');
    assert.equal(reply.statusCode, 500);
    assert.equal(reply.json().error.code, 'InternalServerError');
    assert.doesNotMatch(reply.body, /password|hunter2|\.ts/);
    const id = String(reply.headers['x-ms-request-id']);
    assert.match(reply.body, new RegExp(id));
    const cause = lines.find((line) => line.includes('the password of the database'));
    assert.match(cause ?? '', new RegExp(id));
  });

  it('of something that does not answer are 503 and worth a retry', async () => {
    const reply = await newApp().inject('/fails/database');
    assert.equal(reply.statusCode, 503);
    assert.equal(reply.json().error.code, 'ServiceUnavailable');
    assert.ok(reply.headers['retry-after']);
    assert.doesNotMatch(reply.body, /10\.0\.0\.1/);
  });
});

describe('bodies', () => {
  const put = async (payload: string, type = 'application/json', options = {}) => {
    const reply = await newApp(options).inject({
      method: 'PUT',
      url: '/things/a',
      headers: { 'content-type': type },
      payload,
    });
    return { status: reply.statusCode, ...reply.json() };
  };

  it('are taken as they are: nothing converted, nothing dropped', async () => {
    assert.deepEqual(await put('{"a":1,"c":true}'), { status: 200, a: 1, c: true });
    const { status, error } = await put('{"a":"1"}');
    assert.equal(status, 400);
    assert.equal(error.code, 'InvalidProperty');
    assert.match(error.message, /The value '"1"' of a is not valid/);
  });

  it('with several faults list them all', async () => {
    const { error } = await put('{"a":"1","b":2}');
    assert.equal(error.details.length, 2);
  });

  it('that hold U+0000 anywhere are refused, and those that only write of it are not', async () => {
    for (const body of [
      '"\\u0000"',
      '["a",["\\u0000b"]]',
      '{"x":{"\\u0000":1}}',
      '{"a":{"b":"c\\u0000"}}',
    ]) {
      const { status, error } = await put(body);
      assert.deepEqual([status, error.code], [400, 'InvalidRequestContent'], body);
      assert.match(error.message, /U\+0000/);
    }
    const deep = `${'['.repeat(20_000)}"\\u0000"${']'.repeat(20_000)}`;
    assert.match((await put(deep)).error.message, /U\+0000/);
    assert.equal((await put('{"a":1,"d":"\\\\u0000"}')).status, 200);
  });

  it('that are no JSON, empty, of another type or too large are refused', async () => {
    assert.equal((await put('{"a":')).error.code, 'InvalidRequestContent');
    assert.equal((await put('')).error.code, 'InvalidRequestContent');
    assert.equal((await put('{"__proto__":{"x":1},"a":1}')).error.code, 'InvalidRequestContent');
    const typed = await put('a', 'text/plain');
    assert.equal(typed.status, 415);
    assert.match(typed.error.message, /use application\/json\.$/);
    const large = await put(JSON.stringify({ a: 1, b: 'x'.repeat(100) }), undefined, {
      bodyLimit: 64,
    });
    assert.equal(large.status, 413);
    assert.match(large.error.message, /64 bytes/);
  });
});

describe('health and metrics', () => {
  it('live says that the process answers; ready that every check passes', async () => {
    const app = newApp();
    let broken = false;
    app.health.register('database', () => {
      if (broken) throw new Error('secret address 10.0.0.1');
    });
    assert.deepEqual((await app.inject('/health/live')).json(), { status: 'live' });
    const ready = await app.inject('/health/ready');
    assert.equal(ready.statusCode, 200);
    assert.deepEqual(ready.json(), {
      status: 'ready',
      checks: [{ name: 'database', status: 'pass', durationMs: 0 }],
    });
    broken = true;
    const failing = await app.inject('/health/ready');
    assert.equal(failing.statusCode, 503);
    assert.equal(failing.json().checks[0].status, 'fail');
    assert.doesNotMatch(failing.body, /10\.0\.0\.1/);
    assert.throws(() => app.health.register('database', () => undefined), RangeError);
  });

  it('a server that is about to stop is not ready', async () => {
    const app = newApp();
    app.health.drain();
    assert.equal((await app.inject('/health/ready')).statusCode, 503);
    assert.equal((await app.inject('/health/live')).statusCode, 200);
  });

  it('checks that are asked for at the same moment run once', async () => {
    const app = newApp();
    let runs = 0;
    app.health.register('slow', async () => {
      runs++;
      await new Promise((resolve) => setImmediate(resolve));
    });
    await Promise.all(Array.from({ length: 5 }, () => app.health.run()));
    assert.equal(runs, 1);
  });

  it('count requests by route pattern, method and status, never by path', async () => {
    const app = newApp();
    await app.inject('/things/secret-name/parts');
    await app.inject('/nothing/secret-name');
    const reply = await app.inject('/metrics');
    assert.match(String(reply.headers['content-type']), /^text\/plain; version=0\.0\.4/);
    const count = 'stackmeter_http_request_duration_seconds_count';
    const route = 'route="/things/:name/parts",method="GET",status="200"';
    assert.ok(reply.body.includes(`${count}{${route}} 1`));
    assert.ok(reply.body.includes(`${count}{route="unmatched",method="GET",status="404"} 1`));
    assert.doesNotMatch(reply.body, /secret-name/);
  });
});

describe('request log', () => {
  it('has id, route, status and time, and no query', async () => {
    const lines: string[] = [];
    const app = newApp({ log: createLog({}, { write: (line) => void lines.push(line) }) });
    const reply = await app.inject('/things/a/parts?continuationToken=very-secret');
    const line: unknown = JSON.parse(lines.at(-1) ?? '');
    assert.partialDeepStrictEqual(line, {
      requestId: reply.headers['x-ms-request-id'],
      method: 'GET',
      path: '/things/a/parts',
      route: '/things/:name/parts',
      status: 200,
    });
    assert.doesNotMatch(lines.join(''), /very-secret/);
    const before = lines.length;
    await app.inject('/health/live');
    assert.equal(lines.length, before);
  });
});

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { clientWith, grantsOf } from '../../../test/support/callers.ts';
import { buildApp, silentLog } from '../../platform/index.ts';
import type { Role } from '../../identity/index.ts';
import { HOUR_MS, pass, withOpenStamp } from './test-stamp.ts';
import { windowRoutes } from './window-routes.ts';

interface Page {
  readonly value: readonly { readonly start: string; readonly state: string }[];
  readonly nextLink?: string;
}

interface Verified {
  readonly equal: number;
  readonly unverifiable: number;
  readonly different: readonly { readonly start: string; readonly examples: readonly object[] }[];
  readonly next?: string;
}

describe('the windows over HTTP', () => {
  const stamp = withOpenStamp();
  const app = buildApp({ log: silentLog, clock: stamp.clock });

  before(async () => {
    const { id, send } = await stamp.begin();
    await send(stamp.usage(id), stamp.usage(id));
    await pass(stamp, 1);
    await send(stamp.usage(id));
    // Over midnight: the day in which it began closes.
    await pass(stamp, 4);
    windowRoutes(app, {
      database: stamp.database,
      clock: stamp.clock,
      authenticate: async ({ headers }) => clientWith(grantsOf(roleOf(headers['x-role']))),
    });
    await app.ready();
  });

  function roleOf(header: unknown): Role {
    return header === 'Emitter' ? 'Emitter' : 'Operator';
  }

  const ask = (url: string, role = ''): Promise<LightMyRequestResponse> =>
    app.inject({ url, headers: { host: 'localhost:9443', 'x-role': role } });
  const verify = (payload: object, role = ''): Promise<LightMyRequestResponse> =>
    app.inject({
      method: 'POST',
      url: '/api/v1/windows/verify',
      headers: { 'x-role': role },
      payload,
    });
  const starts = (answer: LightMyRequestResponse): string[] =>
    answer.json<Page>().value.map(({ start, state }) => `${start.slice(0, 13)} ${state}`);

  it('are for operators', async () => {
    const answers = [
      await ask('/api/v1/windows', 'Emitter'),
      await ask('/api/v1/windows/status', 'Emitter'),
      await verify({ from: 'x' }, 'Emitter'),
    ];
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [403, 403, 403],
    );
  });

  it('come newest first, days unless hours are asked for', async () => {
    assert.deepEqual(starts(await ask('/api/v1/windows')), [
      '2026-03-02T00 open',
      '2026-03-01T00 closed',
    ]);
    const hours = await ask('/api/v1/windows?granularity=hour');
    assert.deepEqual(starts(hours), [
      '2026-03-02T01 open',
      '2026-03-02T00 closed',
      '2026-03-01T23 closed',
      '2026-03-01T22 closed',
      '2026-03-01T21 closed',
      '2026-03-01T20 closed',
    ]);
    const { value } = hours.json<{ value: Record<string, unknown>[] }>();
    const { hash, closedAt, ...last } = value.at(-1)!;
    assert.match(String(hash), /^-?[0-9]+$/);
    assert.ok(closedAt !== undefined);
    assert.deepEqual(last, {
      granularity: 'hour',
      start: '2026-03-01T20:00:00Z',
      end: '2026-03-01T21:00:00Z',
      state: 'closed',
      origin: 'own',
      openedAt: '2026-03-01T20:10:00Z',
      rows: '1',
      records: '2',
      quantity: '2.5',
    });
  });

  it('come in pages and between times, as wholes', async () => {
    const first = await ask('/api/v1/windows?granularity=hour&limit=4');
    const next = first.json<Page>().nextLink!.replace('https://localhost:9443', '');
    assert.deepEqual(starts(await ask(next)), ['2026-03-01T21 closed', '2026-03-01T20 closed']);
    const between = await ask(
      '/api/v1/windows?granularity=hour&from=2026-03-01T21:30:00Z&to=2026-03-02T00:30:00Z',
    );
    assert.deepEqual(starts(between), ['2026-03-01T23 closed', '2026-03-01T22 closed']);
  });

  it('say how late closing is', async () => {
    const status = async (): Promise<Record<string, unknown>> =>
      (await ask('/api/v1/windows/status')).json();
    assert.deepEqual(await status(), {
      openHour: '2026-03-02T01:00:00Z',
      firstHour: '2026-03-01T20:00:00Z',
      lagSeconds: 0,
      importedOpen: 0,
    });
    stamp.clock.advance(HOUR_MS);
    const late = await status();
    assert.equal(late['lagSeconds'], 600);
    assert.equal(late['dueSince'], '2026-03-02T02:00:00Z');
    stamp.clock.advance(-HOUR_MS);
  });

  it('are verified, and one that was changed is told with the rows', async () => {
    const [from, to] = ['2026-03-01T20:00:00Z', '2026-03-02T02:00:00Z'];
    const good = (await verify({ granularity: 'hour', from, to })).json<Verified>();
    assert.deepEqual(good, { granularity: 'hour', equal: 5, unverifiable: 0, different: [] });
    await stamp.database.pool.query('update usage_hourly set quantity = 3 where records = 2');
    const bad = (await verify({ granularity: 'hour', from, to })).json<Verified>();
    assert.equal(bad.equal, 4);
    assert.equal(bad.different[0]?.start, '2026-03-01T20:00:00Z');
    assert.equal(bad.different[0]?.examples.length, 2);
    const day = (await verify({ from: '2026-03-01T00:00:00Z', to })).json<Verified>();
    assert.equal(day.different.length, 1);
  });

  it('are verified by one caller at a time', async () => {
    const asked = { granularity: 'hour', from: '2026-03-01T20:00:00Z', to: '2026-03-02T02:00:00Z' };
    const [one, other] = await Promise.all([verify(asked), verify(asked)]);
    assert.deepEqual(new Set([one.statusCode, other.statusCode]), new Set([200, 409]));
    assert.equal((await verify(asked)).statusCode, 200);
  });

  it('name what is wrong with the question', async () => {
    for (const query of [
      'granularity=week',
      'from=x',
      'from=1960-01-01T00:00:00Z',
      'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z',
      'limit=0',
      'limit=1001',
      '$skiptoken=x',
    ]) {
      assert.equal((await ask(`/api/v1/windows?${query}`)).statusCode, 400, query);
    }
    for (const body of [
      {},
      [],
      { from: '2026-03-01T00:00:00Z' },
      { from: '2026-01-01T00:00:00Z', to: '2026-03-01T00:00:00Z' },
      { granularity: 'hour', from: '2026-03-01T00:00:00Z', to: '2026-03-09T00:00:00Z' },
      { from: 7, to: '2026-03-01T00:00:00Z' },
    ]) {
      const answer = await verify(body);
      assert.equal(answer.statusCode, 400, JSON.stringify(body));
      assert.match(answer.body, /InvalidProperty|BadRequest/);
    }
  });
});

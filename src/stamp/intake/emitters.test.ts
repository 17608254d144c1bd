import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { clientWith, grantsOf } from '../../../test/support/callers.ts';
import { compute, storage, submission, withUsageStamp } from '../../../test/support/usage.ts';
import { buildApp, silentLog } from '../../platform/index.ts';
import type { PrincipalRef, Role } from '../../identity/index.ts';
import { emitterRoutes } from './emitter-routes.ts';
import type { IntakeEngine } from './engine.ts';

const START = Temporal.Instant.from('2026-03-01T10:10:00Z');
const HOUR_MS = 3_600_000;

interface Listed {
  readonly principalId: string;
  readonly provider?: string;
  readonly lastRecordAt?: string;
  readonly silentSince?: string;
  readonly records: string;
}

describe('who emits', () => {
  const stamp = withUsageStamp(START);
  const app = buildApp({ log: silentLog, clock: stamp.clock });
  let engine: IntakeEngine;
  let [both, never]: (PrincipalRef | undefined)[] = [];
  let id = '';

  before(async () => {
    id = await stamp.newSubscription();
    await stamp.openHour();
    engine = stamp.engine();
    both = await stamp.newEmitter();
    never = await stamp.newEmitter({ providers: ['Microsoft.Storage'] });
    emitterRoutes(app, {
      database: stamp.database,
      clock: stamp.clock,
      engine,
      authenticate: async ({ headers }) => clientWith(grantsOf(roleOf(headers['x-role']))),
    });
    await app.ready();
  });

  function roleOf(header: unknown): Role {
    return header === 'Emitter' ? 'Emitter' : 'Operator';
  }

  const ask = (query = '', role = ''): Promise<LightMyRequestResponse> =>
    app.inject({ url: `/api/v1/emitters${query}`, headers: { 'x-role': role } });
  const listed = async (query = ''): Promise<Listed[]> =>
    (await ask(query)).json<{ value: Listed[] }>().value;
  const linesOf = async (query = ''): Promise<unknown[]> =>
    (await listed(query)).map(({ principalId, provider, lastRecordAt, silentSince, records }) => [
      principalId === both?.principalId ? 'both' : 'never',
      provider,
      lastRecordAt,
      silentSince,
      records,
    ]);
  const pass = async (hours: number): Promise<void> => {
    stamp.clock.advance(hours * HOUR_MS);
    await stamp.openHour();
  };

  it('is for operators', async () => {
    const answer = await ask('', 'Emitter');
    assert.equal(answer.statusCode, 403);
    assert.match(answer.body, /AuthorizationFailed/);
  });

  it('says who may and never did', async () => {
    assert.deepEqual(
      new Set((await listed()).map(({ provider, silentSince }) => `${provider} ${silentSince}`)),
      new Set([`undefined ${START.toString()}`, `Microsoft.Storage ${START.toString()}`]),
    );
    assert.equal(
      (await listed()).find(({ provider }) => provider)?.principalId,
      never?.principalId,
    );
  });

  it('counts what was new, by provider, in the hour in which it was reported', async () => {
    const first = stamp.usage(id);
    await engine.submit(submission(both!, first, stamp.usage(id, { meterId: storage.id })));
    await engine.submit(submission(both!, first, stamp.usage(id)));
    const refused = { ...first, quantity: '2' };
    await engine.submit(submission(both!, refused));
    const at = START.toString();
    const [, ...heard] = await linesOf();
    assert.deepEqual(heard, [
      ['both', compute.resourceProvider, at, undefined, '0'],
      ['both', storage.resourceProvider, at, undefined, '0'],
    ]);
    await pass(1);
    assert.deepEqual((await linesOf()).slice(1), [
      ['both', compute.resourceProvider, at, undefined, '2'],
      ['both', storage.resourceProvider, at, undefined, '1'],
    ]);
  });

  it('tells who has fallen silent, those silent for longest first', async () => {
    await engine.submit(submission(both!, stamp.usage(id)));
    const heardAt = stamp.clock.now().toString();
    await pass(1);
    const lines = await linesOf();
    assert.deepEqual(lines.slice(1), [
      ['both', storage.resourceProvider, START.toString(), START.toString(), '1'],
      ['both', compute.resourceProvider, heardAt, undefined, '3'],
    ]);
    assert.deepEqual(
      (await linesOf('?hours=1')).slice(1).map((line) => [line].flat(1).at(-1)),
      ['0', '1'],
    );
  });

  it('keeps the last hour of an emitter when older ones are forgotten', async () => {
    await pass(40 * 24);
    await engine.submit(submission(both!, stamp.usage(id)));
    await engine.activity.save(stamp.database.pool);
    const { rows } = await stamp.database.pool.query<{ provider: string; count: number }>(
      `select provider, count(*)::int as count from emitter_activity group by provider order by provider`,
    );
    assert.deepEqual(rows, [
      { provider: compute.resourceProvider, count: 1 },
      { provider: storage.resourceProvider, count: 1 },
    ]);
  });

  it('loses nothing when it cannot be written down', async () => {
    await engine.submit(submission(both!, stamp.usage(id)));
    const failing = { query: () => Promise.reject(new Error('gone')) };
    await assert.rejects(engine.activity.save(failing), /gone/);
    await pass(1);
    assert.deepEqual((await linesOf('?hours=1')).at(-1)?.valueOf(), [
      'both',
      compute.resourceProvider,
      stamp.clock.now().subtract({ hours: 1 }).toString(),
      undefined,
      '2',
    ]);
  });

  it('names what is wrong with the question', async () => {
    for (const hours of ['0', '745', 'x', '-1']) {
      const answer = await ask(`?hours=${hours}`);
      assert.equal(answer.statusCode, 400, hours);
      assert.match(answer.body, /InvalidProperty.*hours/);
    }
  });
});

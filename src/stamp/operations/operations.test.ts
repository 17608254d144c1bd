import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Logger, run } from 'graphile-worker';
import { withTestDatabase } from '../../../test/support/database.ts';
import {
  fail,
  parseDirectoryTenantId,
  parsePrincipalId,
  parseSubscriptionId,
} from '../../kernel/index.ts';
import { buildApp, fixedClock, silentLog, systemClock } from '../../platform/index.ts';
import type { Principal } from '../../identity/index.ts';
import type { OperationId } from './long-running-operation.ts';
import { acceptedReply, operationRoutes } from './routes.ts';
import { registerOperationKind, runPendingOperations, type RunOperation } from './run.ts';
import { OPERATIONS_TASK, startOperation, sweepOperations } from './store.ts';

const TENANT = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;
const OTHER_TENANT = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000002')!;
const SUBSCRIPTION = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!;
const ONE = parsePrincipalId('11111111-0000-4000-8000-000000000001')!;
const TWO = parsePrincipalId('22222222-0000-4000-8000-000000000002')!;
const BASE = `/subscriptions/${SUBSCRIPTION}`;

const CALLERS: Readonly<Record<string, Pick<Principal, 'kind' | 'principalId' | 'tenantId'>>> = {
  one: { kind: 'client', principalId: ONE, tenantId: TENANT },
  'one elsewhere': { kind: 'client', principalId: ONE, tenantId: OTHER_TENANT },
  'one of another kind': { kind: 'external', principalId: ONE, tenantId: TENANT },
  two: { kind: 'client', principalId: TWO, tenantId: TENANT },
};

describe('long-running operations', () => {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-03-01T00:00:00Z'));
  const app = buildApp({ log: silentLog, clock });

  before(async () => {
    await test.database.pool.query('create table done (what text not null)');
    const callerOf = (name: unknown): Principal => ({
      ...CALLERS[String(name)]!,
      name: 'caller',
      grants: [],
    });
    operationRoutes(app, {
      database: test.database,
      authenticate: (request) => Promise.resolve(callerOf(request.headers['x-caller'])),
    });
    app.post<{ Params: { kind: string } }>(
      '/subscriptions/:id/begin/:kind',
      async (request, reply) => {
        const operationId = await begin(request.params.kind);
        return acceptedReply(request, reply, operationId);
      },
    );
    await app.ready();
  });
  after(() => app.close());

  const begin = (kind: string): Promise<OperationId> =>
    test.database.transaction((tx) =>
      startOperation(tx, {
        clock,
        principal: CALLERS['one']!,
        subscriptionId: SUBSCRIPTION,
        kind,
        input: { what: kind },
      }),
    );
  const register = (work: RunOperation): string => {
    const kind = randomUUID();
    registerOperationKind(kind, work);
    return kind;
  };
  const work = (): Promise<void> =>
    runPendingOperations({ database: test.database, clock, log: silentLog });
  const done = async (what: string): Promise<number> => {
    const { rows } = await test.database.pool.query('select from done where what = $1', [what]);
    return rows.length;
  };
  const insert: RunOperation = async (tx, { what }) => {
    await tx.query('insert into done values ($1)', [what]);
  };
  const ask = (url: string, caller = 'one') => app.inject({ url, headers: { 'x-caller': caller } });
  const start = async (kind: string) => {
    const answer = await app.inject({
      method: 'POST',
      url: `${BASE}/begin/${kind}?api-version=2015-11-01`,
      headers: { host: 'localhost:9443' },
    });
    const pathOf = (header: string): string =>
      String(answer.headers[header]).replace('https://localhost:9443', '');
    return { answer, location: pathOf('location'), status: pathOf('azure-asyncoperation') };
  };

  it('are answered with the addresses at which they are followed to their end', async () => {
    const kind = register(insert);
    const { answer, location, status } = await start(kind);
    assert.equal(answer.statusCode, 202);
    assert.equal(answer.body, '');
    assert.equal(answer.headers['retry-after'], '2');
    const [, id] =
      /^\/subscriptions\/[^/]+\/operationresults\/([^?]+)\?api-version=2015-11-01$/.exec(location)!;
    assert.equal(status, `${location}&operationResultResponseType=Azure-AsyncOperation`);
    const running = await ask(status);
    assert.equal(running.headers['retry-after'], '2');
    assert.deepEqual(running.json(), {
      id: `${BASE}/operationresults/${id}`,
      name: id,
      status: 'InProgress',
      startTime: '2026-03-01T00:00:00Z',
      percentComplete: 0,
    });
    const poll = await ask(location);
    assert.equal(poll.statusCode, 202);
    assert.equal(poll.headers.location?.toString().endsWith(location), true);
    clock.advance(1500);
    await work();
    assert.equal(await done(kind), 1);
    const ended = await ask(status.replace('Azure-AsyncOperation', 'azure-asyncoperation'));
    assert.equal(ended.json().status, 'Succeeded');
    assert.equal(ended.json().endTime, '2026-03-01T00:00:01.5Z');
    assert.equal(ended.json().percentComplete, 100);
    assert.equal((await ask(location)).statusCode, 204);
  });

  it('are followed at the same address however the first was written', async () => {
    const kind = register(insert);
    const url = `${BASE.replace('/subscriptions/', '/Subscriptions/%')}/begin/${kind}?api-version=2015-11-01`;
    const written = url.replace(/%(.)/, (_, one: string) => `%${Buffer.from(one).toString('hex')}`);
    const answer = await app.inject({ method: 'POST', url: written });
    assert.equal(answer.statusCode, 202);
    assert.match(String(answer.headers.location), new RegExp(`${BASE}/operationresults/`));
    await work();
  });

  it('are there for the one who began them only', async () => {
    const { location, status } = await start(register(insert));
    const other = 'bbbbbbbb-0000-4000-8000-000000000001';
    const unknown = location.replace(/operationresults\/[^?]+/, `operationresults/${randomUUID()}`);
    const expected = (await ask(unknown)).json().error.code;
    assert.equal(expected, 'NotFound');
    for (const path of [location, status]) {
      for (const caller of ['two', 'one elsewhere', 'one of another kind']) {
        const answer = await ask(path, caller);
        assert.deepEqual([answer.statusCode, answer.json().error.code], [404, expected]);
      }
      assert.equal((await ask(path.replace(SUBSCRIPTION, other))).statusCode, 404);
    }
    assert.equal((await ask(`${BASE}/operationresults/x?api-version=2015-11-01`)).statusCode, 404);
    assert.equal((await ask(location.split('?')[0]!)).statusCode, 400);
  });

  it('end as failed with the error with which their work was refused, and nothing of it is left', async () => {
    const kind = register(async (tx, input) => {
      await insert(tx, input);
      throw fail('Conflict', { reason: 'it is not so' });
    });
    const { location, status } = await start(kind);
    await work();
    assert.equal(await done(kind), 0);
    const { error, ...rest } = (await ask(status)).json();
    assert.equal(rest.status, 'Failed');
    assert.deepEqual(error, {
      code: 'Conflict',
      message: 'The change does not fit what is stored: it is not so.',
    });
    const result = await ask(location);
    assert.deepEqual([result.statusCode, result.json().error], [409, error]);
  });

  it('are tried again after a failure of ours, and given up in the end', async () => {
    let failures = 0;
    const late = register(async (tx, input) => {
      failures += 1;
      if (failures < 3) throw new Error('broken for now');
      await insert(tx, input);
    });
    const never = register(() => Promise.reject(new Error('broken for good')));
    const [first, second] = [await start(late), await start(never)];
    await work();
    await work();
    assert.equal((await ask(first.location)).statusCode, 202);
    await work();
    assert.equal(await done(late), 1);
    assert.equal((await ask(first.location)).statusCode, 204);
    await work();
    await work();
    const { error } = (await ask(second.status)).json();
    assert.equal(error.code, 'InternalServerError');
    assert.doesNotMatch(error.message, /broken/);
  });

  it('happen once, however many look for work at the same time', async () => {
    const kind = register(insert);
    for (let each = 0; each < 10; each += 1) await start(kind);
    await Promise.all([work(), work(), work()]);
    assert.equal(await done(kind), 10);
  });

  it('are forgotten a month after they ended', async () => {
    const { pool } = test.database;
    const [ended, waiting] = [await start(register(insert)), await start('unknown-here')];
    await work();
    clock.advance(29 * 86_400_000);
    await sweepOperations(pool, clock);
    assert.equal((await ask(ended.location)).statusCode, 204);
    clock.advance(2 * 86_400_000);
    assert.ok((await sweepOperations(pool, clock)) > 0);
    assert.equal((await ask(ended.location)).statusCode, 404);
    assert.equal((await ask(waiting.location)).statusCode, 202);
  });

  it('outlive those who began them: whoever comes next does the work, from its queue', async () => {
    const kind = register(insert);
    const database = test.database;
    const taskList = { [OPERATIONS_TASK]: work };
    const logger = new Logger(() => () => undefined);
    const options = {
      pgPool: database.pool,
      noHandleSignals: true,
      logger,
      taskList,
      concurrency: 1,
    };
    const runner = await run(options);
    try {
      await begin(kind);
      for (let waited = 0; (await done(kind)) === 0 && waited < 100; waited += 1) {
        await systemClock.sleep(50);
      }
      assert.equal(await done(kind), 1);
      await assert.rejects(
        database.transaction(async (tx) => {
          await startOperation(tx, {
            clock,
            principal: CALLERS['one']!,
            subscriptionId: SUBSCRIPTION,
            kind,
            input: {},
          });
          const jobs = await tx.query('select queue_name from graphile_worker.jobs');
          assert.deepEqual(jobs.rows, [{ queue_name: OPERATIONS_TASK }], 'one after the other');
          throw new Error('changed my mind');
        }),
      );
      const { rows } = await database.pool.query('select from graphile_worker.jobs');
      assert.equal(rows.length, 0, 'nobody is woken for work that was not begun');
    } finally {
      await runner.stop();
    }
  });
});

import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { windowName } from '../../reporting/index.ts';
import { listSentWindows } from './store.ts';
import { FIRST, withTestBridge } from './test-bridge.ts';

describe('reporting closed windows', () => {
  const { stamp, commerce, closeHour, activate, send, progress } = withTestBridge();
  before(() => activate());
  afterEach(() => {
    commerce.fault = () => undefined;
    commerce.alter = (_asked, body) => body;
    commerce.asked.length = 0;
  });
  const sentRows = async () => {
    const range = { from: 0, to: 2 ** 31 - 1, limit: 1000 };
    return (await listSentWindows(stamp.database.pool, range)).map(({ rows }) => Number(rows));
  };

  it('sends nothing while nothing is closed', async () => {
    assert.deepEqual(await send(), { kind: 'done', windows: 0 });
    assert.equal((await progress()).nextWindow, FIRST);
  });

  it('sends each window whole, empty ones too, and notes the receipts', async () => {
    await closeHour(2500);
    await closeHour(0);
    assert.deepEqual(await send(), { kind: 'done', windows: 2 });
    assert.equal(commerce.rows().length, 2500);
    assert.equal(new Set(commerce.rows()).size, 2500);
    assert.deepEqual(await sentRows(), [2500, 0]);
    const batches = commerce.asked.filter(({ path }) => path.includes('/batches/'));
    assert.equal(batches.length, 3);
    assert.equal((await progress()).nextWindow, FIRST + 2);
    const [first] = await listSentWindows(stamp.database.pool, {
      from: 0,
      to: 2 ** 31 - 1,
      limit: 1,
    });
    assert.equal(JSON.parse(first!.receipt).window, windowName(FIRST));
    assert.deepEqual(await send(), { kind: 'done', windows: 0 });
  });

  it('goes on with the batch that is missing, after a connection that was lost', async () => {
    await closeHour(3000);
    commerce.fault = ({ path }) => (path.endsWith('/batches/3') ? 'drop' : undefined);
    const outcome = await send({ concurrency: 1 });
    assert.equal(outcome.kind, 'failed');
    const acknowledged = { window: undefined, batches: new Map<number, string>() };
    assert.equal((await send({ concurrency: 1, acknowledged })).kind, 'failed');
    commerce.fault = () => undefined;
    commerce.asked.length = 0;
    assert.deepEqual(await send({ acknowledged }), { kind: 'done', windows: 1 });
    const batches = commerce.asked.filter(({ path }) => path.includes('/batches/'));
    assert.deepEqual(
      batches.map(({ path }) => path.slice(-1)),
      ['3'],
    );
    assert.equal((await progress()).failures, 0);
  });

  it('is ended by a signal in the middle, and the next pass sends all of it once', async () => {
    await closeHour(3000);
    const stop = new AbortController();
    commerce.fault = ({ path }) => {
      if (!path.endsWith('/batches/2')) return undefined;
      stop.abort(new Error('stopped'));
      return 'hang';
    };
    const untouched = await progress();
    await assert.rejects(send({ signal: stop.signal, concurrency: 1 }), /stopped/);
    assert.deepEqual(await progress(), untouched);
    commerce.fault = () => undefined;
    const had = commerce.rows().length;
    assert.deepEqual(await send(), { kind: 'done', windows: 1 });
    assert.equal(commerce.rows().length, had + 3000);
  });

  it('fetches the receipt of a window whose acceptance was not heard of', async () => {
    await closeHour(5);
    const { nextWindow } = await progress();
    const had = commerce.rows().length;
    commerce.alter = ({ path, method }, body) =>
      method === 'PUT' && path.endsWith('Z') ? '{"receipt":' : body;
    assert.equal((await send()).kind, 'failed');
    assert.equal((await progress()).nextWindow, nextWindow);
    commerce.alter = (_asked, body) => body;
    commerce.asked.length = 0;
    assert.deepEqual(await send(), { kind: 'done', windows: 1 });
    assert.equal(commerce.asked.filter(({ path }) => path.includes('batches')).length, 0);
    assert.equal(commerce.rows().length, had + 5);
    assert.equal((await progress()).nextWindow, nextWindow + 1);
  });

  it('refuses a receipt that commerce did not sign', async () => {
    await closeHour(1);
    commerce.alter = ({ path, method }, body) =>
      method === 'PUT' && path.endsWith('Z') ? { ...(body as object), signature: 'AAAA' } : body;
    const outcome = await send();
    assert.match(outcome.kind === 'failed' ? outcome.message : '', /its signature is not that/);
    commerce.alter = (_asked, body) => body;
    assert.deepEqual(await send(), { kind: 'done', windows: 1 });
  });

  it('sends again what commerce has lost, and says so', async () => {
    const { nextWindow } = await progress();
    for (const window of [nextWindow - 1, nextWindow - 2]) commerce.windows.delete(window);
    commerce.nextWindow = nextWindow - 2;
    assert.deepEqual(await send(), { kind: 'done', windows: 2 });
    assert.equal((await progress()).nextWindow, nextWindow);
    const { rows } = await stamp.database.pool.query<{ detail: string }>(
      `select detail from audit_event order by number desc limit 1`,
    );
    const told = { nextWindow: windowName(nextWindow - 2), before: windowName(nextWindow) };
    assert.deepEqual(JSON.parse(rows[0]!.detail), { fromCommerce: {}, ...told });
  });

  it('starts a window over once when commerce has another version of it', async () => {
    await closeHour(1500);
    const gone = ({ path }: { path: string }) => path.endsWith('/batches/2');
    commerce.fault = (asked) => (gone(asked) ? { status: 503 } : undefined);
    assert.equal((await send({ concurrency: 1 })).kind, 'failed');
    await stamp.database.pool.query(
      `insert into directory_tenant (tenant_id, name) values ('dddddddd-0000-4000-8000-00000000000f', 'moved')`,
    );
    await stamp.database.pool.query(
      `update subscription set tenant_id = 'dddddddd-0000-4000-8000-00000000000f'`,
    );
    commerce.fault = () => undefined;
    assert.deepEqual(await send(), { kind: 'done', windows: 1 });
    assert.equal(commerce.asked.filter(({ method }) => method === 'DELETE').length, 1);
    await closeHour(1);
    commerce.fault = ({ path }) =>
      path.endsWith('Z')
        ? { status: 409, body: { error: { code: 'ManifestMismatch', message: 'no' } } }
        : undefined;
    const outcome = await send();
    assert.deepEqual([outcome.kind, (await progress()).refused], ['failed', true]);
    assert.equal((await progress()).error?.code, 'ManifestMismatch');
  });

  it('goes on without the receipt of an accepted window that it would send otherwise now', async () => {
    commerce.fault = () => undefined;
    await send();
    await closeHour(2);
    const { nextWindow } = await progress();
    commerce.alter = ({ path, method }, body) =>
      method === 'PUT' && path.endsWith('Z') ? '<' : body;
    assert.equal((await send()).kind, 'failed');
    commerce.alter = (_asked, body) => body;
    await stamp.database.pool.query(
      `update subscription set tenant_id = 'dddddddd-0000-4000-8000-000000000001'`,
    );
    await closeHour(1);
    const had = commerce.rows().length;
    assert.deepEqual(await send(), { kind: 'done', windows: 1 });
    assert.equal((await progress()).nextWindow, nextWindow + 2);
    assert.equal(commerce.rows().length, had + 1);
  });

  it('asks where it is when a window is not the expected one, a bounded number of times', async () => {
    await closeHour(1);
    commerce.fault = ({ path }) =>
      path.includes('/windows/')
        ? { status: 409, body: { error: { code: 'ReportedWindowGap', message: 'another' } } }
        : undefined;
    commerce.asked.length = 0;
    assert.equal((await send()).kind, 'failed');
    assert.equal((await progress()).error?.code, 'ReportedWindowGap');
    const syncs = commerce.asked.filter(({ method }) => method === 'GET').length;
    assert.equal(syncs, 4);
    commerce.fault = () => undefined;
    assert.equal((await send()).kind, 'done');
    assert.deepEqual([(await progress()).refused, (await progress()).error], [false, undefined]);
  });

  it('never reports a window whose rows are not those that were noted', async () => {
    await closeHour(3);
    const { nextWindow } = await progress();
    const spoil = (by: string) =>
      stamp.database.pool.query(
        `update usage_hourly set quantity = quantity ${by}
         where (reported_hour, resource_key) in (select reported_hour, resource_key from usage_hourly
           where reported_hour = ${nextWindow} limit 1)`,
      );
    await spoil('+ 1');
    const outcome = await send();
    assert.match(outcome.kind === 'failed' ? outcome.message : '', /it is not reported/);
    assert.equal(commerce.windows.get(nextWindow)?.receipt, undefined);
    assert.equal((await progress()).error?.code, 'InternalServerError');
    await spoil('- 1');
    assert.equal((await send()).kind, 'done');
  });

  it('tells of a window whose rows are past retention, and waits', async () => {
    await closeHour(1);
    const { nextWindow } = await progress();
    const mark = (at: string) =>
      stamp.database.pool.query(
        `update reported_window set expired_at = ${at} where granularity = 'hour' and number = $1`,
        [nextWindow],
      );
    await mark('now()');
    assert.equal((await send()).kind, 'failed');
    assert.equal((await progress()).error?.code, 'UsageDataExpired');
    assert.equal((await progress()).nextWindow, nextWindow);
    await mark('null');
    assert.equal((await send()).kind, 'done');
  });
});

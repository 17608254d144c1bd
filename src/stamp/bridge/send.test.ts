import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { hourNumber } from '../../kernel/index.ts';
import { windowName } from '../../reporting/index.ts';
import { removeActivation, applyActivationKey, makeRegistrationToken } from './activating.ts';
import { dryRun } from './dry-run.ts';
import { needsOperator } from './progress.ts';
import { readBridgeStatus } from './status.ts';
import { listSentWindows } from './store.ts';
import { FIRST, withTestBridge } from './test-bridge.ts';
import { REGISTRATION } from './test-commerce.ts';

describe('reporting closed windows', () => {
  const { stamp, commerce, changing, closeHour, activate, send, progress } = withTestBridge();
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
    assert.deepEqual([outcome.kind, needsOperator(await progress())], ['failed', true]);
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
    assert.equal((await progress()).error, undefined);
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
    assert.match(
      outcome.kind === 'failed' ? outcome.message : '',
      /is not fit to be reported: 3 rows and 0\.3 in all/,
    );
    assert.equal(commerce.windows.get(nextWindow)?.receipt, undefined);
    assert.deepEqual(
      [
        (await progress()).error?.kind,
        (await progress()).error?.code,
        needsOperator(await progress()),
      ],
      ['unfit', 'ReportedWindowUnfit', true],
    );
    await assert.rejects(dryRun(stamp), { code: 'ReportedWindowUnfit' });
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
    assert.equal((await progress()).error?.code, 'ReportedWindowExpired');
    assert.equal((await progress()).nextWindow, nextWindow);
    await mark('null');
    assert.equal((await send()).kind, 'done');
  });

  it('goes on window by window without receipts, and keeps count', async () => {
    await send();
    const { nextWindow, withoutReceipt } = await progress();
    for (let hour = 0; hour < 3; hour += 1) await closeHour(1);
    commerce.asked.length = 0;
    assert.deepEqual(await send(), { kind: 'done', windows: 3 });
    // As after a copy was brought back; the rows of the second window are gone meanwhile.
    const { pool } = stamp.database;
    await pool.query('update bridge_progress set next_window = $1', [nextWindow]);
    const expire = (at: string) =>
      pool.query(
        `update reported_window set expired_at = ${at} where granularity = 'hour' and number = $1`,
        [nextWindow + 1],
      );
    await expire('now()');
    await pool.query('delete from bridge_window where reported_hour >= $1', [nextWindow]);
    assert.deepEqual(await send(), { kind: 'done', windows: 2 });
    await expire('null');
    const now = await progress();
    assert.deepEqual([now.nextWindow, now.withoutReceipt], [nextWindow + 3, withoutReceipt + 1]);
    const range = { from: nextWindow, to: nextWindow + 3, limit: 9 };
    const receipts = await listSentWindows(pool, range);
    assert.deepEqual(
      receipts.map(({ window }) => window),
      [nextWindow, nextWindow + 2],
    );
    const status = JSON.stringify(await readBridgeStatus(stamp));
    assert.match(status, new RegExp(`"withoutReceipt":${withoutReceipt + 1}`));
  });

  it('fetches the receipts of an earlier period too, when it was brought back to one', async () => {
    const { pool } = stamp.database;
    const { nextWindow, withoutReceipt } = await progress();
    const [first, end] = [nextWindow - 6, nextWindow - 4];
    // Accepted in an earlier period, then a gap of two hours, then the one that goes on.
    commerce.earlier = [{ from: first, to: end }];
    commerce.fromWindow = nextWindow - 2;
    for (const window of [end, end + 1]) commerce.windows.delete(window);
    await pool.query('delete from bridge_window where reported_hour >= $1', [first]);
    for (const start of [first, end]) {
      await pool.query('update bridge_progress set next_window = $1', [start]);
      assert.equal((await send()).kind, 'done');
      assert.equal((await progress()).nextWindow, nextWindow);
      const found = await listSentWindows(pool, { from: start, to: nextWindow, limit: 9 });
      const expected = start === first ? [first, first + 1] : [];
      assert.deepEqual(
        found.map(({ window }) => window),
        [...expected, nextWindow - 2, nextWindow - 1],
      );
    }
    assert.equal((await progress()).withoutReceipt, withoutReceipt);
    commerce.earlier = [];
  });

  it('ends when the activation is removed, with what was told to stay behind', async () => {
    for (let hour = 0; hour < 4; hour += 1) await closeHour(2);
    const { nextWindow } = await progress();
    const isAwaited = async (): Promise<boolean> => {
      const { rowCount } = await stamp.database.pool.query(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rowCount !== 0;
    };
    let removing: ReturnType<typeof removeActivation> | undefined;
    commerce.pause = async ({ path }) => {
      if (!path.endsWith(windowName(nextWindow + 1))) return;
      // Just when commerce is about to accept the second window.
      removing = removeActivation(stamp, changing);
      for (let tries = 0; tries < 400 && !(await isAwaited()); tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const outcome = await send();
    const left = await removing;
    commerce.pause = () => Promise.resolve();
    assert.deepEqual(outcome, { kind: 'changed', windows: 2 });
    assert.deepEqual([left?.windows, left?.unsentFrom], [2, nextWindow + 2]);
    const accepted = [...commerce.windows].filter(([, { receipt }]) => receipt !== undefined);
    assert.equal(Math.max(...accepted.map(([window]) => window)), nextWindow + 1);
    assert.deepEqual(await send(), { kind: 'not activated' });
  });

  it('ends when another registration takes the place of the one it sends under', async () => {
    await activate();
    const token = await makeRegistrationToken(stamp, { billingModel: 'Development' }, changing);
    const { nextWindow } = await progress();
    await commerce.register(token, stamp.clock.now());
    commerce.nextWindow = nextWindow;
    await closeHour(2);
    await closeHour(2);
    const other = await commerce.activationKey({
      registrationId: '9a000000-0000-4000-8000-000000000077',
      thumbprint: commerce.token!.thumbprint,
      nextWindow: windowName(hourNumber(nextWindow + 5)),
    });
    const { windows: due } = await dryRun(stamp);
    let applying: ReturnType<typeof applyActivationKey> | undefined;
    commerce.pause = async ({ path }) => {
      if (path.endsWith('/batches/1')) {
        applying ??= applyActivationKey(stamp, other, changing);
        await applying;
      }
    };
    const outcome = await send();
    commerce.pause = () => Promise.resolve();
    const { replaced, created } = (await applying)!;
    assert.deepEqual(outcome, { kind: 'changed', windows: 0 });
    assert.deepEqual([created, replaced?.windows], [false, due]);
    assert.equal(replaced?.registrationId, REGISTRATION);
    assert.equal(commerce.windows.get(nextWindow)?.receipt, undefined);
  });
});

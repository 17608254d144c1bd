import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { hourNumber } from '../../kernel/index.ts';
import { createMetrics } from '../../platform/index.ts';
import { newStampKey, readRegistrationToken, windowName } from '../../reporting/index.ts';
import { applyActivationKey, makeRegistrationToken, removeActivation } from './activating.ts';
import { alertsOf } from './activation.ts';
import { connect, fetchCommerce } from './connection.ts';
import { dryRun } from './dry-run.ts';
import { addPendingKey, ensureCloudId, findCloudId, listUsableKeys } from './key-store.ts';
import { bridgeLag } from './lag.ts';
import { withBridgeLock } from './lock.ts';
import { registerBridgeMetrics } from './metrics.ts';
import { releaseHours } from './release.ts';
import { rotateBridgeKey } from './rotate.ts';
import { readBridgeStatus } from './status.ts';
import { findActivation } from './store.ts';
import { FIRST, withTestBridge } from './test-bridge.ts';
import { error, REGISTRATION } from './test-commerce.ts';

describe('the activation of a stamp', () => {
  const { stamp, commerce, changing, closeHour, activate, send, progress } = withTestBridge();
  afterEach(() => {
    commerce.fault = () => undefined;
    commerce.asked.length = 0;
  });
  const token = async (wish: object = {}) => {
    const made = await makeRegistrationToken(
      stamp,
      { billingModel: 'PayAsYouUse', ...wish },
      changing,
    );
    return readRegistrationToken(made, stamp.clock.now());
  };
  const path = `/api/v1/reported-usage/${REGISTRATION}`;
  const active = async () => (await listUsableKeys(stamp.database.pool))[0]!;

  it('is not there at first', async () => {
    assert.equal((await send()).kind, 'not activated');
    assert.deepEqual(alertsOf(undefined, stamp.clock.now()), ['Activation Required']);
    await assert.rejects(fetchCommerce(stamp, path), { code: 'NotActivated' });
    await assert.rejects(dryRun(stamp), { code: 'NotActivated' });
    await assert.rejects(rotateBridgeKey(stamp, changing), { code: 'NotActivated' });
    assert.deepEqual(await bridgeLag(stamp.database.pool, stamp.clock), { windows: 0, seconds: 0 });
    assert.equal(await removeActivation(stamp, changing), undefined);
    await assert.rejects(releaseHours(stamp, FIRST, changing), { code: 'NotActivated' });
    // Looking changes nothing.
    assert.equal((await readBridgeStatus(stamp))['cloudId'], null);
    assert.equal(await findCloudId(stamp.database.pool), undefined);
  });

  it('begins with a token of the same stamp and key each time', async () => {
    const made = await Promise.all([token(), token(), token()]);
    assert.equal(new Set(made.map(({ thumbprint }) => thumbprint)).size, 1);
    assert.equal(new Set(made.map(({ cloudId }) => cloudId)).size, 1);
    assert.deepEqual([made[0].usageReporting, made[0].fromWindow], [true, FIRST]);
    const capacity = await token({
      billingModel: 'Capacity',
      usageReporting: true,
      agreementNumber: '7',
    });
    assert.deepEqual([capacity.usageReporting, capacity.agreementNumber], [false, '7']);
    assert.equal((await token({ billingModel: 'Custom' })).usageReporting, false);
    assert.equal((await token({ usageReporting: false })).usageReporting, false);
    assert.equal((await token({ from: hourNumber(5) })).fromWindow, 5);
  });

  it('takes a key for this stamp alone', async () => {
    const made = await makeRegistrationToken(stamp, { billingModel: 'PayAsYouUse' }, changing);
    await commerce.register(made, stamp.clock.now());
    const { thumbprint } = await token();
    const refused = async (changes: object, reason: RegExp): Promise<void> => {
      const key = await commerce.activationKey({ thumbprint, ...changes });
      await assert.rejects(applyActivationKey(stamp, key, changing), (cause: Error) =>
        reason.test(cause.message),
      );
    };
    await refused({ cloudId: REGISTRATION }, /it is for the stamp/);
    await refused({ thumbprint: newStampKey().kid }, /it is for a key/);
    await assert.rejects(applyActivationKey(stamp, 'x', changing), {
      code: 'InvalidActivationKey',
    });
    assert.equal(await findActivation(stamp.database.pool), undefined);
  });

  it('is applied once or more, and says when it ends', async () => {
    await activate();
    const key = await commerce.activationKey({
      thumbprint: (await active()).kid,
      expiration: '2026-03-20T00:00:00Z',
    });
    const again = await applyActivationKey(stamp, `\n${key}\n`, changing);
    assert.equal(again.created, false);
    const at = (text: string) => alertsOf(again, Temporal.Instant.from(text));
    assert.deepEqual(at('2026-02-01T00:00:00Z'), []);
    assert.deepEqual(at('2026-03-01T00:00:00Z'), ['Activation Expiring Soon']);
    assert.deepEqual(at('2026-03-20T00:00:00Z'), ['Activation Expired']);
    assert.deepEqual(alertsOf({ ...again, state: 'Reset' }, stamp.clock.now()), [
      'Activation Required',
    ]);
  });

  it('lets others here ask commerce, and tells them why it did not answer', async () => {
    const body = await fetchCommerce(stamp, path);
    assert.equal((body as { registrationId: string }).registrationId, REGISTRATION);
    commerce.fault = () => ({ status: 500 });
    await assert.rejects(fetchCommerce(stamp, path), { code: 'CommerceUnreachable' });
    commerce.fault = () => error(403, 'AuthorizationFailed');
    await assert.rejects(fetchCommerce(stamp, path), /it refused: AuthorizationFailed/);
  });

  it('tells how far it lags behind, and what it would send', async () => {
    await closeHour(1200);
    await closeHour(0);
    const lag = await bridgeLag(stamp.database.pool, stamp.clock);
    assert.deepEqual(lag, { windows: 2, seconds: 3600 + 600 });
    commerce.asked.length = 0;
    const before = await progress();
    const run = await dryRun(stamp);
    const { bytes, compressedBytes, meters, ...sample } = run.sample;
    assert.deepEqual(sample, { windows: 2, rows: 1200, batches: 2 });
    assert.deepEqual([run.windows, run.rows, run.isComplete], [2, 1200n, true]);
    assert.deepEqual(
      meters.map(({ quantity }) => quantity),
      ['120'],
    );
    assert.ok(compressedBytes > 0 && compressedBytes < bytes);
    assert.equal((await dryRun(stamp, { rows: 100 })).isComplete, false);
    assert.equal((await dryRun(stamp, { window: hourNumber(FIRST + 1) })).rows, 0n);
    await assert.rejects(dryRun(stamp, { window: hourNumber(FIRST + 9) }), { code: 'NotFound' });
    assert.deepEqual([commerce.asked.length, await progress()], [0, before]);
    const metrics = createMetrics();
    registerBridgeMetrics(metrics, stamp);
    const { body } = await metrics.text();
    assert.match(body, /stackmeter_bridge_lag_windows 2\n/);
    assert.match(body, /stackmeter_bridge_activated 1\n/);
    assert.match(body, /stackmeter_bridge_refused 0\n/);
  });

  it('waits for the history that it is to begin with, until it is released', async () => {
    await activate({ from: hourNumber(FIRST - 3) });
    const released = (through: number) =>
      releaseHours(stamp, hourNumber(through), changing).then(({ windows }) => windows);
    const nextState = async () => {
      const status = JSON.stringify(await readBridgeStatus(stamp));
      return /"nextWindowState":"([^"]*)"/.exec(status)?.[1];
    };
    assert.deepEqual(await send(), { kind: 'done', windows: 0 });
    assert.equal((await progress()).nextWindow, FIRST - 3);
    const importHour = (hour: number) =>
      stamp.database.pool.query(
        `insert into reported_window (granularity, number, state, origin, opened_at) values ('hour', $1, 'open', 'imported', now())`,
        [hour],
      );
    const endImport = () =>
      stamp.database.pool.query(
        `update reported_window set state = 'closed', closed_at = now(), rows = 0, records = 0, quantity = 0, hash = 0
         where origin = 'imported'`,
      );
    await importHour(FIRST - 2);
    assert.deepEqual(await send(), { kind: 'done', windows: 0 });
    await assert.rejects(released(FIRST - 1), { code: 'Conflict' });
    await endImport();
    // An import that ended says nothing of hours that another may fill yet.
    assert.deepEqual(await send(), { kind: 'done', windows: 0 });
    assert.deepEqual(
      [await nextState(), (await dryRun(stamp)).windows],
      ['waits for an import', 0],
    );
    assert.equal((await bridgeLag(stamp.database.pool, stamp.clock)).windows, 3);
    assert.equal(await released(FIRST - 3), 1);
    assert.equal((await bridgeLag(stamp.database.pool, stamp.clock)).windows, 4);
    assert.deepEqual(await send(), { kind: 'done', windows: 2 });
    assert.equal((await progress()).nextWindow, FIRST - 1);
    assert.equal(await released(FIRST + 50), 1);
    assert.deepEqual([await nextState(), (await dryRun(stamp)).windows], ['closed', 3]);
    assert.deepEqual(await send(), { kind: 'done', windows: 3 });
    assert.equal((await progress()).nextWindow, FIRST + 2);
    // What comes in after all is counted, and told.
    await stamp.database.pool.query(
      `insert into reported_window (granularity, number, state, origin, opened_at, closed_at, rows, records, quantity, hash)
       values ('hour', $1, 'closed', 'imported', now(), now(), 1, 1, 1, 1)`,
      [FIRST - 1],
    );
    const metrics = createMetrics();
    registerBridgeMetrics(metrics, stamp);
    const { body } = await metrics.text();
    assert.match(body, /stackmeter_bridge_imported_too_late_windows 1\n/);
    assert.match(body, /stackmeter_bridge_windows_without_receipt 0\n/);
  });

  it('gets another key, and goes on when that was interrupted', async () => {
    const first = (await active()).kid;
    const { thumbprint } = await rotateBridgeKey(stamp, changing);
    assert.notEqual(thumbprint, first);
    assert.deepEqual([(await active()).kid, commerce.keys.length], [thumbprint, 1]);
    // Commerce was not reached.
    commerce.fault = ({ path: to }) => (to.endsWith('credential') ? 'drop' : undefined);
    await assert.rejects(rotateBridgeKey(stamp, changing), { code: 'CommerceUnreachable' });
    assert.equal((await active()).kid, thumbprint);
    const pending = (await listUsableKeys(stamp.database.pool))[1]!.kid;
    commerce.fault = () => undefined;
    assert.equal((await rotateBridgeKey(stamp, changing)).thumbprint, pending);
    assert.equal((await listUsableKeys(stamp.database.pool)).length, 1);
  });

  it('finds out that commerce knows the new key and the old one no more', async () => {
    const next = await addPendingKey(stamp.database.pool, stamp.clock.now());
    commerce.keys = [next.publicJwk];
    commerce.tokens.clear();
    assert.equal((await send()).kind, 'done');
    assert.equal((await active()).kid, next.kid);
    const other = await addPendingKey(stamp.database.pool, stamp.clock.now());
    commerce.keys = [other.publicJwk];
    assert.equal((await rotateBridgeKey(stamp, changing)).thumbprint, other.kid);
  });

  it('is used by one process at a time', async () => {
    const held = await withBridgeLock(stamp.database, 'bridge', () => send());
    assert.deepEqual(held, { done: { kind: 'elsewhere' } });
    const rotating = withBridgeLock(stamp.database, 'bridge rotation', () =>
      rotateBridgeKey(stamp, changing),
    );
    await assert.rejects(rotating, { code: 'Conflict' });
    await closeHour(1);
    const [one, other] = await Promise.all([send(), send()]);
    assert.ok([one.kind, other.kind].includes('done'));
    const lost = withBridgeLock(stamp.database, 'bridge', async (signal) => {
      const ended = new Promise((resolve) => signal.addEventListener('abort', resolve));
      await stamp.database.pool.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
           and database = (select oid from pg_database where datname = current_database())`,
      );
      await ended;
      signal.throwIfAborted();
    });
    await assert.rejects(lost, /the connection that holds the lock was lost/);
    // The server lets go of the lock a moment after it has said goodbye.
    let outcome = await send();
    for (let tries = 0; outcome.kind === 'elsewhere' && tries < 200; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      outcome = await send();
    }
    assert.equal(outcome.kind, 'done');
  });

  it('is removed, and tells what stays behind', async () => {
    await closeHour(2);
    await closeHour(0);
    const left = await removeActivation(stamp, changing);
    assert.equal(left?.windows, 2);
    assert.equal(windowName(left.unsentThrough!), windowName(left.unsentFrom! + 1));
    assert.equal((await send()).kind, 'not activated');
    await assert.rejects(connect(stamp), { code: 'NotActivated' });
    assert.equal(await ensureCloudId(stamp.database.pool), commerce.cloudId);
  });
});

describe('where reporting begins', () => {
  const { stamp, commerce, changing, closeHour, send, progress } = withTestBridge();
  const lag = async (): Promise<number> =>
    (await bridgeLag(stamp.database.pool, stamp.clock)).windows;

  it('is what the activation key says, before commerce was reached', async () => {
    for (let hour = 0; hour < 3; hour += 1) await closeHour(1);
    const wish = { billingModel: 'PayAsYouUse', from: hourNumber(FIRST + 1) } as const;
    const token = await makeRegistrationToken(stamp, wish, changing);
    const key = await commerce.register(token, stamp.clock.now());
    commerce.fault = () => 'drop';
    await applyActivationKey(stamp, key, changing);
    const { firstWindow, nextWindow } = await progress();
    assert.deepEqual([firstWindow, nextWindow], [FIRST + 1, FIRST + 1]);
    assert.deepEqual(await bridgeLag(stamp.database.pool, stamp.clock), {
      windows: 2,
      seconds: 3600 + 600,
    });
    assert.equal((await dryRun(stamp)).windows, 2);
    assert.equal((await send()).kind, 'failed');
    assert.equal(await lag(), 2);
    commerce.fault = () => undefined;
    assert.deepEqual(await send(), { kind: 'done', windows: 2 });
    // An old key does not lead back, and what has not been told of is not passed over.
    await applyActivationKey(stamp, key, changing);
    const ahead = await commerce.activationKey({
      thumbprint: (await listUsableKeys(stamp.database.pool))[0]!.kid,
      nextWindow: windowName(FIRST + 90),
    });
    await applyActivationKey(stamp, ahead, changing);
    assert.deepEqual([(await progress()).nextWindow, await lag()], [FIRST + 3, 0]);
  });

  it('is the hour that is open, while nothing is to be reported', async () => {
    await removeActivation(stamp, changing);
    const registrationId = '9a000000-0000-4000-8000-000000000009';
    const key = await commerce.activationKey({
      registrationId,
      thumbprint: (await listUsableKeys(stamp.database.pool))[0]!.kid,
      usageReporting: false,
      nextWindow: undefined,
    });
    await applyActivationKey(stamp, key, changing);
    const { nextWindow } = await progress();
    assert.deepEqual([nextWindow, await lag()], [FIRST + 3, 0]);
    await closeHour(1);
    const run = await dryRun(stamp);
    assert.deepEqual([run.windows, run.takesNothing?.code], [0, 'UsageReportingOff']);
    const set = (change: string) => stamp.database.pool.query(`update activation set ${change}`);
    await set(`usage_reporting = true, expires_at = 'epoch'`);
    const expired = await dryRun(stamp);
    assert.deepEqual([expired.windows, expired.takesNothing?.code], [1, 'RegistrationExpired']);
  });
});

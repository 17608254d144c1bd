import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { createLog } from '../../platform/index.ts';
import { adviceOn } from './advice.ts';
import { bridgeLag } from './lag.ts';
import { needsOperator } from './progress.ts';
import { readBridgeStatus } from './status.ts';
import { error, httpDate, RESOURCE_ID, type Fault } from './test-commerce.ts';
import { withTestBridge } from './test-bridge.ts';

const HOUR_MS = 3_600_000;

describe('what stands in the way of reporting', () => {
  const { stamp, commerce, closeHour, activate, send, progress } = withTestBridge();
  before(async () => {
    await activate();
    await closeHour(1);
  });
  afterEach(async () => {
    commerce.fault = () => undefined;
    commerce.alter = (_asked, body) => body;
    commerce.asked.length = 0;
    commerce.status = 'Registered';
    commerce.usageReporting = true;
    commerce.now = () => stamp.clock.now();
    assert.equal((await send()).kind, 'done');
    await closeHour(1);
    commerce.asked.length = 0;
  });
  const faulty = (fault: Fault) => {
    commerce.fault = ({ path }) => (path === '/token' ? undefined : fault);
  };
  const waitMs = async () => {
    const { retryAt } = await progress();
    return retryAt!.epochMilliseconds - stamp.clock.now().epochMilliseconds;
  };

  it('is waited for ever longer, up to a bound, and told of', async () => {
    const waits: number[] = [];
    const since = stamp.clock.now().toString();
    for (const fault of [
      'drop',
      { status: 500 },
      { status: 408 },
      { status: 429 },
      { status: 503, body: '<html>' },
      { status: 302 },
      { status: 200, body: '{"half":' },
      { status: 200, body: { registrationId: 'x' } },
      { status: 200, body: [] },
      { status: 502 },
    ] as const) {
      faulty(fault);
      assert.equal((await send()).kind, 'failed');
      waits.push((await waitMs()) / 1000);
    }
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]);
    const now = await progress();
    const { failures, failingSince, error: told } = now;
    assert.deepEqual([failures, failingSince?.toString(), needsOperator(now)], [10, since, false]);
    assert.equal(told?.code, 'CommerceUnreachable');
    assert.equal((await send({ force: false })).kind, 'waiting');
    stamp.clock.advance(300_000);
    commerce.fault = () => undefined;
    assert.equal((await send({ force: false })).kind, 'done');
  });

  it('may be a call that takes too long', async () => {
    faulty('hang');
    const sending = send({ timeoutMs: 60_000 });
    while (!commerce.asked.some(({ path }) => path !== '/token')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    stamp.clock.advance(60_000);
    const outcome = await sending;
    assert.match(outcome.kind === 'failed' ? outcome.message : '', /longer than 60 seconds/);
  });

  it('is not asked again before commerce said', async () => {
    faulty({ status: 503, headers: { 'retry-after': '120' } });
    await send();
    assert.equal(await waitMs(), 120_000);
    const date = httpDate(stamp.clock.now().add({ hours: 9 }));
    faulty({ status: 429, headers: { 'retry-after': date } });
    await send();
    assert.equal(await waitMs(), HOUR_MS);
    // A clock that was set back does not make it wait for ever.
    stamp.clock.set(stamp.clock.now().subtract({ hours: 48 }));
    commerce.fault = () => undefined;
    assert.equal((await send({ force: false })).kind, 'done');
    stamp.clock.set(stamp.clock.now().add({ hours: 48 }));
  });

  it('may be a token that is not taken any more: another is fetched at once', async () => {
    commerce.tokens.clear();
    assert.equal((await send()).kind, 'done');
    assert.equal(commerce.asked.filter(({ path }) => path === '/token').length, 1);
    commerce.fault = ({ path }) =>
      path === '/token' ? undefined : error(401, 'InvalidAuthenticationToken');
    commerce.asked.length = 0;
    assert.equal((await send()).kind, 'failed');
    assert.equal(needsOperator(await progress()), true);
    assert.ok(commerce.asked.length <= 4);
  });

  it('renews the token before it ends', async () => {
    stamp.clock.advance(2 * HOUR_MS);
    assert.equal((await send()).kind, 'done');
    assert.equal(commerce.asked.filter(({ path }) => path === '/token').length, 1);
  });

  it('is no clock that is hours off', async () => {
    for (const hours of [-5, 7]) {
      commerce.now = () => stamp.clock.now().add({ hours });
      commerce.tokens.clear();
      assert.equal((await send()).kind, 'done');
    }
  });

  it('may be a token endpoint that fails, or says no', async () => {
    commerce.tokens.clear();
    commerce.fault = ({ path }) => (path === '/token' ? { status: 500 } : undefined);
    await send();
    assert.equal(needsOperator(await progress()), false);
    commerce.fault = ({ path }) =>
      path === '/token' ? { status: 200, body: { access_token: 7 } } : undefined;
    await send();
    assert.equal((await progress()).error?.code, 'CommerceUnreachable');
    commerce.fault = ({ path }) =>
      path === '/token'
        ? { status: 401, body: { error: 'invalid_client', error_description: 'no' } }
        : undefined;
    await send();
    assert.deepEqual(
      [needsOperator(await progress()), (await progress()).error?.code],
      [true, 'invalid_client'],
    );
  });

  it('may be another batch or receipt than the one that was sent', async () => {
    commerce.alter = ({ path }, body) =>
      path.includes('/batches/') ? { ...(body as object), digest: 'x' } : body;
    assert.equal((await send()).kind, 'failed');
    assert.equal(needsOperator(await progress()), false);
  });

  it('may be a registration that has ended: looked at again after five minutes', async () => {
    const cases = [
      ['Expired', true, 'RegistrationExpired', true],
      ['Reset', true, 'UsageReportingOff', true],
      ['Removed', true, 'UsageReportingOff', true],
      ['Registered', false, 'UsageReportingOff', false],
    ] as const;
    for (const [status, usageReporting, code, refused] of cases) {
      commerce.status = status;
      commerce.usageReporting = usageReporting;
      assert.equal((await send()).kind, 'waiting');
      const now = await progress();
      assert.deepEqual([now.failures, needsOperator(now), now.error?.code], [0, refused, code]);
      assert.equal(await waitMs(), 300_000);
    }
    commerce.status = 'Registered';
    for (const code of ['RegistrationExpired', 'RegistrationNotFound']) {
      faulty(error(403, code));
      assert.equal((await send()).kind, 'waiting');
      assert.equal((await progress()).error?.code, code);
    }
  });

  it('takes over what commerce says of the registration', async () => {
    commerce.billingModel = 'Development';
    commerce.resourceId = `${RESOURCE_ID}-moved`;
    commerce.expiration = '2027-01-01T00:00:00Z';
    await send();
    const { rows } = await stamp.database.pool.query<Record<string, string>>(
      'select billing_model, registration_resource_id, expires_at from activation',
    );
    assert.deepEqual(Object.values(rows[0]!).map(String), [
      'Development',
      `${RESOURCE_ID}-moved`,
      '2027-01-01T00:00:00Z',
    ]);
  });

  it('may be another authority than the one that vouches for commerce', async () => {
    const { ca } = commerce;
    await stamp.database.pool.query('update activation set ca = $1', ['']);
    assert.equal((await send()).kind, 'failed');
    assert.equal((await progress()).error?.code, 'CommerceUnreachable');
    await stamp.database.pool.query('update activation set ca = $1', [ca]);
  });

  it('is no refusal when something between answers in place of commerce', async () => {
    for (const status of [403, 404, 413]) {
      faulty({ status, body: '<html>no</html>' });
      assert.equal((await send()).kind, 'failed');
      const { error: told, ...now } = await progress();
      assert.deepEqual([told?.kind, told?.code], ['unreachable', 'CommerceUnreachable']);
      assert.equal(needsOperator({ ...now, error: told }), false);
    }
  });

  it('is told in one sentence, with what to do about it', async () => {
    const body = { error: { code: 'InternalServerError', message: 'The service failed.' } };
    faulty({ status: 500, body });
    await send();
    const { error: told } = await progress();
    assert.equal(
      told?.message,
      `Commerce at ${commerce.url} did not answer as it should: the answer was 500, InternalServerError: The service failed.`,
    );
    assert.match(JSON.stringify(await readBridgeStatus(stamp)), /"advice":"Check that commerce/);
    for (const kind of ['unreachable', 'refused', 'ended', 'off', 'unfit', 'internal'] as const) {
      for (const code of ['ManifestMismatch', 'RegistrationExpired', 'invalid_client', 'valueOf']) {
        assert.match(adviceOn({ kind, code }), /^[A-Z].*\.$/);
      }
    }
  });

  it('may be a window that commerce takes for one of the future: refused, and tried again', async () => {
    commerce.fault = ({ path }) =>
      path.includes('/windows/') ? error(409, 'ReportedWindowInFuture') : undefined;
    const { nextWindow } = await progress();
    assert.equal((await send()).kind, 'failed');
    assert.equal(await waitMs(), 1000);
    const now = await progress();
    assert.deepEqual([needsOperator(now), now.error?.kind], [true, 'refused']);
    assert.match(adviceOn(now.error!), /clock/);
    commerce.fault = () => undefined;
    await send();
    assert.equal((await progress()).nextWindow, nextWindow + 1);
  });

  it('is an error of the log when the registration has ended, and still lag', async () => {
    const lines: { level: number; code: string; advice: string }[] = [];
    const log = createLog({ level: 'info' }, { write: (line) => lines.push(JSON.parse(line)) });
    const levels = async (): Promise<unknown[]> => {
      lines.length = 0;
      await send({ log });
      await send({ log });
      return lines.filter(({ code }) => code !== undefined).map(({ level }) => level);
    };
    const shape = async (status: string): Promise<unknown[]> => {
      commerce.status = status;
      return levels();
    };
    const [removed, expired] = [await shape('Removed'), await shape('Expired')];
    const [errorLevel, warnLevel] = removed;
    assert.deepEqual(removed.length, 2);
    assert.notEqual(errorLevel, warnLevel);
    assert.deepEqual(expired, [errorLevel, warnLevel]);
    commerce.status = 'Removed';
    await send();
    assert.equal((await bridgeLag(stamp.database.pool, stamp.clock)).windows, 1);
    assert.ok(lines.every(({ advice }) => advice !== ''));
    commerce.status = 'Registered';
    commerce.usageReporting = false;
    assert.equal((await levels()).length, 1);
    assert.equal((await bridgeLag(stamp.database.pool, stamp.clock)).windows, 0);
  });

  it('may be a fault of the database, which is noted too', async () => {
    const { pool } = stamp.database;
    await pool.query('alter table stamp_identity rename to away');
    try {
      await assert.rejects(send(), /stamp_identity/);
      const { error: told, failures, retryAt } = await progress();
      assert.deepEqual([told?.kind, told?.code, failures], ['internal', 'InternalServerError', 1]);
      assert.notEqual(retryAt, undefined);
    } finally {
      await pool.query('alter table away rename to stamp_identity');
    }
  });
});

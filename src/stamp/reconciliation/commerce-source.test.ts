import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import { hourOf } from '../../kernel/index.ts';
import { ensureTls, systemClock } from '../../platform/index.ts';
import { newSigningKey, readRegistrationToken, writeActivationKey } from '../../reporting/index.ts';
import { applyActivationKey, disconnect, makeRegistrationToken } from '../bridge/index.ts';
import { openReceivedTotals } from './commerce-source.ts';

const REGISTRATION = '9a000000-0000-4000-8000-000000000001';
const CLIENT = '9a000000-0000-4000-8000-000000000002';
const FIRST: number = hourOf(Temporal.Instant.from('2026-11-01T00:00:00Z'));
const STATE = {
  registrationId: REGISTRATION,
  status: 'Registered',
  billingModel: 'PayAsYouUse',
  usageReporting: true,
  marketplaceSyndication: false,
  expiration: null,
  etag: 'e',
  nextWindow: '2026-11-01T05Z',
  periods: [{ fromWindow: '2026-11-01T00Z', nextWindow: '2026-11-01T05Z', endReason: null }],
};

describe('the side of commerce, asked over the bridge', () => {
  const test = withTestDatabase();
  const clock = systemClock;
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-reconciliation-'));
  const asked: string[] = [];
  let server: Server | undefined;
  let answer: (path: string) => { status: number; body: string } | undefined;
  let url = '';
  let ca = '';
  const open = (milliseconds?: number) =>
    openReceivedTotals({ database: test.database, clock }, milliseconds);

  before(async () => {
    const tls = await ensureTls({ data: folder, hosts: ['127.0.0.1'], clock });
    const started = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
      const path = request.url ?? '';
      const token = { status: 200, body: '{"access_token":"t","expires_in":3600}' };
      const made = path === '/token' ? token : answer(path);
      if (path !== '/token') asked.push(path);
      if (made === undefined) return;
      response.writeHead(made.status).end(made.body);
    });
    server = started;
    await new Promise<void>((resolve) => {
      started.listen(0, '127.0.0.1', resolve);
    });
    const address = started.address();
    assert.ok(address !== null && typeof address === 'object');
    url = `https://127.0.0.1:${address.port}`;
    ca = tls.ca;
  });
  after(async () => {
    disconnect({ database: test.database });
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    rmSync(folder, { recursive: true });
  });

  it('is not there while the stamp is not activated', async () => {
    assert.equal(await open(), undefined);
  });

  it('is asked for its progress, and for sums of spans by their names', async () => {
    answer = () => ({ status: 200, body: JSON.stringify(STATE) });
    const tools = { database: test.database, clock };
    const changing = { clock, actor: SYSTEM };
    const wish = { billingModel: 'PayAsYouUse' } as const;
    const text = await makeRegistrationToken(tools, wish, changing);
    const token = await readRegistrationToken(text, clock.now());
    const key = await writeActivationKey(
      {
        registrationId: REGISTRATION,
        resourceId: `/subscriptions/${CLIENT}/resourceGroups/g/providers/Microsoft.AzureStack/registrations/r`,
        cloudId: token.cloudId,
        clientId: CLIENT,
        thumbprint: token.thumbprint,
        commerceUrl: url,
        tokenEndpoint: `${url}/token`,
        ca,
        billingModel: 'PayAsYouUse',
        usageReporting: true,
        marketplaceSyndication: false,
        expiration: undefined,
        nextWindow: undefined,
      },
      newSigningKey(),
    );
    await applyActivationKey(tools, key, changing);
    const received = (await open())!;
    assert.deepEqual([received.registrationId, received.offSince], [REGISTRATION, undefined]);
    const { periods, status } = await received.progress();
    assert.deepEqual(
      [status, periods],
      [
        'Registered',
        [{ fromWindow: FIRST, nextWindow: FIRST + 5, endReason: undefined, endedAt: undefined }],
      ],
    );
    answer = () => ({
      status: 200,
      body: `{"totals":[["2026-11-01","${CLIENT}","m",2,"3.5","0","1"]]}`,
    });
    const [total] = await received.totals({ from: FIRST, to: FIRST + 5 });
    assert.deepEqual([total?.rows, total?.quantity.toText()], [2n, '3.5']);
    assert.equal(
      asked.at(-1),
      `/api/v1/reported-usage/${REGISTRATION}/totals?from=2026-11-01T00Z&to=2026-11-01T05Z`,
    );
  });

  it('is asked what it bills, and an earlier release without it has no such side', async () => {
    const received = (await open())!;
    const billed = `/api/v1/billed-usage/${REGISTRATION}`;
    answer = (path) =>
      path === billed
        ? { status: 200, body: '{"ratedUpTo":"2026-11-01T03Z"}' }
        : { status: 200, body: `{"totals":[["2026-11-01","${CLIENT}","m",2,"3.5","0","1"]]}` };
    const billing = (await received.billing())!;
    assert.equal(billing.ratedUpTo, FIRST + 3);
    const [total] = await billing.totals({ from: FIRST, to: FIRST + 3 });
    assert.equal(total?.quantity.toText(), '3.5');
    assert.equal(asked.at(-1), `${billed}/totals?from=2026-11-01T00Z&to=2026-11-01T03Z`);
    answer = () => ({ status: 200, body: '{"ratedUpTo":null}' });
    assert.equal((await received.billing())?.ratedUpTo, 0);
    const refusal = (code: string) => ({
      status: 404,
      body: `{"error":{"code":"${code}","message":"Nothing here."}}`,
    });
    answer = () => refusal('NotFound');
    assert.equal(await received.billing(), undefined);
    for (const wrong of [refusal('RegistrationNotFound'), { status: 200, body: '{}' }]) {
      answer = () => wrong;
      await assert.rejects(received.billing(), { code: 'CommerceUnreachable' });
    }
  });

  it('knows how far the bridge is', async () => {
    const received = (await open())!;
    const begun = await received.bridge();
    assert.equal(begun?.stuck, undefined);
    await test.database.pool.query(
      `insert into bridge_progress (registration_id, first_window, next_window, first_activated_at, trouble, error_code, error_message)
       values ($1, $2, $2, 'epoch', 'ended', 'RegistrationExpired', 'It ended.')
       on conflict (registration_id) do update set first_window = $2, next_window = $2, trouble = 'ended',
         error_code = 'RegistrationExpired', error_message = 'It ended.'`,
      [REGISTRATION, FIRST],
    );
    assert.deepEqual(await received.bridge(), {
      firstWindow: FIRST,
      nextWindow: FIRST,
      stuck: 'refused',
      error: { code: 'RegistrationExpired', message: 'It ended.' },
    });
  });

  it('is since when off that registration says so', async () => {
    await test.database.pool.query('update activation set usage_reporting = false');
    const { rows } = await test.database.pool.query<{ at: Temporal.Instant }>(
      'select activated_at as at from activation',
    );
    assert.equal((await open())?.offSince, hourOf(rows[0]!.at));
    // Applying the key once more, later, does not make that time unregistered.
    await test.database.pool.query(
      `update activation set activated_at = activated_at + interval '5 hours'`,
    );
    assert.equal((await open())?.offSince, hourOf(rows[0]!.at));
  });

  it('is unreachable when it makes no sense, refuses, or takes too long', async () => {
    const received = (await open(2000))!;
    const unreachable = (message: RegExp): object => ({ code: 'CommerceUnreachable', message });
    answer = () => ({ status: 200, body: '{"totals":7}' });
    const span = { from: FIRST, to: FIRST + 1 };
    await assert.rejects(received.totals(span), unreachable(/makes no sense/));
    const refusal = '{"error":{"code":"RegistrationNotFound","message":"No such one."}}';
    answer = () => ({ status: 404, body: refusal });
    await assert.rejects(received.progress(), unreachable(/RegistrationNotFound/));
    answer = () => undefined;
    const quick = (await open(100))!;
    await assert.rejects(quick.progress(), unreachable(/took longer than 0\.1 seconds/));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { hourNumber, type HourNumber } from '../../kernel/index.ts';
import {
  checkReceipt,
  GENESIS_HASH,
  windowName,
  writeManifest,
  type Manifest,
  type Receipt,
} from '../../reporting/index.ts';
import {
  changeCommerceSubscription,
  expireRegistration,
  readStatementKey,
  removeRegistration,
} from '../registration/index.ts';
import { dropEndedPeriods } from './cleanup.ts';
import {
  batchesOf,
  batchOf,
  codeOf,
  CUSTOMER_TENANT,
  FIRST,
  HOME,
  IP_METER,
  manifestOf,
  rowOf,
  START,
  withTestCommerce,
  type TestStamp,
} from './test-commerce.ts';
import { listUnaccepted } from './unaccepted-store.ts';

const SECOND = hourNumber(FIRST + 1);
const THIRD = hourNumber(FIRST + 2);

function detailsOf(answer: LightMyRequestResponse): string[] {
  const body: { error: { details?: { message: string }[] } } = answer.json();
  return (body.error.details ?? []).map(({ message }) => message);
}

describe('accepting windows', () => {
  const commerce = withTestCommerce();
  const { clock } = commerce;
  const drop = (stamp: TestStamp, window: HourNumber) =>
    commerce.call(stamp.principal, {
      method: 'DELETE',
      url: `${stamp.path}/windows/${windowName(window)}`,
    });
  const progress = async (stamp: TestStamp): Promise<Record<string, unknown>> => {
    const answer = await commerce.call(stamp.principal, { method: 'GET', url: stamp.path });
    assert.equal(answer.statusCode, 200, answer.body);
    return answer.json();
  };
  const countRows = async ({ registration }: TestStamp): Promise<number> => {
    const { rows } = await commerce.test.database.pool.query<{ count: number }>(
      'select count(*)::int as count from reported_usage where registration_number = $1',
      [registration.number],
    );
    return rows[0]!.count;
  };

  it('gives a receipt that holds, chains the windows, and moves on', async () => {
    const stamp = await commerce.register();
    const { publicJwk } = await readStatementKey(commerce.test.database);
    let previous = GENESIS_HASH;
    for (const window of [FIRST, SECOND, THIRD]) {
      const batches = window === SECOND ? [] : batchesOf(window, 2);
      const manifest = manifestOf(batches, window);
      for (const batch of batches) await commerce.putBatch(stamp, batch);
      const answer = await commerce.putManifest(stamp, manifest);
      assert.equal(answer.statusCode, 201, answer.body);
      const receipt = answer.json<Receipt>();
      assert.deepEqual(checkReceipt(receipt, stamp.registration, manifest, publicJwk), receipt);
      assert.equal(receipt.previousHash, previous);
      previous = receipt.hash;
      clock.advance(3_600_123);
      const again = await commerce.putManifest(stamp, manifest);
      assert.deepEqual([again.statusCode, again.json()], [200, receipt]);
    }
    const { nextWindow, status, periods } = await progress(stamp);
    assert.deepEqual([nextWindow, status], ['2026-11-23T13Z', 'Registered']);
    assert.equal(Array.isArray(periods) && periods.length, 1);
    const { number } = stamp.registration;
    const { pool } = commerce.test.database;
    assert.deepEqual(await listUnaccepted(pool, [number, 0]), []);
    const [begun] = batchesOf(hourNumber(THIRD + 1), 1);
    await commerce.putBatch(stamp, begun!);
    const window = { registrationNumber: number, window: begun!.window, isNext: true };
    assert.deepEqual(await listUnaccepted(pool, [number, 0]), [window]);
    assert.deepEqual(
      (await listUnaccepted(pool)).filter(({ isNext }) => isNext),
      [window],
    );
  });

  it('takes a window when its time has come, give or take a day', async () => {
    clock.set(START);
    // It ends a day after the present, to the second.
    const window = hourNumber(FIRST + 24);
    const stamp = await commerce.register({ fromWindow: window });
    clock.set(Temporal.Instant.from('2026-11-23T10:59:59.999Z'));
    const refused = [
      await commerce.putBatch(stamp, batchesOf(window, 1)[0]!),
      await commerce.putManifest(stamp, manifestOf([], window)),
      await drop(stamp, window),
    ];
    for (const answer of refused) {
      assert.deepEqual([answer.statusCode, codeOf(answer)], [409, 'ReportedWindowInFuture']);
      assert.match(answer.body, /2026-11-24T10Z .* 2026-11-23T10:59:59.999Z/);
    }
    assert.equal(codeOf(await drop(stamp, hourNumber(window + 1))), 'ReportedWindowGap');
    clock.set(Temporal.Instant.from('2026-11-23T11:00:00Z'));
    assert.equal((await commerce.send(stamp, batchesOf(window, 1))).statusCode, 201);
    clock.set(START);
  });

  it('names everything that does not add up, and accepts nothing', async () => {
    const stamp = await commerce.register();
    const batches = [
      ...batchesOf(FIRST, 2),
      batchOf([rowOf({ meterId: IP_METER, quantity: '0.5' })], { sequence: 3 }),
      ...batchesOf(FIRST, 15).slice(3),
    ];
    const right = manifestOf(batches);
    for (const batch of batches.slice(0, 3)) await commerce.putBatch(stamp, batch);
    const refuse = async (manifest: Manifest, ...expected: RegExp[]): Promise<void> => {
      const answer = await commerce.putManifest(stamp, manifest);
      assert.deepEqual([answer.statusCode, codeOf(answer)], [409, 'ManifestMismatch']);
      const details = detailsOf(answer);
      assert.equal(details.length, expected.length, details.join('\n'));
      for (const [at, pattern] of expected.entries()) assert.match(details[at]!, pattern);
    };
    await refuse(
      right,
      /^batches 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 and 2 more are missing$/,
      /^rows in batches: 15 stated, 3 received$/,
      /^rows of the meter fab6eb84.* 14 stated, 2 received$/,
      /^quantity of the meter fab6eb84.* 14 stated, 2 received$/,
    );
    const sent = manifestOf(batches.slice(0, 3));
    const [first, second] = sent.meters;
    await refuse({ ...sent, batches: 2 }, /^batches 3 are more than it states$/);
    await refuse({ ...sent, rows: 4 }, /^rows in batches: 4 stated, 3 received$/);
    await refuse({ ...sent, digest: 'a'.repeat(64) }, /^the digest/);
    await refuse({ ...sent, meters: [first!] }, /^the meter fab6eb84.* is not in it$/);
    await refuse(
      { ...sent, meters: [{ ...first!, quantity: '0.500000000000000000000000000001' }, second!] },
      /^quantity of the meter f271a8a3/,
    );
    await refuse(
      { ...sent, meters: [...sent.meters, { meterId: 'zero', rows: 0, quantity: '0' }] },
      /^of the meter zero nothing more was received$/,
    );
    await refuse({ ...sent, meters: [first!, first!, second!] }, /^of the meter f271a8a3/);
    assert.equal((await progress(stamp))['nextWindow'], '2026-11-23T10Z');
    assert.equal((await commerce.putManifest(stamp, sent)).statusCode, 201);
    await refuse({ ...sent, rows: 4 }, /^rows in batches: 4 stated, 3 received$/);
    assert.equal((await commerce.putManifest(stamp, sent)).statusCode, 200);
  });

  it('gives at most twenty details', async () => {
    const stamp = await commerce.register();
    const meters = Array.from({ length: 30 }, (_, at) => ({
      meterId: `meter-${at}`,
      rows: 1,
      quantity: '1',
    }));
    const manifest = { ...manifestOf([], FIRST), meters };
    const answer = await commerce.putManifest(stamp, manifest);
    assert.equal(detailsOf(answer).length, 20);
    assert.match(answer.body, /and 29 more/);
  });

  it('accepts a window once when its manifest comes several times at once', async () => {
    const stamp = await commerce.register();
    const batches = batchesOf(FIRST, 1);
    await commerce.putBatch(stamp, batches[0]!);
    const manifest = manifestOf(batches);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => commerce.putManifest(stamp, manifest)),
    );
    const codes = answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b);
    assert.deepEqual(codes, [200, 200, 200, 200, 200, 201]);
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1);
  });

  it('takes manifests in order only, and of the window of the address', async () => {
    const stamp = await commerce.register();
    for (const window of [hourNumber(FIRST - 1), SECOND]) {
      const refused = await commerce.putManifest(stamp, manifestOf([], window));
      assert.deepEqual([refused.statusCode, codeOf(refused)], [409, 'ReportedWindowGap']);
    }
    const other = await commerce.call(stamp.principal, {
      method: 'PUT',
      url: `${stamp.path}/windows/${windowName(FIRST)}`,
      body: writeManifest(manifestOf([], SECOND)),
    });
    assert.deepEqual([other.statusCode, codeOf(other)], [400, 'InvalidReport']);
  });

  it('starts a window over that is not accepted', async () => {
    const stamp = await commerce.register();
    const [batch] = batchesOf(FIRST, 1);
    await commerce.putBatch(stamp, batch!);
    assert.equal((await drop(stamp, FIRST)).statusCode, 204);
    assert.equal(await countRows(stamp), 0);
    const altered = { ...batch!, rows: [rowOf({ quantity: '7' })] };
    assert.equal((await commerce.putBatch(stamp, altered)).statusCode, 201);
    assert.equal((await commerce.putManifest(stamp, manifestOf([altered]))).statusCode, 201);
    const refused = await drop(stamp, FIRST);
    assert.deepEqual([refused.statusCode, codeOf(refused)], [409, 'ReportedWindowGap']);
    assert.match(refused.body, /2026-11-23T11Z has to come next/);
    assert.equal(await countRows(stamp), 1);
    assert.equal((await drop(stamp, SECOND)).statusCode, 204);
    assert.equal(codeOf(await drop(stamp, THIRD)), 'ReportedWindowGap');
  });

  const refuseAll = async (stamp: TestStamp, code: string, reason: RegExp): Promise<void> => {
    const answers = [
      await commerce.putBatch(stamp, batchesOf(SECOND, 1)[0]!),
      await commerce.putManifest(stamp, manifestOf([], SECOND)),
      await drop(stamp, SECOND),
    ];
    for (const answer of answers) {
      assert.equal(codeOf(answer), code);
      assert.match(answer.body, reason);
    }
    // What was accepted before can still be asked about.
    assert.equal((await commerce.send(stamp, batchesOf(FIRST, 2))).statusCode, 200);
  };

  it('takes nothing after the end of a registration', async () => {
    const stamp = await commerce.register();
    await commerce.send(stamp, batchesOf(FIRST, 2));
    await commerce.test.database.transaction((tx) =>
      expireRegistration(tx, stamp.registration, clock.now(), commerce.changing),
    );
    await refuseAll(stamp, 'RegistrationExpired', /ended at/);
    assert.equal((await progress(stamp))['status'], 'Expired');
  });

  it('takes nothing while reporting is off, and goes on where it was', async () => {
    const stamp = await commerce.register();
    await commerce.send(stamp, batchesOf(FIRST, 2));
    await commerce.putBatch(stamp, batchesOf(SECOND, 1)[0]!);
    clock.advance(1000);
    await commerce.register({ usageReporting: false }, stamp);
    await refuseAll(stamp, 'UsageReportingOff', /switched off/);
    const { nextWindow, periods } = await progress(stamp);
    assert.equal(nextWindow, null);
    assert.match(JSON.stringify(periods), /"endReason":"ReportingOff"/);
    assert.equal(await countRows(stamp), 3);
    assert.equal(await dropEndedPeriods(commerce.test.database), 1);
    assert.equal(await dropEndedPeriods(commerce.test.database), 0);
    assert.equal(await countRows(stamp), 2);
    await commerce.register({ fromWindow: THIRD }, stamp);
    assert.equal((await progress(stamp))['nextWindow'], windowName(THIRD));
    assert.equal((await commerce.send(stamp, batchesOf(THIRD, 1))).statusCode, 201);
  });

  it('leaves nothing unfinished of an earlier period among accepted windows', async () => {
    const stamp = await commerce.register();
    await commerce.putBatch(stamp, batchesOf(FIRST, 1)[0]!);
    await commerce.register({ usageReporting: false }, stamp);
    await commerce.register({ fromWindow: SECOND }, stamp);
    assert.equal((await commerce.send(stamp, batchesOf(SECOND, 1))).statusCode, 201);
    const { rows } = await commerce.test.database.pool.query<{ hour: number }>(
      'select reported_hour as hour from reported_usage where registration_number = $1',
      [stamp.registration.number],
    );
    assert.deepEqual(rows, [{ hour: SECOND }]);
  });

  it('leaves nothing of a window at which the open period no longer stands', async () => {
    const stamp = await commerce.register();
    await commerce.putBatch(stamp, batchesOf(FIRST, 1)[0]!);
    clock.advance(1000);
    await commerce.register({ fromWindow: SECOND }, stamp);
    assert.equal((await progress(stamp))['nextWindow'], windowName(SECOND));
    const { pool } = commerce.test.database;
    // As a change would leave it that moves the period and nothing else.
    await pool.query(`insert into reported_batch values ($1, $2, 1, 1, '', now())`, [
      stamp.registration.number,
      FIRST,
    ]);
    assert.equal((await commerce.send(stamp, batchesOf(SECOND, 1))).statusCode, 201);
    assert.equal(await countRows(stamp), 1);
    const { rows } = await pool.query<{ hour: number }>(
      'select reported_hour as hour from reported_batch where registration_number = $1',
      [stamp.registration.number],
    );
    assert.deepEqual(rows, [{ hour: SECOND }]);
  });

  it('leaves what the period that was opened again is at', async () => {
    const stamp = await commerce.register();
    await commerce.putBatch(stamp, batchesOf(FIRST, 1)[0]!);
    await commerce.register({ usageReporting: false }, stamp);
    await commerce.register({}, stamp);
    assert.equal(await dropEndedPeriods(commerce.test.database), 0);
    assert.equal((await commerce.send(stamp, batchesOf(FIRST, 1))).statusCode, 201);
  });

  it('takes nothing of a registration that was reset', async () => {
    const subscriptionId = await commerce.addSubscription({ tenantId: HOME });
    const stamp = await commerce.register({}, undefined, subscriptionId);
    await commerce.send(stamp, batchesOf(FIRST, 2));
    await commerce.test.database.transaction((tx) =>
      changeCommerceSubscription(
        tx,
        subscriptionId,
        { tenantId: CUSTOMER_TENANT },
        commerce.changing,
      ),
    );
    await refuseAll(stamp, 'UsageReportingOff', /it was reset/);
    assert.equal((await progress(stamp))['status'], 'Reset');
  });

  it('takes nothing of a registration that was removed, and tells its stamp so', async () => {
    const stamp = await commerce.register();
    await commerce.send(stamp, batchesOf(FIRST, 2));
    await commerce.test.database.transaction((tx) =>
      removeRegistration(tx, stamp.registration, commerce.changing),
    );
    await refuseAll(stamp, 'UsageReportingOff', /it was removed/);
    assert.equal((await progress(stamp))['status'], 'Removed');
  });
});

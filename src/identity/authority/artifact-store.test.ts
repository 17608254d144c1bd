import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { fixedClock } from '../../platform/index.ts';
import { createArtifactStore, sweepArtifacts } from './artifact-store.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00Z');

describe('what the library keeps', () => {
  const test = withTestDatabase();
  const clock = fixedClock(START);
  const storeOf = (model: string) => createArtifactStore(test.database.pool, clock, model);
  const everything = async () => {
    const { rows } = await test.database.pool.query('select * from authority_artifact');
    return JSON.stringify(rows, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  };

  it('and opens something by its id alone is found by the id, which is nowhere in the database', async () => {
    for (const model of ['RefreshToken', 'AuthorizationCode', 'Session', 'AccessToken']) {
      const id = `secret-of-${model}`;
      await storeOf(model).upsert(id, { jti: id, kind: model, accountId: 'ann' }, 60);
      assert.deepEqual(await storeOf(model).find(id), { jti: id, kind: model, accountId: 'ann' });
      assert.equal(await storeOf(model).find(`${id}x`), undefined);
    }
    const interaction = { jti: 'i', session: { uid: 'u', cookie: 'secret-of-Session' } };
    await storeOf('Interaction').upsert('i', interaction, 60);
    assert.deepEqual(await storeOf('Interaction').find('i'), { jti: 'i', session: { uid: 'u' } });
    assert.doesNotMatch(await everything(), /secret-of/);
  });

  it('can be used once, by whoever comes first', async () => {
    const store = storeOf('AuthorizationCode');
    await store.upsert('code', { jti: 'code' }, 60);
    const used = await Promise.allSettled([store.consume('code'), store.consume('code')]);
    assert.deepEqual(used.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    const found = await store.find('code');
    assert.equal(found?.consumed, START.epochMilliseconds / 1_000);
    const replay = storeOf('ReplayDetection');
    const shown = await Promise.allSettled(
      [1, 2].map(() => replay.upsert('assertion', { jti: 'assertion' }, 60)),
    );
    assert.deepEqual(shown.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  });

  it('counts from its first use', async () => {
    const store = storeOf('RefreshToken');
    await store.upsert('token', { jti: 'token' }, 3_600);
    await store.consume('token');
    for (const [seconds, isOver] of [
      [40, false],
      [19, false],
      [1, true],
      [40, true],
    ] as const) {
      clock.advance(seconds * 1_000);
      assert.equal((await store.find('token'))?.consumed !== undefined, isOver, `${seconds}`);
      await store.consume('token');
    }
  });

  it('never lives longer than anything has to, whatever a caller wrote', async () => {
    await storeOf('ReplayDetection').upsert('far', { jti: 'far' }, 9e15);
    const { rows } = await test.database.pool.query<{ days: number }>(
      `select extract(day from expires_at - $1::timestamptz)::int as days
         from authority_artifact where id = 'far'`,
      [clock.now().toString()],
    );
    assert.deepEqual(rows, [{ days: 90 }]);
  });

  it('is found by user code and by uid, and goes with its grant', async () => {
    const codes = storeOf('DeviceCode');
    await codes.upsert('device', { jti: 'device', userCode: 'BCDF', grantId: 'grant' }, 60);
    assert.equal((await codes.findByUserCode('BCDF'))?.jti, 'device');
    await storeOf('Session').upsert('s', { uid: 'the uid' }, 60);
    assert.ok(await storeOf('Session').findByUid('the uid'));
    await codes.revokeByGrantId('grant');
    assert.equal(await codes.find('device'), undefined);
    await storeOf('Session').destroy('s');
    assert.equal(await storeOf('Session').find('s'), undefined);
  });

  it('is not found by an id that no database could keep', async () => {
    assert.equal(await storeOf('DeviceCode').find('a\0'), undefined);
    assert.equal(await storeOf('DeviceCode').findByUserCode('\0'), undefined);
  });

  it('is swept away an hour after its end', async () => {
    const store = storeOf('Grant');
    await store.upsert('short', { jti: 'short' }, 60);
    await store.upsert('long', { jti: 'long' }, 10_000);
    clock.advance(60 * 60_000);
    await sweepArtifacts(test.database.pool, clock);
    assert.ok(await store.find('short'));
    clock.advance(61_000);
    assert.ok((await sweepArtifacts(test.database.pool, clock)) > 0);
    assert.equal(await store.find('short'), undefined);
    await test.database.pool.query(
      `insert into authority_artifact (model, id, payload, expires_at)
       select 'Grant', 'old ' || n, '{}', $1 from generate_series(1, 12000) n`,
      [START.toString()],
    );
    assert.equal(await sweepArtifacts(test.database.pool, clock), 12_000);
    assert.ok(await store.find('long'));
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeProtectedHeader, importJWK, SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import type { FastifyRequest } from 'fastify';
import { withTestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import { fixedClock, silentLog, type Queryable } from '../../platform/index.ts';
import { createKeyRing } from './key-ring.ts';
import { ensureKey, loadKeys, rotateKeys, rotateKeysWhenDue, signingKey } from './key-store.ts';
import { withTestAuthority, HOME_TENANT, ORIGIN } from './test-authority.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00Z');
const HOUR_MS = 3_600_000;

describe('keys', () => {
  const test = withTestDatabase();
  const clock = fixedClock(START);
  const changing = { clock, actor: SYSTEM };
  const inTx = <T>(work: (tx: Queryable) => Promise<T>) => test.database.transaction(work);
  const known = () => loadKeys(test.database.pool, clock.now());
  const newRing = () => createKeyRing({ db: test.database.pool, clock, log: silentLog });

  /** The database, with something done before each statement. */
  const watched = (first: () => void): Queryable =>
    new Proxy(test.database.pool, {
      get: (pool, name, receiver) => {
        if (name === 'query') first();
        return Reflect.get(pool, name, receiver);
      },
    });

  it('are made once, whoever starts first', async () => {
    const made = await Promise.all([1, 2, 3].map(() => inTx((tx) => ensureKey(tx, changing))));
    assert.equal(made.filter(Boolean).length, 1);
    const keys = await known();
    assert.equal(keys.length, 1);
    assert.equal(Buffer.from(keys[0]?.privateJwk.n ?? '', 'base64url').length, 256);
  });

  it('take over after a day, and stay published until their last token is over', async () => {
    const [first] = await known();
    const ring = newRing();
    assert.equal((await ring.current()).signing.kid, first?.kid);
    const second = await inTx((tx) => rotateKeys(tx, changing));
    clock.advance(60_000);
    const soon = await ring.current();
    assert.deepEqual(
      [soon.signing.kid, soon.all.map(({ kid }) => kid)],
      [first?.kid, [second.kid, first?.kid]],
    );
    clock.advance(24 * HOUR_MS);
    assert.equal((await ring.current()).signing.kid, second.kid);
    assert.ok(await ring.publicKey(first?.kid ?? ''));
    clock.advance(25 * HOUR_MS);
    assert.deepEqual(
      (await ring.current()).all.map(({ kid }) => kid),
      [second.kid],
    );
    assert.equal(await ring.publicKey(first?.kid ?? ''), undefined);
  });

  it('sign at once when asked to, also before one that was to sign later', async () => {
    const later = await inTx((tx) => rotateKeys(tx, changing));
    clock.advance(1_000);
    const now = await inTx((tx) => rotateKeys(tx, changing, { now: true }));
    assert.deepEqual(
      (await known()).map(({ kid }) => kid),
      [now.kid],
    );
    clock.advance(24 * HOUR_MS);
    assert.equal(signingKey(await known(), clock.now())?.kid, now.kid);
    assert.notEqual(later.kid, now.kid);
  });

  it('are made anew by themselves every 90 days', async () => {
    clock.advance(48 * HOUR_MS);
    assert.equal(await inTx((tx) => rotateKeysWhenDue(tx, changing)), undefined);
    assert.equal((await known()).length, 1);
    clock.advance(88 * 24 * HOUR_MS);
    const made = await Promise.all([1, 2].map(() => inTx((tx) => rotateKeysWhenDue(tx, changing))));
    assert.equal(made.filter((key) => key !== undefined).length, 1);
    assert.equal((await known()).length, 2);
    const { rows } = await test.database.pool.query<{ change: string; count: number }>(
      `select detail::jsonb ->> 'change' as change, count(*)::int as count from audit_event
        where action = 'Stackmeter.Identity/authorityKeys/write' group by 1 order by 1`,
    );
    const told = Object.fromEntries(rows.map(({ change, count }) => [change, count]));
    assert.deepEqual(told, { added: 5, deleted: 3, retired: 5 });
  });

  it('of another process are found by their id at once, without a query for each unknown one', async () => {
    let queries = 0;
    const db = watched(() => (queries += 1));
    const ring = createKeyRing({ db, clock, log: silentLog });
    await ring.current();
    clock.advance(1_500);
    const made = await inTx((tx) => rotateKeys(tx, changing, { now: true }));
    assert.ok(await ring.publicKey(made.kid));
    assert.equal(queries, 2);
    await Promise.all(Array.from({ length: 200 }, (_, at) => ring.publicKey(`unknown ${at}`)));
    assert.equal(queries, 2);
    clock.advance(1_001);
    await Promise.all(Array.from({ length: 200 }, (_, at) => ring.publicKey(`unknown ${at}`)));
    assert.equal(queries, 3);
  });

  it('that are known are used further while the database is away', async () => {
    let down = false;
    const db = watched(() => {
      if (down) throw new Error('the database is away');
    });
    const ring = createKeyRing({ db, clock, log: silentLog });
    const { signing } = await ring.current();
    down = true;
    clock.advance(600_000);
    assert.equal((await ring.current()).signing.kid, signing.kid);
    assert.ok(await ring.publicKey(signing.kid));
  });

  it('are published for sure only as long as they were read lately', async () => {
    const ring = newRing();
    const { kid } = (await ring.current()).signing;
    assert.deepEqual([ring.publishes(kid), ring.publishes('another')], [true, false]);
    clock.advance(30_000);
    assert.equal(ring.publishes(kid), false);
    assert.ok(await ring.publicKey(kid));
    assert.equal(ring.publishes(kid), true);
  });
});

describe('the check of tokens', () => {
  const stamp = withTestAuthority();
  const request = {
    server: stamp.app,
    headers: { host: 'localhost:9443' },
    socket: {},
  } as unknown as FastifyRequest;
  const check = (token: string) => stamp.authority.checkToken(request, token);
  const newToken = async (): Promise<string> => {
    const { clientId, clientSecret } = await stamp.addClient();
    const reply = await stamp.post('/adfs/oauth2/token', {
      grant_type: 'client_credentials',
      scope: `${ORIGIN}/.default`,
      client_id: clientId,
      client_secret: clientSecret,
    });
    return reply.json().access_token;
  };

  it('gives who it is, and until when', async () => {
    const token = await newToken();
    const now = Math.floor(stamp.clock.now().epochMilliseconds / 1000);
    const checked = await check(token);
    assert.ok(typeof checked === 'object');
    assert.partialDeepStrictEqual(checked, {
      kind: 'client',
      tenantId: HOME_TENANT,
      name: 'caller',
      issuer: `${ORIGIN}/adfs`,
      audience: ORIGIN,
      refusedFrom: (now + 3600 + 60) * 1000,
    });
    assert.equal(stamp.authority.knows(request, checked.issuer), true);
    assert.equal(stamp.authority.knows(request, 'https://evil.example/adfs'), false);
  });

  it('takes access tokens signed with our keys by RS256 and nothing else', async () => {
    const token = await newToken();
    const { kid = '' } = decodeProtectedHeader(token);
    const payload: JWTPayload = JSON.parse(
      Buffer.from(token.split('.')[1] ?? '', 'base64url').toString(),
    );
    const [key] = await loadKeys(stamp.test.database.pool, stamp.clock.now());
    const privateKey = await importJWK(key?.privateJwk ?? {}, 'RS256');
    const typ = 'at+jwt';
    const sign = (header: Record<string, string>, claims: JWTPayload = payload) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid, typ, ...header })
        .sign(privateKey);
    assert.equal(typeof (await check(await sign({}))), 'object');
    const publicText = JSON.stringify(
      (await stamp.ask({ url: '/adfs/discovery/keys' })).json().keys[0],
    );
    const refused: readonly (readonly [string, RegExp])[] = [
      [await sign({ typ: 'JWT' }), /not an access token/],
      [await sign({ kid: 'another' }), /key is not known/],
      [await sign({}, { ...payload, exp: (payload.iat ?? 0) + 3_601 }), /claims are not those/],
      [await sign({}, { ...payload, iat: 9e9, exp: 9e9 + 60 }), /claims are not those/],
      [await sign({}, { ...payload, tid: 'x' }), /claims are not those/],
      [await sign({}, { ...payload, idtyp: 'other' }), /claims are not those/],
      [await sign({}, { ...payload, aud: [ORIGIN] }), /claims are not those/],
      [await sign({}, { ...payload, exp: undefined } as never), /missing or wrong/],
      [`${token.slice(0, -6)}AAAAAA`, /does not verify|not a signed/],
      [new UnsecuredJWT(payload).encode(), /not RS256|not a signed/],
      [
        await new SignJWT(payload)
          .setProtectedHeader({ alg: 'HS256', kid, typ })
          .sign(Buffer.from(publicText)),
        /not RS256/,
      ],
      ['', /not a signed/],
      ['a.b.c', /not a signed/],
    ];
    for (const [each, problem] of refused) {
      const said = await check(each);
      assert.ok(
        typeof said === 'string' && problem.test(said),
        `${JSON.stringify(said)} ${problem}`,
      );
    }
  });

  it('leaves a minute for clocks that differ, and remembers no longer than that', async () => {
    const token = await newToken();
    assert.equal(typeof (await check(token)), 'object');
    stamp.clock.advance((3600 + 59) * 1000);
    assert.equal(typeof (await check(token)), 'object');
    stamp.clock.advance(2_000);
    assert.equal(await check(token), 'it has expired');
    const now = stamp.clock.now();
    stamp.clock.set(now.subtract({ seconds: 3600 + 59 + 2 + 120 }));
    assert.equal(await check(token), 'it is not valid yet');
    stamp.clock.set(now);
  });

  it('ends with the key that signed the token, remembered or not', async () => {
    const [token, unseen] = [await newToken(), await newToken()];
    assert.equal(typeof (await check(token)), 'object');
    await stamp.test.database.transaction((tx) => rotateKeys(tx, stamp.changing, { now: true }));
    stamp.clock.advance(30_000);
    for (const each of [token, unseen]) {
      assert.equal(await check(each), 'its signing key is not known here');
    }
    assert.equal(typeof (await check(await newToken())), 'object');
  });

  it('goes on through a change of keys', async () => {
    const { database } = stamp.test;
    const made = await database.transaction((tx) => rotateKeys(tx, stamp.changing));
    stamp.clock.advance(23.5 * HOUR_MS);
    const before = await newToken();
    stamp.clock.advance(0.5 * HOUR_MS);
    const after = await newToken();
    assert.equal(decodeProtectedHeader(after).kid, made.kid);
    assert.deepEqual(
      [typeof (await check(before)), typeof (await check(after))],
      ['object', 'object'],
    );
    const { keys } = (await stamp.ask({ url: '/adfs/discovery/keys' })).json();
    assert.equal(keys.length, 2);
    for (const key of keys) {
      assert.deepEqual(Object.keys(key).toSorted(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
    }
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { listClientCredentials, type Grants, type Role } from '../../identity/index.ts';
import { hourNumber, type SubscriptionId } from '../../kernel/index.ts';
import {
  newStampKey,
  readPublicJwk,
  thumbprintOf,
  verifyStatement,
  windowName,
  type SigningKey,
} from '../../reporting/index.ts';
import { putCustomerMapping, putRegistration, removeRegistration } from '../registration/index.ts';
import {
  BASE,
  batchesOf,
  batchOf,
  codeOf,
  CUSTOMER_TENANT,
  FIRST,
  HOME,
  IP_METER,
  rowOf,
  somebody,
  STAMP_SUBSCRIPTION,
  tokenOf,
  withTestCommerce,
  type TestStamp,
} from './test-commerce.ts';
import { receivedTotals } from './totals-store.ts';

const VM = 'fab6eb84-500b-4a09-a8ca-7358f8bbaea5';
const IP = 'f271a8a388c44d93956a063e1d2fa80b';

function grants(role: Role, subscriptionId?: SubscriptionId): Grants {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

describe('reading what was reported', () => {
  const commerce = withTestCommerce();
  const get = (stamp: TestStamp, rest: string, caller = stamp.principal) =>
    commerce.call(caller, { method: 'GET', url: `${stamp.path}${rest}` });

  it('lists and states the windows of a range, which can be verified with the published key', async () => {
    const stamp = await commerce.register();
    for (const at of [0, 1, 2]) await commerce.send(stamp, batchesOf(hourNumber(FIRST + at), 2));
    const keys = await commerce.call(somebody(), { method: 'GET', url: '/api/v1/statement-keys' });
    const [published] = keys.json<{ keys: Record<string, string>[] }>().keys;
    const trusted = readPublicJwk(published)!;
    assert.equal(published!['kid'], thumbprintOf(trusted));
    assert.equal(published!['d'], undefined);

    const namesOf = async (query: string): Promise<string[]> => {
      const answer = await get(stamp, `/statement${query}`);
      assert.equal(answer.statusCode, 200, answer.body);
      const { windows } = verifyStatement(answer.json(), trusted);
      const listed = await get(stamp, `/windows${query}`);
      const { windows: list } = listed.json<{ windows: { window: string; hash: string }[] }>();
      assert.deepEqual(
        list.map(({ hash }) => hash),
        windows.map(({ hash }) => hash),
      );
      return list.map(({ window }) => window);
    };
    const all = ['2026-11-23T10Z', '2026-11-23T11Z', '2026-11-23T12Z'];
    assert.deepEqual(await namesOf(''), all);
    assert.deepEqual(await namesOf('?from=2026-11-23T11Z'), all.slice(1));
    assert.deepEqual(
      await namesOf('?from=2026-11-23T10:00:00Z&TO=2026-11-23T12Z'),
      all.slice(0, 2),
    );
    assert.deepEqual(await namesOf('?from=2026-11-23T12Z&to=2026-11-23T12Z'), []);
    assert.deepEqual(await namesOf('?from=2026-11-23T11Z&to=2026-11-23T12Z'), all.slice(1, 2));
  });

  it('gives nothing of a registration that has no window yet', async () => {
    const stamp = await commerce.register();
    assert.deepEqual((await get(stamp, '/windows')).json(), { windows: [] });
    assert.deepEqual((await get(stamp, '/totals')).json(), { totals: [] });
    assert.equal(verifyStatement((await get(stamp, '/statement')).json()).windows.length, 0);
  });

  it('refuses ranges that cannot be', async () => {
    const stamp = await commerce.register();
    const tries = [
      await get(stamp, '/windows?from=yesterday'),
      await get(stamp, '/windows?from=2026-11-23T10:30Z'),
      await get(stamp, '/windows?from=2026-11-23T11Z&to=2026-11-23T10Z'),
      await get(stamp, '/windows?from=2026-01-01T00Z&to=2026-11-23T10Z'),
      await get(stamp, '/statement?from=2026-01-01T00Z&to=2026-11-23T10Z'),
      await get(stamp, '/totals?from=2024-01-01T00Z&to=2026-11-23T10Z'),
      await get(stamp, '/totals?to=1969-01-01T00:00:00Z'),
    ];
    assert.deepEqual(
      tries.map((answer) => [answer.statusCode, codeOf(answer)]),
      tries.map(() => [400, 'InvalidProperty']),
    );
  });

  it('adds up what was accepted by day, subscription and meter, and nothing else', async () => {
    const stamp = await commerce.register({ fromWindow: hourNumber(FIRST - 11) });
    const customer = await commerce.addSubscription();
    const window = hourNumber(FIRST - 11);
    await commerce.send(stamp, [
      batchOf([rowOf({ quantity: '0.1' }), rowOf({ quantity: '0.2', meterId: IP_METER })], {
        window,
      }),
    ]);
    const mapping = { customerSubscriptionId: customer, tenantId: CUSTOMER_TENANT, shared: false };
    await commerce.test.database.transaction((tx) =>
      putCustomerMapping(tx, stamp.registration, mapping, commerce.changing),
    );
    const [next] = [hourNumber(window + 1)];
    await commerce.send(stamp, [batchOf([rowOf({ quantity: '0.2' })], { window: next })]);
    const later = hourNumber(window + 2);
    await commerce.putBatch(stamp, batchOf([rowOf({ quantity: '100' })], { window: later }));
    const answer = await get(stamp, '/totals?from=2026-11-22T00Z');
    assert.deepEqual(answer.json(), {
      totals: [
        ['2026-11-22', STAMP_SUBSCRIPTION, IP, 1, '0.2', '0.2', '0.2'],
        ['2026-11-22', STAMP_SUBSCRIPTION, VM, 1, '0.1', '0.1', '0'],
        ['2026-11-23', STAMP_SUBSCRIPTION, VM, 1, '0.2', '0', '0'],
      ],
    });
    const { number } = stamp.registration;
    const totals = await receivedTotals(commerce.test.database.pool, number, window, later + 1);
    assert.deepEqual(
      totals.map(({ day, quantity }) => [day, quantity]),
      [
        [20_779, '0.2'],
        [20_779, '0.1'],
        [20_780, '0.2'],
      ],
    );
    const none = await get(stamp, `/totals?from=${windowName(later)}`);
    assert.deepEqual(none.json(), { totals: [] });
  });

  it('shows it to those who may read the registration, and to others not even that it is there', async () => {
    const stamp = await commerce.register();
    const allowed = [
      somebody(grants('Operator')),
      somebody(grants('Reader', BASE)),
      somebody(grants('BillingReader', BASE)),
      somebody(grants('Owner', BASE)),
    ];
    for (const caller of allowed) {
      for (const rest of ['/windows', '/statement', '/totals']) {
        assert.equal((await get(stamp, rest, caller)).statusCode, 200, rest);
      }
      assert.equal(codeOf(await get(stamp, '', caller)), 'RegistrationNotFound');
    }
    const foreign = (await commerce.register()).principal;
    const strangers = [somebody(), foreign, somebody(grants('Owner', STAMP_SUBSCRIPTION))];
    const absent = { ...stamp, path: `/api/v1/reported-usage/${randomUUID()}` };
    for (const caller of strangers) {
      const refused = await get(stamp, '/windows', caller);
      const same = await get(absent, '/windows', caller);
      assert.deepEqual([refused.statusCode, codeOf(refused)], [403, 'AuthorizationFailed']);
      assert.equal(same.body, refused.body);
    }
    const operator = somebody(grants('Operator'));
    assert.equal(codeOf(await get(absent, '/totals', operator)), 'RegistrationNotFound');
  });

  it('tells metrics of each registration', async () => {
    const stamp = await commerce.register();
    const id = stamp.registration.registrationId;
    const valueOf = async (name: string): Promise<string | undefined> => {
      const { body } = await commerce.metrics.text();
      const line = `stackmeter_reported_usage_${name}{registration="${id}"} `;
      return body
        .split('\n')
        .find((one) => one.startsWith(line))
        ?.slice(line.length);
    };
    assert.deepEqual(
      [await valueOf('windows_received'), await valueOf('rows_received')],
      ['0', '0'],
    );
    assert.equal(await valueOf('lag_seconds'), '3900');
    await commerce.send(stamp, batchesOf(FIRST, 3));
    await commerce.send(stamp, batchesOf(hourNumber(FIRST + 1), 2));
    for (const again of [1, 2]) {
      assert.equal(await valueOf('windows_received'), '2', String(again));
      assert.equal(await valueOf('rows_received'), '5');
    }
    assert.equal(await valueOf('lag_seconds'), '0');
    await commerce.register({ usageReporting: false }, stamp);
    assert.equal(await valueOf('lag_seconds'), undefined);
    const { body } = await commerce.metrics.text();
    assert.match(body, /refused_total\{code="AuthorizationFailed"\} \d/);
  });
});

describe('rotating the key of a stamp', () => {
  const commerce = withTestCommerce();
  const rotate = (stamp: TestStamp, registrationToken: unknown) =>
    commerce.call(stamp.principal, {
      method: 'PUT',
      url: `${stamp.path}/credential`,
      body: JSON.stringify({ registrationToken }),
    });
  const thumbprints = async ({ registration }: TestStamp): Promise<string[]> => {
    const held = await listClientCredentials(commerce.test.database.pool, registration.principalId);
    return held.map(({ thumbprint = '' }) => Buffer.from(thumbprint, 'hex').toString('base64url'));
  };

  const stateKey = async (stamp: TestStamp, key: SigningKey): Promise<string[]> => {
    const { cloudId } = stamp.registration;
    commerce.clock.advance(1000);
    const { text } = await tokenOf(commerce.clock, key, { cloudId });
    const answer = await rotate(stamp, text);
    assert.equal(answer.statusCode, 200, answer.body);
    assert.deepEqual(answer.json(), { thumbprint: key.kid });
    return thumbprints(stamp);
  };
  const removals = async ({ registration }: TestStamp): Promise<number> => {
    const { rows } = await commerce.test.database.pool.query<{ count: number }>(
      `select count(*)::int as count from audit_event
       where target like '%' || $1 || '%' and detail::text like '%remove%'`,
      [registration.principalId],
    );
    return rows[0]!.count;
  };

  it('adds the new key, and ends the one before when the new one is confirmed', async () => {
    const stamp = await commerce.register();
    const [second, third] = [newStampKey(), newStampKey()];
    assert.deepEqual(await stateKey(stamp, second), [stamp.key.kid, second.kid]);
    assert.equal(await removals(stamp), 0);
    for (const time of [1, 2, 3]) {
      assert.deepEqual(await stateKey(stamp, second), [second.kid], String(time));
      assert.equal(await removals(stamp), 1);
    }
    assert.deepEqual(await stateKey(stamp, third), [second.kid, third.kid]);
    assert.deepEqual(await stateKey(stamp, third), [third.kid]);
  });

  it('confirms the key in use when the new one was given up', async () => {
    const stamp = await commerce.register();
    await stateKey(stamp, newStampKey());
    assert.deepEqual(await stateKey(stamp, stamp.key), [stamp.key.kid]);
  });

  it('keeps two keys at most while none is confirmed', async () => {
    const stamp = await commerce.register();
    const [second, third] = [newStampKey(), newStampKey()];
    await stateKey(stamp, second);
    assert.deepEqual(await stateKey(stamp, third), [second.kid, third.kid]);
  });

  it('is left with one key when it is confirmed several times at once', async () => {
    const stamp = await commerce.register();
    const second = newStampKey();
    await stateKey(stamp, second);
    const { cloudId } = stamp.registration;
    const { text } = await tokenOf(commerce.clock, second, { cloudId });
    const answers = await Promise.all(Array.from({ length: 5 }, () => rotate(stamp, text)));
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      answers.map(() => 200),
    );
    assert.deepEqual(await thumbprints(stamp), [second.kid]);
  });

  it('lets no older token bring a key back, here or by registering again', async () => {
    const stamp = await commerce.register();
    const { cloudId } = stamp.registration;
    const old = await tokenOf(commerce.clock, stamp.key, { cloudId });
    const second = newStampKey();
    await stateKey(stamp, second);
    const refused = await rotate(stamp, old.text);
    assert.deepEqual([refused.statusCode, codeOf(refused)], [400, 'InvalidRegistrationToken']);
    assert.match(refused.body, /older/);
    await stateKey(stamp, second);
    assert.equal(codeOf(await rotate(stamp, old.text)), 'InvalidRegistrationToken');
    const again = commerce.test.database.transaction((tx) =>
      putRegistration(tx, stamp.registration, old.token, { homeTenantId: HOME }, commerce.changing),
    );
    await assert.rejects(again, { code: 'InvalidRegistrationToken' });
    assert.deepEqual(await thumbprints(stamp), [second.kid]);
  });

  it('refuses tokens of another stamp, and what is no token', async () => {
    const stamp = await commerce.register();
    const { text } = await tokenOf(commerce.clock, newStampKey());
    for (const token of [text, 'text', `${text.slice(0, -4)}AAAA`]) {
      const refused = await rotate(stamp, token);
      assert.deepEqual([refused.statusCode, codeOf(refused)], [400, 'InvalidRegistrationToken']);
    }
    assert.equal(codeOf(await rotate(stamp, undefined)), 'InvalidProperty');
    const foreign = await commerce.register();
    const other = { ...stamp, principal: foreign.principal };
    assert.equal(codeOf(await rotate(other, text)), 'RegistrationNotFound');
    assert.deepEqual(await thumbprints(stamp), [stamp.key.kid]);
  });

  it('gives no key to a stamp that was removed', async () => {
    const stamp = await commerce.register();
    const { cloudId } = stamp.registration;
    const { text } = await tokenOf(commerce.clock, newStampKey(), { cloudId });
    await commerce.test.database.transaction((tx) =>
      removeRegistration(tx, stamp.registration, commerce.changing),
    );
    assert.equal(codeOf(await rotate(stamp, text)), 'UsageReportingOff');
  });
});

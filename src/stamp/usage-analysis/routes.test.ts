import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Principal } from '../../identity/index.ts';
import { DAYS, grant, list, somebody, withUsageApp, type Body } from './test-app.ts';
import { FIRST, METERS, subscriptionOf, uriOf } from './test-usage.ts';

const [METER, OTHER] = METERS.map(({ id }) => id);

describe('usage analysis over HTTP', () => {
  const { test, ask } = withUsageApp();
  const operator = somebody(grant('Reader'));

  const analyse = async (as: Principal, query: string): Promise<Body> => {
    const { status, body } = await ask(as, `/api/v1/usage-analysis?${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  };
  /** Keys and amounts of the groups. */
  const amounts = async (as: Principal, query: string): Promise<unknown[][]> =>
    list((await analyse(as, query))['groups']).map(({ name, amount }) => [name, amount]);

  it('adds up by meter, without a total over different units', async () => {
    assert.deepEqual(await analyse(operator, DAYS), {
      from: '2026-02-26T00:00:00Z',
      to: '2026-02-28T00:00:00Z',
      granularity: 'day',
      groupBy: 'meter',
      freshness: { closedTo: '2026-02-28T00:00:00Z', summarizedTo: '2026-02-28T00:00:00Z' },
      buckets: ['2026-02-26T00:00:00Z', '2026-02-27T00:00:00Z'],
      groups: [
        {
          key: METER!.toLowerCase(),
          name: METERS[0]!.name,
          amount: '52.8',
          points: ['52.8', '0'],
          unit: METERS[0]!.unit,
        },
        {
          key: OTHER!.toLowerCase(),
          name: METERS[1]!.name,
          amount: '2.4',
          points: ['2.4', '0'],
          unit: METERS[1]!.unit,
        },
      ],
    });
  });

  it('tells where resources and groups are, and what is left beside a page', async () => {
    const query = `${DAYS}&groupBy=resource&meter=${METER!.toUpperCase()}&limit=2&top=1&granularity=none`;
    const { groups, others, total, unit, nextLink } = await analyse(operator, query);
    const [one, other] = [subscriptionOf(1), subscriptionOf(4)];
    assert.deepEqual(groups, [
      {
        key: uriOf(1, 'h', 'second').toLowerCase(),
        name: 'second',
        amount: '48',
        points: ['48'],
        parent: { subscription: one, subscriptionName: 'Subscription D', resourceGroup: 'h' },
      },
      {
        key: list(groups)[1]!['key'],
        name: list(groups)[1]!['name'],
        amount: '2.4',
        parent: list(groups)[1]!['parent'],
      },
    ]);
    assert.deepEqual(
      [others, total, unit],
      [
        { count: 1, amount: '2.4', points: ['2.4'] },
        { amount: '52.8', points: ['52.8'] },
        METERS[0]!.unit,
      ],
    );
    const next = await ask(operator, String(nextLink));
    assert.equal(next.status, 200);
    assert.equal(list(next.body['groups']).length, 1);
    assert.equal(next.body['nextLink'], undefined);
    const names = [...list(groups), ...list(next.body['groups'])].map(({ name }) => name);
    assert.deepEqual(new Set(names), new Set(['first', 'second', 'third']));
    const byGroup = await analyse(
      operator,
      `${DAYS}&groupBy=resourceGroup&meter=${METER}&order=name&search=G`,
    );
    const groupOf = (id: string, group: string, subscriptionName: string): unknown[] => {
      const key = `/subscriptions/${id}/resourcegroups/${group.toLowerCase()}`;
      return [key, group, { subscription: id, subscriptionName }];
    };
    assert.deepEqual(
      new Set(list(byGroup['groups']).map(({ key, name, parent }) => [key, name, parent])),
      new Set([groupOf(one, 'G', 'Subscription D'), groupOf(other, 'g', 'Subscription A')]),
    );
    assert.deepEqual(byGroup['others'], { count: 1, amount: '48', points: ['48', '0'] });
  });

  it('cuts days into hours, late usage in the hour of its use', async () => {
    const body = await analyse(
      operator,
      `from=2026-02-26T22:00Z&to=2026-02-27T01:00Z&granularity=hour&groupBy=location&meter=${METER}`,
    );
    assert.deepEqual(body['buckets'], [
      '2026-02-26T22:00:00Z',
      '2026-02-26T23:00:00Z',
      '2026-02-27T00:00:00Z',
    ]);
    assert.deepEqual(
      list(body['groups']).map(({ key, points }) => [key, points]),
      [
        ['local', ['2.1', '2.1', '0']],
        ['west', ['0.1', '0.1', '0']],
      ],
    );
  });

  it('filters by tags with odd names and by their absence', async () => {
    assert.deepEqual(await amounts(operator, `${DAYS}&tag=env:prod`), [[METERS[0]!.name, '52.8']]);
    assert.deepEqual(await amounts(operator, `${DAYS}&tag=ENV:`), [[METERS[1]!.name, '2.4']]);
    assert.deepEqual(await amounts(operator, `${DAYS}&tag=A%5C:B:x:y&location=WEST`), [
      [METERS[0]!.name, '2.4'],
    ]);
    assert.deepEqual(await amounts(operator, `${DAYS}&tag=a:b`), []);
    assert.deepEqual(await amounts(operator, `${DAYS}&groupBy=tag:Env&meter=${OTHER}`), [
      ['', '2.4'],
    ]);
  });

  it('answers for what is not the caller’s as for what does not exist', async () => {
    const tenant = somebody(grant('Owner', 1));
    const missing = `${DAYS}&subscription=${randomUUID()}`;
    assert.deepEqual(await amounts(tenant, `${DAYS}&meter=${METER}`), [[METERS[0]!.name, '50.4']]);
    const foreign = await analyse(tenant, `${DAYS}&subscription=${subscriptionOf(4)}`);
    assert.deepEqual(foreign, await analyse(tenant, missing));
    assert.deepEqual(foreign['groups'], []);
    const foreignResource = `${DAYS}&resource=${encodeURIComponent(uriOf(4, 'g', 'third', 'sites'))}`;
    assert.deepEqual((await analyse(tenant, foreignResource))['groups'], []);
    assert.deepEqual(await amounts(tenant, `${DAYS}&meter=none`), []);
  });

  it('shows providers what is below them, and holders of a resource group that group', async () => {
    const provider = somebody(grant('DelegatedProvider', 3));
    assert.deepEqual(await amounts(provider, DAYS), [[METERS[0]!.name, '2.4']]);
    const both = somebody(grant('Reader', 1, 'g'), grant('BillingReader', 4));
    const query = `${DAYS}&groupBy=subscription&meter=${METER}&order=name`;
    assert.deepEqual(await amounts(both, query), [
      ['Subscription A', '2.4'],
      ['Subscription D', '2.4'],
    ]);
  });

  it('shows a deleted subscription to the operator and its provider only', async () => {
    const query = `${DAYS}&groupBy=subscription&meter=${METER}`;
    const setState = (state: string): Promise<unknown> =>
      test.database.pool.query('update subscription set state = $2 where subscription_id = $1', [
        subscriptionOf(4),
        state,
      ]);
    await setState('Deleted');
    const shown = [['Subscription A', '2.4']];
    assert.deepEqual(await amounts(somebody(grant('Owner', 4), grant('Owner', 4, 'g')), query), []);
    assert.deepEqual(await amounts(somebody(grant('Owner', 3)), query), shown);
    assert.equal((await amounts(operator, query)).length, 2);
    await setState('Enabled');
    assert.deepEqual(await amounts(somebody(grant('Owner', 4)), query), shown);
  });

  it('refuses who may read no usage at all', async () => {
    for (const path of ['', '/values']) {
      const { status, code } = await ask(
        somebody(grant('Emitter')),
        `/api/v1/usage-analysis${path}?${DAYS}`,
      );
      assert.deepEqual([status, code], [403, 'AuthorizationFailed']);
    }
  });

  const refused: [string, string, RegExp][] = [
    [DAYS.replace('to=', 'until='), 'InvalidProperty', /until/],
    ['from=2026-02-26', 'InvalidProperty', /to.*required/],
    ['from=x&to=2026-02-27', 'BadRequest', /from/],
    [`${DAYS}&groupBy=location`, 'InvalidProperty', /meter.*choose one/],
    [
      `${DAYS}&groupBy=location&meter=a&meter=b`,
      'InvalidProperty',
      /only quantities of one meter add up/,
    ],
    [`${DAYS}&groupBy=service`, 'InvalidProperty', /subscription, resourceGroup/],
    [`${DAYS}&granularity=week`, 'InvalidProperty', /none, hour, day, month/],
    [`${DAYS}&account=1`, 'InvalidProperty', /account/],
    [`${DAYS}&$skiptoken=WzUwXQ.AAAA`, 'InvalidProperty', /nextLink/],
  ];
  for (const [query, wanted, said] of refused) {
    it(`names what is wrong with ${query}`, async () => {
      const { status, code, body } = await ask(operator, `/api/v1/usage-analysis?${query}`);
      assert.deepEqual([status, code], [400, wanted]);
      assert.match(JSON.stringify(body), said);
    });
  }

  it('answers for any time that can be asked about, as fine and as long as it goes', async () => {
    for (const query of [
      'from=1970-01-01&to=1970-01-01T01:00Z&granularity=hour',
      'from=9999-12-30T05:00Z&to=9999-12-31&granularity=month',
      'from=1990-01-01&to=1999-12-01&granularity=month',
      'from=2024-01-01&to=2027-01-01&granularity=day&top=25&limit=1000&order=name',
      'from=2026-02-01T01:00Z&to=2026-03-03T23:00Z&granularity=hour&top=25',
    ]) {
      for (const groupBy of ['meter', 'resource', 'tag:none']) {
        const { groups } = await analyse(operator, `${query}&groupBy=${groupBy}&meter=${METER}`);
        assert.equal(list(groups).length > 0, /2024|2026/.test(query), query);
      }
    }
  });

  it('takes the token of a question for no other question', async () => {
    const { nextLink } = await analyse(operator, `${DAYS}&limit=1`);
    const token = new URL(String(nextLink)).searchParams.get('$skiptoken')!;
    const same = await ask(operator, `/api/v1/usage-analysis?limit=1&$skiptoken=${token}&${DAYS}`);
    assert.equal(same.status, 200);
    const other = await ask(
      operator,
      `/api/v1/usage-analysis?limit=1&$skiptoken=${token}&${DAYS}&location=west`,
    );
    assert.equal(other.code, 'InvalidProperty');
  });

  it('has no hours past retention, and says from when on it has them', async () => {
    const { pool } = test.database;
    const expire = (at: string | null): Promise<unknown> =>
      pool.query('update reported_window set expired_at = $1 where number = $2', [at, FIRST + 5]);
    await expire('2026-11-01T00:00Z');
    for (const query of [`${DAYS}&granularity=hour`, 'from=2026-02-26T03:00Z&to=2026-02-27']) {
      const { status, body } = await ask(operator, `/api/v1/usage-analysis?${query}`);
      assert.equal(status, 410);
      assert.match(JSON.stringify(body), /UsageDataExpired.*2026-02-26T06:00:00/);
    }
    assert.equal((await amounts(operator, DAYS)).length, 2);
    await expire(null);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { Principal, Role } from '../../../identity/index.ts';
import {
  Decimal,
  isJsonObject,
  parseDirectoryTenantId,
  parsePrincipalId,
  sumOf,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { buildApp, silentLog } from '../../../platform/index.ts';
import { costAnalysisRoutes } from './routes.ts';
import { summarizeCosts } from '../summaries/summarize.ts';
import { withCostRoom, type CostRoom } from '../test-costs.ts';

type Grants = Principal['grants'];
type Body = Readonly<Record<string, unknown>>;

function grant(role: Role, subscriptionId?: SubscriptionId): Grants {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

/** In one order. */
function textsOf(values: readonly unknown[]): string[] {
  return values.map(String).toSorted((one, other) => (one < other ? -1 : 1));
}

const RANGE = 'from=2026-09-01&to=2026-12-01';

describe('the interface of cost analysis', () => {
  const room = withCostRoom();
  let app: FastifyInstance;
  let grants: Grants = [];

  before(async () => {
    app = await openApp(room, () => grants);
    for (let seed = 1; seed <= 2; seed++) await room.report(150, seed);
    await summarizeCosts(room.test);
  });
  after(() => app.close());

  const ask = async (
    path: string,
    as: Grants = grant('Operator'),
  ): Promise<{ status: number; body: Body; text: string }> => {
    grants = as;
    const url = path.startsWith('/') ? path : `/api/v1/${path}`;
    const answer = await app.inject({ method: 'GET', url, headers: { host: 'localhost' } });
    const body: unknown = JSON.parse(answer.body);
    return { status: answer.statusCode, body: isJsonObject(body) ? body : {}, text: answer.body };
  };
  const groupsOf = (body: Body): Body[] =>
    Array.isArray(body['groups']) ? body['groups'].filter((one) => isJsonObject(one)) : [];
  const decimal = (value: unknown): Decimal => Decimal.parse(String(value))!;
  const codeOf = ({ body }: { body: Body }): unknown =>
    isJsonObject(body['error']) ? body['error']['code'] : undefined;

  it('answers the operator from the root, sellers by buyer', async () => {
    const { status, body } = await ask(`cost-analysis?${RANGE}&groupBy=account`);
    assert.equal(status, 200);
    assert.deepEqual(body['account'], { id: room.provider, name: 'Provider' });
    assert.equal(body['view'], 'selling');
    assert.equal(body['currency'], 'USD');
    assert.equal(body['unpriced'], 0);
    const groups = groupsOf(body);
    assert.deepEqual(
      textsOf(groups.map(({ key }) => key)),
      textsOf([room.partner, room.customers[2]!.accountId]),
    );
    const { rows } = await room.test.database.pool.query<{ amount: string }>(
      'select trim_scale(sum(amount)) as amount from charge where account_id = any($1::uuid[])',
      [[room.partner, room.customers[2]!.accountId]],
    );
    const total = body['total'] as Body;
    assert.equal(total['amount'], rows[0]!.amount);
    const shares = sumOf(groups.map(({ share }) => decimal(share)));
    assert.ok(
      shares
        .subtract(decimal('100'))
        .roundTo(1, (a, b) => a / b)
        .isZero(),
    );
  });

  it('gives all groups on pages, none twice, and refuses the token of another question', async () => {
    const query = `cost-analysis?${RANGE}&groupBy=resource&limit=2&view=selling&account=${room.partner}&tag=team:red&tag=team:blue`;
    const keys: unknown[] = [];
    let next: string | undefined = query;
    let link = '';
    while (next !== undefined) {
      const { body, status } = await ask(next);
      assert.equal(status, 200);
      keys.push(...groupsOf(body).map(({ key }) => key));
      const nextLink: unknown = body['nextLink'];
      next =
        typeof nextLink === 'string'
          ? new URL(nextLink).pathname + new URL(nextLink).search
          : undefined;
      link = next ?? link;
    }
    // Two machines of two customers of the partner.
    assert.equal(keys.length, 4);
    assert.equal(new Set(keys).size, 4);
    const altered = await ask(link.replace('team%3Ared', 'team%3Agreen'));
    assert.equal(altered.status, 400);
  });

  it('shows each who may see it the same, and nobody else anything', async () => {
    const [own, sibling, direct] = room.customers;
    const reader = grant('Reader', own!.subscription);
    const { body, status } = await ask(`cost-analysis?${RANGE}&groupBy=resource`, reader);
    assert.equal(status, 200);
    assert.equal(body['view'], 'buying');
    const seen = groupsOf(body);
    assert.ok(seen.length > 0 && seen.every(({ key }) => String(key).includes(own!.subscription)));
    for (const other of [room.partner, room.provider, sibling!.accountId, direct!.accountId]) {
      for (const path of [
        `cost-analysis?${RANGE}&account=${other}`,
        `cost-analysis/values?dimension=resource&account=${other}`,
        `cost-analysis/forecast?account=${other}`,
        `cost-analysis/margin?${RANGE}&account=${other}`,
        `overview?account=${other}`,
      ]) {
        const hidden = await ask(path, reader);
        const missing = await ask(
          path.replace(other, '99999999-0000-4000-8000-000000000009'),
          reader,
        );
        assert.equal(hidden.status, 404, path);
        assert.equal(codeOf(hidden), 'BillingAccountNotFound');
        assert.equal(
          hidden.text.replaceAll(other, 'X'),
          missing.text.replaceAll('99999999-0000-4000-8000-000000000009', 'X'),
        );
      }
    }
    const foreign = await ask(
      `cost-analysis?${RANGE}&subscription=${sibling!.subscription}`,
      reader,
    );
    assert.deepEqual(groupsOf(foreign.body), []);
    assert.equal((foreign.body['total'] as Body)['amount'], '0');
    // What the seller pays, and what others pay it, are sides that a buyer does not have.
    assert.equal((await ask(`cost-analysis?${RANGE}&view=selling`, reader)).status, 400);
    assert.equal((await ask(`cost-analysis?${RANGE}`, [])).status, 400);
  });

  it('compares what a partner buys and sells', async () => {
    const { body, status } = await ask(`cost-analysis/margin?${RANGE}&account=${room.partner}`);
    assert.equal(status, 200);
    const buyers = body['buyers'] as Body[];
    assert.deepEqual(
      textsOf(buyers.map(({ key }) => key)),
      textsOf(room.customers.slice(0, 2).map(({ accountId }) => accountId)),
    );
    const total = body['total'] as Body;
    for (const [view, name] of [
      ['buying', 'bought'],
      ['selling', 'sold'],
    ] as const) {
      const costs = await ask(`cost-analysis?${RANGE}&account=${room.partner}&view=${view}`);
      assert.equal(total[name], (costs.body['total'] as Body)['amount']);
      assert.ok(sumOf(buyers.map((one) => decimal(one[name]))).equals(decimal(total[name])));
    }
    assert.ok(
      decimal(total['sold']).subtract(decimal(total['bought'])).equals(decimal(total['margin'])),
    );
    const provider = await ask(`cost-analysis/margin?${RANGE}`);
    assert.equal('bought' in (provider.body['total'] as Body), false);
  });

  it('lists values of each dimension, found by a part of their name', async () => {
    for (const dimension of [
      'subscription',
      'resourceGroup',
      'resource',
      'resourceType',
      'meter',
      'location',
      'service',
      'account',
      'tag',
      'tag:team',
    ]) {
      const { body, status } = await ask(
        `cost-analysis/values?dimension=${dimension}&account=${room.partner}`,
      );
      assert.equal(status, 200, dimension);
      const values = body['value'] as Body[];
      assert.ok(values.length > 0, dimension);
      if (['tag'].includes(dimension)) continue;
      // Each key picks something out.
      const filter = dimension.startsWith('tag:')
        ? `tag=team:${encodeURIComponent(String(values.at(-1)!['key']))}`
        : `${dimension === 'account' ? 'buyer' : dimension}=${encodeURIComponent(String(values.at(-1)!['key']))}`;
      const costs = await ask(`cost-analysis?${RANGE}&account=${room.partner}&${filter}`);
      assert.equal(costs.status, 200, dimension);
      assert.ok(groupsOf(costs.body).length > 0, `${dimension} ${filter}`);
    }
    const found = await ask('cost-analysis/values?dimension=resource&search=VM2&limit=1');
    const [value] = found.body['value'] as Body[];
    assert.equal(value!['name'], 'vm2');
    assert.equal(typeof found.body['nextLink'], 'string');
  });

  it('tells what is wrong with a question', async () => {
    for (const [query, parameter] of [
      ['from=2026-10-01', 'to'],
      [`${RANGE}&groupBy=colour`, 'groupBy'],
      [`${RANGE}&granularity=hour`, 'granularity'],
      ['from=2026-10-01T05:00Z&to=2026-10-02', 'from'],
      [`${RANGE}&view=sideways`, 'view'],
      [`${RANGE}&currency=EUR`, 'currency'],
      [`${RANGE}&buyer=nobody`, 'buyer'],
      [`${RANGE}&colour=red`, 'colour'],
      [`${RANGE}&$skiptoken=abc`, '$skiptoken'],
      [`${RANGE}&account=${room.customers[0]!.accountId}&account=${room.partner}`, 'account'],
    ] as const) {
      const { status, text } = await ask(`cost-analysis?${query}`);
      assert.equal(status, 400, query);
      assert.ok(text.includes(parameter), `${query}: ${text}`);
    }
    assert.equal((await ask('cost-analysis/values?dimension=colour')).status, 400);
    assert.equal((await ask('cost-analysis/values')).status, 400);
    assert.equal((await ask('cost-analysis/forecast?colour=red')).status, 400);
    assert.equal((await ask('overview?filter=red')).status, 400);
  });

  it('forecasts the present period and shows it at a glance', async () => {
    const { body, status } = await ask(
      `cost-analysis/forecast?account=${room.partner}&view=selling`,
    );
    assert.equal(status, 200);
    assert.equal(body['period'], '202611-1');
    assert.ok(decimal(body['forecast']).compare(decimal(body['amount'])) >= 0);
    const overview = await ask(`overview?account=${room.partner}&view=selling`);
    assert.equal(overview.status, 200);
    const current = overview.body['current'] as Body;
    assert.equal(current['amount'], body['amount']);
    assert.ok(
      sumOf((current['daily'] as unknown[]).map(decimal)).equals(decimal(current['amount'])),
    );
    const top = overview.body['top'] as Record<string, Body[]>;
    assert.ok(
      top['meters']!.length > 0 &&
        top['resources']!.length === 5 &&
        top['subscriptions']!.length === 2,
    );
    const shown = overview.body['forecast'] as Body;
    assert.equal(shown['amount'], body['forecast']);
  });

  it('tells of charges without a price and of what waits', async () => {
    const { pool } = room.test.database;
    const accountId = room.customers[2]!.accountId;
    await pool.query(
      `update charge set amount = null where charge = (
         select charge from charge join billing_period p using (period)
         where charge.account_id = $1 and p.name = '202611-1' order by charge limit 1)`,
      [accountId],
    );
    await pool.query('insert into rated_change (charge) select charge from charge');
    await pool.query(
      `insert into billing_problem values ($1, 0, 'MeterWithoutPrice', 'a price list of others', 1, now(), now(), now())`,
      [accountId],
    );
    await summarizeCosts(room.test);
    const { body } = await ask(`cost-analysis?${RANGE}&account=${accountId}`);
    assert.equal(body['unpriced'], 1);
    const { body: overview, text } = await ask(`overview?account=${accountId}`);
    const kinds = (overview['attention'] as Body[]).map(({ kind }) => kind);
    assert.ok(kinds.includes('chargesUnpriced') && kinds.includes('ratingFailed'));
    assert.ok(!text.includes('price list of others'));
    const sibling = await ask('overview', grant('Reader', room.customers[0]!.subscription));
    assert.ok(!(sibling.body['attention'] as Body[]).some(({ kind }) => kind === 'ratingFailed'));
  });
});

async function openApp(room: CostRoom, grantsOf: () => Grants): Promise<FastifyInstance> {
  const { clock, test } = room;
  const app = buildApp({ log: silentLog, clock });
  costAnalysisRoutes(app, {
    database: test.database,
    clock,
    authenticate: () =>
      Promise.resolve({
        kind: 'client' as const,
        principalId: parsePrincipalId('cccccccc-0000-4000-8000-000000000001')!,
        tenantId: parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!,
        name: 'test',
        grants: grantsOf(),
      }),
  });
  await app.ready();
  return app;
}

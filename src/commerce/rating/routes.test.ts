import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import {
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
} from '../../../test/support/billing.ts';
import type { Principal, Role } from '../../identity/index.ts';
import {
  isJsonObject,
  parseDirectoryTenantId,
  parsePrincipalId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { buildApp, createMetrics, silentLog, type Metrics } from '../../platform/index.ts';
import { registerRatingMetrics } from './metrics.ts';
import { rateAcceptedUsage } from './rate.ts';
import { ratingRoutes } from './routes.ts';
import { contentOf, d, itemOf } from './test-prices.ts';
import { withTestRoom, type TestBuyer } from './test-room.ts';

const OCTOBER = hourAt('2026-10-01T00:00Z');

function somebody(role?: Role, subscriptionId?: SubscriptionId): Principal {
  const scope = { subscriptionId, resourceGroup: undefined, providers: undefined };
  return {
    kind: 'client',
    principalId: parsePrincipalId(randomUUID())!,
    tenantId: parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!,
    name: 'test',
    grants: role === undefined ? [] : [{ role, ...scope }],
  };
}

type Body = Readonly<Record<string, unknown>>;

describe('routes of rating', () => {
  const commerce = withTestRoom();
  const { test, clock, addBuyer, price, publish } = commerce;
  const callers = new Map<string, Principal>();
  const operator = somebody('Operator');
  const metrics: Metrics = createMetrics();
  let app: FastifyInstance;
  let stamp: ReportingStamp;
  let buyer: TestBuyer;
  let reseller: TestBuyer;

  async function ask(
    as: Principal,
    method: 'GET' | 'POST',
    url: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly body: Body; readonly code: unknown }> {
    callers.set(as.principalId, as);
    const answer = await app.inject({
      method,
      url,
      headers: { host: 'localhost', 'x-caller': as.principalId },
      ...(body && { payload: body }),
    });
    const parsed: unknown = answer.json();
    assert.ok(isJsonObject(parsed));
    const { error } = parsed;
    return {
      status: answer.statusCode,
      body: parsed,
      code: isJsonObject(error) ? error['code'] : undefined,
    };
  }

  function listOf(value: unknown): Body[] {
    assert.ok(Array.isArray(value));
    return value.filter(isJsonObject);
  }

  before(async () => {
    app = buildApp({ log: silentLog, clock });
    ratingRoutes(app, {
      database: test.database,
      clock,
      authenticate: async ({ headers }: { headers: object }) =>
        callers.get(Object.entries(headers).find(([name]) => name === 'x-caller')?.[1])!,
    });
    registerRatingMetrics(metrics, commerce.room);
    await app.ready();
    reseller = await addBuyer({ kind: 'partner', name: 'reseller', seriesPrefix: 'RES' });
    buyer = await addBuyer({ parentId: reseller.accountId });
    await publish('flat', contentOf([itemOf(METERS.baseVm)]));
    await price(reseller.accountId, { priceListId: 'flat' });
    await price(buyer.accountId, { markupPercent: d('25') });
    stamp = await addStamp(test.database, buyer.customer, { from: OCTOBER });
    await reportUsage(test.database, stamp, OCTOBER + 1, [
      { customer: buyer.customer, meterId: METERS.baseVm, usageHour: OCTOBER, quantity: '4' },
    ]);
    await rateAcceptedUsage(commerce.room);
  });
  after(() => app.close());

  const chargesUrl = (): string => `/api/v1/charges?account=${buyer.accountId}`;
  const explanationUrl = async (): Promise<string> => {
    const { body } = await ask(operator, 'GET', chargesUrl());
    return `/api/v1/charges/${String(listOf(body['value'])[0]!['charge'])}/explanation`;
  };

  it('lists the charges of an account, decimals as texts', async () => {
    const reader = somebody('Reader', buyer.customer);
    const { status, body } = await ask(reader, 'GET', `${chargesUrl()}&period=202610-1`);
    assert.equal(status, 200);
    const [charge, ...others] = listOf(body['value']);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [charge?.['quantity'], charge?.['amount'], charge?.['period'], charge?.['invoicedAmount']],
      ['4', '5', '202610-1', '0'],
    );
    const none = await ask(reader, 'GET', `${chargesUrl()}&period=202609-1`);
    assert.deepEqual(none.body, { value: [] });
  });

  it('goes on where a page ended, with a token of the same list', async () => {
    const { pool } = test.database;
    await pool.query(
      `insert into charge (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable, quantity,
                           amount)
       select account_id, period, plan, customer_subscription_id, gen_random_uuid(), meter, false, 0, 0
       from charge, generate_series(1, 1000) where account_id = $1`,
      [buyer.accountId],
    );
    const first = await ask(operator, 'GET', chargesUrl());
    assert.equal(listOf(first.body['value']).length, 1000);
    const next = String(first.body['nextLink']);
    const second = await ask(operator, 'GET', next);
    assert.equal(listOf(second.body['value']).length, 1);
    assert.equal(second.body['nextLink'], undefined);
    const forged = await ask(operator, 'GET', `${chargesUrl()}&$skiptoken=WyI1Il0.AAAA`);
    assert.deepEqual([forged.status, forged.code], [400, 'InvalidProperty']);
    await pool.query('delete from charge where account_id = $1 and not billable', [
      buyer.accountId,
    ]);
  });

  it('does not tell strangers whether there is an account or a charge', async () => {
    const stranger = somebody('Owner', (await addBuyer()).customer);
    assert.equal((await ask(stranger, 'GET', chargesUrl())).code, 'BillingAccountNotFound');
    assert.equal((await ask(stranger, 'GET', await explanationUrl())).code, 'ChargeNotFound');
    const unknown = '/api/v1/charges/999999/explanation';
    assert.equal((await ask(operator, 'GET', unknown)).code, 'ChargeNotFound');
    assert.equal((await ask(operator, 'GET', '/api/v1/charges/x/explanation')).status, 404);
    assert.equal((await ask(operator, 'GET', '/api/v1/charges')).code, 'InvalidProperty');
  });

  it('explains a charge, and shows markups only to who may see the seller', async () => {
    const url = await explanationUrl();
    const mine = await ask(somebody('Reader', buyer.customer), 'GET', url);
    assert.equal(mine.status, 200);
    assert.equal(mine.body['plan'], undefined);
    assert.ok(isJsonObject(mine.body['group']));
    const [step] = listOf(mine.body['group']['steps']);
    assert.deepEqual([step?.['unitPrice'], step?.['amount']], ['1.25', '5']);
    const sellers = await ask(somebody('Reader', reseller.customer), 'GET', url);
    assert.ok(isJsonObject(sellers.body['plan']));
    assert.deepEqual(
      [sellers.body['plan']['priceListId'], sellers.body['plan']['factor']],
      ['flat', '1.25'],
    );
    assert.deepEqual(sellers.body['plan']['chain'], [
      { accountId: buyer.accountId, markupPercent: '25' },
    ]);
  });

  it('goes down to the rows of a resource and day', async () => {
    const url = await explanationUrl();
    const { body } = await ask(operator, 'GET', url);
    const [resource] = listOf(body['resources']);
    const place = `resource=${String(resource?.['resourceKey'])}&day=2026-10-01`;
    const down = await ask(operator, 'GET', `${url}?${place}`);
    const [row, ...others] = listOf(down.body['rows']);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [row?.['window'], row?.['usageTime'], row?.['quantity'], row?.['mapping']],
      ['2026-10-01T01Z', '2026-10-01T00:00:00Z', '4', null],
    );
    for (const wrong of ['day=2026-10-01', 'resource=x&day=2026-10-01', `${place}T05:00Z`]) {
      assert.equal((await ask(operator, 'GET', `${url}?${wrong}`)).code, 'InvalidProperty');
    }
  });

  it('prices a period otherwise, and rates it anew', async () => {
    const content = {
      name: 'Dearer',
      currency: 'USD',
      items: [
        { meterId: METERS.baseVm, scope: 'account', price: { kind: 'flat', unitPrice: '2' } },
      ],
    };
    const wanted = { period: '202610-1', accountId: buyer.accountId, content };
    const told = await ask(operator, 'POST', '/api/v1/what-if', wanted);
    const [line] = listOf(told.body['lines']);
    assert.deepEqual([line?.['before'], line?.['after'], line?.['difference']], ['5', '10', '5']);
    const broken = { ...wanted, content: { ...content, items: 1 } };
    const refused = await ask(operator, 'POST', '/api/v1/what-if', broken);
    assert.equal(refused.code, 'PriceListInvalid');
    const mine = somebody('Reader', buyer.customer);
    const own = await ask(mine, 'POST', '/api/v1/what-if', wanted);
    assert.equal(own.code, 'AuthorizationFailed', 'it would tell the markups');
    const sellers = somebody('Reader', reseller.customer);
    assert.equal((await ask(sellers, 'POST', '/api/v1/what-if', wanted)).status, 200);
    const range = { from: '2026-10-01T00:00Z', to: '2026-10-02T00:00Z', reason: 'test' };
    const same = await ask(operator, 'POST', '/api/v1/rating/rerate', range);
    assert.deepEqual(same.body, { runs: [] });
    await publish('flat', contentOf([itemOf(METERS.baseVm, { included: d('1') })]));
    const { body } = await ask(operator, 'POST', '/api/v1/rating/rerate', range);
    const changes = listOf(body['runs']).flatMap((run) => listOf(run['changes']));
    const differences = new Map(changes.map((one) => [one['accountId'], one['difference']]));
    assert.deepEqual(
      [changes.length, differences.get(buyer.accountId), differences.get(reseller.accountId)],
      [2, '-1.25', '-1'],
    );
    const verified = await ask(operator, 'GET', '/api/v1/rating/verification');
    assert.deepEqual(verified.body, { checked: 2, differences: [] });
    const other = await test.database.pool.connect();
    await other.query('select pg_advisory_lock(7323)');
    const second = await ask(operator, 'GET', '/api/v1/rating/verification');
    await other.query('select pg_advisory_unlock(7323)');
    other.release();
    assert.deepEqual([second.status, second.code], [409, 'Conflict']);
    assert.equal((await ask(operator, 'GET', '/api/v1/rating/verification')).status, 200);
  });

  it('lets nobody but operators rate anew or price all accounts otherwise', async () => {
    const owner = somebody('Owner', buyer.customer);
    const range = { from: '2026-10-01T00:00Z', to: '2026-10-02T00:00Z', reason: 'test' };
    const all = await ask(owner, 'POST', '/api/v1/rating/rerate', range);
    assert.equal(all.code, 'AuthorizationFailed');
    const own = { ...range, accountId: buyer.accountId };
    const one = await ask(owner, 'POST', '/api/v1/rating/rerate', own);
    assert.equal(one.code, 'AuthorizationFailed');
    assert.equal((await ask(owner, 'GET', '/api/v1/rating/verification')).status, 403);
    const ownOnly = `/api/v1/rating/verification?account=${buyer.accountId}`;
    assert.equal((await ask(owner, 'GET', ownOnly)).status, 403);
    const backwards = { ...range, to: range.from };
    const refused = await ask(operator, 'POST', '/api/v1/rating/rerate', backwards);
    assert.equal(refused.code, 'RatingRangeInvalid');
  });

  it('tells how far it is behind, and what has no price', async () => {
    await reportUsage(test.database, stamp, OCTOBER + 2, [
      { customer: buyer.customer, meterId: METERS.windowsVm, usageHour: OCTOBER, quantity: '4' },
    ]);
    const waiting = (await metrics.text()).body;
    assert.match(waiting, /^stackmeter_rating_windows_waiting 1$/m);
    assert.match(waiting, /^stackmeter_rating_rows_waiting 1$/m);
    assert.match(waiting, /^stackmeter_rating_lag_seconds [1-9][0-9]*$/m);
    assert.match(waiting, /^stackmeter_rating_charges_unpriced 0$/m);
    await rateAcceptedUsage(commerce.room);
    const rated = (await metrics.text()).body;
    assert.match(rated, /^stackmeter_rating_windows_waiting 0$/m);
    assert.match(rated, /^stackmeter_rating_lag_seconds 0$/m);
    assert.match(rated, /^stackmeter_rating_charges_unpriced 2$/m);
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { SYSTEM } from '../../../audit/index.ts';
import type { Grants } from '../../../identity/index.ts';
import { hourNumber, parseSubscriptionId, type SubscriptionId } from '../../../kernel/index.ts';
import {
  addCommerceSubscription,
  type CommerceSubscriptionKind,
} from '../../registration/index.ts';
import { ensureCommerceMeters } from '../../reported-usage/index.ts';
import { ensureSamplePriceList } from '../lists/publish.ts';
import { findPriceListVersion } from '../lists/store.ts';
import { codeOf, grantOf, withPricingApi } from '../test-pricing-api.ts';
import { d, WINDOWS } from '../test-prices.ts';
import type { AccountTerm } from '../terms/term.ts';

describe('rate cards over HTTP', () => {
  const { ask, test, clock, state } = withPricingApi();
  const FILTER =
    "OfferDurableId eq 'MS-AZR-0003P' and Currency eq 'USD' and Locale eq 'en-US' and RegionInfo eq 'US'";
  const add = async (kind: CommerceSubscriptionKind): Promise<SubscriptionId> => {
    const subscriptionId = parseSubscriptionId(randomUUID())!;
    const made = {
      subscriptionId,
      displayName: 'test',
      kind,
      partnerId: kind === 'CSP' ? 'partner' : undefined,
      tenantId: undefined,
      multitenancyApproved: false,
    };
    const changing = { clock, actor: SYSTEM };
    await test.database.transaction((tx) => addCommerceSubscription(tx, made, changing));
    return subscriptionId;
  };
  const card = (
    id: string,
    filter: string | undefined = FILTER,
    version = '2015-06-01-preview',
    grants?: Grants,
  ) => {
    const query = new URLSearchParams({ 'api-version': version, $filter: filter });
    return ask(
      `/subscriptions/${id}/providers/Microsoft.Commerce/RateCard?${query.toString()}`,
      grants && { grants },
    );
  };
  let payg: SubscriptionId;
  before(async () => {
    await test.database.transaction(async (tx) => {
      await ensureCommerceMeters(tx, clock);
      await ensureSamplePriceList(tx, clock);
    });
    const version = await findPriceListVersion(test.database.pool, 'sample', 1);
    state.prices = { version: version! };
    payg = await add('PayAsYouGo');
  });

  it('are at an address that needs no token, for a while', async () => {
    for (const version of ['2015-06-01-preview', '2016-08-31-preview']) {
      const answer = await card(payg, FILTER, version, grantOf('BillingReader', payg));
      assert.equal(answer.statusCode, 302, answer.body);
      const location = new URL(String(answer.headers.location));
      assert.equal(location.origin, 'https://localhost:9443');
      const found = await ask(location.pathname, { grants: [] });
      assert.equal(found.statusCode, 200);
      const { Meters, Currency, Locale } = found.json<{
        Meters: { MeterId: string; MeterRates: Record<string, number>; MeterName: string }[];
        Currency: string;
        Locale: string;
      }>();
      assert.deepEqual([Currency, Locale, Meters.length], ['USD', 'en-US', 24]);
      const windows = Meters.find(({ MeterId }) => MeterId.toLowerCase() === WINDOWS);
      assert.deepEqual(
        [windows?.MeterName, windows?.MeterRates],
        ['Windows VM Size Hours', { '0': 0.046 }],
      );
      assert.match(found.body, /"MeterRates":\{"0":0\.0000083333\}/);
      const other = location.pathname.replace(/\/[^/.]+\./, '/WyJ4Il0.');
      assert.equal((await ask(other)).statusCode, 404);
      clock.advance(10 * 60 * 1000);
      assert.equal((await ask(location.pathname)).statusCode, 404);
    }
  });

  it('are refused with a bare message for whatever does not fit', async () => {
    const refused = [
      [payg, ''],
      [payg, FILTER.replace('0003P', '0017P')],
      [payg, FILTER.replace('USD', 'EUR')],
      [payg, FILTER.replace("'US'", "'x'")],
      [await add('EnterpriseAgreement'), FILTER],
      [await add('CSP'), FILTER],
      [await add('MSDN'), FILTER],
    ] as const;
    for (const [id, filter] of refused) {
      const answer = await card(id, filter);
      assert.equal(answer.statusCode, 400);
      const body = answer.json<Record<string, unknown>>();
      assert.deepEqual(Object.keys(body), ['Message'], answer.body);
      assert.match(String(body['Message']), /OfferDurableId, Currency, Locale and RegionInfo/);
    }
    const { prices } = state;
    delete state.prices;
    assert.equal((await card(payg)).statusCode, 400);
    if (prices !== undefined) state.prices = prices;
    const msdn = await add('MSDN');
    assert.equal((await card(msdn, FILTER.replace('0003P', '0062P'))).statusCode, 302);
  });

  it('are for those who have a role on the subscription', async () => {
    const other = grantOf('Owner', parseSubscriptionId(randomUUID()));
    assert.equal((await card(payg, FILTER, '2015-06-01-preview', other)).statusCode, 403);
    assert.equal(codeOf(await card(payg, FILTER, '2014-01-01')), 'InvalidApiVersionParameter');
    assert.equal(codeOf(await card(randomUUID())), 'SubscriptionNotFound');
    const own = `/api/v1/rate-cards/${payg}`;
    assert.equal(codeOf(await ask(own, { grants: other })), 'AuthorizationFailed');
    assert.equal(codeOf(await ask(`/api/v1/rate-cards/${randomUUID()}`)), 'SubscriptionNotFound');
  });

  it('have a form of our own with all of the prices as they are paid, and nothing of the seller', async () => {
    const version = state.prices!.version;
    const scale = { factor: d('1.1'), exchangeRate: d('0.92') };
    const credit = (effectiveFrom: number, effectiveTo?: number): AccountTerm => ({
      termId: 't',
      name: `from ${effectiveFrom}`,
      definition: { kind: 'credit', amount: d('5'), recurrence: 'once' },
      effectiveFrom: hourNumber(effectiveFrom),
      effectiveTo: effectiveTo === undefined ? undefined : hourNumber(effectiveTo),
    });
    const all = [credit(0), credit(1, 100), credit(900_000)];
    state.prices = { version: { ...version, effectiveFrom: hourNumber(0) }, scale, terms: all };
    const answer = await ask(`/api/v1/rate-cards/${payg}`, { grants: grantOf('Reader', payg) });
    assert.equal(answer.statusCode, 200, answer.body);
    const { items, terms, ...rest } = answer.json<{
      items: { price: object }[];
      [name: string]: unknown;
    }>();
    assert.deepEqual(rest, {
      subscriptionId: payg,
      currency: 'USD',
      effectiveFrom: '1970-01-01T00:00:00Z',
      sample: true,
    });
    const credited = { name: 'from 0', kind: 'credit', amount: '5', recurrence: 'once' };
    assert.deepEqual(terms, [credited]);
    // 0.008 x 1.1 x 0.92
    assert.deepEqual(items[0]?.price, { kind: 'flat', unitPrice: '0.008096' });
    state.prices = { version };
  });
});

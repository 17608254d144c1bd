import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { parseSubscriptionId } from '../../kernel/index.ts';
import { codeOf, grantOf, withPricingApi } from './test-pricing-api.ts';

describe('rates of exchange and taxes over HTTP', () => {
  const { ask } = withPricingApi();

  it('are entered and listed', async () => {
    const rate = { from: 'usd', to: 'EUR', day: '2026-11-01', rate: '0.92', source: 'bank' };
    const made = await ask('/api/v1/exchange-rates', { method: 'PUT', body: rate });
    const expected = { ...rate, from: 'USD', version: 1, createdAt: '2026-11-23T11:05:00Z' };
    assert.deepEqual([made.statusCode, made.json()], [200, expected]);
    const rates = await ask('/api/v1/exchange-rates');
    assert.deepEqual(rates.json(), { value: [expected] });
    const tax = { sellerCountry: 'FR', buyerCountry: 'FR', category: 's', percent: '20' };
    const entered = await ask('/api/v1/tax-rates', { method: 'POST', body: tax });
    assert.equal(entered.statusCode, 201, entered.body);
    const { taxRate, ...entry } = entered.json<Record<string, unknown>>();
    assert.equal(typeof taxRate, 'number');
    assert.deepEqual(entry, {
      ...tax,
      category: 'S',
      businessOnly: false,
      from: '2026-11-23',
      createdAt: '2026-11-23T11:05:00Z',
    });
    assert.equal((await ask('/api/v1/tax-rates')).json<{ value: object[] }>().value.length, 1);
  });

  it('are refused when they cannot be', async () => {
    const rate = { from: 'USD', to: 'EUR', day: '2026-11-01', rate: '0.92', source: 'bank' };
    for (const [changes, code] of [
      [{ from: 'XQQ' }, 'CurrencyUnknown'],
      [{ rate: 0.92 }, 'InvalidProperty'],
      [{ day: '2026-11-01T10:00Z' }, 'InvalidProperty'],
      [{ day: undefined }, 'InvalidProperty'],
    ] as const) {
      const answer = await ask('/api/v1/exchange-rates', {
        method: 'PUT',
        body: { ...rate, ...changes },
      });
      assert.equal(codeOf(answer), code, JSON.stringify(changes));
    }
    const body = { sellerCountry: 'FR', buyerCountry: 'FR', category: 'X', percent: '20' };
    assert.equal(
      codeOf(await ask('/api/v1/tax-rates', { method: 'POST', body })),
      'InvalidProperty',
    );
  });

  it('and prices are for operators alone', async () => {
    const owner = grantOf('Owner', parseSubscriptionId(randomUUID()));
    for (const grants of [[], owner, grantOf('Owner')]) {
      for (const [method, url] of [
        ['PUT', '/api/v1/price-lists/x'],
        ['POST', '/api/v1/price-lists/x/versions'],
        ['PUT', '/api/v1/exchange-rates'],
        ['POST', '/api/v1/tax-rates'],
      ] as const) {
        const answer = await ask(url, { method, body: {}, grants });
        assert.deepEqual([answer.statusCode, codeOf(answer)], [403, 'AuthorizationFailed'], url);
      }
    }
    for (const url of [
      'price-lists',
      'price-lists/x',
      'price-lists/x/versions/1',
      'exchange-rates',
      'tax-rates',
    ]) {
      const answer = await ask(`/api/v1/${url}`, { grants: owner });
      assert.equal(codeOf(answer), 'AuthorizationFailed', url);
    }
    const quoted = await ask('/api/v1/quotes', { method: 'POST', body: {}, grants: owner });
    assert.equal(codeOf(quoted), 'AuthorizationFailed');
    assert.equal(
      (await ask('/api/v1/price-lists', { grants: grantOf('BillingReader') })).statusCode,
      200,
    );
  });
});

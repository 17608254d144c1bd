import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourOf } from '../../kernel/index.ts';
import { codeOf, START, withPricingApi } from './test-pricing-api.ts';
import { VM, WINDOWS } from './test-prices.ts';

const CONTENT = {
  name: 'Euro prices',
  currency: 'EUR',
  items: [
    { meterId: VM, scope: 'account', price: { kind: 'flat', unitPrice: '0.01' } },
    {
      meterId: WINDOWS,
      scope: 'account',
      price: {
        kind: 'graduated',
        tiers: [{ upTo: '100', unitPrice: '0.05' }, { unitPrice: '0.04' }],
      },
      included: '10',
    },
  ],
};

describe('prices over HTTP', () => {
  const { ask, state, queued } = withPricingApi();
  const LIST = '/api/v1/price-lists/euro';
  const put = (body: object, url = LIST) => ask(url, { method: 'PUT', body });

  it('are published, listed and shown as they were sent', async () => {
    const made = await put({ content: CONTENT, effectiveFrom: '2026-11-01T00:00Z', note: 'first' });
    assert.equal(made.statusCode, 201, made.body);
    const version = {
      priceListId: 'euro',
      version: 1,
      effectiveFrom: '2026-11-01T00:00:00Z',
      sample: false,
      note: 'first',
      publishedAt: '2026-11-23T11:05:00Z',
      content: CONTENT,
    };
    assert.deepEqual(made.json(), version);
    const again = await put({
      content: CONTENT,
      effectiveFrom: '2026-11-01T00:00Z',
      note: 'first',
    });
    assert.deepEqual([again.statusCode, again.json()], [200, version]);
    const next = await ask(`${LIST.toUpperCase()}/versions`, {
      method: 'POST',
      body: { content: CONTENT },
    });
    assert.equal(next.statusCode, 201, next.body);
    assert.equal(next.json<{ effectiveFrom: string }>().effectiveFrom, '2026-11-23T12:00:00Z');
    assert.deepEqual((await ask(`${LIST}/versions/1`)).json(), version);
    const shown = (await ask(LIST)).json<{ inForce: number; versions: object[] }>();
    assert.deepEqual([shown.inForce, shown.versions.length], [1, 2]);
    const lists = (await ask('/api/v1/price-lists')).json<{ value: object[] }>().value;
    assert.deepEqual(lists, [
      {
        priceListId: 'euro',
        name: 'Euro prices',
        currency: 'EUR',
        versions: 2,
        sample: false,
        createdAt: '2026-11-23T11:05:00Z',
      },
    ]);
  });

  it('are refused with every place that is wrong', async () => {
    const answer = await put({ content: { ...CONTENT, currency: 'E', items: [{ meterId: 1 }] } });
    assert.deepEqual([answer.statusCode, codeOf(answer)], [400, 'PriceListInvalid']);
    const { details } = answer.json<{ error: { details: { message: string }[] } }>().error;
    assert.deepEqual(
      details.map(({ message }) => message.split(':')[0]),
      ['$.currency', '$.items[0].meterId', '$.items[0].price'],
    );
    for (const body of [
      { content: CONTENT, effectiveFrom: '2026-11-01T00:30Z' },
      { content: CONTENT, correctPast: 'yes' },
      [],
    ]) {
      assert.equal(codeOf(await put(body)), 'InvalidProperty', JSON.stringify(body));
    }
    assert.equal(
      codeOf(await put({ content: CONTENT }, '/api/v1/price-lists/a(b)')),
      'InvalidProperty',
    );
    const nowhere = '/api/v1/price-lists/none';
    for (const [url, method] of [
      [nowhere, 'GET'],
      [`${nowhere}/versions/1`, 'GET'],
      [`${LIST}/versions/99`, 'GET'],
      [`${LIST}/versions/x`, 'GET'],
      [`${nowhere}/versions`, 'POST'],
    ] as const) {
      const answer2 = await ask(url, {
        method,
        ...(method === 'POST' && { body: { content: CONTENT } }),
      });
      assert.deepEqual([answer2.statusCode, codeOf(answer2)], [404, 'PriceListNotFound'], url);
    }
  });

  it('of the past change only when that is wanted, and are rated anew then', async () => {
    state.ratedUpTo = hourOf(START);
    const body = { content: CONTENT, effectiveFrom: '2026-11-05T00:00Z', note: 'corrected' };
    assert.equal(codeOf(await put(body)), 'PriceInThePast');
    queued.splice(0);
    assert.equal((await put({ ...body, correctPast: true })).statusCode, 200);
    assert.deepEqual(queued, ['euro 498288']);
    state.ratedUpTo = undefined;
  });

  it('are quoted by a list, a version of it, or a content', async () => {
    const quote = (body: object) => ask('/api/v1/quotes', { method: 'POST', body });
    const usage = [
      { meterId: VM.toUpperCase(), quantity: '1.5' },
      { meterId: WINDOWS, quantity: '120' },
    ];
    const byList = await quote({ priceListId: 'euro', usage });
    const { priceList, ...rest } = byList.json<{ priceList: { version: number } }>();
    assert.equal(priceList.version, 3);
    assert.deepEqual(rest, {
      currency: 'EUR',
      lines: [
        {
          meterId: VM,
          quantity: '1.5',
          amount: '0.015',
          rounded: '0.02',
          steps: [{ kind: 'flat', quantity: '1.5', unitPrice: '0.01', amount: '0.015' }],
        },
        {
          meterId: WINDOWS,
          quantity: '120',
          amount: '5.4',
          rounded: '5.4',
          steps: [
            { kind: 'included', upTo: '10', quantity: '10', amount: '0' },
            {
              kind: 'tier',
              from: '0',
              upTo: '100',
              quantity: '100',
              unitPrice: '0.05',
              amount: '5',
            },
            { kind: 'tier', from: '100', quantity: '10', unitPrice: '0.04', amount: '0.4' },
          ],
        },
      ],
      amount: '5.415',
      total: '5.42',
    });
    assert.deepEqual((await quote({ content: CONTENT, usage })).json(), rest);
    const first = await quote({ priceListId: 'euro', version: 1, usage });
    assert.equal(first.json<{ priceList: { version: number } }>().priceList.version, 1);
    for (const [body, code] of [
      [{ priceListId: 'euro', usage: [{ meterId: 'x', quantity: '1' }] }, 'MeterWithoutPrice'],
      [{ priceListId: 'euro', usage: [{ meterId: VM, quantity: 1 }] }, 'InvalidProperty'],
      [
        { priceListId: 'euro', usage: [{ meterId: VM, quantity: `0.${'1'.repeat(31)}` }] },
        'InvalidProperty',
      ],
      [{ priceListId: 'euro', usage, at: '2020-01-01' }, 'InvalidProperty'],
      [{ priceListId: 'none', usage }, 'PriceListNotFound'],
      [{ priceListId: 'euro', content: CONTENT, usage }, 'InvalidProperty'],
      [{ content: {}, usage }, 'PriceListInvalid'],
      [{ priceListId: 'euro' }, 'InvalidProperty'],
    ] as const) {
      assert.equal(codeOf(await quote(body)), code, JSON.stringify(body));
    }
  });
});

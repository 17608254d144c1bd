import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Principal } from '../../identity/index.ts';
import { grant, list, somebody, withUsageApp } from './test-app.ts';
import { METERS, subscriptionOf, uriOf } from './test-usage.ts';

const METER = METERS[0]!.id.toLowerCase();

describe('values of dimensions over HTTP', () => {
  const { ask } = withUsageApp();
  const operator = somebody(grant('Reader'));

  it('are those of usage within reach, a page at a time', async () => {
    const values = async (as: Principal, query: string): Promise<unknown[][]> => {
      const found: unknown[][] = [];
      let url: string | undefined = `/api/v1/usage-analysis/values?${query}`;
      while (url !== undefined) {
        const { status, body } = await ask(as, url);
        assert.equal(status, 200, JSON.stringify(body));
        found.push(...list(body['value']).map(({ key, name }) => [key, name]));
        url = typeof body['nextLink'] === 'string' ? body['nextLink'] : undefined;
      }
      return found;
    };
    const [one, four] = [subscriptionOf(1), subscriptionOf(4)];
    assert.deepEqual(await values(operator, 'dimension=subscription&limit=1'), [
      [four, 'Subscription A'],
      [one, 'Subscription D'],
    ]);
    assert.deepEqual((await values(operator, 'dimension=meter')).length, 2);
    assert.deepEqual(await values(operator, 'dimension=resourceGroup&search=G&limit=1'), [
      [`/subscriptions/${one}/resourcegroups/g`, 'G'],
      [`/subscriptions/${four}/resourcegroups/g`, 'g'],
    ]);
    assert.deepEqual(await values(operator, 'dimension=resourceType&limit=1'), [
      ['microsoft.test/sites', 'Microsoft.Test/sites'],
      ['microsoft.test/things', 'Microsoft.Test/things'],
    ]);
    assert.deepEqual(await values(operator, 'dimension=location'), [
      ['local', 'local'],
      ['west', 'west'],
    ]);
    assert.deepEqual(await values(operator, 'dimension=tag'), [
      ['a:b', 'a:b'],
      ['env', 'env'],
    ]);
    assert.deepEqual(await values(operator, 'dimension=tag:ENV'), [
      ['', ''],
      ['prod', 'prod'],
    ]);
    const provider = somebody(grant('DelegatedProvider', 3));
    for (const [dimension, found] of [
      ['subscription', [[four, 'Subscription A']]],
      ['meter', [[METER, METERS[0]!.name]]],
      ['location', [['west', 'west']]],
      ['resource', [[uriOf(4, 'g', 'third', 'sites').toLowerCase(), 'third']]],
      ['tag:env', [['prod', 'prod']]],
    ] as const) {
      assert.deepEqual(await values(provider, `dimension=${dimension}`), found);
    }
    const ofGroup = somebody(grant('Reader', 1, 'g'));
    assert.deepEqual(await values(ofGroup, 'dimension=meter'), [[METER, METERS[0]!.name]]);
    for (const query of [
      '',
      'dimension=service',
      'dimension=meter&limit=0',
      'dimension=meter&from=1',
    ]) {
      assert.equal(
        (await ask(operator, `/api/v1/usage-analysis/values?${query}`)).code,
        'InvalidProperty',
      );
    }
  });
});

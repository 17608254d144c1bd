import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseScope, partsOf } from './scope.ts';

const ID = 'aaaaaaaa-0000-4000-8000-000000000001';

describe('scopes', () => {
  it('are read in any case and written in one', () => {
    assert.equal(parseScope('/'), '/');
    assert.equal(parseScope(`/Subscriptions/${ID.toUpperCase()}/`), `/subscriptions/${ID}`);
    const group = parseScope(`/subscriptions/${ID}/resourcegroups/Web.Front-1_(a)`);
    assert.equal(group, `/subscriptions/${ID}/resourceGroups/web.front-1_(a)`);
    assert.deepEqual(partsOf(group), { subscriptionId: ID, resourceGroup: 'web.front-1_(a)' });
    assert.deepEqual(partsOf('/'), { subscriptionId: undefined, resourceGroup: undefined });
    const whole = parseScope(`/subscriptions/${ID}`);
    assert.deepEqual(partsOf(whole), { subscriptionId: ID, resourceGroup: undefined });
  });

  it('compare groups by letters that have one lower case in the program and in the database', () => {
    const scope = parseScope(`/subscriptions/${ID}/resourceGroups/ΑΣ`);
    assert.equal(partsOf(scope).resourceGroup, 'ασ');
    assert.equal(partsOf(parseScope(scope)).resourceGroup, 'ασ');
    assert.throws(() => parseScope(`/subscriptions/${ID}/resourceGroups/İ`), {
      code: 'InvalidProperty',
    });
  });

  it('are refused otherwise', () => {
    const base = `/subscriptions/${ID}`;
    for (const bad of [
      '',
      '//',
      '/subscriptions/x',
      `${base}/resourceGroups`,
      `${base}/resourceGroups/`,
      `${base}/resourceGroups/a/b`,
      `${base}/resourceGroups/a%2fb`,
      `${base}/providers/x`,
    ]) {
      assert.throws(() => parseScope(bad), { code: 'InvalidProperty' }, bad);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAudit } from '../../audit/index.ts';
import type { Grants, Role } from '../../identity/index.ts';
import { BASE, codeOf, somebody, withTestCommerce } from './test-commerce.ts';

const LIST = '/api/v1/commerce-meters';

function grant(role: Role, subscriptionId?: typeof BASE): Grants {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

describe('meters of commerce over HTTP', () => {
  const commerce = withTestCommerce();
  const operator = somebody(grant('Operator'));
  const put = (id: string, body: unknown, caller = operator) =>
    commerce.call(caller, {
      method: 'PUT',
      url: `${LIST}/${encodeURIComponent(id)}`,
      body: JSON.stringify(body),
    });
  const list = (caller = operator) => commerce.call(caller, { method: 'GET', url: LIST });

  it('are listed, and changed with an audit event', async () => {
    const before = (await list()).json<{ value: object[] }>().value;
    assert.equal(before.length, 85);
    const answer = await put('Copies per GB', { name: 'Copies', paid: true, unit: null });
    assert.equal(answer.statusCode, 200, answer.body);
    const { createdAt, ...meter } = answer.json<Record<string, unknown>>();
    assert.equal(createdAt, commerce.clock.now().toString());
    assert.deepEqual(meter, {
      localMeterId: 'Copies per GB',
      version: 1,
      commerceMeterId: 'Copies per GB',
      name: 'Copies',
      category: 'Azure Stack Hub',
      subCategory: '',
      region: 'Azure Stack',
      unit: '',
      paid: true,
      origin: 'operator',
    });
    assert.equal(
      (await put('COPIES PER GB', { paid: true })).json<{ version: number }>().version,
      1,
    );
    assert.equal(
      (await put('COPIES PER GB', { paid: false })).json<{ version: number }>().version,
      2,
    );
    assert.equal((await list()).json<{ value: object[] }>().value.length, 86);
    const target = '/commerceMeters/copies per gb';
    const events = await listAudit(commerce.test.database.pool, { after: 0n, limit: 9, target });
    assert.deepEqual(
      events.map(({ action, detail }) => [action, detail]),
      [
        ['Stackmeter.Commerce/meters/write', '{"version":1,"name":"Copies","paid":true}'],
        ['Stackmeter.Commerce/meters/write', '{"version":2,"paid":false}'],
      ],
    );
  });

  it('refuse what is none, and say of what', async () => {
    for (const [id, body, name] of [
      ['x', { paid: 'yes' }, 'paid'],
      ['x', { name: 1 }, 'name'],
      ['x', { name: '' }, 'name'],
      ['x', { category: 'c'.repeat(129) }, 'category'],
      ['x', [], 'the body'],
      ['Größe', { paid: true }, 'localMeterId'],
    ] as const) {
      const answer = await put(id, body);
      assert.deepEqual([answer.statusCode, codeOf(answer)], [400, 'InvalidProperty'], answer.body);
      assert.match(answer.body, new RegExp(name));
    }
  });

  it('are for those who may see and change all of commerce', async () => {
    const nobody = [somebody(), somebody(grant('Owner', BASE))];
    for (const caller of nobody) {
      for (const answer of [await list(caller), await put('x', { paid: 1 }, caller)]) {
        assert.deepEqual([answer.statusCode, codeOf(answer)], [403, 'AuthorizationFailed']);
      }
    }
    const reader = somebody(grant('Reader'));
    assert.equal((await list(reader)).statusCode, 200);
    assert.equal(codeOf(await put('x', { paid: true }, reader)), 'AuthorizationFailed');
  });
});

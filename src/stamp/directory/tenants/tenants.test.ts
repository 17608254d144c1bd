import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../../../test/support/database.ts';
import { withServer } from '../../../../test/support/server.ts';
import { callerOf, column, type Ask, type Asked } from '../test-caller.ts';

const ADMIN = 'providers/Microsoft.Subscriptions.Admin';

describe('the place of a stamp', () => {
  const test = withTestDatabase();
  describe('on a server', () => {
    const started = withServer(test);
    let operator: Ask;
    let root: string;

    const expect = (asked: Asked, status: number, code?: string): Asked => {
      assert.deepEqual([asked.status, asked.code], [status, code], JSON.stringify(asked.body));
      return asked;
    };

    before(async () => {
      root = started.server.stamp.defaultProviderSubscriptionId;
      operator = await callerOf(started, started.server.operator);
    });

    it('directory tenants are in the group of the stamp', async () => {
      const group = `/subscriptions/${root}/resourceGroups/system.local/${ADMIN}/directoryTenants`;
      const properties = { tenantId: randomUUID() };
      const path = `${group}/guests.example`;
      const made = expect(await operator('PUT', path, { location: 'local', properties }), 201);
      assert.deepEqual(made.body, {
        id: path,
        name: 'guests.example',
        type: 'Microsoft.Subscriptions.Admin/directoryTenants',
        location: 'local',
        properties,
      });
      expect(await operator('PUT', path, { location: 'there', properties }), 200);
      const again = expect(await operator('PUT', path, { properties }), 200);
      assert.equal(again.body['location'], 'there', 'what is left out stays');
      expect(
        await operator('PUT', path, { properties: { tenantId: randomUUID() } }),
        409,
        'Conflict',
      );
      assert.ok(column(await operator('GET', group), 'name').includes('guests.example'));
      expect(await operator('DELETE', `${group}/stamp.example`), 409, 'Conflict');
      expect(await operator('DELETE', path), 200);
      expect(await operator('DELETE', path), 204);
    });

    it('there is one location', async () => {
      const path = `/subscriptions/${root}/${ADMIN}/locations`;
      const one = {
        id: `${path}/local`,
        name: 'local',
        displayName: 'local',
        latitude: '',
        longitude: '',
      };
      assert.deepEqual((await operator('GET', path)).body, { value: [one] });
      expect(await operator('GET', `${path}/elsewhere`), 404, 'NotFound');
    });
  });
});

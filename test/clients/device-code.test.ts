import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { AccessToken, AuthenticationRecord } from '@azure/identity';
import { SYSTEM } from '../../src/audit/index.ts';
import { addRoleAssignment, addUser } from '../../src/identity/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import type { Server } from '../../src/server/index.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import type { Told } from './device-code-process.ts';
import { runClient, type Results } from './processes.ts';
import { usageStatus } from './usage-status.ts';

const USER = { name: 'Ana', userName: 'ana@stamp.example', password: 'correct horse battery' };

/** Somebody who may read the whole stamp. */
async function addReader({ database, stamp }: Server): Promise<void> {
  const { homeTenantId: tenantId } = stamp;
  const changing = { clock: systemClock, actor: SYSTEM };
  await database.transaction(async (tx) => {
    const principalId = await addUser(tx, { ...USER, tenantId }, changing);
    const principal = { principalId, principalTenantId: tenantId, principalType: 'User' } as const;
    await addRoleAssignment(tx, { ...principal, role: 'Reader', scope: '/' }, changing);
  });
}

describe('DeviceCodeCredential of @azure/identity', () => {
  const test = withTestDatabase();
  describe('against the built-in authority', () => {
    const started = withServer(test);
    let results: Results;

    before(async () => {
      const { server } = started;
      await addReader(server);
      const { baseUrl, caFile, stamp } = server;
      const told: Told = { baseUrl, caFile, tenantId: stamp.homeTenantId, ...USER };
      results = await runClient('device-code-process.ts', caFile, told);
    });

    it('signs in who enters the code on the page', async () => {
      const record = results.value('record') as AuthenticationRecord;
      assert.equal(record.username, USER.userName);
      assert.equal(record.tenantId, started.server.stamp.homeTenantId);
      const { token } = results.value('token') as AccessToken;
      assert.equal(await usageStatus(started.server, token), 200, String(results.value('page')));
    });

    it('gets further tokens without asking again', async () => {
      const { token } = results.value('forOtherScope') as AccessToken;
      assert.equal(await usageStatus(started.server, token), 200);
      assert.equal(results.value('prompts'), 1);
    });
  });
});

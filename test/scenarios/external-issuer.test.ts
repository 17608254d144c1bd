import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import {
  addRoleAssignment,
  externalPrincipalId,
  listRoleAssignments,
  parseScope,
  removeRoleAssignment,
} from '../../src/identity/index.ts';
import { parseDirectoryTenantId, parsePrincipalId } from '../../src/kernel/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { assertRefused, send, type Answer } from '../attack/caller.ts';
import { withTestDatabase } from '../support/database.ts';
import { startOpenIdServer, type OpenIdServer } from '../support/openid-server.ts';
import { withServer } from '../support/server.ts';

const TENANT = 'dddddddd-0000-4000-8000-00000000000a';
const CHANGING = { clock: systemClock, actor: SYSTEM };

describe('people of another directory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-external-'));
  const trustedIssuers = join(folder, 'issuers.json');
  let started: OpenIdServer | undefined;
  const openId = (): OpenIdServer => {
    if (started === undefined) throw new TypeError('The issuer is there from the first test on.');
    return started;
  };
  before(async () => {
    started = await startOpenIdServer();
    const { issuer, caFile } = started;
    const entry = {
      name: 'acme',
      issuer,
      caFile,
      tenants: [{ value: 'acme', tenantId: TENANT }],
      claims: { tenant: 'company' },
      audiences: ['urn:stackmeter'],
    };
    // Nobody answers on port 1.
    const silent = { ...entry, name: 'silent', issuer: 'https://127.0.0.1:1', caFile };
    writeFileSync(trustedIssuers, JSON.stringify([entry, silent]));
  });
  after(async () => {
    await openId().end();
    rmSync(folder, { recursive: true });
  });
  const db = withTestDatabase();

  describe('at a whole server', () => {
    const test = withServer(db, { trustedIssuers });
    const token = (claims: Record<string, unknown> = {}): Promise<string> =>
      openId().token({ aud: test.server.baseUrl, sub: 'anna', company: 'acme', ...claims });
    const ask = (bearer: string): Promise<Answer> =>
      send(test.server, {
        path: '/api/v1/meters',
        headers: [['authorization', `Bearer ${bearer}`]],
      });
    const assign = async (principal: string, tenant: string): Promise<void> => {
      const principalId = parsePrincipalId(principal);
      const principalTenantId = parseDirectoryTenantId(tenant);
      assert.ok(principalId !== undefined && principalTenantId !== undefined);
      const role = { role: 'Reader', scope: parseScope('/'), principalType: 'Unknown' } as const;
      await test.server.database.transaction((tx) =>
        addRoleAssignment(tx, { ...role, principalId, principalTenantId }, CHANGING),
      );
    };

    it('are told apart from those whose issuer does not answer, by a metric', async () => {
      assert.equal((await ask(await token())).status, 403);
      const metrics = await send(test.server, { path: '/metrics', headers: [] });
      assert.match(metrics.text, /^stackmeter_issuers_failing 1$/m);
    });

    it('are signed in, and may do nothing until they are given a role', async () => {
      const principalId = externalPrincipalId(openId().issuer, 'anna');
      const bearer = await token();
      const answer = await ask(bearer);
      assertRefused(answer, [403], bearer.split('.'));
      assert.match(answer.text, new RegExp(`"AuthorizationFailed".*${principalId}`));
      await assign(principalId, TENANT);
      assert.equal((await ask(bearer)).status, 200);
      assert.equal((await ask(await token({ aud: ['urn:stackmeter'] }))).status, 200);
      assert.equal((await ask(await token({ sub: 'bert' }))).status, 403);
    });

    it('lose it with the next request', async () => {
      const principalId = externalPrincipalId(openId().issuer, 'carl');
      await assign(principalId, TENANT);
      const bearer = await token({ sub: 'carl' });
      assert.equal((await ask(bearer)).status, 200);
      const { database } = test.server;
      const [role] = await listRoleAssignments(database.pool, { principalId });
      assert.ok(role);
      await database.transaction((tx) => removeRoleAssignment(tx, role.assignmentId, CHANGING));
      assert.equal((await ask(bearer)).status, 403);
    });

    it('are not those of the same id in another directory', async () => {
      const { stamp, operator } = test.server;
      const stranger = '0a0a0a0a-0000-4000-8000-00000000000b';
      await assign(stranger, stamp.homeTenantId);
      assert.equal((await ask(await token({ sub: stranger }))).status, 403);
      // The id of a client here is nobody's elsewhere.
      assert.equal((await ask(await token({ sub: operator.clientId }))).status, 401);
    });

    it('are refused in the name of a tenant that their directory does not speak for', async () => {
      const { stamp } = test.server;
      for (const company of [stamp.homeTenantId, TENANT, 'Acme', '', undefined]) {
        const bearer = await token({ company, tid: stamp.homeTenantId });
        assertRefused(await ask(bearer), [401], bearer.split('.'));
      }
    });

    it('are refused with a token for somebody else, or of somebody else', async () => {
      for (const claims of [
        { aud: 'https://other.example' },
        { aud: openId().issuer },
        { iss: `${openId().issuer}/` },
        { iss: `${test.server.baseUrl}/adfs` },
        { exp: 1 },
        { nonce: 'n' },
      ]) {
        const bearer = await token(claims);
        assertRefused(await ask(bearer), [401], bearer.split('.'));
      }
    });
  });
});

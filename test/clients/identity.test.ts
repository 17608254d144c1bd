import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { AccessToken } from '@azure/identity';
import { SYSTEM } from '../../src/audit/index.ts';
import { parseDirectoryTenantId, parsePrincipalId } from '../../src/kernel/index.ts';
import { addClientCertificate } from '../../src/identity/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { upsertDirectoryTenant } from '../../src/stamp/directory/index.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { newClientCertificate } from './certificate.ts';
import { certificateJwk } from './debian/certificate.ts';
import type { Told } from './identity-process.ts';
import { runClient, type Results } from './processes.ts';
import { usageStatus } from './usage-status.ts';

const OTHER_TENANT = parseDirectoryTenantId('0aa3c9d2-5b64-4a7d-9a55-3a1f0d0c7e11')!;

describe('@azure/identity', () => {
  const test = withTestDatabase();
  describe('against the built-in authority', () => {
    const started = withServer(test);
    let results: Results;

    before(async () => {
      const { baseUrl, caFile, database, operator } = started.server;
      await upsertDirectoryTenant(database.pool, {
        tenantId: OTHER_TENANT,
        name: 'other.example',
      });
      const { clientId, clientSecret, tenantId } = operator;
      const certificate = await newClientCertificate();
      await addClientCertificate(
        database.pool,
        parsePrincipalId(clientId)!,
        { name: 'a certificate', ...certificateJwk(certificate) },
        { clock: systemClock, actor: SYSTEM },
      );
      const strangeCertificate = await newClientCertificate();
      const told: Told = {
        baseUrl,
        clientId,
        clientSecret,
        tenantId,
        certificate,
        strangeCertificate,
        otherTenantId: OTHER_TENANT,
      };
      results = await runClient('identity-process.ts', caFile, told);
    });

    const statusWith = (token: string): Promise<number> => usageStatus(started.server, token);

    it('signs a client in and keeps its token for an hour', async () => {
      const [first, second] = results.value('tokens') as AccessToken[];
      const { expiresOnTimestamp, token, tokenType } = first!;
      const seconds = (expiresOnTimestamp - systemClock.now().epochMilliseconds) / 1000;
      assert.ok(seconds > 3500 && seconds < 3605, `${seconds}`);
      assert.equal(tokenType, 'Bearer');
      assert.equal(second?.token, token, 'the second was not asked for again');
      assert.equal(await statusWith(token), 200);
    });

    it('does so in each layout and for each name of this service', async () => {
      for (const step of ['adfs', 'adfsHost', 'version2', 'withSlash', 'management']) {
        const { token } = results.value(step) as AccessToken;
        assert.equal(await statusWith(token), 200, step);
      }
    });

    it('signs a client in that proves itself with the key of its certificate', async () => {
      for (const step of ['certificate', 'certificateAdfs']) {
        const { token } = results.value(step) as AccessToken;
        assert.equal(await statusWith(token), 200, step);
      }
    });

    it('tells why nobody is signed in, in our words', () => {
      const cases = {
        strangeCertificate: /invalid_client/,
        wrongSecret: /invalid_client.*secret is wrong/s,
        unknownClient: /invalid_client.*not known/s,
        otherTenant: /invalid_client.*not known in this tenant/s,
        otherScope: /invalid_scope.*vault\.example/s,
      };
      for (const [step, message] of Object.entries(cases)) {
        const error = results.error(step);
        assert.equal(error.name, 'AuthenticationRequiredError', `${error.name} ${error.message}`);
        assert.match(error.message, message, step);
      }
    });
  });
});

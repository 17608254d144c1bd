import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig, silentLog, systemClock } from '../platform/index.ts';
import { findActivation } from '../stamp/bridge/index.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { addPartner, registerStamp, subscriptionOf } from '../../test/reporting/wings.ts';
import { startServer, type Server } from './server.ts';

describe('a stamp that is registered with commerce in the same process', () => {
  const test = withTestDatabase();
  const base = subscriptionOf(1, 1);

  it('finds it at its address of now, unless somebody chose another', async () => {
    const data = mkdtempSync(join(tmpdir(), 'stackmeter-own-activation-'));
    const whileItRuns = async (work: (server: Server) => Promise<void>): Promise<void> => {
      const config = loadConfig({ flags: { data, databaseUrl: test.url, port: '0' }, env: {} });
      const server = await startServer({ config, clock: systemClock, log: silentLog });
      try {
        await work(server);
      } finally {
        await server.close();
      }
    };
    const register = async ({ database, caFile }: Server, origin: string): Promise<void> => {
      const ca = readFileSync(caFile, 'utf8');
      const wanted = { base, name: 'own', origin, ca };
      await registerStamp({ stamp: database, commerce: database }, wanted);
    };
    const address = async (): Promise<string | undefined> =>
      (await findActivation(test.database.pool))?.commerceUrl;
    try {
      await whileItRuns(async (server) => {
        await addPartner(server.database, systemClock, { base, customers: [] });
        await register(server, 'https://127.0.0.1:1');
      });
      await whileItRuns(async (server) => {
        assert.equal(await address(), server.baseUrl);
        await register(server, 'https://commerce.example');
      });
      await whileItRuns(async () => {
        assert.equal(await address(), 'https://commerce.example');
      });
    } finally {
      rmSync(data, { recursive: true });
    }
  });
});

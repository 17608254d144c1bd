import assert from 'node:assert/strict';
import { it } from 'node:test';
import pg from 'pg';
import {
  createScratchDatabase,
  startTestServer,
  stopTestServer,
  TEST_SERVER_VARIABLE,
} from './database.ts';

it('a scratch database is a copy of the migrated one, and open connections to it are a failure', async () => {
  const server = process.env[TEST_SERVER_VARIABLE] ?? (await startTestServer());
  try {
    const leaking = await createScratchDatabase(server);
    const client = new pg.Client({ connectionString: leaking.url, application_name: 'forgotten' });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query('select count(*)::int as n from schema_migration');
    assert.ok(rows[0].n > 0);
    await assert.rejects(leaking.drop(), /leak: forgotten \(idle\): select count/);
    await assert.rejects(client.query('select 1'), 'the database is dropped all the same');

    const tidy = await createScratchDatabase(server, { migrated: false });
    await tidy.drop();
  } finally {
    await stopTestServer();
  }
});

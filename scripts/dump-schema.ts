/**
 * Compares src/platform/database/schema.sql with what the migrations amount to, or writes it:
 * bin/run scripts/dump-schema.ts [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase, projectFolder } from '../src/platform/index.ts';
import { silentLog } from '../src/platform/telemetry/index.ts';
import {
  createScratchDatabase,
  startTestServer,
  stopTestServer,
} from '../test/support/database.ts';
import { dumpSchema } from '../test/support/schema-dump.ts';

const golden = join(projectFolder, 'src/platform/database/schema.sql');
const scratch = await createScratchDatabase(await startTestServer());
try {
  const config = { data: '', databaseUrl: scratch.url };
  const database = await openDatabase(config, silentLog, { migrations: false });
  const schema = await dumpSchema(database.pool);
  await database.close();
  if (process.argv.includes('--write')) {
    writeFileSync(golden, schema);
  } else if (readFileSync(golden, 'utf8') !== schema) {
    process.stderr.write(`${golden} is out of date; run this with --write.\n`);
    process.exitCode = 1;
  }
} finally {
  await scratch.drop();
  await stopTestServer();
}

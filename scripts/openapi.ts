/**
 * Compares docs/reference/openapi.json with what a server describes itself as, or writes it:
 * bin/run scripts/openapi.ts [--write]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import {
  loadConfig,
  OPENAPI_PATH,
  projectFolder,
  silentLog,
  systemClock,
} from '../src/platform/index.ts';
import { startServer } from '../src/server/index.ts';
import { send } from '../test/conformance/client.ts';
import {
  createScratchDatabase,
  startTestServer,
  stopTestServer,
} from '../test/support/database.ts';

const file = join(projectFolder, 'docs/reference/openapi.json');
const scratch = await createScratchDatabase(await startTestServer());
const data = mkdtempSync(join(tmpdir(), 'stackmeter-openapi-'));
try {
  const flags = { data, databaseUrl: scratch.url, port: 0 };
  const config = loadConfig({ flags, env: {} });
  const server = await startServer({ config, clock: systemClock, log: silentLog });
  const ca = readFileSync(server.caFile, 'utf8');
  const address = server.baseUrl + OPENAPI_PATH;
  const answer = await send(ca, { method: 'GET', address, headers: {} });
  await server.close();
  const described = await format(answer.body.toString('utf8'), { parser: 'json', printWidth: 100 });
  if (process.argv.includes('--write')) {
    writeFileSync(file, described);
  } else if (readFileSync(file, 'utf8') !== described) {
    process.stderr.write(`${file} is out of date; run this with --write.\n`);
    process.exitCode = 1;
  }
} finally {
  rmSync(data, { recursive: true });
  await scratch.drop();
  await stopTestServer();
}

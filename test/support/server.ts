import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import {
  loadConfig,
  silentLog,
  systemClock,
  type Config,
  type Log,
} from '../../src/platform/index.ts';
import { startServer, type Server } from '../../src/server/index.ts';
import type { TestDatabase } from './database.ts';

/** As long as can be: what tests bring in is years old. */
const KEPT_DAYS = 36_500;

/** A server of one test file. */
export interface TestServer {
  /** Up from the first test to the last. */
  readonly server: Server;
}

/** Starts a server by hand; whoever does stops it. */
export async function startTestedServer(
  { data, databaseUrl }: { readonly data: string; readonly databaseUrl: string },
  options: Partial<Config> = {},
  log: Log = silentLog,
): Promise<Server> {
  const config: Config = {
    ...loadConfig({ flags: { data, databaseUrl, port: 0 }, env: {} }),
    recordRetentionDays: KEPT_DAYS,
    hourlyRetentionDays: KEPT_DAYS,
    ...options,
  };
  return startServer({ config, clock: systemClock, log });
}

/**
 * Starts a whole server, as `serve` does, over HTTPS on a free port and on a database for tests. To be called in a
 * `describe` within the one that has the database, so that the server stops first.
 */
export function withServer(
  test: TestDatabase,
  options: Partial<Config> = {},
  log: Log = silentLog,
): TestServer {
  let server: Server | undefined;
  let data: string | undefined;
  before(async () => {
    data = await mkdtemp(join(tmpdir(), 'stackmeter-test-'));
    server = await startTestedServer({ data, databaseUrl: test.url }, options, log);
  });
  after(async () => {
    await server?.close();
    if (data !== undefined) await rm(data, { recursive: true });
  });
  return {
    get server() {
      if (server === undefined) throw new Error('The server is there from the first test on.');
      return server;
    },
  };
}

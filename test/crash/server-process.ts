/**
 * A server to be killed: a whole one, on a fast clock, that besides its own jobs closes windows all the time.
 * Says on standard output when it answers; takes `jump MILLISECONDS` on standard input; stops in order when that ends.
 */
import { createInterface } from 'node:readline';
import { createLog, loadConfig, systemClock } from '../../src/platform/index.ts';
import { startServer } from '../../src/server/index.ts';
import { closeWindows, openPresentHour } from '../../src/stamp/aggregation/index.ts';
import { fastClock, type FastTime } from './fast-clock.ts';

/** What the process is told, as JSON, in its first argument. */
export interface ServerOrder {
  readonly time: FastTime;
  readonly flags: Readonly<Record<string, string>>;
}

/** What it says once it answers. */
export interface ServerReady {
  readonly baseUrl: string;
  readonly caFile: string;
  readonly databaseUrl: string;
  readonly homeTenantId: string;
  readonly rootSubscriptionId: string;
}

const CLOSE_EVERY_MS = 60;

async function main(order: ServerOrder): Promise<void> {
  const clock = fastClock(order.time);
  const ended = new AbortController();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => clock.jump(Number.parseInt(line.split(' ')[1] ?? '0', 10)));
  lines.on('close', () => ended.abort());
  const config = loadConfig({ flags: order.flags, env: {} });
  const log = createLog({ level: 'fatal' });
  const server = await startServer({ config, clock, log });
  const ready: ServerReady = {
    baseUrl: server.baseUrl,
    caFile: server.caFile,
    databaseUrl: server.database.url,
    homeTenantId: server.stamp.homeTenantId,
    rootSubscriptionId: server.stamp.defaultProviderSubscriptionId,
  };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  const tools = { database: server.database, clock };
  const closes = config.roles.includes('stamp');
  while (!ended.signal.aborted) {
    try {
      if (closes) await openPresentHour(tools);
      if (closes) await closeWindows(tools, clock.now());
    } catch {
      // The database was killed for longer than transactions are repeated: the next round goes on.
    }
    await systemClock.sleep(CLOSE_EVERY_MS, ended.signal).catch(() => undefined);
  }
  await server.close();
}

if (import.meta.main) await main(JSON.parse(process.argv[2] ?? '{}') as ServerOrder);

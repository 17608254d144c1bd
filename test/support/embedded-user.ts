/**
 * A process that uses the embedded server of a data folder, for tests of what happens between processes:
 * says in a line of JSON what it got, and leaves when its standard input ends.
 */
import { systemClock } from '../../src/platform/clock.ts';
import { useEmbeddedServer } from '../../src/platform/database/embedded/server.ts';
import { silentLog } from '../../src/platform/telemetry/index.ts';

const [data = ''] = process.argv.slice(2);
try {
  const server = await useEmbeddedServer({ data, log: silentLog, clock: systemClock });
  process.stdout.write(
    `${JSON.stringify({ url: server.url, pid: server.pid(), adopted: server.adopted })}\n`,
  );
  for await (const _ of process.stdin);
  await server.leave();
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
}

/**
 * A worker that does the exports that are due, until it is killed or none is left.
 */
import { runDueExports } from '../../src/exports/deliveries/index.ts';
import { openDatabase, silentLog, systemClock } from '../../src/platform/index.ts';

/** What the worker is told, as JSON in its first argument. */
export interface ExportingOrder {
  readonly databaseUrl: string;
  readonly exportFolder: string;
  readonly partRows: number;
}

const order = JSON.parse(process.argv[2] ?? '') as ExportingOrder;
const { databaseUrl, exportFolder, partRows } = order;
const database = await openDatabase({ data: '', databaseUrl, databaseConnections: 4 }, silentLog, {
  migrations: false,
});
process.stdout.write(`${JSON.stringify({ pid: process.pid })}\n`);
for (;;) {
  await runDueExports({ database, clock: systemClock, exportFolder, partRows, log: silentLog });
  const { rowCount } = await database.pool.query(
    `select from export_run where state in ('Queued', 'Running')`,
  );
  if (rowCount === 0) break;
  await systemClock.sleep(50);
}
await database.close();

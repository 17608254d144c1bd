/**
 * A worker that sends what adapters have to send, until it is killed or nothing is left.
 */
import { runAdapters } from '../../src/exports/adapters/index.ts';
import { openDatabase, silentLog, systemClock, type Clock } from '../../src/platform/index.ts';

/** What the worker is told, as JSON in its first argument. */
export interface AdaptingOrder {
  readonly databaseUrl: string;
  readonly exportFolder: string;
  /** By how much it is later there than on this machine: the usage is of a fixed time. */
  readonly laterMs: number;
}

const { databaseUrl, exportFolder, laterMs } = JSON.parse(process.argv[2] ?? '') as AdaptingOrder;
const clock: Clock = {
  ...systemClock,
  now: () => systemClock.now().add({ milliseconds: laterMs }),
};
const database = await openDatabase({ data: '', databaseUrl, databaseConnections: 6 }, silentLog, {
  migrations: false,
});
process.stdout.write(`${JSON.stringify({ pid: process.pid })}\n`);
for (;;) {
  await runAdapters({ database, clock, exportFolder });
  const { rowCount } = await database.pool.query(
    `select from billing_adapter a
     where exists (select from adapter_window w where w.adapter_id = a.adapter_id and w.state = 'Sending')
        or exists (select from received_window r
                   left join adapter_progress p on p.adapter_id = a.adapter_id
                                               and p.registration_number = r.registration_number
                   where r.reported_hour > coalesce(p.last_window, -1))`,
  );
  if (rowCount === 0) break;
  await systemClock.sleep(50);
}
await database.close();

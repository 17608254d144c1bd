/** A bridge to be killed: reports what is due, all the time, until its standard input ends. */
import { openDatabase, silentLog, systemClock } from '../../src/platform/index.ts';
import { startBridge } from '../../src/stamp/bridge/index.ts';

export interface BridgeOrder {
  readonly databaseUrl: string;
  /** By how much the clock of the stamp is ahead. */
  readonly aheadMs: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as BridgeOrder;
const clock = {
  ...systemClock,
  now: () => systemClock.now().add({ milliseconds: order.aheadMs }),
};
const database = await openDatabase(
  { data: '', databaseUrl: order.databaseUrl, databaseConnections: 6 },
  silentLog,
  { migrations: false },
);
const bridge = startBridge({
  database,
  clock,
  log: silentLog,
  pauseMs: 100,
  backoff: { firstMs: 10, longestMs: 250 },
});
process.stdout.write('{"running":true}\n');
process.stdin.resume();
process.stdin.on('end', () => {
  void bridge.stop().then(() => database.close());
});

/** A process of its own that sums costs, for a test that kills it: address of the database. */
import { openDatabase, silentLog } from '../../../platform/index.ts';
import { summarizeCosts } from './summarize.ts';

const [, , databaseUrl = ''] = process.argv;
const config = { data: '', databaseUrl, databaseConnections: 2 };
const database = await openDatabase(config, silentLog, { migrations: false });
process.stdout.write('ready\n');
await summarizeCosts({ database }, { chargesAtOnce: 2 });
await database.close();

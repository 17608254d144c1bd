/** A process of its own that adds up usage, for a test that kills it: address of the database. */
import { openDatabase, silentLog, systemClock } from '../../platform/index.ts';
import { summarizeUsage } from './summarize.ts';

const [, , databaseUrl = ''] = process.argv;
const config = { data: '', databaseUrl, databaseConnections: 2 };
const database = await openDatabase(config, silentLog, { migrations: false });
process.stdout.write('ready\n');
await summarizeUsage({ database, clock: systemClock });
await database.close();

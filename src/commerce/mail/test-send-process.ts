/** Sends what is due and ends, in a process that a test can kill. Its time stands still at the one given. */
import { fixedClock, openDatabase, silentLog } from '../../platform/index.ts';
import { deliverMail } from './deliver.ts';
import { readMailServer } from './mail-server.ts';

const [databaseUrl = '', smtpUrl = '', now = ''] = process.argv.slice(2);
const database = await openDatabase({ data: '', databaseUrl }, silentLog, { migrations: false });
const server = readMailServer({ smtpUrl, mailFrom: 'billing@example.org' });
const clock = fixedClock(Temporal.Instant.from(now));
const { sent } = await deliverMail({ database, clock, server });
await database.close();
process.exitCode = sent === 1 ? 0 : 1;

/**
 * A worker that invoices what is in review and makes the documents, until it is killed or nothing is left.
 */
import { hash } from 'node:crypto';
import { SYSTEM } from '../../src/audit/index.ts';
import type { AccountId } from '../../src/commerce/accounts/index.ts';
import { renderDocuments, type RenderedDocument } from '../../src/commerce/documents/index.ts';
import { issueInvoice, renderDueDocuments } from '../../src/commerce/invoicing/index.ts';
import { StackmeterError } from '../../src/kernel/index.ts';
import { openDatabase, silentLog, systemClock } from '../../src/platform/index.ts';
import { seededRandom } from './random.ts';

/** What the worker is told, as JSON in its first argument. */
export interface IssuingOrder {
  readonly databaseUrl: string;
  readonly seed: number;
}

/** Of so many documents one is the real thing; the others are plain bytes, which takes as much of the database. */
const REAL_OF = 20;

const order = JSON.parse(process.argv[2] ?? '') as IssuingOrder;
const random = seededRandom(order.seed + process.pid);
const database = await openDatabase(
  { data: '', databaseUrl: order.databaseUrl, databaseConnections: 4 },
  silentLog,
  { migrations: false },
);
const room = { database, clock: systemClock, log: silentLog };
process.stdout.write(`${JSON.stringify({ pid: process.pid })}\n`);

const renderer = {
  render: async (document: Parameters<typeof renderDocuments>[0]): Promise<RenderedDocument[]> => {
    if (Number.parseInt(document.number.slice(-6), 10) % REAL_OF === 0) {
      return renderDocuments(document);
    }
    const bytes = Buffer.from(document.number);
    const sha256 = hash('sha256', bytes, 'buffer');
    return [{ kind: 'pdf', mediaType: 'application/pdf', fileName: 'plain.pdf', bytes, sha256 }];
  },
};

const { rows } = await database.pool.query<{ accountId: AccountId; period: number }>(
  `select account_id as "accountId", period from billing_period where state = 'InReview'`,
);
const changing = { clock: systemClock, actor: SYSTEM };
for (const [at, period] of random.shuffle(rows).entries()) {
  try {
    await issueInvoice(room, period, changing, { early: true });
  } catch (error) {
    // The other worker was first.
    if (!(error instanceof StackmeterError) || error.code !== 'PeriodNotDue') throw error;
  }
  if (at % 25 === 24) await renderDueDocuments(room, renderer, { most: 25 });
}
await renderDueDocuments(room, renderer);
await database.close();

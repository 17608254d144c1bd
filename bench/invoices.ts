import { SYSTEM } from '../src/audit/index.ts';
import { createRenderer } from '../src/commerce/documents/index.ts';
import {
  issueInvoice,
  renderDueDocuments,
  verifyInvoices,
} from '../src/commerce/invoicing/index.ts';
import { silentLog, systemClock, type Database } from '../src/platform/index.ts';
import { addBilledMonths } from '../test/support/billed-months.ts';
import type { Bench } from './bench.ts';
import { withOwnDatabase } from './database.ts';
import { timed, type Report } from './figures.ts';

/** 200 lines for each invoice, with three resources each. */
const SIZES = { meters: 20, subscriptions: 10, resources: 3 } as const;
const LINES = SIZES.meters * SIZES.subscriptions;
const AT_ONCE = 2;

interface InvoiceBench {
  readonly report: Report;
  readonly quick: boolean;
}

/** Issues invoices of 200 lines and makes their documents, on both cores, in a database of their own. */
export async function measureInvoices(
  bench: InvoiceBench & Pick<Bench, 'database'>,
): Promise<void> {
  await withOwnDatabase(bench.database, 'invoices', (database) => measureIn(bench, database));
}

async function measureIn({ report, quick }: InvoiceBench, database: Database): Promise<void> {
  const invoices = quick ? 100 : 1000;
  const periods = await addBilledMonths(database, systemClock, { count: invoices, ...SIZES });
  const room = { database, clock: systemClock, log: silentLog };
  const changing = { clock: systemClock, actor: SYSTEM };
  const memory = new Map();
  const waiting = [...periods];
  const issue = async (): Promise<void> => {
    for (let period = waiting.pop(); period !== undefined; period = waiting.pop()) {
      await issueInvoice(room, period, changing, { early: true, memory });
    }
  };
  const issued = await timed(() => Promise.all(Array.from({ length: AT_ONCE }, issue)));
  report.add('invoice.issue', invoices / issued.seconds, 'invoices/s');
  const renderer = createRenderer({ threads: AT_ONCE });
  const made = await timed(() => renderDueDocuments(room, renderer, { atOnce: AT_ONCE }));
  await renderer.close();
  report.add('invoice.documents', invoices / made.seconds, 'invoices/s');
  const seconds = ((issued.seconds + made.seconds) * 1000) / invoices;
  report.add('invoice.thousand', seconds, 's');
  const { rows } = await database.pool.query<{ lines: number; pdfs: number }>(
    `select (select count(*) from invoice_line)::int as lines,
            (select count(*) from invoice_document where kind = 'pdf')::int as pdfs`,
  );
  const { differences } = await verifyInvoices(database.pool);
  const found = rows[0];
  if (found?.lines !== invoices * LINES || found.pdfs !== invoices || differences.length > 0) {
    throw new Error(`not what was to be invoiced: ${JSON.stringify({ ...found, differences })}`);
  }
}

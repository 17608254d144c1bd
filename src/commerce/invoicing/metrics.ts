import { hourOf } from '../../kernel/index.ts';
import type { Clock, Database, Metrics, Queryable } from '../../platform/index.ts';
import { localDay } from './dates.ts';

/** A period that is in nobody's hands so long after it could have been invoiced is told. */
const GRACE_HOURS = 24;

interface Counts {
  readonly parked: number;
  readonly documents: number;
  readonly late: number;
  readonly overdue: number;
}

/** What commerce tells of invoices: how many cannot be made, and how many are not paid. */
export function registerInvoicingMetrics(
  metrics: Metrics,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void {
  let reading: Promise<Counts> | undefined;
  // Gauges are read side by side: they share one reading.
  const read = (): Promise<Counts> => {
    reading ??= readCounts(database.pool, clock).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const gauge = (name: string, help: string, valueOf: (counts: Counts) => number): void => {
    metrics.gauge({ name: `stackmeter_invoicing_${name}`, help }, async (one) =>
      one.set(valueOf(await read())),
    );
  };
  gauge('periods_parked', 'Billing periods that could not be invoiced', ({ parked }) => parked);
  gauge(
    'documents_due',
    'Invoices whose documents are still to be made',
    ({ documents }) => documents,
  );
  gauge(
    'periods_late',
    'Billing periods that should have been invoiced a day ago and are not held',
    ({ late }) => late,
  );
  gauge(
    'invoices_overdue',
    'Invoices that were due and are not paid in full',
    ({ overdue }) => overdue,
  );
}

async function readCounts(db: Queryable, clock: Clock): Promise<Counts> {
  const now = clock.now();
  const { rows } = await db.query<Counts>({
    name: 'invoicing-metrics',
    text: `select (select count(*)::int from billing_problem) as parked,
                  (select count(*)::int from invoice_document_due) as documents,
                  (select count(*)::int from billing_period p join billing_account a using (account_id)
                   where p.state <> 'Issued' and p.held is null
                     and p.to_hour + a.wait_hours + 24 * a.review_days + $2 < $1) as late,
                  (select count(*)::int from invoice_balance
                   where open_amount <> 0 and due_date < $3) as overdue`,
    values: [hourOf(now), GRACE_HOURS, localDay(now, 'UTC')],
  });
  return rows[0] ?? { parked: 0, documents: 0, late: 0, overdue: 0 };
}

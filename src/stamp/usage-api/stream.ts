import type { Database, Queryable, Tx } from '../../platform/index.ts';
import type { SubscriptionId } from '../../kernel/index.ts';
import { listSubscriptions } from '../directory/index.ts';
import { listMeters } from '../meters/index.ts';
import type { Granularity } from '../aggregation/index.ts';
import type { RowPosition } from './continuation-token.ts';
import { becomeReader, readAs, readPage, type Reader, type UsageRow } from './store.ts';
import type { SummaryNames } from './usage-summary.ts';

export interface StreamRequest {
  readonly granularity: Granularity;
  readonly from: number;
  readonly to: number;
  readonly reader: Reader;
  readonly subscriptionId: SubscriptionId | undefined;
}

/**
 * Rows fetched at a time: enough to keep the database busy, few enough that they are gone before the garbage collector
 * takes them for old. With 5000 it does, and an export costs twice the processor time.
 */
const STREAM_ROWS = 1000;

/**
 * All rows of a range, however many, a batch at a time. The next batch is fetched while the caller writes the last.
 * Closed windows do not change, so the batches fit together without a transaction around them.
 */
export async function* streamRows(
  database: Database,
  request: StreamRequest,
): AsyncGenerator<readonly UsageRow[]> {
  const fetchAfter = (after: RowPosition | undefined): Promise<UsageRow[]> =>
    readAs(database, request.reader, (tx) =>
      readPage(tx, { ...request, after, limit: STREAM_ROWS }),
    );
  let next: Promise<UsageRow[]> | undefined = fetchAfter(undefined);
  while (next !== undefined) {
    const rows: UsageRow[] = await next;
    const last = rows.at(-1);
    next = rows.length < STREAM_ROWS || last === undefined ? undefined : fetchAfter(last);
    // Reported by the await above, not as an unhandled rejection while the caller still writes.
    next?.catch(() => undefined);
    if (rows.length > 0) yield rows;
  }
}

/**
 * All rows of a range, a page at a time, within a transaction: as of its moment, together with what else it reads. The
 * transaction has the role of the reader while rows are read, and its own again after the last.
 */
export async function* readPages(
  tx: Tx,
  request: StreamRequest,
): AsyncGenerator<readonly UsageRow[]> {
  await becomeReader(tx, request.reader);
  for (let after: RowPosition | undefined, isMore = true; isMore;) {
    const rows: UsageRow[] = await readPage(tx, { ...request, after, limit: STREAM_ROWS });
    after = rows.at(-1);
    isMore = rows.length === STREAM_ROWS;
    if (rows.length > 0) yield rows;
  }
  await tx.query('reset role');
}

/** Names of meters and owners of subscriptions, read once for a whole export. */
export async function readSummaryNames(db: Queryable): Promise<SummaryNames> {
  const meters = new Map(
    (await listMeters(db)).map((meter) => [meter.id.toLowerCase(), meter.name]),
  );
  const owners = new Map<string, string>(
    (await listSubscriptions(db)).map(({ subscriptionId, owner }) => [subscriptionId, owner]),
  );
  return {
    meterName: (key) => meters.get(key) ?? '',
    owner: (subscriptionId) => owners.get(subscriptionId) ?? '',
  };
}

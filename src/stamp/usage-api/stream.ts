import type { Database } from '../../platform/index.ts';
import type { SubscriptionId } from '../../kernel/index.ts';
import { listSubscriptions } from '../directory/index.ts';
import { listMeters } from '../meters/index.ts';
import type { Granularity } from '../aggregation/index.ts';
import type { RowPosition } from './continuation-token.ts';
import { readAs, readPage, type Reader, type UsageRow } from './store.ts';
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

/** Names of meters and owners of subscriptions, read once for a whole export. */
export async function readSummaryNames(database: Database): Promise<SummaryNames> {
  const meters = new Map(
    (await listMeters(database.pool)).map((meter) => [meter.id.toLowerCase(), meter.name]),
  );
  const owners = new Map<string, string>(
    (await listSubscriptions(database.pool)).map(({ subscriptionId, owner }) => [
      subscriptionId,
      owner,
    ]),
  );
  return {
    meterName: (key) => meters.get(key) ?? '',
    owner: (subscriptionId) => owners.get(subscriptionId) ?? '',
  };
}

import { fail } from '../../kernel/index.ts';
import { orTakesTooLong, type Database, type Tx } from '../../platform/index.ts';
import {
  bucketsOf,
  filteredBy,
  invalid,
  isOfWholeDays,
  type AnalysisQuery,
  type AnswerFrame,
  type GroupPage,
} from '../../analysis/index.ts';
import { keptFrom, readFreshness } from './progress.ts';
import { withUsageReach, type UsageReach } from './reach.ts';
import { readUsagePage } from './read-usage.ts';

/** An answer about usage before it is written down. */
export interface UsageAnalysis {
  readonly page: GroupPage;
  readonly frame: Omit<AnswerFrame, 'nextLink'>;
}

/**
 * Answers a question about the usage within reach.
 *
 * @param skipped groups of the pages before
 * @throws InvalidProperty when quantities of several meters would be added up, or reading takes too long;
 *   UsageDataExpired when hours are wanted that are past retention
 */
export async function readUsageAnalysis(
  database: Database,
  reach: UsageReach,
  query: AnalysisQuery,
  skipped = 0,
): Promise<UsageAnalysis> {
  const wanted = filteredBy(query, 'meter');
  if (query.groupBy !== 'meter' && wanted?.length !== 1) {
    throw invalid('meter', wanted?.join(', ') ?? '', ONE_METER);
  }
  return withinTime(() =>
    withUsageReach(database, reach, async (tx) => {
      await requireKept(tx, query);
      const meters = wanted && (await findMeters(tx, wanted));
      const unit = wanted?.length === 1 ? meters?.[0]?.unit : undefined;
      const question = { query, reach, meters: meters?.map(({ meter }) => meter) };
      return {
        page: await readUsagePage(tx, question, skipped),
        frame: {
          buckets: bucketsOf(query.granularity, query.from, query.to),
          freshness: await readFreshness(tx),
          unit,
          addsUp: query.groupBy !== 'meter',
        },
      };
    }),
  );
}

const ONE_METER = 'only quantities of one meter add up; choose one with meter=, or group by meter';

/** Days are kept for ever, hours for a time. */
async function requireKept(tx: Tx, query: AnalysisQuery): Promise<void> {
  if (query.granularity !== 'hour' && isOfWholeDays(query)) return;
  const kept = await keptFrom(tx, query.from, query.to);
  if (kept === undefined) return;
  throw fail('UsageDataExpired', { granularity: 'Hourly', keptFrom: kept.toString() });
}

async function findMeters(
  tx: Tx,
  keys: readonly string[],
): Promise<{ meter: number; unit: string }[]> {
  const { rows } = await tx.query<{ meter: number; unit: string }>(
    'select meter, unit from meter where meter_key = any ($1::text[])',
    [[...keys]],
  );
  return rows;
}

/** @throws InvalidProperty when the database gave up */
export function withinTime<T>(work: () => Promise<T>): Promise<T> {
  const rule = 'reading it takes too long; ask for a shorter time or for less detail';
  return orTakesTooLong(work, () => invalid('from', '', rule));
}

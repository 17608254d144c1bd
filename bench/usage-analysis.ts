import { parseSubscriptionId } from '../src/kernel/index.ts';
import { hourOf } from '../src/kernel/index.ts';
import { comparisonKey, type AnalysisQuery } from '../src/analysis/index.ts';
import { systemClock, type Database } from '../src/platform/index.ts';
import {
  EVERYWHERE,
  readUsageAnalysis,
  summarizeUsage,
  verifySummaries,
  type UsageReach,
} from '../src/stamp/usage-analysis/index.ts';
import type { Bench } from './bench.ts';
import { withOwnDatabase } from './database.ts';
import { percentile, timed } from './figures.ts';
import {
  analysedResource,
  analysedSubscription,
  ANALYSED_METERS,
  writeUsage,
} from './usage-analysis-data.ts';

/** Questions of one kind, each a little different from the last. */
const SAMPLES = 20;
const WARM_UP = 2;

/** One meter of many subscriptions, over a month of hourly rows: what changes of a filter cost. */
export async function measureUsageAnalysis(bench: Bench, records: number): Promise<void> {
  await withOwnDatabase(bench.database, 'analysis', async (database) => {
    const { report } = bench;
    const rows = await writeUsage(database, records);
    const room = { database, clock: systemClock };
    const summed = await timed(() => summarizeUsage(room));
    report.add('analysis.rows', rows, 'rows');
    report.add('analysis.summarize', rows / summed.seconds, 'rows/s', await readFloor(database));
    report.add('analysis.size', await shareOfFacts(database), 'percent of the hourly rows');
    await database.pool.query('vacuum analyze');
    const all: number[] = [];
    for (const [name, ask, reach] of MIX) {
      const samples = await askAll(database, ask, reach);
      report.add(`analysis.${name}.p95`, percentile(samples, 0.95), 'ms');
      all.push(...samples);
    }
    report.add('analysis.p50', percentile(all, 0.5), 'ms');
    report.add('analysis.p95', percentile(all, 0.95), 'ms');
    report.add('analysis.max', percentile(all, 1), 'ms');
    const verified = await timed(() => verifySummaries(database));
    if (verified.result.differences.length > 0) throw new Error('the sums of usage do not verify');
    report.add('analysis.verify', rows / verified.seconds, 'rows/s');
  });
}

/** Reading and grouping the same rows as coarsely as the sums have them, written nowhere. */
async function readFloor({ pool }: Database): Promise<number> {
  const { seconds, result } = await timed(() =>
    pool.query<{ rows: number }>(
      `select sum(n)::int as rows from (
         select count(*) as n, sum(quantity) from usage_hourly
         group by subscription_id, resource_key, meter, usage_hour / 24) as grouped`,
    ),
  );
  return (result.rows[0]?.rows ?? 0) / seconds;
}

async function shareOfFacts({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ share: number }>(
    `select sum(pg_total_relation_size(c.oid)) filter (where relname ~ '^usage_(days|hours)_by_|^usage_place$') * 100.0::float8
            / sum(pg_total_relation_size(c.oid)) filter (where relname ~ '^usage_hourly_') as share
     from pg_class c where relkind = 'r'`,
  );
  return rows[0]?.share ?? 0;
}

type Ask = (sample: number) => Partial<AnalysisQuery>;

const meterAt = (sample: number): AnalysisQuery['filters'][number] => ({
  by: 'meter',
  values: [comparisonKey(ANALYSED_METERS[sample % ANALYSED_METERS.length]!.id)],
});
const oneMeter =
  (groupBy: AnalysisQuery['groupBy'], more: Partial<AnalysisQuery> = {}): Ask =>
  (sample) => ({ groupBy, filters: [meterAt(sample)], ...more });
const day = (number: number): AnalysisQuery['from'] =>
  hourOf(Temporal.Instant.from(`2026-10-${String(number).padStart(2, '0')}T00:00Z`));
const ofSubscription = (sample: number): AnalysisQuery['filters'][number] => ({
  by: 'subscription',
  values: [analysedSubscription(sample * 7)],
});

const PROVIDER: UsageReach = {
  everywhere: false,
  subscriptions: [],
  providers: [parseSubscriptionId(analysedSubscription(0))!],
  groups: [],
};

/** The changes of filters that people make, with who makes them. */
const MIX: readonly (readonly [name: string, ask: Ask, reach: UsageReach])[] = [
  ['by-meter', () => ({}), EVERYWHERE],
  ['by-subscription', oneMeter('subscription'), EVERYWHERE],
  ['by-resource-group', oneMeter('resourceGroup'), EVERYWHERE],
  ['by-resource', oneMeter('resource'), EVERYWHERE],
  ['by-resource-name', oneMeter('resource', { order: 'name', search: 'used1' }), EVERYWHERE],
  ['by-location', oneMeter('location'), EVERYWHERE],
  ['by-tag', oneMeter('tag:env'), EVERYWHERE],
  ['of-a-tag', () => ({ filters: [{ by: 'tag:env', values: ['test'] }] }), EVERYWHERE],
  [
    'subscription-hourly',
    (sample) => ({ granularity: 'hour', filters: [ofSubscription(sample)] }),
    EVERYWHERE,
  ],
  [
    'subscription-hourly-by-resource',
    (sample) => ({
      granularity: 'hour',
      groupBy: 'resource',
      filters: [ofSubscription(sample), meterAt(sample)],
    }),
    EVERYWHERE,
  ],
  [
    'one-resource',
    (sample) => ({
      filters: [{ by: 'resource', values: [comparisonKey(analysedResource(sample * 7))] }],
    }),
    EVERYWHERE,
  ],
  [
    'other-dates',
    (sample) => ({
      groupBy: 'resource',
      filters: [meterAt(sample)],
      from: day(2 + (sample % 10)),
      to: day(15 + (sample % 10)),
    }),
    EVERYWHERE,
  ],
  ['hourly-by-subscription', oneMeter('subscription', { granularity: 'hour' }), EVERYWHERE],
  ['hourly-by-tag', oneMeter('tag:env', { granularity: 'hour' }), EVERYWHERE],
  ['provider-by-resource', oneMeter('resource'), PROVIDER],
];

async function askAll(database: Database, ask: Ask, reach: UsageReach): Promise<number[]> {
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES + WARM_UP; sample++) {
    const query: AnalysisQuery = {
      from: day(1),
      to: hourOf(Temporal.Instant.from('2026-11-01T00:00Z')),
      granularity: 'day',
      groupBy: 'meter',
      filters: [],
      search: '',
      order: 'amount',
      top: 10,
      limit: 50,
      skipToken: undefined,
      ...ask(sample),
    };
    const { seconds, result } = await timed(() => readUsageAnalysis(database, reach, query));
    if (result.page.groups.length === 0) throw new Error('the question found nothing');
    if (sample >= WARM_UP) samples.push(seconds * 1000);
  }
  return samples;
}

import { parseSubscriptionId, type SubscriptionId } from '../src/kernel/index.ts';
import { readAs, readPage, type Reader, type UsageRow } from '../src/stamp/usage-api/index.ts';
import { percentile } from './figures.ts';
import type { Bench } from './bench.ts';
import { copyOutFloor } from './floors.ts';
import { openGetter } from './get.ts';
import { runExport } from './processes.ts';
import { subscriptionId, SUBSCRIPTIONS } from './workload.ts';

const PAGE = 1001;

interface Range {
  readonly from: number;
  readonly to: number;
}

async function closedHours({ database }: Bench): Promise<Range> {
  const { rows } = await database.pool.query<Range>(
    `select min(number) as from, max(number) + 1 as to from reported_window
     where granularity = 'hour' and state = 'closed'`,
  );
  return rows[0]!;
}

/** Latency of a full page, from the database and over HTTPS, for one tenant and for all. */
export async function measurePages(bench: Bench): Promise<void> {
  const { report, server, quick } = bench;
  const range = await closedHours(bench);
  const operator = parseSubscriptionId(server.operatorSubscription)!;
  const samples = quick ? 200 : 500;
  const tenant = (i: number): SubscriptionId =>
    parseSubscriptionId(subscriptionId((i * 131) % SUBSCRIPTIONS))!;
  const all: Reader = { kind: 'provider', providerId: operator, includeIndirect: false };

  const one = await walk(bench, samples, range, (i) => ({
    reader: { kind: 'tenant', subscriptionId: tenant(i) },
    subscriptionId: tenant(i),
    continues: false,
  }));
  const plain = await plainPages(bench, samples);
  report.add('page.tenant.p50', percentile(one, 0.5), 'ms', percentile(plain, 0.5));
  report.add('page.tenant.p99', percentile(one, 0.99), 'ms', percentile(plain, 0.99));
  const everyone = await walk(bench, samples, range, () => ({
    reader: all,
    subscriptionId: undefined,
    continues: true,
  }));
  report.add('page.all.p50', percentile(everyone, 0.5), 'ms', percentile(plain, 0.5));
  report.add('page.all.p99', percentile(everyone, 0.99), 'ms', percentile(plain, 0.99));
  await measureHttpsPages(bench, range, tenant, samples);
}

/** As many rows as a page has, read from the table as they lie, without order, texts or isolation. */
async function plainPages({ database }: Bench, samples: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < samples + WARM_UP; i++) {
    const started = performance.now();
    await database.pool.query({
      name: 'bench-plain-page',
      text: 'select * from usage_hourly limit $1',
      values: [PAGE],
    });
    if (i >= WARM_UP) times.push(performance.now() - started);
  }
  return times;
}

interface Step {
  readonly reader: Reader;
  readonly subscriptionId: SubscriptionId | undefined;
  /** whether this page goes on from the last one */
  readonly continues: boolean;
}

const WARM_UP = 20;

async function walk(
  { database }: Bench,
  samples: number,
  range: Range,
  step: (i: number) => Step,
): Promise<number[]> {
  const times: number[] = [];
  let after: UsageRow | undefined;
  for (let i = 0; i < samples + WARM_UP; i++) {
    const { reader, subscriptionId: only, continues } = step(i);
    const started = performance.now();
    const rows: UsageRow[] = await readAs(database, reader, (tx) =>
      readPage(tx, {
        granularity: 'hour',
        ...range,
        subscriptionId: only,
        after: continues ? after : undefined,
        limit: PAGE,
      }),
    );
    if (i >= WARM_UP) times.push(performance.now() - started);
    after = rows.length === PAGE ? rows[PAGE - 2] : undefined;
  }
  return times;
}

async function measureHttpsPages(
  bench: Bench,
  range: Range,
  tenant: (i: number) => SubscriptionId,
  samples: number,
): Promise<void> {
  const { server, report } = bench;
  const pages = await openGetter(server);
  const at = (hour: number): string =>
    encodeURIComponent(Temporal.Instant.fromEpochMilliseconds(hour * 3_600_000).toString());
  const query = `api-version=2015-06-01-preview&aggregationGranularity=Hourly&reportedStartTime=${at(range.from)}&reportedEndTime=${at(range.to)}`;
  const times = { tenant: [] as number[], all: [] as number[] };
  const provider = `${server.baseUrl}/subscriptions/${server.operatorSubscription}/providers/Microsoft.Commerce.Admin/subscriberUsageAggregates?${query}`;
  let next: string | undefined;
  for (let i = 0; i < samples + WARM_UP; i++) {
    const ofTenant = `${server.baseUrl}/subscriptions/${tenant(i)}/providers/Microsoft.Commerce/usageAggregates?${query}`;
    const started = performance.now();
    await pages.get(ofTenant);
    const between = performance.now();
    const page = await pages.get(next ?? provider);
    const ended = performance.now();
    next = (JSON.parse(page) as { nextLink?: string }).nextLink;
    if (i < WARM_UP) continue;
    times.tenant.push(between - started);
    times.all.push(ended - between);
  }
  pages.close();
  report.add('page.tenant.https.p99', percentile(times.tenant, 0.99), 'ms');
  report.add('page.all.https.p99', percentile(times.all, 0.99), 'ms');
}

/** The streamed export of everything, as CSV, with the most memory its process took. */
export async function measureExport(bench: Bench): Promise<void> {
  const { report, server, data } = bench;
  const { operatorSubscription } = server;
  const range = await closedHours(bench);
  const { rows, seconds, peakRss } = await runExport({ data, operatorSubscription, ...range });
  report.add('export.stream', rows / seconds, 'rows/s', await copyOutFloor(bench.database));
  report.add('export.stream.memory', peakRss / 2 ** 20, 'MiB');
}

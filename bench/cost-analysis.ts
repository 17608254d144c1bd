import { readFile } from 'node:fs/promises';
import {
  costAnalysisRoutes,
  summarizeCosts,
  verifyCostSummaries,
} from '../src/commerce/cost-analysis/index.ts';
import { isJsonObject } from '../src/kernel/index.ts';
import { buildApp, fixedClock, silentLog, type Database } from '../src/platform/index.ts';
import { somebody } from '../test/support/callers.ts';
import type { Bench } from './bench.ts';
import { prepareRated, ratedSubscription, shapeOf } from './cost-analysis-data.ts';
import { withOwnDatabase } from './database.ts';
import { percentile, timed, type Report } from './figures.ts';

/** What {@link measureCostAnalysis} needs. */
export interface CostAnalysisBench {
  readonly report: Report;
  /** Rated lines. */
  readonly lines: number;
}

const NOW = '2026-11-24T00:10:00Z';
const TURNS = 12;
/** The first turns read what nobody has asked for yet. */
const UNCOUNTED = 2;

const MONTH = 'from=2026-11-01&to=2026-12-01';
const LAST_30 = 'from=2026-10-25&to=2026-11-24';
const ALL = 'from=2026-08-01&to=2026-12-01';
const SUBSCRIPTION = ratedSubscription(7);
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/group0`;
const METER = '06bde724-9f94-43c0-84c3-d0fc54538369';

/**
 * Changes of filters as they come one after the other in a cost explorer, by day unless said otherwise: of the provider, in
 * whose sales five of six lines are.
 */
const QUESTIONS: Readonly<Record<string, string>> = {
  'month by meter': MONTH,
  'month by subscription': `${MONTH}&groupBy=subscription`,
  'month by customer': `${MONTH}&groupBy=account`,
  'month by resource group': `${MONTH}&groupBy=resourceGroup`,
  'month by resource': `${MONTH}&groupBy=resource`,
  'month by resource, by name': `${MONTH}&groupBy=resource&order=name&search=machine1`,
  'month by location': `${MONTH}&groupBy=location`,
  'month by tag': `${MONTH}&groupBy=tag:team`,
  'last 7 days by resource': 'from=2026-11-17&to=2026-11-24&groupBy=resource',
  'last 30 days by meter': LAST_30,
  'last 30 days by subscription': `${LAST_30}&groupBy=subscription`,
  'last 30 days by resource group': `${LAST_30}&groupBy=resourceGroup`,
  'last 30 days by resource': `${LAST_30}&groupBy=resource`,
  'last 30 days by resource, 1000': `${LAST_30}&groupBy=resource&limit=1000`,
  'last 30 days by tag': `${LAST_30}&groupBy=tag:team`,
  'all months by meter': `${ALL}&granularity=month`,
  'all months by day': ALL,
  'all months by resource': `${ALL}&granularity=month&groupBy=resource`,
  'all months by tag': `${ALL}&granularity=month&groupBy=tag:team`,
  'one meter by resource': `${LAST_30}&groupBy=resource&meter=${METER}`,
  'one meter by tag': `${LAST_30}&groupBy=tag:team&meter=${METER}`,
  'one location by meter': `${LAST_30}&location=local`,
  'one location by resource': `${LAST_30}&location=local&groupBy=resource`,
  'one tag by meter': `${LAST_30}&tag=environment:production`,
  'one tag by subscription': `${LAST_30}&groupBy=subscription&tag=team:team7`,
  'one subscription by resource': `${LAST_30}&groupBy=resource&subscription=${SUBSCRIPTION}`,
  'one subscription by meter': `${LAST_30}&subscription=${SUBSCRIPTION}`,
  'one group by meter': `${LAST_30}&resourceGroup=${GROUP}`,
  'one resource by meter': `${ALL}&resource=${GROUP}/providers/Microsoft.Compute/virtualMachines/machine7`,
};

/** The same of a partner, both of its sides. */
const OF_PARTNER: Readonly<Record<string, string>> = {
  'buying by resource': `${LAST_30}&groupBy=resource&view=buying`,
  'selling by resource': `${LAST_30}&groupBy=resource&view=selling`,
  'selling by customer': `${LAST_30}&groupBy=account&view=selling`,
};

/** Cost analysis beside so many rated lines, in a database of its own on the server of the bench. */
export async function measureCostAnalysis(
  bench: CostAnalysisBench & Pick<Bench, 'database'>,
): Promise<void> {
  await withOwnDatabase(bench.database, 'costs', (database) => measureIn(bench, database));
}

async function measureIn({ report, lines }: CostAnalysisBench, database: Database): Promise<void> {
  const partner = await prepareRated(database, shapeOf(lines));
  const { pool } = database;
  const { rows } = await pool.query<{ lines: number }>(
    'select count(*)::int as lines from rated_line',
  );
  const kept = rows[0]?.lines ?? 0;
  report.add('costs.lines', kept, 'lines');
  const summed = await timed(() => summarizeCosts({ database }));
  report.add('costs.summarize', kept / summed.seconds, 'lines/s');
  await pool.query('vacuum analyze');
  await measureHour(report, database);
  const verified = await timed(() => verifyCostSummaries({ database }));
  if (verified.result.differences.length > 0) throw new Error('sums of costs do not verify');
  report.add('costs.verify', kept / verified.seconds, 'lines/s');
  report.add('costs.size', await shareOfLines(database), 'percent of the lines');
  await measureQuestions(report, database, partner);
}

async function shareOfLines({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ share: number }>(
    `select sum(pg_total_relation_size(oid)) filter (where relname ~ '^cost_') * 100.0::float8
            / sum(pg_total_relation_size(oid)) filter (where relname = 'rated_line') as share
     from pg_class where relkind = 'r'`,
  );
  return rows[0]?.share ?? 0;
}

/** What an hour changes: a line of every resource and meter of the present day. Beside writing those lines, as rating does. */
export async function measureHour(report: Report, database: Database): Promise<void> {
  const { pool } = database;
  const day = '(select max(usage_day) from rated_line)';
  const written = await timed(async () => {
    await pool.query(
      `update rated_line set quantity = quantity + 1, rows = rows + 1 where usage_day = ${day}`,
    );
    await pool.query(
      `with changed as (select charge, count(*) as lines from rated_line where usage_day = ${day} group by charge)
       update charge set quantity = quantity + changed.lines, amount = amount + changed.lines * 0.0125
       from changed where changed.charge = charge.charge`,
    );
    await pool.query(
      `insert into rated_change (charge, usage_day) select distinct charge, usage_day from rated_line where usage_day = ${day}`,
    );
  });
  const { seconds } = await timed(() => summarizeCosts({ database }));
  report.add('costs.summarize.hour', seconds, 's', written.seconds);
}

export async function measureQuestions(
  report: Report,
  database: Database,
  partner: string,
): Promise<void> {
  const app = openApp(database);
  await app.ready();
  const all: number[] = [];
  const work: number[] = [];
  const floor = await readFloor(database);
  report.add('costs.floor', floor, 'ms');
  const ask = async (name: string, path: string): Promise<void> => {
    const samples: number[] = [];
    let before = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      if (turn === UNCOUNTED) before = await cpuMilliseconds(database);
      const { seconds, result } = await timed(() =>
        app.inject({ method: 'GET', url: `/api/v1/${path}`, headers: { host: 'localhost' } }),
      );
      const body: unknown = JSON.parse(result.body);
      if (result.statusCode !== 200 || !isJsonObject(body))
        throw new Error(`${name}: ${result.body}`);
      if (Array.isArray(body['groups']) && body['groups'].length === 0)
        throw new Error(`${name}: nothing was found`);
      if (turn >= UNCOUNTED) samples.push(seconds * 1000);
    }
    const spent = (await cpuMilliseconds(database)) - before;
    work.push(spent / samples.length);
    report.add(`costs.${name}.cpu`, spent / samples.length, 'ms');
    all.push(...samples);
    report.add(`costs.${name}.p50`, percentile(samples, 0.5), 'ms', floor);
    report.add(`costs.${name}.p95`, percentile(samples, 0.95), 'ms', floor);
  };
  try {
    for (const [name, query] of Object.entries(QUESTIONS))
      await ask(name, `cost-analysis?${query}`);
    for (const [name, query] of Object.entries(OF_PARTNER))
      await ask(name, `cost-analysis?${query}&account=${partner}`);
    await ask('forecast', 'cost-analysis/forecast');
    await ask('overview', 'overview');
    await ask('margin', `cost-analysis/margin?${MONTH}&account=${partner}`);
    report.add('costs.p50', percentile(all, 0.5), 'ms');
    report.add('costs.p95', percentile(all, 0.95), 'ms');
    report.add('costs.max', percentile(all, 1), 'ms');
    report.add('costs.cpu.max', percentile(work, 1), 'ms');
  } finally {
    await app.close();
  }
}

/** What this process and its connections have worked so far: beside others on a busy machine it says more than time does. */
async function cpuMilliseconds({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>(
    'select pid from pg_stat_activity where datname = current_database() and application_name = (select application_name from pg_stat_activity where pid = pg_backend_pid())',
  );
  const { user, system } = process.cpuUsage();
  let ticks = 0;
  for (const { pid } of rows) {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    ticks += Number.parseInt(fields[11] ?? '0', 10) + Number.parseInt(fields[12] ?? '0', 10);
  }
  return (user + system) / 1000 + ticks * MILLISECONDS_PER_TICK;
}

const MILLISECONDS_PER_TICK = 10;

/** Adding up what each resource cost in a month, found by nothing and told to nobody, in milliseconds. */
async function readFloor({ pool }: Database): Promise<number> {
  const samples: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const { seconds } = await timed(() =>
      pool.query(
        `select count(*) from (select resource, sum(total) from cost_by_resource
                               where month = (select max(month) from cost_by_resource) group by 1) as by_resource`,
      ),
    );
    samples.push(seconds * 1000);
  }
  return percentile(samples, 0.5);
}

function openApp(database: Database): ReturnType<typeof buildApp> {
  const clock = fixedClock(Temporal.Instant.from(NOW));
  const app = buildApp({ log: silentLog, clock });
  const operator = somebody('Operator');
  costAnalysisRoutes(app, {
    database,
    clock,
    authenticate: () => Promise.resolve(operator),
  });
  return app;
}

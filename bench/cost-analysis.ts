import {
  costAnalysisRoutes,
  summarizeCosts,
  verifyCostSummaries,
} from '../src/commerce/cost-analysis/index.ts';
import { isJsonObject, parseDirectoryTenantId, parsePrincipalId } from '../src/kernel/index.ts';
import { buildApp, fixedClock, silentLog, type Database } from '../src/platform/index.ts';
import type { Bench } from './bench.ts';
import { METERS, prepareRated, SALES } from './cost-analysis-data.ts';
import { withOwnDatabase } from './database.ts';
import { percentile, timed, type Report } from './figures.ts';

/** What {@link measureCostAnalysis} needs. */
export interface CostAnalysisBench {
  readonly report: Report;
  /** Rated lines. */
  readonly lines: number;
}

const FIRST_MONTH = '2026-08-01';
const MONTHS = 4;
const DAYS = 31 + 30 + 31 + 23;
const NOW = '2026-11-24T00:10:00Z';
const TURNS = 5;

/** Filter changes as they come one after the other in a cost explorer, of the partner unless said otherwise. */
const QUESTIONS: Readonly<Record<string, string>> = {
  month: 'from=2026-11-01&to=2026-12-01',
  'month by subscription': 'from=2026-11-01&to=2026-12-01&groupBy=subscription',
  'month by resource group': 'from=2026-11-01&to=2026-12-01&groupBy=resourceGroup',
  'month by resource': 'from=2026-11-01&to=2026-12-01&groupBy=resource',
  'month by location': 'from=2026-11-01&to=2026-12-01&groupBy=location',
  'month by tag': 'from=2026-11-01&to=2026-12-01&groupBy=tag:team',
  'month by customer': 'from=2026-11-01&to=2026-12-01&groupBy=account',
  'last 7 days': 'from=2026-11-17&to=2026-11-24',
  'last 7 days by resource': 'from=2026-11-17&to=2026-11-24&groupBy=resource',
  'last 30 days by resource': 'from=2026-10-25&to=2026-11-24&groupBy=resource',
  'last 30 days by resource group': 'from=2026-10-25&to=2026-11-24&groupBy=resourceGroup',
  'last 30 days by tag': 'from=2026-10-25&to=2026-11-24&groupBy=tag:team',
  'all months': 'from=2026-08-01&to=2026-12-01&granularity=month',
  'all months by day': 'from=2026-08-01&to=2026-12-01',
  'all months by resource': 'from=2026-08-01&to=2026-12-01&granularity=month&groupBy=resource',
  'all months by tag': 'from=2026-08-01&to=2026-12-01&granularity=month&groupBy=tag:team',
  'one subscription by resource':
    'from=2026-11-01&to=2026-12-01&groupBy=resource&subscription=aaaaaaaa-0000-4000-8000-000000000007',
  'one group by meter':
    'from=2026-11-01&to=2026-12-01&resourceGroup=/subscriptions/aaaaaaaa-0000-4000-8000-000000000007/resourceGroups/group1',
  'one resource by meter':
    'from=2026-10-01&to=2026-12-01&resource=/subscriptions/aaaaaaaa-0000-4000-8000-000000000007/resourceGroups/group1/providers/Microsoft.Compute/virtualMachines/machine507',
  'one tag by subscription': 'from=2026-11-01&to=2026-12-01&groupBy=subscription&tag=team:team7',
  'selling by customer': 'from=2026-11-01&to=2026-12-01&groupBy=account&view=selling',
  'selling by resource': 'from=2026-11-01&to=2026-12-01&groupBy=resource&view=selling',
};

/** Cost analysis beside so many rated lines, in a database of its own on the server of the bench. */
export async function measureCostAnalysis(
  bench: CostAnalysisBench & Pick<Bench, 'database'>,
): Promise<void> {
  await withOwnDatabase(bench.database, 'costs', (database) => measureIn(bench, database));
}

async function measureIn({ report, lines }: CostAnalysisBench, database: Database): Promise<void> {
  const resources = Math.max(500, Math.round(lines / (SALES * METERS * DAYS)));
  const shape = { firstMonth: FIRST_MONTH, months: MONTHS, resources };
  const partner = await prepareRated(database, shape);
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
  await measureQuestions(report, database, partner);
}

/** What an hour changes: a line of every resource and meter of the present day. */
async function measureHour(report: Report, database: Database): Promise<void> {
  const { pool } = database;
  const day = '(select max(usage_day) from rated_line)';
  await pool.query(
    `update rated_line set quantity = quantity + 1, rows = rows + 1 where usage_day = ${day}`,
  );
  const { rowCount } = await pool.query(
    `with changed as (select charge, count(*) as lines from rated_line where usage_day = ${day} group by charge)
     update charge set quantity = quantity + changed.lines, amount = amount + changed.lines * 0.0125
     from changed where changed.charge = charge.charge`,
  );
  await pool.query(
    `insert into rated_change (charge) select distinct charge from rated_line where usage_day = ${day}`,
  );
  const hour = await timed(() => summarizeCosts({ database }));
  report.add('costs.summarize.hour', hour.seconds, 's', rowCount === null ? undefined : 60);
}

async function measureQuestions(
  report: Report,
  database: Database,
  partner: string,
): Promise<void> {
  const clock = fixedClock(Temporal.Instant.from(NOW));
  const app = buildApp({ log: silentLog, clock });
  costAnalysisRoutes(app, {
    database,
    clock,
    authenticate: () =>
      Promise.resolve({
        kind: 'client' as const,
        principalId: parsePrincipalId('cccccccc-0000-4000-8000-000000000001')!,
        tenantId: parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!,
        name: 'bench',
        grants: [
          {
            role: 'Operator',
            subscriptionId: undefined,
            resourceGroup: undefined,
            providers: undefined,
          },
        ],
      }),
  });
  await app.ready();
  const all: number[] = [];
  const ask = async (name: string, path: string): Promise<void> => {
    const samples: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      const { seconds, result } = await timed(() =>
        app.inject({
          method: 'GET',
          url: `/api/v1/${path}&account=${partner}`,
          headers: { host: 'localhost' },
        }),
      );
      const body: unknown = JSON.parse(result.body);
      if (result.statusCode !== 200 || !isJsonObject(body))
        throw new Error(`${name}: ${result.body}`);
      // The first turn reads what nobody has asked for yet.
      if (turn > 0) samples.push(seconds * 1000);
    }
    all.push(...samples);
    report.add(`costs.${name}`, percentile(samples, 0.5), 'ms', 300);
  };
  try {
    for (const [name, query] of Object.entries(QUESTIONS))
      await ask(name, `cost-analysis?${query}`);
    report.add('costs.p50', percentile(all, 0.5), 'ms');
    report.add('costs.p95', percentile(all, 0.95), 'ms', 300);
    await ask('forecast', 'cost-analysis/forecast?');
    await ask('overview', 'overview?');
    await ask('margin', 'cost-analysis/margin?from=2026-11-01&to=2026-12-01');
  } finally {
    await app.close();
  }
}

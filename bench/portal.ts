import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { SYSTEM } from '../src/audit/index.ts';
import { summarizeCosts } from '../src/commerce/cost-analysis/index.ts';
import { addRoleAssignment, addUser, newPassword } from '../src/identity/index.ts';
import { createLog, openDatabase, systemClock, type Database } from '../src/platform/index.ts';
import { summarizeUsage } from '../src/stamp/usage-analysis/index.ts';
import { launchBrowser, openPage, signIn } from '../test/portal/browser.ts';
import { prepareRated, ratedSubscription, shapeOf } from './cost-analysis-data.ts';
import { percentile, type Report } from './figures.ts';
import { startMeasuredServer, type MeasuredServer } from './processes.ts';
import { ANALYSED_METERS, analysedSubscription, writeUsage } from './usage-analysis-data.ts';

/** What {@link measurePortal} needs. */
export interface PortalBench {
  readonly report: Report;
  /** Hourly rows of usage. */
  readonly usageRows: number;
  /** Rated lines. */
  readonly costLines: number;
}

type Person = Parameters<typeof signIn>[2];

const USAGE_DAYS = 31;
const VISITS = 10;
const TURNS = 8;
const PATIENCE_MS = 30_000;

/**
 * The portal in a real browser, as an operator sees it: the first page, and changes of filters from the choice until the
 * picture is drawn anew. Server, database and browser share the cores.
 */
export async function measurePortal(bench: PortalBench): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'stackmeter-bench-'));
  const server = await startMeasuredServer(data);
  const database = await openDatabase({ data }, createLog({ level: 'warn' }));
  try {
    await fill(database, bench);
    await measureIn(bench.report, server, await addOperator(database, server));
  } finally {
    await database.close();
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

/** Usage of the last month; costs of the months that the rated lines are of. */
async function fill(
  database: Database,
  { report, usageRows, costLines }: PortalBench,
): Promise<void> {
  const today = systemClock.now().toZonedDateTimeISO('UTC').startOfDay();
  // Until the day before yesterday: the hours after it are the server's own.
  const first = today.subtract({ days: USAGE_DAYS + 1 });
  const rows = await writeUsage(database, usageRows, first.epochMilliseconds / 3_600_000);
  report.add('portal.usage-rows', rows, 'rows');
  await summarizeUsage({ database, clock: systemClock });
  await prepareRated(database, shapeOf(costLines));
  await summarizeCosts({ database });
  const { rows: lines } = await database.pool.query<{ count: number }>(
    'select count(*)::int as count from rated_line',
  );
  report.add('portal.cost-lines', lines[0]?.count ?? 0, 'lines');
  await database.pool.query('vacuum analyze');
}

async function addOperator({ pool }: Database, server: MeasuredServer): Promise<Person> {
  const changing = { clock: systemClock, actor: SYSTEM };
  const tenantId = server.homeTenantId;
  const person = { userName: 'operator@bench.example', password: newPassword() };
  const principalId = await addUser(pool, { ...person, name: 'Operator', tenantId }, changing);
  await addRoleAssignment(
    pool,
    {
      principalId,
      principalTenantId: tenantId,
      principalType: 'User',
      role: 'Operator',
      scope: '/',
    },
    changing,
  );
  return person;
}

async function measureIn(report: Report, server: MeasuredServer, person: Person): Promise<void> {
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser);
    const portal = `${server.baseUrl}/portal/`;
    await signIn(page, portal, person);
    await measureFirstPage(report, page, portal);
    for (const kind of ['usage', 'cost'] as const) {
      await measureChanges(report, page, { kind, portal });
    }
  } finally {
    await browser.close();
  }
}

/** From the address to the figures, by somebody who is signed in: with nothing of the pages at hand, and with all. */
async function measureFirstPage(report: Report, page: Page, portal: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  for (const [name, isCold] of [
    ['cold', true],
    ['warm', false],
  ] as const) {
    const samples: number[] = [];
    for (let visit = 0; visit < VISITS; visit++) {
      if (isCold) await session.send('Network.clearBrowserCache');
      await page.goto('about:blank');
      await page.goto(portal, { waitUntil: 'commit' });
      samples.push(await drawn(page, '0', ''));
    }
    report.add(`portal.first-page.${name}.p50`, percentile(samples, 0.5), 'ms');
    report.add(`portal.first-page.${name}.max`, percentile(samples, 1), 'ms');
  }
}

/** A choice in one of the lists above the figures, without the value that a page begins with. */
interface Choice {
  readonly label: string;
  readonly values: readonly string[];
}

const GROUPINGS = ['subscription', 'resourceGroup', 'resource', 'location'];
const PERIODS = ['last7', 'thisMonth'];

const CHOICES: Readonly<Record<Kind, Readonly<Record<string, Choice>>>> = {
  usage: {
    grouping: { label: 'Group by', values: GROUPINGS },
    period: { label: 'Period', values: PERIODS },
    interval: { label: 'Interval', values: ['none'] },
  },
  cost: {
    grouping: { label: 'Group by', values: GROUPINGS },
    period: { label: 'Period', values: [...PERIODS, 'lastMonth'] },
    interval: { label: 'Interval', values: ['month', 'none'] },
  },
};

type Kind = 'usage' | 'cost';

/** Filters, and what is divided by them: boxes above the figures and rows of the table set them in the address. */
const SEARCHES: Readonly<Record<Kind, Readonly<Record<string, readonly string[]>>>> = {
  usage: {
    'one subscription': [`filters=subscription=${analysedSubscription(7)}`],
    'one location by resource': ['filters=location=east', 'groupBy=resource'],
    'one tag by resource group': ['filters=tag=env:production', 'groupBy=resourceGroup'],
    'by a tag': ['groupBy=tag:cost-center'],
    'a text among resources': ['groupBy=resource', 'search=used77'],
    'hours of a week': ['period=last7', 'granularity=hour', 'groupBy=subscription'],
    'hours of a month': ['period=last30', 'granularity=hour', 'groupBy=resource'],
  },
  cost: {
    'one subscription by resource': [
      `filters=subscription=${ratedSubscription(7)}`,
      'groupBy=resource',
    ],
    'one location by resource': ['filters=location=local', 'groupBy=resource'],
    'one tag by resource group': ['filters=tag=environment:production', 'groupBy=resourceGroup'],
    'by a tag': ['groupBy=tag:team'],
    'by buyer': ['groupBy=account'],
    'a text among resources': ['groupBy=resource', 'search=machine77'],
    'four months by resource': ['from=2026-08-01', 'to=2026-12-01', 'groupBy=resource'],
  },
};

/** An analysis to begin with; quantities are those of one meter. */
function addressOf({ kind, portal }: Place, turn: number, search: readonly string[] = []): string {
  const meter = ANALYSED_METERS[turn % ANALYSED_METERS.length]!.id;
  const all = [...(kind === 'usage' ? [`filters=meter=${meter}`] : []), ...search];
  const query = all.map((one) =>
    one.replace(/=(.*)$/, (_, value: string) => `=${encodeURIComponent(value)}`),
  );
  return `${portal}${kind}?${query.join('&')}`;
}

interface Place {
  readonly kind: Kind;
  readonly portal: string;
}

/** What has been asked once is at hand for a while: each change counts the first time alone, and again after a reload. */
async function measureChanges(report: Report, page: Page, place: Place): Promise<void> {
  const { kind } = place;
  const samples = new Map<string, number[]>();
  const measure = async (name: string, change: () => Promise<unknown>): Promise<void> => {
    await change();
    const taken = await drawn(page, 'changedAt', `/api/v1/${kind}-analysis?`);
    samples.set(name, [...(samples.get(name) ?? []), taken]);
  };
  const begin = async (turn: number): Promise<void> => {
    await page.goto(addressOf(place, turn));
    await page.reload();
    await drawn(page, '0', '');
  };
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [name, { label, values }] of Object.entries(CHOICES[kind])) {
      await begin(turn);
      for (const value of values) {
        await measure(`${name}.${value}`, async () => {
          await noteChange(page);
          await page.getByLabel(label, { exact: true }).selectOption(value);
        });
      }
    }
    await begin(turn);
    for (const [name, search] of Object.entries(SEARCHES[kind])) {
      await measure(name, () => page.evaluate(goingTo(addressOf(place, turn, search))));
    }
  }
  for (const [name, its] of samples) {
    report.add(`portal.${kind}.${name}.p50`, percentile(its, 0.5), 'ms');
    report.add(`portal.${kind}.${name}.max`, percentile(its, 1), 'ms');
  }
  const all = [...samples.values()].flat();
  report.add(`portal.${kind}.change.p50`, percentile(all, 0.5), 'ms');
  report.add(`portal.${kind}.change.p95`, percentile(all, 0.95), 'ms');
  report.add(`portal.${kind}.change.max`, percentile(all, 1), 'ms');
}

/** Within the page, as the button back does. */
function goingTo(address: string): string {
  return `changedAt = performance.now();
    history.pushState(null, '', ${JSON.stringify(address)});
    dispatchEvent(new PopStateEvent('popstate'));`;
}

/** Has the page remember when something is chosen. */
async function noteChange(page: Page): Promise<void> {
  await page.evaluate(
    `changedAt = undefined;
     addEventListener('change', () => { changedAt = performance.now(); }, { capture: true, once: true });`,
  );
}

/**
 * Until all that was asked since then has been answered, and is drawn.
 *
 * @param since an expression of the page: a moment on its clock
 * @param path what has to be among it, if anything
 * @returns milliseconds from that moment
 */
async function drawn(page: Page, since: string, path: string): Promise<number> {
  const isAnswered = `performance.getEntriesByType('resource').some(
    ({ name, startTime, responseEnd }) => startTime >= ${since} && responseEnd > 0 && name.includes(${JSON.stringify(path)}))`;
  const isBusy = `document.querySelector('main [aria-busy="true"], main [role="progressbar"]') !== null`;
  const hasFigures = `document.querySelector('main data') !== null`;
  return page.evaluate<number>(`new Promise((tell, fail) => {
    setTimeout(() => fail(new Error(location.href + ' is never drawn')), ${PATIENCE_MS});
    const look = () => {
      if (${hasFigures} && !(${isBusy}) && ${isAnswered}) {
        requestAnimationFrame(() => setTimeout(() => tell(performance.now() - ${since})));
      } else requestAnimationFrame(look);
    };
    look();
  })`);
}

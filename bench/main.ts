/**
 * npm run bench [-- --quick] [--json] [--records 2000000,20000000] [--explain-rows 10000000] [--cost-lines 20000000]
 *               [--only usage-analysis,portal]
 *
 * Measures the pipeline from the HTTPS request to the streamed export, each figure beside what the same machine can
 * do at all in the same run. Machines are noisy: compare ratios, not figures.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLog, openDatabase, systemClock } from '../src/platform/index.ts';
import type { Bench } from './bench.ts';
import { measureCatchUp } from './catch-up.ts';
import { measureClose } from './close.ts';
import { measureCostAnalysis } from './cost-analysis.ts';
import { Report } from './figures.ts';
import { measureInvoices } from './invoices.ts';
import { measureHttps, measureIngest, prepareStamp } from './ingest.ts';
import { startMeasuredServer, startSender, type MeasuredServer } from './processes.ts';
import { measureFeed } from './odata.ts';
import { measurePortal } from './portal.ts';
import { measureExport, measurePages } from './query.ts';
import { measureRating } from './rating.ts';
import { measureUsageAnalysis } from './usage-analysis.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    records: { type: 'string' },
    'explain-rows': { type: 'string', default: '0' },
    'cost-lines': { type: 'string', default: '400000' },
    only: { type: 'string' },
  },
});

const sizes = (values.records ?? (values.quick ? '500000' : '2000000,20000000'))
  .split(',')
  .map((text) => Number.parseInt(text, 10));

/** In this order: some measure what those before them have left. */
const measures: Readonly<Record<string, (bench: Bench, records: number) => Promise<void>>> = {
  idle: measureIdle,
  ingest: measureIngest,
  https: measureHttps,
  close: measureClose,
  pages: measurePages,
  export: measureExport,
  feed: measureFeed,
  'usage-analysis': measureUsageAnalysis,
  'catch-up': measureCatchUp,
  rating: (bench) =>
    measureRating({ ...bench, explainRows: Number.parseInt(values['explain-rows'], 10) }),
  invoices: measureInvoices,
  'cost-analysis': (bench) => measureCostAnalysis({ ...bench, lines: costLines }),
  portal: ({ report: to }, usageRows) => measurePortal({ report: to, usageRows, costLines }),
};
const costLines = Number.parseInt(values['cost-lines'], 10);
const chosen = values.only?.split(',') ?? Object.keys(measures);
const unknown = chosen.filter((name) => !Object.hasOwn(measures, name));
if (unknown.length > 0) {
  throw new Error(`--only ${unknown.join(',')}: there are ${Object.keys(measures).join(', ')}.`);
}

const report = new Report(values.json);
for (const records of sizes) await runAt(records);

async function runAt(records: number): Promise<void> {
  report.note(`\n${records.toLocaleString('en')} records`);
  const data = await mkdtemp(join(tmpdir(), 'stackmeter-bench-'));
  const server = await startMeasuredServer(data);
  const sender = await startSender();
  const database = await openDatabase({ data }, createLog({ level: 'warn' }));
  try {
    const bench = {
      report,
      data,
      quick: values.quick,
      server,
      sender,
      database,
      clock: sharedClock(server),
    };
    await prepareStamp(bench);
    for (const [name, measure] of Object.entries(measures)) {
      if (chosen.includes(name)) await measure(bench, records);
    }
  } finally {
    sender.stop();
    await database.close();
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}

function sharedClock(server: MeasuredServer): Bench['clock'] {
  let shiftMs = 0;
  return {
    ...systemClock,
    now: () => systemClock.now().add({ milliseconds: shiftMs }),
    shift: async (ms) => {
      shiftMs += ms;
      await server.shift(ms);
    },
  };
}

/** What the server and its database take when nothing happens: proportional set size, shared pages counted once. */
async function measureIdle({ server, data }: Bench): Promise<void> {
  const postmaster = await readFile(join(data, 'postgresql', 'postmaster.pid'), 'utf8');
  const root = Number.parseInt(postmaster, 10);
  const all = [server.pid, root, ...(await childrenOf(root))];
  const bytes = await Promise.all(all.map(proportionalSetSize));
  if (bytes.every((size) => size === undefined)) return;
  const total = bytes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  report.add('idle.memory', total / 2 ** 20, 'MiB');
}

async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text
    .split(' ')
    .filter(Boolean)
    .map((child) => Number.parseInt(child, 10));
}

async function proportionalSetSize(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const [, kibibytes] = /^Pss:\s+(\d+) kB$/m.exec(text) ?? [];
  return kibibytes === undefined ? undefined : Number.parseInt(kibibytes, 10) * 1024;
}

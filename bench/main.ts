/**
 * npm run bench [-- --quick] [--json] [--records 2000000,20000000] [--explain-rows 10000000] [--cost-lines 20000000]
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
  },
});

const sizes = (values.records ?? (values.quick ? '500000' : '2000000,20000000'))
  .split(',')
  .map((text) => Number.parseInt(text, 10));

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
    await measureIdle(bench, data);
    await measureIngest(bench, records);
    await measureHttps(bench, records);
    await measureClose(bench);
    await measurePages(bench);
    await measureExport(bench);
    await measureFeed(bench);
    await measureUsageAnalysis(bench, records);
    await measureCatchUp(bench);
    await measureRating({ ...bench, explainRows: Number.parseInt(values['explain-rows'], 10) });
    await measureInvoices(bench);
    await measureCostAnalysis({ ...bench, lines: Number.parseInt(values['cost-lines'], 10) });
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
async function measureIdle({ server }: Bench, data: string): Promise<void> {
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

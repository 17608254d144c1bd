/** Runs test files under `node --test` and counts what comes out. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { countTests, mergeReports, type ReportedEvent, type TestReport } from './test-report.ts';

export interface TestRun {
  /** Folder of the project. */
  readonly root: string;
  /** Test files, relative to `root`. */
  readonly files: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds without any event after which a file is given up: a leaked handle, a deadlock. */
  readonly patience: number;
  readonly onProgress?: (line: string) => void;
}

/** How many test files run at a time: each is a process, and most of them use the database. */
const concurrency = 2;

/**
 * Runs each file under a `node --test` of its own: one for all would hold back, and in the end lose,
 * what the files after a hanging one have to say. Never throws for what a test does.
 */
export async function runTests(run: TestRun): Promise<TestReport> {
  if (run.files.length === 0) {
    const text = 'FAILED no test file was found';
    return { passed: 0, failed: 1, skipped: [], text, slowest: [], slowestFiles: [] };
  }
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const reports = new Map<string, TestReport>();
  // Those of the whole product take the longest: begun first, they leave no lane idle at the end.
  const isOfAll = (file: string): number => Number(file.startsWith('test/'));
  const queue = run.files.toSorted((a, b) => isOfAll(b) - isOfAll(a)).values();
  const lane = async (): Promise<void> => {
    for (const file of queue) {
      reports.set(file, await runFile(file, run, interruption.signal));
      const { passed, failed } = mergeReports([...reports.values()]);
      const files = `${reports.size} of ${run.files.length} files`;
      run.onProgress?.(`${files}: ${passed} passed, ${failed} failed (${file})`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  return mergeReports(run.files.flatMap((file) => reports.get(file) ?? []));
}

async function runFile(file: string, run: TestRun, signal: AbortSignal): Promise<TestReport> {
  const count = countTests(file);
  if (signal.aborted) return count.report(null, 0, 'not run: interrupted');
  const started = performance.now();
  const child = spawn(process.execPath, testArguments(file), {
    cwd: run.root,
    env: testEnvironment(run.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own group: giving up must end the test file as well
  });
  let complaint: string | undefined;
  const giveUp = (reason: string): void => {
    complaint = `${reason}\nlast begun: ${count.lastBegun()}`;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  const silence = `nothing happened for ${run.patience / 1000} s; something is left open, or waits for ever`;
  const watchdog = setTimeout(() => giveUp(silence), run.patience);
  const onAbort = (): void => giveUp('interrupted');
  signal.addEventListener('abort', onAbort);
  const closed = new Promise<number | null>((resolve) => {
    child.once('error', (error) => (complaint = String(error))).once('close', resolve);
  });
  const addText = (text: string): void => count.add({ type: 'text', text });
  child.stderr.setEncoding('utf8').on('data', addText);
  for await (const line of createInterface({ input: child.stdout })) {
    watchdog.refresh();
    const event = parseEvent(line);
    if (event === undefined) addText(line);
    else count.add(event);
  }
  const exitCode = await closed;
  clearTimeout(watchdog);
  signal.removeEventListener('abort', onAbort);
  return count.report(exitCode, (performance.now() - started) / 1000, complaint);
}

function testArguments(file: string): string[] {
  const reporter = join(import.meta.dirname, 'test-reporter.ts');
  return ['--test', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', file];
}

/**
 * What the tests may know of the machine: nothing that configures the product, and a time zone far
 * from UTC with a half hour in it, where a slip into local time shows.
 */
function testEnvironment(given: TestRun['env']): NodeJS.ProcessEnv {
  const isOurs = (name: string): boolean =>
    /^(?:STACKMETER_(?!TEST_)|DATABASE_URL$|PG[A-Z]|NODE_TEST_CONTEXT$|NODE_ENV$)/.test(name);
  const inherited = Object.entries(process.env).filter(([name]) => !isOurs(name));
  return { ...Object.fromEntries(inherited), TZ: 'America/St_Johns', ...given };
}

function parseEvent(line: string): ReportedEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isEvent(value: unknown): value is ReportedEvent {
  return typeof value === 'object' && value !== null && 'type' in value;
}

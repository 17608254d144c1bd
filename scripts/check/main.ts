/**
 * `npm test`: every check, then every test.
 *
 *   npm test                               all of it
 *   npm test -- --only lint,types          these steps (tests is one)
 *   npm test -- src/kernel/decimal.test.ts these test files, no checks
 */
import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { runTests } from './run-tests.ts';
import { checks, runChecks, type Check } from './steps.ts';
import { stepLine, summary, type Counts, type StepResult } from './summary.ts';
import type { TestReport } from './test-report.ts';

const root = join(import.meta.dirname, '../..');
const testFiles = '{src,test,bench,scripts,portal/src}/**/*.test.ts';
const patience = 180_000;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

process.stdout.on('error', () => undefined); // nobody reads on, as with `npm test | head`

interface Choice {
  readonly checks: readonly Check[];
  /** Undefined when no tests are wanted. */
  readonly files: readonly string[] | undefined;
}

function choose(args: string[]): Choice {
  const { values, positionals } = parseArgs({
    args,
    options: { only: { type: 'string' } },
    allowPositionals: true,
  });
  const all = globSync(testFiles, { cwd: root }).toSorted();
  const files = positionals.length === 0 ? all : positionals.flatMap((one) => filesAt(one, all));
  if (values.only === undefined) return { checks: positionals.length === 0 ? checks : [], files };
  const names = values.only.split(',');
  const known = [...checks.map(({ name }) => name), 'tests'];
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`--only ${unknown.join(',')}: the steps are ${known.join(', ')}.`);
  }
  return {
    checks: checks.filter(({ name }) => names.includes(name)),
    files: names.includes('tests') || positionals.length > 0 ? files : undefined,
  };
}

/** A test file, or those of a folder, as seen from where npm was called or from the project folder. */
function filesAt(path: string, all: readonly string[]): string[] {
  const places = [process.env['INIT_CWD'] ?? root, root].map((from) =>
    relative(root, resolve(from, path)),
  );
  const found = all.filter((file) =>
    places.some((place) => place === '' || file === place || file.startsWith(`${place}/`)),
  );
  if (found.length === 0) throw new Error(`${path}: no test file (*.test.ts) there.`);
  return found;
}

/**
 * Runs the tests with one database server for all of them, on the pages that the sources say: any test
 * of a whole server may ask for a page, and a fresh clone has none.
 */
async function runWithServer(files: readonly string[]): Promise<TestReport> {
  await promisify(execFile)('sh', [join(root, 'bin', 'build-portal')]);
  const given = process.env['STACKMETER_TEST_DATABASE_URL'];
  const support = given === undefined ? await import('../../test/support/database.ts') : undefined;
  const url = given ?? (await support?.startTestServer());
  try {
    return await runTests({
      root,
      files,
      env: { STACKMETER_TEST_DATABASE_URL: url },
      patience,
      ...(process.stderr.isTTY ? { onProgress: showProgress } : {}),
    });
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
    await support?.stopTestServer();
  }
}

function showProgress(line: string): void {
  process.stderr.write(`\r\u001B[K${line.slice(0, (process.stderr.columns || 80) - 1)}`);
}

async function testStep(
  files: readonly string[],
): Promise<{ report: TestReport; seconds: number }> {
  const started = performance.now();
  const report = await runWithServer(files).catch((error: unknown): TestReport => {
    const text = `FAILED the tests did not run\n${error instanceof Error ? error.stack : String(error)}`;
    return { passed: 0, failed: 1, skipped: [], text, slowest: [], slowestFiles: [] };
  });
  return { report, seconds: (performance.now() - started) / 1000 };
}

function printTests({ text, slowest, slowestFiles, skipped }: TestReport): void {
  if (text !== '') print(`\n${text}\n`);
  for (const [what, times] of Object.entries({ tests: slowest, files: slowestFiles })) {
    if (times.length > 0) print(`\nslowest ${what}`);
    for (const { name, seconds } of times) print(`  ${seconds.toFixed(1).padStart(6)} s  ${name}`);
  }
  if (skipped.length > 0) print(`\nSKIPPED, NOT TESTED:\n  ${skipped.join('\n  ')}`);
}

async function main(args: string[]): Promise<boolean> {
  const started = performance.now();
  const chosen = choose(args);
  const results: StepResult[] = [];
  const told = (result: StepResult): void => {
    results.push(result);
    print(stepLine(result));
  };
  const outcomes = runChecks(chosen.checks, root);
  for (const [at, { name }] of chosen.checks.entries()) {
    const outcome = await outcomes[at];
    if (outcome === undefined) continue;
    told({ name, ok: outcome.ok, seconds: outcome.seconds });
    if (!outcome.ok) print(`\n${outcome.output}\n`);
  }
  let counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  if (chosen.files !== undefined) {
    const { report, seconds } = await testStep(chosen.files);
    told({ name: 'tests', ok: report.failed === 0, seconds });
    printTests(report);
    counts = { passed: report.passed, failed: report.failed, skipped: report.skipped.length };
  }
  print(`\n${summary(results, counts, (performance.now() - started) / 1000)}`);
  return results.every(({ ok }) => ok);
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}

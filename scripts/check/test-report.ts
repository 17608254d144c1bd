/** Counting of test results: what test-reporter.ts hands on becomes numbers and a text. */
/** An event of `node --test`, less what nobody asks for. */
export interface ReportedEvent {
  readonly type: string;
  readonly name?: string;
  /** Depth below the file, from 0. */
  readonly nesting?: number;
  readonly line?: number | undefined;
  readonly ms?: number;
  readonly isSuite?: boolean;
  /** Reason for being skipped or left to be written, empty when none is given. */
  readonly skipped?: string | false | undefined;
  readonly failure?: { readonly kind: string; readonly text: string } | undefined;
  readonly text?: string;
}

export interface TestReport {
  readonly passed: number;
  readonly failed: number;
  /** Names of the skipped tests, and of those marked as to be written. */
  readonly skipped: readonly string[];
  /** What to print: failures with what their files wrote, and diagnostics of tests that passed. */
  readonly text: string;
  /** The slowest tests, slowest first. */
  readonly slowest: readonly Timed[];
  /** The slowest files, what they set up and take down included. */
  readonly slowestFiles: readonly Timed[];
}

export interface Timed {
  readonly name: string;
  readonly seconds: number;
}

const slowestShown = 5;
const slowestFilesShown = 8;

/** Collects the events of one test file. */
export interface TestCount {
  add(event: ReportedEvent): void;
  /** Names that lead to the test that began last. */
  lastBegun(): string;
  /**
   * @param exitCode of the test process; null when it was killed
   * @param complaint what the caller has against the run, such as a time limit
   */
  report(exitCode: number | null, seconds: number, complaint?: string): TestReport;
}

/** Begins to count the tests of `file`, a path as it shall be shown. */
export function countTests(file: string): TestCount {
  let names: string[] = []; // that lead to the test that is told
  let begun: string[] = []; // that lead to the test that began last, which is told when it ends
  const written: string[] = [];
  const told: string[] = [];
  const failures: string[] = [];
  const skipped: string[] = [];
  const times: { name: string; seconds: number }[] = [];
  let [passed, ended] = [0, false];

  const isFile = ({ name = '', nesting }: ReportedEvent): boolean =>
    nesting === 0 && (name === file || name.endsWith(`/${file}`));

  const finished = (event: ReportedEvent): void => {
    const { nesting = 0, name = '', line = 0, failure } = event;
    const path = [...names.slice(0, nesting), name].join(' > ');
    const title = isFile(event) ? file : `${file}:${line}  ${path}`;
    if (event.type === 'test:fail') {
      // A parent fails with its children; they are told and counted, it is not.
      if (failure?.kind === 'subtestsFailed') return;
      failures.push(`FAILED ${title}\n${indent(trimStack(failure?.text ?? ''))}`);
    } else if (isFile(event) || event.isSuite === true) {
      return;
    } else if (event.skipped !== undefined && event.skipped !== false) {
      skipped.push(event.skipped === '' ? title : `${title} (${event.skipped})`);
    } else {
      passed++;
    }
    times.push({ name: title, seconds: (event.ms ?? 0) / 1000 });
  };

  const add = (event: ReportedEvent): void => {
    const { type, nesting = 0, name = '', text } = event;
    if (type === 'test:start') names = [...names.slice(0, nesting), name];
    else if (type === 'test:dequeue') begun = [...begun.slice(0, nesting), name];
    else if (type === 'test:pass' || type === 'test:fail') finished(event);
    else if (type === 'test:end') ended = true;
    else if (text !== undefined) {
      written.push(text.trimEnd());
      if (type === 'test:diagnostic') told.push(text.trimEnd());
    }
  };

  const report = (exitCode: number | null, seconds: number, complaint?: string): TestReport => {
    const blame = (text: string): void => void failures.push(`FAILED ${file}\n${indent(text)}`);
    // Lines that must not compile are the whole content of a test of types.
    const isEmpty = times.length + skipped.length === 0 && !file.endsWith('.types.test.ts');
    if (complaint !== undefined) blame(complaint);
    else if (!ended) blame(`the test process ended early, with code ${String(exitCode)}`);
    else if (exitCode !== 0 && failures.length === 0) blame(`exit code ${String(exitCode)}`);
    else if (isEmpty) blame('has no test');
    const failed = failures.length;
    const said = failed > 0 ? [...failures, ...outputOf(file, written)] : diagnosticsOf(file, told);
    return {
      passed,
      failed,
      skipped,
      text: said.join('\n\n'),
      slowest: slowestOf(times, slowestShown),
      slowestFiles: [{ name: file, seconds }],
    };
  };
  return { add, lastBegun: () => begun.join(' > '), report };
}

/** What tests that pass have to say: the seed that they took, what they went through. */
function diagnosticsOf(file: string, told: readonly string[]): string[] {
  return told.length === 0 ? [] : [`TOLD BY ${file}\n${indent(told.join('\n'))}`];
}

function outputOf(file: string, written: readonly string[]): string[] {
  if (written.length === 0) return [];
  return [`WRITTEN BY ${file}\n${indent(written.slice(-100).join('\n'))}`];
}

function slowestOf(times: readonly Timed[], most: number): readonly Timed[] {
  return times.toSorted((a, b) => b.seconds - a.seconds).slice(0, most);
}

/** One report of several. */
export function mergeReports(reports: readonly TestReport[]): TestReport {
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  return {
    passed: sum(reports.map(({ passed }) => passed)),
    failed: sum(reports.map(({ failed }) => failed)),
    skipped: reports.flatMap(({ skipped }) => skipped),
    text: reports
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join('\n\n'),
    slowest: slowestOf(
      reports.flatMap(({ slowest }) => slowest),
      slowestShown,
    ),
    slowestFiles: slowestOf(
      reports.flatMap(({ slowestFiles }) => slowestFiles),
      slowestFilesShown,
    ),
  };
}

/** Lines of Node itself and of the runner tell nothing about the product. */
function trimStack(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^\s+at .*(?:node:internal|\(node:)/.test(line))
    .join('\n')
    .trimEnd();
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

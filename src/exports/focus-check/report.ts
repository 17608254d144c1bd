import type { FocusDataset, FocusVersion } from '../focus/index.ts';
import type { Example } from './site.ts';

/** How many rules of a dataset came to what. */
export interface RuleCounts {
  readonly passed: number;
  readonly failed: number;
  readonly warnings: number;
  /** nothing in the files to which they apply, or they only permit something */
  readonly notApplicable: number;
  /** what they are about is not in the files, or was not given; never counted as passed */
  readonly notChecked: number;
}

export interface DatasetConformance {
  readonly dataset: FocusDataset;
  readonly isThere: boolean;
  readonly rows: number;
  readonly rules: RuleCounts;
}

export interface ConformanceFinding {
  readonly ruleId: string;
  /** whose rule it is: stricter rules of ours are never given as rules of FOCUS */
  readonly source: 'FOCUS' | 'Stackmeter';
  readonly severity: 'error' | 'warning';
  readonly dataset: FocusDataset;
  readonly column?: string;
  /** what the rule asks for */
  readonly message: string;
  /** what to do about it */
  readonly advice: string;
  readonly count: number;
  /** rules of the format's attribute that the values break */
  readonly parts?: readonly string[];
  readonly examples: readonly Example[];
}

/** What was not looked at, by reason. */
export interface NotChecked {
  readonly dataset: FocusDataset;
  readonly reason: string;
  readonly rules: readonly string[];
}

export interface ConformanceReport {
  readonly version: FocusVersion;
  /** no error was found; what was not checked is not said to conform */
  readonly conforms: boolean;
  readonly datasets: readonly DatasetConformance[];
  readonly findings: readonly ConformanceFinding[];
  readonly notChecked: readonly NotChecked[];
}

/** The report for people: the sums, every finding with examples, and what was not looked at. */
export function describeConformance(report: ConformanceReport): string {
  const errors = report.findings.filter(({ severity }) => severity === 'error').length;
  const warnings = report.findings.length - errors;
  const verdict = report.conforms ? 'no errors' : counted(errors, 'error');
  return [
    `FOCUS ${report.version}: ${verdict}, ${counted(warnings, 'warning')}.`,
    ...report.datasets.map(describeDataset),
    ...report.findings.flatMap(describeFinding),
    ...describeNotChecked(report.notChecked),
    '',
  ].join('\n');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function describeDataset({ dataset, isThere, rows, rules }: DatasetConformance): string {
  const what = isThere ? counted(rows, 'row') : 'not given';
  return (
    `${dataset}: ${what}; ${counted(rules.passed, 'rule')} passed, ${rules.failed} failed, ` +
    `${rules.warnings} with warnings, ${rules.notApplicable} not applicable, ${rules.notChecked} not checked.`
  );
}

function describeFinding(finding: ConformanceFinding): string[] {
  const { ruleId, source, severity, dataset, column, message, advice, count, parts, examples } =
    finding;
  const whose = source === 'Stackmeter' ? ' (a rule of Stackmeter)' : '';
  const where = column === undefined ? dataset : `${dataset}.${column}`;
  return [
    '',
    `${severity === 'error' ? 'Error' : 'Warning'} ${ruleId}${whose}, ${where}, ${counted(count, 'time')}:`,
    `  ${message}.`,
    ...(parts === undefined ? [] : [`  Broken of the format: ${parts.join(', ')}.`]),
    ...examples.map((example) => `  ${placeOf(example)}${valueOf(example)}`),
    ...(count > examples.length ? [`  and ${count - examples.length} more.`] : []),
    `  To do: ${advice}`,
  ];
}

function placeOf({ file, row }: Example): string {
  const places = [
    ...(file === undefined ? [] : [file]),
    ...(row === undefined ? [] : [`row ${row}`]),
  ];
  return places.length === 0 ? '' : `${places.join(', ')}: `;
}

const valueOf = ({ value }: Example): string => (value === null ? 'null' : JSON.stringify(value));

function describeNotChecked(groups: readonly NotChecked[]): string[] {
  const byReason = new Map<string, number>();
  for (const { reason, rules } of groups) {
    byReason.set(reason, (byReason.get(reason) ?? 0) + rules.length);
  }
  if (byReason.size === 0) return [];
  return [
    '',
    'Not checked:',
    ...[...byReason].map(([reason, count]) => `  ${counted(count, 'rule')}: ${reason}`),
  ];
}

import type { FocusDataset, FocusTable, FocusVersion } from '../focus/index.ts';
import { adviceOf } from './advice.ts';
import { fileFindings, type FileFault } from './delivered.ts';
import { capabilityOf } from './facts.ts';
import { kindOf } from './kinds.ts';
import { messageOf } from './message.ts';
import type { ConformanceFinding, ConformanceReport, NotChecked } from './report.ts';
import {
  datasetsOf,
  ruleFileOf,
  severityOf,
  sourceOf,
  type Rule,
  type RuleFile,
} from './rule-file.ts';
import {
  isSkip,
  notApplicable,
  notChecked,
  RuleRun,
  type Example,
  type Known,
  type KnownInvoice,
  type Plan,
  type RowCheck,
  type Site,
  type Skip,
  type Surroundings,
} from './site.ts';
import { advisedParts } from './values/verdict.ts';

/** How many ids a rule remembers unless told otherwise. */
const DEFAULT_MAXIMUM_IDS = 1_000_000;

export interface CheckOptions {
  /** Capabilities of who made the files, without `_SUPPORTED`; what is left out is not known. */
  readonly profile?: Readonly<Record<string, boolean>>;
  /** Facts that hold, or do not hold, for every row, such as `generator.authorizedToInvoice`. */
  readonly facts?: Readonly<Record<string, boolean>>;
  /** What is known of the invoices, by InvoiceId. */
  readonly invoices?: ReadonlyMap<string, KnownInvoice>;
  /** The delivery before this one: what is closed has to be as it was. */
  readonly previous?: readonly FocusTable[];
  /** Ids that each rule remembers; beyond, a rule that found nothing is reported as not checked. */
  readonly maximumIds?: number;
  /** Files that are not what their manifest says. */
  readonly fileFaults?: readonly FileFault[];
}

/** What a rule came to. */
type Status = 'passed' | 'failed' | 'warning' | 'notApplicable' | 'notChecked';

interface Planned {
  readonly dataset: FocusDataset;
  readonly run: RuleRun;
  readonly plan: Plan | Skip;
}

/**
 * Checks tables of one delivery against the rules of their version of FOCUS, reading each table once and keeping no rows.
 * Tables of the same dataset are its parts, in this order, and have the same columns.
 *
 * @throws TypeError for tables of two versions, none at all, or parts with different columns
 */
export async function checkFocus(
  tables: readonly FocusTable[],
  options: CheckOptions = {},
): Promise<ConformanceReport> {
  return (await examine(tables, options)).report;
}

/** The report, and the rules that were looked at, by dataset and id. */
export async function examine(
  tables: readonly FocusTable[],
  options: CheckOptions,
): Promise<{ report: ConformanceReport; checked: Set<string> }> {
  const version = versionOf(tables);
  const file = ruleFileOf(version);
  const sites = sitesOf(tables);
  const earlier = options.previous === undefined ? undefined : sitesOf(options.previous);
  const known: Known = {
    profile: options.profile ?? {},
    facts: options.facts ?? {},
    invoices: options.invoices,
    maximumIds: options.maximumIds ?? DEFAULT_MAXIMUM_IDS,
  };
  const planned = datasetsOf(file).flatMap((dataset) => {
    const site = sites[dataset];
    return rulesOf(file, dataset).map((rule): Planned => {
      const run = new RuleRun(rule);
      if (site === undefined) return { dataset, run, plan: absent(run, known) };
      const around: Surroundings = { file, known, site, sites, earlier };
      return { dataset, run, plan: kindOf(rule.kind)(run, around) };
    });
  });
  const rows = await readThrough(tables, options.previous ?? [], planned);
  const report = reportOf(version, file, planned, sites, rows, options.fileFaults ?? []);
  const checked = planned.flatMap(({ dataset, run, plan }) =>
    isSkip(plan) ? [] : [`${dataset} ${run.rule.id}`],
  );
  return { report, checked: new Set(checked) };
}

function versionOf(tables: readonly FocusTable[]): FocusVersion {
  const [first] = tables;
  if (first === undefined) throw new TypeError('there is no table to check');
  if (tables.some(({ version }) => version !== first.version)) {
    throw new TypeError('tables of two versions of FOCUS are checked one after the other');
  }
  return first.version;
}

function sitesOf(tables: readonly FocusTable[]): Partial<Record<FocusDataset, Site>> {
  const sites: Partial<Record<FocusDataset, Site>> = {};
  for (const { dataset, columns } of tables) {
    const there = sites[dataset];
    if (there !== undefined) {
      if (there.columns.join('\n') === columns.join('\n')) continue;
      throw new TypeError(`two parts of ${dataset} have different columns`);
    }
    const places = new Map(columns.map((column, index) => [column, index]));
    sites[dataset] = { dataset, columns, indexOf: (column) => places.get(column) };
  }
  return sites;
}

/**
 * The rules of a dataset: its own, and those of the attributes that it follows. Of the attributes of formats, only
 * advice is a rule by itself; the rest is named beside the rule of the column.
 */
export function rulesOf(file: RuleFile, dataset: FocusDataset): Rule[] {
  const { rules = [], attributes = [] } = file.datasets[dataset] ?? {};
  const formats = new Set(rules.flatMap(({ params }) => params.format ?? []));
  const isAdvice = ({ kind, params }: Rule): boolean =>
    kind === 'part' && advisedParts.has(params.part ?? '');
  return [
    ...rules,
    ...attributes.flatMap((name) => file.attributes[name] ?? []),
    ...[...formats]
      .filter((name) => !attributes.includes(name))
      .flatMap((name) => (file.attributes[name] ?? []).filter(isAdvice)),
  ];
}

/** A dataset that is not there can break one rule only: the one that wants it. */
function absent(run: RuleRun, known: Known): Plan | Skip {
  const { kind, params } = run.rule;
  if (kind !== 'datasetPresent') return notChecked('the dataset was not given');
  const has = params.capability === undefined || capabilityOf(params.capability, known);
  if (has === false) return notApplicable(`${params.capability} does not hold`);
  if (has === undefined) return notChecked(`whether ${params.capability} holds is not known`);
  run.fault(undefined, null);
  return {};
}

async function readThrough(
  tables: readonly FocusTable[],
  previous: readonly FocusTable[],
  planned: readonly Planned[],
): Promise<Map<FocusDataset, Part[]>> {
  const plans = planned.flatMap(({ dataset, plan }) => (isSkip(plan) ? [] : [{ dataset, plan }]));
  const checksOf =
    (pick: (plan: Plan, own: boolean) => RowCheck | undefined) =>
    (dataset: FocusDataset): RowCheck[] =>
      plans.flatMap(({ dataset: own, plan }) => pick(plan, own === dataset) ?? []);
  for (const table of previous) {
    const checks = checksOf((plan) => plan.earlier?.[table.dataset])(table.dataset);
    await feed(table, checks, 0);
  }
  const parts = new Map<FocusDataset, Part[]>();
  for (const table of tables) {
    const { dataset, source } = table;
    const checks = checksOf((plan, isOwn) => (isOwn ? plan.row : plan.others?.[dataset]))(dataset);
    const before = parts.get(dataset) ?? [];
    const from = before.at(-1)?.to ?? 0;
    const to = await feed(table, checks, from);
    parts.set(dataset, [...before, { source, from, to }]);
  }
  for (const { plan } of plans) plan.end?.();
  return parts;
}

/** Which rows of a dataset are in which part of it. */
interface Part {
  readonly source: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** An example by the row of its own file. */
function placed(example: Example, parts: readonly Part[]): Example {
  const { row } = example;
  if (row === undefined) return example;
  const part = parts.find(({ to }) => row <= to);
  if (part?.source === undefined) return example;
  return { file: part.source, row: row - part.from, value: example.value };
}

async function feed(
  table: FocusTable,
  checks: readonly RowCheck[],
  before: number,
): Promise<number> {
  let at = before;
  for await (const row of table.rows()) {
    at++;
    for (const check of checks) check(row, at);
  }
  return at;
}

/** What a rule came to, once all rows have been read. */
function statusOf({ run, plan }: Planned): Status {
  if (run.faults > 0) return severityOf(run.rule) === 'error' ? 'failed' : 'warning';
  if (run.warnings > 0) return 'warning';
  if (isSkip(plan)) return plan.skip;
  if (run.leftOut !== undefined) return 'notChecked';
  return run.hasApplied ? 'passed' : 'notApplicable';
}

function reportOf(
  version: FocusVersion,
  file: RuleFile,
  planned: readonly Planned[],
  sites: Readonly<Partial<Record<FocusDataset, Site>>>,
  parts: ReadonlyMap<FocusDataset, readonly Part[]>,
  fileFaults: readonly FileFault[],
): ConformanceReport {
  const findings = [
    ...fileFindings(fileFaults),
    ...planned.flatMap((one) => findingOf(one, parts.get(one.dataset) ?? [])),
  ];
  const datasets = datasetsOf(file).map((dataset) => {
    const statuses = planned.filter((one) => one.dataset === dataset).map(statusOf);
    const count = (status: Status): number => statuses.filter((one) => one === status).length;
    return {
      dataset,
      isThere: sites[dataset] !== undefined,
      rows: parts.get(dataset)?.at(-1)?.to ?? 0,
      rules: {
        passed: count('passed'),
        failed: count('failed'),
        warnings: count('warning'),
        notApplicable: count('notApplicable'),
        notChecked: count('notChecked'),
      },
    };
  });
  const conforms = !findings.some(({ severity }) => severity === 'error');
  return { version, conforms, datasets, findings, notChecked: leftOutOf(planned) };
}

function findingOf({ dataset, run }: Planned, where: readonly Part[]): ConformanceFinding[] {
  const { rule, faults, warnings, parts, examples } = run;
  if (faults + warnings === 0) return [];
  const column = rule.column ?? rule.params.column;
  return [
    {
      ruleId: rule.id,
      source: sourceOf(rule),
      severity: faults > 0 ? severityOf(rule) : 'warning',
      dataset,
      ...(column === undefined ? {} : { column }),
      message: messageOf(rule),
      advice: adviceOf(rule),
      count: faults + warnings,
      ...(parts.size === 0 ? {} : { parts: [...parts] }),
      examples: examples.map((example) => placed(example, where)),
    },
  ];
}

function leftOutOf(planned: readonly Planned[]): NotChecked[] {
  const groups = new Map<string, { dataset: FocusDataset; reason: string; rules: string[] }>();
  for (const one of planned) {
    if (statusOf(one) !== 'notChecked') continue;
    const reason = isSkip(one.plan) ? one.plan.reason : (one.run.leftOut ?? '');
    const key = `${one.dataset} ${reason}`;
    const group = groups.get(key) ?? { dataset: one.dataset, reason, rules: [] };
    group.rules.push(one.run.rule.id);
    groups.set(key, group);
  }
  return [...groups.values()];
}

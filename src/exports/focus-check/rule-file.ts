import { readFileSync } from 'node:fs';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { FocusDataset, FocusVersion } from '../focus/index.ts';

/** When a rule holds; read by ./condition.ts. */
export type Condition = Readonly<Record<string, unknown>>;

const texts = Type.Array(Type.String());
const optional = Type.Optional(Type.String());
const side = Type.Object({
  dataset: optional,
  groupBy: Type.Optional(texts),
  sum: optional,
  where: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  fact: optional,
});

/** Every parameter that a kind of rule may have; each kind takes its own. */
const paramsSchema = Type.Object({
  when: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  advice: optional,
  all: optional,
  alphabetical: Type.Optional(Type.Boolean()),
  bound: optional,
  capabilities: Type.Optional(texts),
  capability: optional,
  column: optional,
  columns: Type.Optional(texts),
  fact: optional,
  factors: Type.Optional(texts),
  format: optional,
  from: optional,
  groupBy: Type.Optional(texts),
  join: Type.Optional(texts),
  key: Type.Optional(Type.Union([Type.String(), texts])),
  known: Type.Optional(Type.Union([Type.String(), texts])),
  left: Type.Optional(Type.Union([Type.String(), side])),
  of: optional,
  op: optional,
  or: optional,
  other: optional,
  parent: optional,
  part: optional,
  path: optional,
  pattern: optional,
  result: optional,
  right: Type.Optional(Type.Union([Type.String(), side])),
  rule: optional,
  schema: optional,
  severity: optional,
  sum: optional,
  table: optional,
  test: optional,
  to: optional,
  tolerance: optional,
  type: optional,
  value: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
  values: Type.Optional(texts),
  warnOnly: Type.Optional(texts),
  why: optional,
  within: Type.Optional(Type.Union([Type.String(), texts])),
  attributes: Type.Optional(texts),
  also: Type.Optional(Type.Object({ result: Type.String(), factors: texts })),
});

const ruleSchema = Type.Object({
  id: Type.String(),
  column: optional,
  keyword: Type.Union([
    Type.Literal('MUST'),
    Type.Literal('MUST NOT'),
    Type.Literal('SHOULD'),
    Type.Literal('SHOULD NOT'),
    Type.Literal('MAY'),
    Type.Literal('MAY NOT'),
  ]),
  kind: Type.String(),
  scope: Type.String(),
  params: paramsSchema,
});

const datasetSchema = Type.Object({
  columns: Type.Array(
    Type.Object({ name: Type.String(), type: Type.String(), nullable: Type.Boolean() }),
  ),
  attributes: texts,
  rules: Type.Array(ruleSchema),
});

const fileSchema = Type.Object({
  version: Type.String(),
  serviceSubcategories: Type.Record(Type.String(), texts),
  skuPriceDetailsKeys: Type.Record(Type.String(), Type.String()),
  objectSchemas: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
  datasets: Type.Record(Type.String(), datasetSchema),
  attributes: Type.Record(Type.String(), Type.Array(ruleSchema)),
});

/** One rule of FOCUS or of ours: what it looks at, and how strictly. */
export type Rule = Readonly<Static<typeof ruleSchema>>;
/** One side of a comparison of sums. */
export type SumSide = Static<typeof side>;
/** The rules of one version as data. */
export type RuleFile = Readonly<Static<typeof fileSchema>>;

const validator = Compile(fileSchema);
const files = new Map<FocusVersion, RuleFile>();

/** Reads the rules of a version, once. */
export function ruleFileOf(version: FocusVersion): RuleFile {
  const read = files.get(version);
  if (read !== undefined) return read;
  const url = new URL(`./rules/focus-${version}.json`, import.meta.url);
  const content: unknown = JSON.parse(readFileSync(url, 'utf8'));
  if (!validator.Check(content)) {
    const [first] = validator.Errors(content);
    throw new TypeError(`${url.pathname}: ${first?.instancePath} ${first?.message}`);
  }
  files.set(version, content);
  return content;
}

/** Datasets that a version has. */
export function datasetsOf(file: RuleFile): FocusDataset[] {
  return (['CostAndUsage', 'InvoiceDetail', 'BillingPeriod'] as const).filter(
    (dataset) => file.datasets[dataset] !== undefined,
  );
}

/** Whose rule it is: those that hold SM are ours, and are never given as a rule of FOCUS. */
export function sourceOf(rule: Rule): 'FOCUS' | 'Stackmeter' {
  return rule.id.startsWith('SM-') ? 'Stackmeter' : 'FOCUS';
}

/** A rule that MUST hold is an error when it does not, one that SHOULD a warning. */
export function severityOf(rule: Rule): 'error' | 'warning' {
  if (rule.params.severity === 'warning') return 'warning';
  return rule.keyword.startsWith('MUST') ? 'error' : 'warning';
}

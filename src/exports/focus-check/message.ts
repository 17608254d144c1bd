import { isJsonObject } from '../../kernel/index.ts';
import { listOf } from './site.ts';
import type { Rule, SumSide } from './rule-file.ts';

type Wording = (rule: Rule) => string;

const formats: Readonly<Record<string, string>> = {
  NumericFormat: 'a plain number such as -12.5',
  DateTimeFormat: 'a time in UTC such as 2026-10-01T00:00:00Z',
  CurrencyFormat: 'a currency code of ISO 4217',
  NationalCurrency: "the ISO 4217 code of a country's money",
  UnitFormat: 'a unit such as GB-Hours',
  KeyValueFormat: 'a flat JSON object, each key once',
  JsonObjectFormat: 'a JSON object, each key once, with lists of one type',
};

const columnTests: Readonly<Record<string, string>> = {
  focusCase: 'Columns of FOCUS are spelt with its capitals',
  focusBlank: 'Names of columns have no blanks',
  focusSigns: 'Names of columns have letters and digits only',
  prefix: 'Own columns begin with x_',
  customPascal: 'Own columns have a capital after x_',
  customSigns: 'Own columns have letters and digits only after x_',
  abbreviation: 'Own columns are not abbreviated',
  acronym: 'Own columns have no acronym but Sku',
  length: 'Own columns have at most 50 characters',
};

const valueTests: Readonly<Record<string, string>> = {
  null: 'A missing value of an own column is null',
  dateTime: 'Times in own columns look like 2026-10-01T00:00:00Z',
  numeric: 'Numbers in own columns are plain numbers',
  currency: 'Currencies in own columns are codes of ISO 4217',
  unit: 'Units in own columns look like GB-Hours',
};

const adviceTexts: Readonly<Record<string, string>> = {
  fullyQualified: 'would better say by itself what it names: a path or a URN',
  consistentLabel: 'is spelt the same each time',
  uniqueWithin: 'stands once for a resource and charge period',
  nonNullTags: 'has no tag with the value null',
};

const partTexts: Readonly<Record<string, string>> = {
  noun: 'Units that are on no list are capitalised nouns',
  compoundForm: 'Joined units are singular, then plural, such as Core-Hours',
  ratioForm: 'A unit of time below the line is singular, such as GB/Hour',
  simpleForm: 'Units of time are plural, such as Hours',
  depth: 'JSON objects are at most three levels deep',
};

const nameOf = (side: SumSide | string | undefined): string =>
  typeof side === 'string' ? side : '';

const groupText = (side: SumSide | string | undefined): string =>
  typeof side === 'object'
    ? `${side.dataset ?? 'what the invoice comes to'}${side.groupBy === undefined ? '' : ` by ${side.groupBy.join(', ')}`}`
    : '';

const product = ({
  result,
  factors,
}: {
  result?: string | undefined;
  factors?: readonly string[] | undefined;
}): string => `${result} = ${(factors ?? []).join(' x ')}`;

const wordings: Readonly<Record<string, Wording>> = {
  type: ({ column, params }) =>
    `${column} is ${params.type === 'DateTime' ? 'a time' : params.type === 'Json' ? 'a JSON object' : params.type === 'Decimal' ? 'a number' : 'text in Unicode'}`,
  format: ({ column, params }) =>
    `${column}${params.path === undefined ? '' : `, ${params.path}`} is ${formats[params.format ?? ''] ?? 'of its format'}`,
  notNull: ({ column }) => `${column} is filled`,
  null: ({ column }) => `${column} is null`,
  allowed: ({ column, params }) =>
    `${params.of ?? column} is one of ${params.values?.join(', ') ?? 'the values of the list'}`,
  pair: ({ column, params }) => `${column} belongs to ${params.parent}`,
  nonNegative: ({ column }) => `${column} is not below zero`,
  validDecimal: ({ column }) => `${column} is a number with at most 60 digits after the point`,
  equalsValue: ({ column, params }) => `${column} is ${params.value}`,
  notValue: ({ column, params }) => `${column} is not ${params.value}`,
  equalsColumn: ({ column, params }) => `${params.of ?? column} equals ${params.column}`,
  notEqualsColumn: ({ column, params }) => `${params.of ?? column} differs from ${params.column}`,
  decimals: ({ column }) => `${column} has no more digits after the point than its currency`,
  bound: ({ column, params }) =>
    params.bound === 'exclusive end'
      ? `${column} is the first moment after the period, not its last second`
      : `${column} is the first moment of the period`,
  part: ({ params }) => partTexts[params.part ?? ''] ?? 'The format is kept',
  order: ({ params }) => `${nameOf(params.left)} ${params.op} ${nameOf(params.right)}`,
  chargeInBillingPeriod: () => 'The charge period lies in the billing period',
  product: ({ params }) =>
    params.also === undefined ? product(params) : `${product(params)} and ${product(params.also)}`,
  sameSign: ({ params }) => `${params.columns?.join(', ')} have one sign`,
  keyFormat: ({ column }) => `Keys of ${column} are in Pascal case`,
  keysKnownOrPrefixed: ({ column }) => `Keys of ${column} are those of FOCUS or begin with x_`,
  keysExactCase: ({ column }) => `Keys of FOCUS in ${column} are spelt exactly`,
  keysNotShadowed: ({ column }) => `${column} has the key of FOCUS where an own key says the same`,
  keysPreferred: ({ column }) => `${column} uses the key of FOCUS where there is one`,
  valueTypes: ({ column }) => `Values in ${column} have the type of their key`,
  valuelessTag: ({ column }) => `A tag without value has the value true in ${column}`,
  keysDisjoint: ({ column, params }) => `${column} repeats no key of ${params.other}`,
  jsonSchema: ({ column }) => `${column} follows its schema`,
  jsonContains: ({ column, params }) => `${params.path} in ${column} names ${params.column}`,
  jsonDetermines: ({ column, params }) =>
    `In ${column}, one ${listOf(params.key).join()} has one ${String(params.value)}`,
  determines: ({ params }) =>
    `One ${listOf(params.key).join(', ')} has one ${params.columns?.join(', one ')}`,
  uniqueId: ({ column, params }) => `One ${column} has one ${params.attributes?.join(', one ')}`,
  uniqueKey: ({ params }) => `${params.columns?.join(', ')} stand once`,
  noDuplicates: () => 'No row stands twice',
  advice: ({ column, params }) => `${column} ${adviceTexts[params.advice ?? ''] ?? ''}`,
  noOffsetRows: () => 'Discounts are inside the charge, not rows below zero beside it',
  noOverlap: () => 'Periods do not overlap',
  columnPresent: ({ params }) => `Column ${params.column} is there`,
  datasetPresent: () => 'The dataset is there',
  columnName: ({ params }) => columnTests[params.test ?? ''] ?? 'Columns have a good name',
  columnOrder: ({ params }) =>
    `Columns of FOCUS come before own ones${params.alphabetical === true ? ', each in alphabetical order' : ''}`,
  placeholder: () => 'A missing value is null, and no text stands in for it',
  emptyText: () => 'A value that has to be there is no empty text',
  customValue: ({ params }) =>
    valueTests[params.test ?? ''] ?? 'Values of own columns keep the formats',
  sumCompare: ({ params }) =>
    `Sums of ${groupText(params.left)} agree with ${groupText(params.right)}${params.tolerance === 'roundingVariance' ? ' within the rounding tolerance' : ' exactly'}`,
  sumEquals: () => 'Sums by invoice line are what the invoice says',
  complete: () => 'Every invoice line that is not zero is there',
  equalsFact: ({ column }) => `${column} is the invoice that is changed`,
  fact: ({ column }) => `${column} is what it is known to be`,
  reference: ({ params }) => `What ${params.from} names is in ${params.to}`,
  crossEquals: ({ params }) => `${nameOf(params.left)} equals ${nameOf(params.right)}`,
  crossIncludes: ({ params }) =>
    `${nameOf(params.left)} is one of ${nameOf(params.right)} of its rows`,
  crossOrder: ({ params }) => `${nameOf(params.left)} ${params.op} ${nameOf(params.right)}`,
  closedMeansIssued: () => 'A closed period has no open invoice',
  noTransition: ({ column }) => `${column} does not go back to Open`,
  history: ({ column }) => `${column} keeps what an earlier delivery said`,
};

/** What a rule asks for, in words of ours. */
export function messageOf(rule: Rule): string {
  const wording = wordings[rule.kind];
  if (wording === undefined) throw new TypeError(`rules of kind ${rule.kind} have no words`);
  const condition = rule.params.when === undefined ? '' : conditionText(rule.params.when);
  return `${wording(rule)}${condition === '' ? '' : `, when ${condition}`}`;
}

function conditionText(condition: unknown): string {
  if (!isJsonObject(condition)) return '';
  const { all, any, not, col, in: values, null: isNull, fact, capability, same } = condition;
  if (Array.isArray(all)) return joined(all, ' and ');
  if (Array.isArray(any)) return joined(any, ' or ');
  if (not !== undefined) return `not (${conditionText(not)})`;
  if (Array.isArray(same)) return same.join(' equals ');
  if (typeof col === 'string') {
    if (typeof isNull === 'boolean') return `${col} is ${isNull ? 'null' : 'filled'}`;
    return `${col} is ${Array.isArray(values) ? values.join(' or ') : ''}`;
  }
  return typeof fact === 'string' ? fact : String(capability);
}

function joined(parts: readonly unknown[], word: string): string {
  return parts
    .map((part) => conditionText(part))
    .filter((text) => text !== '')
    .join(word);
}

/** Kinds of rules about the columns of a dataset, and about texts that stand for nothing in any of them. */
import { capabilityOf } from '../facts.ts';
import {
  notApplicable,
  notChecked,
  type Kind,
  type Plan,
  type RuleRun,
  type Skip,
  type Surroundings,
} from '../site.ts';
import { eachValue, looks, together } from './values.ts';

const columnPresent: Kind = (run, { site, known, file }) => {
  const { column = '', capabilities = [] } = run.rule.params;
  const has = capabilities.map((name) => capabilityOf(name, known));
  if (has.includes(false)) return notApplicable('the generator lacks what the column is for');
  const isThere = site.indexOf(column) !== undefined;
  const isKnown = !has.includes(undefined) || showsItself(file, site, capabilities);
  if (!isThere && !isKnown) {
    return notChecked(`whether ${capabilities.join(' and ')} hold is not known`);
  }
  run.hasApplied = true;
  if (!isThere) run.fault(undefined, column);
  return {};
};

/** Who delivers one of the columns that are for something has what they are for, and has to deliver the others. */
function showsItself(
  file: Surroundings['file'],
  { dataset, indexOf }: Surroundings['site'],
  capabilities: readonly string[],
): boolean {
  const wanted = capabilities.toSorted().join(' ');
  return (file.datasets[dataset]?.rules ?? []).some(
    ({ kind, params }) =>
      kind === 'columnPresent' &&
      indexOf(params.column ?? '') !== undefined &&
      params.capabilities?.toSorted().join(' ') === wanted,
  );
}

/** Lower case letters and digits of a name, by which a slip in a name of FOCUS is recognised. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

function columnNames({ file, site }: Surroundings): { misspelt: string[]; own: string[] } {
  const names = (file.datasets[site.dataset]?.columns ?? []).map(({ name }) => name);
  const known = new Set(names);
  const plainNames = new Set(names.map(plain));
  const unknown = site.columns.filter((column) => !known.has(column));
  return {
    misspelt: unknown.filter((column) => plainNames.has(plain(column))),
    own: unknown.filter((column) => !plainNames.has(plain(column))),
  };
}

const abbreviations = /(?:Acct|Amt|Cat|Cust|Desc|Dt|Inv|Nbr|No|Num|Qty|Ref|Sub|Svc)(?=[A-Z]|$)/;

/** What is wrong with the name of a column. The names of FOCUS are a list, so only slips of it can be found. */
const nameTests: Readonly<
  Record<string, (names: { misspelt: string[]; own: string[] }) => string[]>
> = {
  focusCase: ({ misspelt }) => misspelt.filter((name) => /^[A-Za-z0-9]+$/.test(name)),
  focusBlank: ({ misspelt }) => misspelt.filter((name) => name.includes(' ')),
  focusSigns: ({ misspelt }) => misspelt.filter((name) => /[^A-Za-z0-9 ]/.test(name)),
  focusLetters: ({ misspelt }) => misspelt.filter((name) => /[^A-Za-z0-9]/.test(name)),
  prefix: ({ own }) => own.filter((name) => !name.startsWith('x_')),
  customPascal: ({ own }) => own.filter((name) => /^x_[^A-Z]/.test(name)),
  customSigns: ({ own }) => own.filter((name) => /^x_.*[^A-Za-z0-9]/.test(name)),
  abbreviation: ({ own }) =>
    own.filter((name) => name.startsWith('x_') && abbreviations.test(name)),
  acronym: ({ own }) => own.filter((name) => /^x_.*[A-Z]{3}/.test(name)),
  length: ({ own }) => own.filter((name) => name.length > 50),
};

/** A blank is a sign like others where no rule is about blanks alone. */
function nameTestOf(test: string, { file }: Surroundings): string {
  if (test !== 'focusSigns') return test;
  const rules = Object.values(file.attributes).flat();
  return rules.some(({ params }) => params.test === 'focusBlank') ? test : 'focusLetters';
}

const columnName: Kind = (run, around) => {
  const names = columnNames(around);
  const { test = '' } = run.rule.params;
  if (!test.startsWith('focus') && names.own.length === 0) {
    return notApplicable('there are no own columns');
  }
  run.hasApplied = true;
  for (const name of nameTests[nameTestOf(test, around)]!(names)) run.fault(undefined, name);
  return {};
};

const columnOrder: Kind = (run, { site, file }) => {
  const known = new Set((file.datasets[site.dataset]?.columns ?? []).map(({ name }) => name));
  const focus = site.columns.filter((column) => known.has(column));
  const own = site.columns.filter((column) => !known.has(column));
  const isSorted = run.rule.params.alphabetical === true;
  const wanted = isSorted ? [...focus.toSorted(), ...own.toSorted()] : [...focus, ...own];
  run.hasApplied = true;
  const at = wanted.findIndex((column, index) => column !== site.columns[index]);
  if (at >= 0) run.fault(undefined, site.columns[at] ?? null);
  return {};
};

/** Columns of a dataset with the types that FOCUS gives them. */
function typedColumns({
  file,
  site,
}: Surroundings): { name: string; nullable: boolean; type: string }[] {
  const columns = file.datasets[site.dataset]?.columns ?? [];
  return columns.filter(({ name }) => site.indexOf(name) !== undefined);
}

const standInForNull = /^(?:null|nil|none|nan|undefined)$/i;
const standIn = /^(?:|\s+|-+|\?|n\/?a|not applicable|not available|unknown)$/i;

/** A text that says that there is no value, where a missing value is wanted. */
const placeholder: Kind = (run, around) => {
  const isText = run.rule.params.test === 'text';
  const plans = typedColumns(around).map(({ name, nullable, type }) => {
    const isFault = (value: string): boolean => {
      if (value === '') return isText;
      if (type !== 'String') return false;
      if (value.length > 15) return false;
      if (!isText) return standInForNull.test(value);
      return standIn.test(value) && (nullable || value.trim() !== '');
    };
    return eachValue(run, around, isFault, name);
  });
  return together(plans);
};

/** Texts of nothing where a value is wanted. */
const emptyText: Kind = (run, around) => {
  const { test, or } = run.rule.params;
  const isFault = (value: string): boolean =>
    value === '' ? test === 'empty' : (test === 'blank' || or === 'blank') && value.trim() === '';
  const plans = typedColumns(around)
    .filter(({ nullable, type }) => !nullable && type === 'String')
    .map(({ name }) => eachValue(run, around, isFault, name));
  return together(plans);
};

/** By which ending of its name an own column is taken to hold values of a format. */
const endings: Readonly<Record<string, readonly [string, RegExp]>> = {
  dateTime: ['DateTimeFormat', /(?:Start|End|Time|Date|Created|LastUpdated)$/],
  numeric: ['NumericFormat', /(?:Cost|Price|Quantity|Rate|Amount)$/],
  currency: ['NationalCurrency', /Currency$/],
  unit: ['UnitFormat', /Unit$/],
};

/** Values of own columns, as far as their name tells what they hold. */
const customValue: Kind = (run, around) => {
  const { own } = columnNames(around);
  const { test = '' } = run.rule.params;
  if (test === 'null') {
    return anyOf(own, run, around, (value) => standIn.test(value) || standInForNull.test(value));
  }
  const [format, ending] = endings[test]!;
  const look = looks[format]!();
  const named = own.filter((name) => ending.test(name));
  return anyOf(named, run, around, (value) => {
    const { isOfType, broken } = look(value);
    return value !== '' && (!isOfType || broken.length > 0);
  });
};

function anyOf(
  columns: readonly string[],
  run: RuleRun,
  around: Surroundings,
  isFault: (value: string) => boolean,
): Plan | Skip {
  if (columns.length === 0) return notApplicable('there are no such own columns');
  return together(columns.map((column) => eachValue(run, around, isFault, column)));
}

export const columnKinds: Readonly<Record<string, Kind>> = {
  columnPresent,
  columnName,
  columnOrder,
  placeholder,
  emptyText,
  customValue,
};

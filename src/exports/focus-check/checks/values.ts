/** Kinds of rules about one value: its type, its format, what it may be. */
import { Decimal, minorUnitsOf, parseCurrency } from '../../../kernel/index.ts';
import { always, whenOf } from '../condition.ts';
import { partsOf } from './parts.ts';
import {
  isSkip,
  notChecked,
  placeOf,
  type Kind,
  type Plan,
  type Row,
  type RuleRun,
  type Skip,
  type Surroundings,
} from '../site.ts';
import { lookAtCurrency, lookAtNationalCurrency } from '../values/currency.ts';
import { lookAtTime } from '../values/date-time.ts';
import { lookAtJson, valuesAt } from '../values/json-text.ts';
import { lookAtNumber } from '../values/numeric.ts';
import { lookAtUnit } from '../values/unit.ts';
import { good, remembering, type Verdict } from '../values/verdict.ts';

/**
 * Looks at every filled value of the rule's column on rows to which the rule applies.
 *
 * @param isFault whether it is one, or what to show of it where the value alone does not say it
 */
export function eachValue(
  run: RuleRun,
  around: Surroundings,
  isFault: (value: string, row: Row) => boolean | string,
  column: string | undefined = run.rule.column,
): Plan | Skip {
  const when = whenOf(run.rule, around);
  if (typeof when !== 'function') return when;
  const index = placeOf(around.site, column);
  if (typeof index !== 'number') return index;
  const look = (value: string, row: Row, at: number): void => {
    run.hasApplied = true;
    const fault = isFault(value, row);
    if (fault !== false) run.fault(at, fault === true ? value : fault);
  };
  // Most rules hold for every row, and most of the time goes into those.
  if (when === always) {
    return {
      row: (row, at) => {
        const value = row[index] ?? null;
        if (value === null) return;
        look(value, row, at);
      },
    };
  }
  return {
    row: (row, at) => {
      const value = row[index] ?? null;
      if (value === null || !when(row)) return;
      look(value, row, at);
    },
  };
}

/** Each column on its own, so that a text is looked up where it repeats itself. */
export const looks: Readonly<Record<string, () => (text: string) => Verdict>> = {
  NumericFormat: () => lookAtNumber,
  DateTimeFormat: () => remembering(lookAtTime),
  CurrencyFormat: () => remembering(lookAtCurrency),
  NationalCurrency: () => remembering(lookAtNationalCurrency),
  UnitFormat: () => remembering(lookAtUnit),
  KeyValueFormat: () => (text) => lookAtJson(text).keyValue,
  JsonObjectFormat: () => (text) => lookAtJson(text).jsonObject,
};

const formatsOfTypes: Readonly<Record<string, string>> = {
  Decimal: 'NumericFormat',
  DateTime: 'DateTimeFormat',
  Json: 'JsonObjectFormat',
};

/** A character that was lost on the way, or none that a text can have. */
const isBroken = (text: string): boolean =>
  text.includes('\u0000') || text.includes('\ufffd') || !text.isWellFormed();
// Most texts are plain letters, which cannot be broken.
const plainText = /^[ -~]*$/;

const type: Kind = (run, around) => {
  const wanted = run.rule.params.type ?? 'String';
  const format = formatsOfTypes[wanted];
  if (format === undefined) {
    return eachValue(run, around, (text) => !plainText.test(text) && isBroken(text));
  }
  const look = looks[format]!();
  const parts = partsOf(around.file, format);
  // An empty text is no value of any type; the rules about missing values tell it.
  return eachValue(run, around, (text) => {
    if (text === '') return false;
    const { isOfType, broken } = look(text);
    if (!isOfType) for (const part of broken) parts(part, run);
    return !isOfType;
  });
};

const format: Kind = (run, around) => {
  const { format: name = '', path } = run.rule.params;
  if (name === 'StringHandling') {
    return notChecked('whether a text is kept as it was given only its source can say');
  }
  const look = looks[name]!();
  const parts = partsOf(around.file, name === 'NationalCurrency' ? 'CurrencyFormat' : name);
  const isTyped = hasTypeRule(around, run.rule.column);
  const isFault = (text: string): boolean => {
    if (text === '') return false;
    const { isOfType, broken } = look(text);
    // A value of another type is told by the rule about the type, where there is one.
    if (isOfType ? broken.length === 0 : isTyped) return false;
    for (const part of broken) parts(part, run);
    return true;
  };
  if (path === undefined) return eachValue(run, around, isFault);
  return eachValue(run, around, (text) =>
    valuesAt(lookAtJson(text).object, path).some((one) => typeof one === 'string' && isFault(one)),
  );
};

function hasTypeRule({ file, site }: Surroundings, column: string | undefined): boolean {
  const rules = file.datasets[site.dataset]?.rules ?? [];
  return rules.some(
    (rule) => rule.kind === 'type' && rule.column === column && rule.params.type !== 'String',
  );
}

function filled(isWanted: boolean): Kind {
  return (run, around) => {
    const when = whenOf(run.rule, around);
    if (typeof when !== 'function') return when;
    const index = placeOf(around.site, run.rule.column);
    if (typeof index !== 'number') return index;
    return {
      row: (row, at) => {
        if (!when(row)) return;
        run.hasApplied = true;
        const value = row[index] ?? null;
        if ((value !== null) !== isWanted) run.fault(at, value);
      },
    };
  };
}

const allowed: Kind = (run, around) => {
  const { values, table, of } = run.rule.params;
  const parents = around.file.serviceSubcategories;
  const isParent = run.rule.column === 'ServiceCategory';
  const listed = isParent ? Object.keys(parents) : Object.values(parents).flat();
  const set = new Set(table === undefined ? values : listed);
  return eachValue(run, around, (value) => value !== '' && !set.has(value), of ?? run.rule.column);
};

const pair: Kind = (run, around) => {
  const parent = placeOf(around.site, run.rule.params.parent);
  if (typeof parent !== 'number') return parent;
  const table = around.file.serviceSubcategories;
  const known = new Set(Object.values(table).flat());
  return eachValue(run, around, (child, row) => {
    const children = table[row[parent] ?? ''];
    // Values that are on no list are told by the rules about the lists.
    return children !== undefined && known.has(child) && !children.includes(child);
  });
};

const nonNegative: Kind = (run, around) =>
  eachValue(run, around, (value) => Decimal.parse(value)?.isNegative() === true);

/** A number that fits into a decimal: 60 digits after the point, 100 in all. */
const validDecimal: Kind = (run, around) =>
  eachValue(
    run,
    around,
    (value) => lookAtNumber(value) === good && Decimal.parse(value) === undefined,
  );

function compared(isFaultWhenEqual: boolean): Kind {
  return (run, around) => {
    const wanted = String(run.rule.params.value);
    const number = Decimal.parse(wanted);
    return eachValue(run, around, (value) => {
      const isEqual =
        number === undefined ? value === wanted : (Decimal.parse(value)?.equals(number) ?? true);
      return isEqual === isFaultWhenEqual;
    });
  };
}

/** Not more digits after the point than the currency has. */
const decimals: Kind = (run, around) => {
  const currency = placeOf(around.site, 'BillingCurrency');
  if (typeof currency !== 'number') return currency;
  return eachValue(run, around, (value, row) => {
    const code = parseCurrency(row[currency] ?? '');
    const amount = Decimal.parse(value);
    return code !== undefined && amount !== undefined && amount.scale > minorUnitsOf(code);
  });
};

/**
 * Where a period begins or ends cannot be seen from its bounds alone, but the usual slip can: an end that is the last
 * second of the period, or a start that is the second after it.
 */
const bound: Kind = (run, around) => {
  const slip = run.rule.params.bound === 'exclusive end' ? ':59:59Z' : ':00:01Z';
  return eachValue(run, around, (value) => value.endsWith(slip));
};

/** Advice of a format, told on its own: one fault for each value that does not follow it. */
const part: Kind = (run, around) => {
  const { part: wanted = '' } = run.rule.params;
  const plans = formatColumns(run, around).map(([column, name]) => {
    const look = looks[name]!();
    return eachValue(run, around, (text) => look(text).advised.includes(wanted), column);
  });
  return together(plans);
};

function formatColumns(
  run: RuleRun,
  { file, site }: Surroundings,
): (readonly [column: string, format: string])[] {
  const [attribute] =
    Object.entries(file.attributes).find(([, rules]) => rules.includes(run.rule)) ?? [];
  const rules = file.datasets[site.dataset]?.rules ?? [];
  return rules.flatMap(({ kind, column, params: { format: name, path } }) =>
    kind === 'format' && name === attribute && name !== undefined && column !== undefined && !path
      ? [[column, name] as const]
      : [],
  );
}

/** Several checks of one rule, such as one for each column. */
export function together(plans: readonly (Plan | Skip)[]): Plan | Skip {
  const checks = plans.flatMap((plan) => (isSkip(plan) || !plan.row ? [] : [plan.row]));
  const [first] = checks;
  if (first === undefined) {
    return plans.find(isSkip) ?? notChecked('no column of this kind was delivered');
  }
  if (checks.length === 1) return { row: first };
  return {
    row: (row, at) => {
      for (const check of checks) check(row, at);
    },
  };
}

export const valueKinds: Readonly<Record<string, Kind>> = {
  type,
  format,
  notNull: filled(true),
  null: filled(false),
  allowed,
  pair,
  nonNegative,
  validDecimal,
  equalsValue: compared(false),
  notValue: compared(true),
  decimals,
  bound,
  part,
};

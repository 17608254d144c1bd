import { Decimal, isJsonObject } from '../../kernel/index.ts';
import { readFilters } from '../../analysis/index.ts';
import {
  invalidProperty,
  readFields,
  readList,
  readParsed,
  readTexts,
  type Fields,
} from '../../platform/index.ts';
import { parseMailAddress } from '../mail/index.ts';
import {
  alertBases,
  filterDimensions,
  grains,
  thresholdUnits,
  views,
  type BudgetAlert,
  type BudgetFilters,
  type BudgetGrain,
  type BudgetView,
  type FilterName,
} from './budget.ts';

/** What can be said of a budget; what is left out stays. */
export interface BudgetChange {
  readonly amount?: Decimal | undefined;
  readonly grain?: BudgetGrain | undefined;
  readonly view?: BudgetView | undefined;
  readonly filters?: BudgetFilters | undefined;
  readonly alerts?: readonly BudgetAlert[] | undefined;
}

const MOST_ALERTS = 10;
const MOST_EMAILS = 10;
const MOST_VALUES = 100;
/** Whole digits of an amount, and those after the point. */
const WHOLE_DIGITS = 15;
const AMOUNT_SCALE = 6;
const PERCENT_SCALE = 2;
const LIMIT = Decimal.fromBigInt(10n ** BigInt(WHOLE_DIGITS));
const MOST_PERCENT = Decimal.fromBigInt(1000n);
const AMOUNT_RULE =
  'it is an amount as text, above zero, of at most 15 digits and 6 after the point';
const PERCENT_RULE = 'it is a percentage as text, from 0.01 to 1000';
const NAMES: readonly FilterName[] = [...filterDimensions, 'tag'];

/** @throws InvalidProperty naming the field */
export function readBudgetChange(fields: Fields): BudgetChange {
  return {
    amount: readParsed(fields, 'amount', parseAmount, AMOUNT_RULE),
    grain: readOneOf(fields, 'grain', grains),
    view: readOneOf(fields, 'view', views),
    filters: readBudgetFilters(fields['filters']),
    alerts: readAlerts(fields),
  };
}

function parseAmount(text: string): Decimal | undefined {
  const amount = Decimal.parse(text);
  if (amount === undefined || amount.isZero() || amount.isNegative()) return undefined;
  return amount.scale <= AMOUNT_SCALE && amount.compare(LIMIT) < 0 ? amount : undefined;
}

function parsePercent(text: string): Decimal | undefined {
  const percent = parseAmount(text);
  const isOne = percent && percent.scale <= PERCENT_SCALE && percent.compare(MOST_PERCENT) <= 0;
  return isOne === true ? percent : undefined;
}

/** One of some words in any case. */
function readOneOf<Word extends string>(
  fields: Fields,
  name: string,
  words: readonly Word[],
): Word | undefined {
  const parse = (text: string): Word | undefined =>
    words.find((word) => word.toLowerCase() === text.toLowerCase());
  return readParsed(fields, name, parse, `it is one of ${words.join(', ')}`);
}

/** Null takes all of them away. @throws InvalidProperty */
export function readBudgetFilters(value: unknown): BudgetFilters | undefined {
  if (value === undefined) return undefined;
  if (value === null) return {};
  if (!isJsonObject(value)) {
    throw invalidProperty('filters', value, 'it is an object with a list for each name');
  }
  const filters = new Map<FilterName, readonly string[]>();
  for (const given of Object.keys(value)) {
    const name = NAMES.find((one) => one.toLowerCase() === given.toLowerCase());
    if (name === undefined) {
      throw invalidProperty('filters', given, `the names are ${NAMES.join(', ')}`);
    }
    const texts = readTexts(value, given) ?? [];
    if (texts.length > MOST_VALUES) {
      throw invalidProperty(given, texts.length, `a filter has at most ${MOST_VALUES} values`);
    }
    if (texts.length > 0) filters.set(name, [...new Set(texts)].toSorted(byText));
  }
  const read = Object.fromEntries([...filters].toSorted(([one], [other]) => byText(one, other)));
  filtersOf(read);
  return read;
}

/** Filters as an analysis of costs takes them. @throws InvalidProperty for a value that cannot be one */
export function filtersOf(filters: BudgetFilters): ReturnType<typeof readFilters> {
  const lists = new Map(
    Object.entries(filters).map(([name, values]) => [name.toLowerCase(), values]),
  );
  return readFilters(lists, filterDimensions);
}

function readAlerts(fields: Fields): BudgetAlert[] | undefined {
  const list = fields['alerts'] === null ? [] : readList(fields, 'alerts');
  if (list === undefined) return undefined;
  if (list.length > MOST_ALERTS) {
    throw invalidProperty('alerts', list.length, `a budget has at most ${MOST_ALERTS} alerts`);
  }
  const alerts = list.map(readAlert);
  const keys = new Set(alerts.map(keyOfAlert));
  if (keys.size < alerts.length) {
    throw invalidProperty('alerts', list, 'each threshold is there once');
  }
  return alerts;
}

/** What tells alerts of a budget apart. */
export function keyOfAlert({ of, unit, threshold }: BudgetAlert): string {
  return `${of} ${unit} ${threshold.toText()}`;
}

function readAlert(value: unknown): BudgetAlert {
  if (!isJsonObject(value)) throw invalidProperty('alerts', value, 'each is an object');
  const unit = readOneOf(value, 'unit', thresholdUnits) ?? 'percent';
  const [parse, rule] =
    unit === 'percent' ? [parsePercent, PERCENT_RULE] : [parseAmount, AMOUNT_RULE];
  const threshold = readParsed(value, 'threshold', parse, rule);
  if (threshold === undefined) throw invalidProperty('threshold', undefined, rule);
  const notify = value['notify'] === undefined ? {} : readFields(value['notify']);
  const { webhook = false } = notify;
  if (typeof webhook !== 'boolean') {
    throw invalidProperty('webhook', webhook, 'it is true or false');
  }
  return {
    of: readOneOf(value, 'of', alertBases) ?? 'actual',
    unit,
    threshold,
    emails: readEmails(notify),
    webhook,
  };
}

function readEmails(notify: Fields): string[] {
  const emails = (readTexts(notify, 'emails') ?? []).map((text) => {
    const address = parseMailAddress(text);
    if (address !== undefined) return address;
    throw invalidProperty('emails', text, 'each is one address like somebody@example.org');
  });
  const different = [...new Set(emails)];
  if (different.length <= MOST_EMAILS) return different;
  throw invalidProperty('emails', emails.length, `an alert goes to at most ${MOST_EMAILS}`);
}

function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

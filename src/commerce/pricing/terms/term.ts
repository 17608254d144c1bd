import { Decimal, type HourNumber, type SubscriptionId } from '../../../kernel/index.ts';
import { invalidProperty, requireText, type Fields } from '../../../platform/index.ts';

/** A sum for each period. */
export interface Fee {
  readonly kind: 'fee';
  readonly amount: Decimal;
  /** Once for the account, or once for each subscription of the stamp that used something in the period. */
  readonly per: 'account' | 'subscription';
  /** Whether a period in which it is in force for a part only is charged in proportion to its hours. */
  readonly prorated: boolean;
}

/** Something off what usage costs. */
export interface Discount {
  readonly kind: 'discount';
  readonly by:
    | { readonly percent: Decimal }
    | { readonly amount: Decimal }
    | { readonly quantity: Decimal; readonly meterId: string };
  /** In each period, or once: a percentage in one period, an amount or quantity until it is used up. */
  readonly recurrence: 'once' | 'recurring';
  /** On all that the account uses together, or as much on each subscription of the stamp. */
  readonly per: 'account' | 'subscription';
  /** Only what these meters cost; all unless given. Ids of commerce, compared without case. */
  readonly meterIds?: readonly string[] | undefined;
}

/** Money to the good: one sum that is drawn down over the periods, or as much anew in each period. */
export interface Credit {
  readonly kind: 'credit';
  readonly amount: Decimal;
  readonly recurrence: 'once' | 'recurring';
}

/** The least that usage costs in a period, after discounts; what is missing is charged. */
export interface Commitment {
  readonly kind: 'commitment';
  readonly amount: Decimal;
}

/** What was agreed with an account besides prices. Money is in the currency of the account. */
export type Term = Fee | Discount | Credit | Commitment;

/** A term as an account has it. Hours are half open; one without end goes on. */
export interface AccountTerm {
  readonly termId: string;
  readonly name: string;
  readonly definition: Term;
  readonly effectiveFrom: HourNumber;
  readonly effectiveTo: HourNumber | undefined;
}

/** What a term has given or charged on invoices so far; positive, whatever sign the lines have. */
export interface TermUse {
  readonly termId: string;
  /** Of a discount for each subscription, on which; undefined otherwise. */
  readonly subscriptionId: SubscriptionId | undefined;
  readonly amount: Decimal;
  /** Of a discount by quantity. */
  readonly quantity: Decimal;
}

/** Digits after the point of a figure of a term. */
const MOST_SCALE = 12;

const MEMBERS: Readonly<Record<Term['kind'], readonly string[]>> = {
  fee: ['amount', 'per', 'prorated'],
  discount: ['percent', 'amount', 'quantity', 'meterId', 'recurrence', 'per', 'meterIds'],
  credit: ['amount', 'recurrence'],
  commitment: ['amount'],
};

/**
 * Reads a term from fields: `kind`, and what its kind has. Decimals are texts; `per` is `account` and `recurrence`
 * is `recurring` unless given, a fee is prorated unless it says not. A discount has one of `percent`, `amount`, or
 * `quantity` with `meterId`.
 *
 * @throws InvalidProperty naming the field
 */
export function parseTerm(fields: Fields): Term {
  const kind = oneOf(fields, 'kind', ['fee', 'discount', 'credit', 'commitment'] as const);
  const unknown = Object.keys(fields).find(
    (name) => name !== 'kind' && !MEMBERS[kind].includes(name),
  );
  if (unknown !== undefined) {
    throw invalidProperty(unknown, fields[unknown], `a ${kind} has ${MEMBERS[kind].join(', ')}`);
  }
  switch (kind) {
    case 'fee':
      return {
        kind,
        amount: positive(fields, 'amount'),
        per: readPer(fields),
        prorated: truth(fields),
      };
    case 'discount':
      return readDiscount(fields);
    case 'credit':
      return { kind, amount: positive(fields, 'amount'), recurrence: readRecurrence(fields) };
    default:
      return { kind, amount: positive(fields, 'amount') };
  }
}

function readDiscount(fields: Fields): Discount {
  const { meterIds } = fields;
  return {
    kind: 'discount',
    by: readReduction(fields),
    recurrence: readRecurrence(fields),
    per: readPer(fields),
    ...(meterIds !== undefined && meterIds !== null && { meterIds: readMeters(meterIds) }),
  };
}

function readReduction(fields: Fields): Discount['by'] {
  const names = ['percent', 'amount', 'quantity'].filter(
    (name) => fields[name] !== undefined && fields[name] !== null,
  );
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) {
    const rule = 'a discount has one of percent, amount, and quantity with meterId';
    throw invalidProperty(name ?? 'percent', undefined, rule);
  }
  if (name === 'quantity') {
    const { meterIds } = fields;
    if (meterIds !== undefined && meterIds !== null) {
      throw invalidProperty('meterIds', meterIds, 'a discount by quantity has meterId alone');
    }
    return { quantity: positive(fields, name), meterId: requireText(fields, 'meterId') };
  }
  if (fields['meterId'] !== undefined) {
    throw invalidProperty('meterId', fields['meterId'], 'it belongs to quantity; use meterIds');
  }
  if (name === 'amount') return { amount: positive(fields, name) };
  const percent = positive(fields, 'percent');
  if (percent.compare(HUNDRED) <= 0) return { percent };
  throw invalidProperty('percent', fields['percent'], 'it is at most 100');
}

const HUNDRED = Decimal.fromBigInt(100n);

function readMeters(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  const ids = list.filter((id) => typeof id === 'string' && id.trim() !== '');
  if (ids.length > 0 && ids.length === list.length) return ids.map(String);
  throw invalidProperty('meterIds', value, 'it is a list of ids of meters, at least one');
}

function readPer(fields: Fields): 'account' | 'subscription' {
  return oneOf({ per: 'account', ...given(fields) }, 'per', ['account', 'subscription'] as const);
}

function readRecurrence(fields: Fields): 'once' | 'recurring' {
  const words = ['once', 'recurring'] as const;
  return oneOf({ recurrence: 'recurring', ...given(fields) }, 'recurrence', words);
}

function given(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function truth({ prorated }: Fields): boolean {
  if (prorated === undefined || prorated === null) return true;
  if (typeof prorated === 'boolean') return prorated;
  throw invalidProperty('prorated', prorated, 'it is true or false');
}

function oneOf<T extends string>(fields: Fields, name: string, words: readonly T[]): T {
  const found = words.find((word) => word === fields[name]);
  if (found !== undefined) return found;
  throw invalidProperty(name, fields[name], `it is one of ${words.join(', ')}`);
}

function positive(fields: Fields, name: string): Decimal {
  const value = fields[name];
  const number = typeof value === 'string' ? Decimal.parse(value) : undefined;
  if (number !== undefined && number.compare(Decimal.zero) > 0 && number.scale <= MOST_SCALE) {
    return number;
  }
  const rule = `it is a decimal above zero as text, such as "10.50", with at most ${MOST_SCALE} digits after the point`;
  throw invalidProperty(name, value, rule);
}

/** The term as {@link parseTerm} reads it back. */
export function termToWire(term: Term): Readonly<Record<string, unknown>> {
  const amountText = (): string => ('amount' in term ? term.amount.toText() : '');
  switch (term.kind) {
    case 'fee':
      return { kind: term.kind, amount: amountText(), per: term.per, prorated: term.prorated };
    case 'credit':
      return { kind: term.kind, amount: amountText(), recurrence: term.recurrence };
    case 'commitment':
      return { kind: term.kind, amount: amountText() };
    default: {
      const { kind, by, recurrence, per, meterIds } = term;
      const figures = reductionToWire(by);
      return {
        kind,
        ...figures,
        recurrence,
        per,
        ...(meterIds !== undefined && { meterIds }),
      };
    }
  }
}

function reductionToWire(by: Discount['by']): Readonly<Record<string, string>> {
  if ('percent' in by) return { percent: by.percent.toText() };
  if ('amount' in by) return { amount: by.amount.toText() };
  return { quantity: by.quantity.toText(), meterId: by.meterId };
}

import type { EdmType } from '../model.ts';
import { typeOf, type Function, type Operand } from './expression.ts';

type Types = readonly EdmType[];

const TEXT: Types = ['Edm.String'];
const NUMBER: Types = ['Edm.Decimal', 'Edm.Int32'];
const DAY: Types = ['Edm.Date', 'Edm.DateTimeOffset'];
const TIME: Types = ['Edm.DateTimeOffset'];

interface Signature {
  /** Of each argument, the types that it may have. */
  readonly takes: readonly Types[];
  /** How many of them have to be there; all unless given. */
  readonly least?: number;
  readonly gives: EdmType;
}

/** What each function takes and gives. */
const FUNCTIONS: Readonly<Record<Function, Signature>> = {
  tolower: { takes: [TEXT], gives: 'Edm.String' },
  toupper: { takes: [TEXT], gives: 'Edm.String' },
  trim: { takes: [TEXT], gives: 'Edm.String' },
  length: { takes: [TEXT], gives: 'Edm.Int32' },
  indexof: { takes: [TEXT, TEXT], gives: 'Edm.Int32' },
  substring: { takes: [TEXT, NUMBER, NUMBER], least: 2, gives: 'Edm.String' },
  concat: { takes: [TEXT, TEXT], gives: 'Edm.String' },
  round: { takes: [NUMBER], gives: 'Edm.Decimal' },
  floor: { takes: [NUMBER], gives: 'Edm.Decimal' },
  ceiling: { takes: [NUMBER], gives: 'Edm.Decimal' },
  year: { takes: [DAY], gives: 'Edm.Int32' },
  month: { takes: [DAY], gives: 'Edm.Int32' },
  day: { takes: [DAY], gives: 'Edm.Int32' },
  hour: { takes: [TIME], gives: 'Edm.Int32' },
  minute: { takes: [TIME], gives: 'Edm.Int32' },
  second: { takes: [TIME], gives: 'Edm.Int32' },
  date: { takes: [TIME], gives: 'Edm.Date' },
};

export function isFunction(word: string): word is Function {
  return Object.hasOwn(FUNCTIONS, word);
}

/** A function of these; undefined where it does not take them. */
export function callOf(name: Function, of: readonly Operand[]): Operand | undefined {
  const { takes, least = takes.length, gives } = FUNCTIONS[name];
  if (of.length < least || of.length > takes.length) return undefined;
  const fits = of.every((operand, at) => {
    const type = typeOf(operand);
    return type !== undefined && takes[at]?.includes(type) === true;
  });
  return fits ? { kind: 'call', name, of, type: gives } : undefined;
}

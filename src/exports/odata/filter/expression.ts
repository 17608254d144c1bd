import type { EdmType } from '../model.ts';

export type Comparison = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';
export type TextTest = 'contains' | 'startswith' | 'endswith';
/** What is computed of values: of texts a text or a number, of a number a whole one, of a time a number or its day. */
export type Function =
  | 'tolower'
  | 'toupper'
  | 'trim'
  | 'length'
  | 'indexof'
  | 'substring'
  | 'concat'
  | 'round'
  | 'floor'
  | 'ceiling'
  | DatePart
  | 'date';
export type DatePart = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** A value as it was written. Texts of numbers, days and times are those that PostgreSQL reads. */
export interface Literal {
  readonly kind: 'literal';
  readonly type: EdmType;
  readonly text: string;
}

/** Something that has a value. */
export type Operand =
  | Literal
  | { readonly kind: 'null' }
  | { readonly kind: 'property'; readonly name: string; readonly type: EdmType }
  | {
      readonly kind: 'call';
      readonly name: Function;
      readonly of: readonly Operand[];
      readonly type: EdmType;
    };

/** Something that is true or false of an entity (OData 4.01, part 2: $filter). */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not'; readonly of: Expression }
  | {
      readonly kind: 'compare';
      readonly op: Comparison;
      readonly left: Operand;
      readonly right: Operand;
    }
  | { readonly kind: 'in'; readonly of: Operand; readonly values: readonly Literal[] }
  | {
      readonly kind: 'text';
      readonly test: TextTest;
      readonly of: Operand;
      readonly part: Operand;
    }
  /** A property that is true or false by itself. */
  | { readonly kind: 'is'; readonly of: Operand };

/** The type of a value; undefined for null, which has none. */
export function typeOf(operand: Operand): EdmType | undefined {
  return operand.kind === 'null' ? undefined : operand.type;
}

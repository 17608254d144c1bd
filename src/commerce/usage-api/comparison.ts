import { invalidProperty, isKeepable } from '../../platform/index.ts';

const OPERATORS = ['eq', 'lt', 'le', 'gt', 'ge'] as const;
export type Operator = (typeof OPERATORS)[number];

/** One term of a `$filter`. */
export interface Comparison<Field extends string = string> {
  readonly field: Field;
  readonly operator: Operator;
  readonly value: string;
}

const LONGEST = 2000;
/** `field op value`, then `and` or the end; a quote within a quoted value is written twice. */
const TERM =
  /\s*(?:properties\/)?([a-z]+)\s+(eq|lt|le|gt|ge)\s+(?:'((?:[^']|'')*)'|([^\s']+))\s*(and\s|$)/iy;

/**
 * Reads a `$filter`: comparisons with `and` between them, the rest of the language is refused. Names of fields match in
 * any case, with or without `properties/` before them; values may stand in quotes.
 *
 * @throws InvalidProperty
 */
export function readComparisons<Field extends string>(
  text: string,
  fields: readonly Field[],
): Comparison<Field>[] {
  const rule = `it is one or more of the form field eq value, with and between them, on ${fields.join(', ')}; eq, lt, le, gt and ge compare`;
  const refused = invalidProperty('$filter', text.slice(0, LONGEST), rule);
  if (text.length > LONGEST || !isKeepable(text)) throw refused;
  const comparisons: Comparison<Field>[] = [];
  TERM.lastIndex = 0;
  for (let more = true; more;) {
    const [, name = '', compared = '', quoted, bare = '', next = ''] = TERM.exec(text) ?? [];
    const field = fields.find((known) => known.toLowerCase() === name.toLowerCase());
    const operator = OPERATORS.find((known) => known === compared.toLowerCase());
    if (field === undefined || operator === undefined) throw refused;
    comparisons.push({ field, operator, value: quoted?.replaceAll("''", "'") ?? bare });
    more = next !== '';
  }
  return comparisons;
}

/** Whole numbers; both ends belong to it. */
export interface WholeRange {
  readonly first: number;
  readonly last: number;
}

/** The part of a range of which `scale * n + offset` compares with the bound as the operator says. */
export function narrow(
  { first, last }: WholeRange,
  operator: Operator,
  bound: number,
  { scale, offset }: { readonly scale: number; readonly offset: number },
): WholeRange {
  const at = (bound - offset) / scale;
  const atLeast = (n: number): WholeRange => ({ first: Math.max(first, n), last });
  const atMost = (n: number): WholeRange => ({ first, last: Math.min(last, n) });
  switch (operator) {
    case 'ge':
      return atLeast(Math.ceil(at));
    case 'gt':
      return atLeast(Math.floor(at) + 1);
    case 'le':
      return atMost(Math.floor(at));
    case 'lt':
      return atMost(Math.ceil(at) - 1);
    case 'eq':
      return {
        first: Math.max(first, Math.ceil(at)),
        last: Math.min(last, Math.floor(at)),
      };
    default:
      return operator satisfies never;
  }
}

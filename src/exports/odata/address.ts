import { fail } from '../../kernel/index.ts';
import { invalidProperty } from '../../platform/index.ts';
import type { Expression } from './filter/expression.ts';
import { parseFilter } from './filter/parse.ts';
import { findProperty } from './model.ts';
import type { EntitySet } from './sets/set.ts';

/** What the last part of an address means: a set, or one entity of it. */
export interface Addressed {
  readonly set: EntitySet;
  /** Which entity; undefined: all. */
  readonly key: Expression | undefined;
}

/**
 * Reads `Invoices`, `Invoices('2026-1')` and `InvoiceLines(InvoiceNumber='2026-1',Line=3)` (OData 4.01 URL conventions:
 * canonical URLs).
 *
 * @throws NotFound where there is no such set, InvalidProperty for a key that is none
 */
export function readAddress(sets: readonly EntitySet[], text: string): Addressed {
  const [, name = '', key] = /^([^()]*)(?:\((.*)\))?$/s.exec(text) ?? [];
  const set = sets.find((known) => known.name === name);
  if (set === undefined) throw fail('NotFound', { path: `/odata/v1/${text}` });
  return { set, key: key === undefined || key === '' ? undefined : readKey(set, key) };
}

function readKey(set: EntitySet, text: string): Expression {
  const [only] = set.key;
  const isNamed = /^\s*\w+\s*=/.test(text);
  const filter = isNamed
    ? splitNamed(set, text)
        .map(([name, value]) => `${name} eq ${value}`)
        .join(' and ')
    : `${only ?? ''} eq ${text}`;
  if (!isNamed && set.key.length > 1) {
    throw invalidProperty('key', text, `it names all of ${set.key.join(', ')}`);
  }
  const expression = parseFilter(filter, set);
  if (!isKey(expression)) throw invalidProperty('key', text, 'it is not that of an entity');
  return expression;
}

/** Commas inside of texts part nothing. */
function splitNamed(set: EntitySet, text: string): (readonly [name: string, value: string])[] {
  const parts = [...text.matchAll(/\s*(\w+)\s*=\s*('(?:[^']|'')*'|[^,]+?)\s*(?:,|$)/gy)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const names = parts.map(([name]) => name).toSorted();
  if (names.join() !== set.key.toSorted().join()) {
    throw invalidProperty('key', text, `it names all of ${set.key.join(', ')}`);
  }
  for (const [name] of parts) {
    if (findProperty(set, name) === undefined)
      throw invalidProperty('key', text, 'no such property');
  }
  return parts;
}

/** A key compares properties with values and does nothing else. */
function isKey(expression: Expression): boolean {
  if (expression.kind === 'and') return isKey(expression.left) && isKey(expression.right);
  if (expression.kind !== 'compare' || expression.op !== 'eq') return false;
  return expression.left.kind === 'property' && expression.right.kind === 'literal';
}

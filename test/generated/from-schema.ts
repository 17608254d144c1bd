import type { SeededRandom } from '../crash/random.ts';
import type { Schema } from './document.ts';

/** A plausible value for a property, which the schema alone does not tell; undefined leaves it to the schema. */
export type Hint = (name: string, siblings: Readonly<Record<string, unknown>>) => unknown;

const DEEPEST = 8;

/** Of a hint: the property is better not there. */
export const LEFT_OUT = Symbol('left out');

/**
 * A value that a schema allows.
 *
 * @param options.often how often properties are there that may be left out, from 0 to 1
 */
export function validValue(
  random: SeededRandom,
  schema: Schema,
  hint: Hint,
  { name = '', often = 0.6 }: { readonly name?: string; readonly often?: number } = {},
): unknown {
  return build({ random, hint, often }, schema, name, {}, 0);
}

interface Builder {
  readonly random: SeededRandom;
  readonly hint: Hint;
  readonly often: number;
}

function build(
  builder: Builder,
  schema: Schema,
  name: string,
  siblings: Readonly<Record<string, unknown>>,
  depth: number,
): unknown {
  const { random, hint } = builder;
  const known = name === '' ? undefined : hint(name, siblings);
  if (known !== undefined) return known;
  if ('const' in schema) return schema['const'];
  const choices = listOf(schema['enum']) ?? listOf(schema['examples']);
  if (choices !== undefined) return random.pick(choices);
  const options = listOf(schema['anyOf']) ?? listOf(schema['oneOf']);
  if (options !== undefined) return build(builder, random.pick(options) as Schema, name, {}, depth);
  const types = [schema['type']].flat();
  switch (types.length > 1 ? random.pick(types) : types[0]) {
    case 'object':
      return object(builder, schema, depth);
    case 'array':
      return array(builder, schema, name, depth);
    case 'integer':
      return random.between(numberOf(schema['minimum'], 0), numberOf(schema['maximum'], 1000));
    case 'number':
      return random.pick([0, 1, 1.5, 1e-7, 123456789.125]);
    case 'boolean':
      return random.next() < 0.5;
    case 'null':
      return null;
    default:
      return text(random, schema);
  }
}

function object(builder: Builder, schema: Schema, depth: number): unknown {
  const value: Record<string, unknown> = {};
  const required = new Set<unknown>(listOf(schema['required']) ?? []);
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  for (const [name, property] of Object.entries(properties)) {
    const isWanted =
      required.has(name) || (depth < DEEPEST && builder.random.next() < builder.often);
    if (!isWanted) continue;
    const item = build(builder, property, name, value, depth + 1);
    if (item !== LEFT_OUT) value[name] = item;
  }
  return value;
}

function array(builder: Builder, schema: Schema, name: string, depth: number): unknown {
  const { random } = builder;
  const least = numberOf(schema['minItems'], 0);
  const length = Math.max(least, random.between(0, Math.min(3, numberOf(schema['maxItems'], 3))));
  const items = (schema['items'] ?? {}) as Schema;
  // Items are told apart from the list itself, which may have a hint of its own.
  return Array.from({ length }, () => build(builder, items, `${name}[]`, {}, depth + 1));
}

function text(random: SeededRandom, schema: Schema): string {
  switch (schema['format']) {
    case 'uuid':
      return `9e107d9d-0000-4000-8000-${String(random.between(0, 50)).padStart(12, '0')}`;
    case 'date-time':
      return `2018-06-0${random.between(1, 3)}T00:00:00Z`;
    case 'uri':
      return 'https://localhost/';
    default:
      return random.pick(['a', 'local', 'some text', 'Größe 10 °C', 'A-1_b.(2)']);
  }
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value : undefined;
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

import { invalidProperty } from '../../platform/index.ts';
import { findProperty, type EntityShape } from './model.ts';
import type { Expression } from './filter/expression.ts';
import { parseFilter } from './filter/parse.ts';

/** Most rows that may be passed over: whoever wants more follows the links, which cost the same at any depth. */
const MOST_SKIPPED = 100_000;
const MOST_ORDERS = 5;

/** In which order a set is wanted. */
export interface Order {
  readonly property: string;
  readonly descending: boolean;
}

/** What is asked of a set. */
export interface Options {
  readonly filter: Expression | undefined;
  /** Names of properties; undefined: all. */
  readonly select: readonly string[] | undefined;
  readonly orderBy: readonly Order[];
  readonly top: number | undefined;
  readonly skip: number;
  readonly count: boolean;
}

const KNOWN = [
  '$filter',
  '$select',
  '$orderby',
  '$top',
  '$skip',
  '$count',
  '$format',
  '$skiptoken',
];

/**
 * Reads the system query options of a set; their names may be written without the dollar sign (OData 4.01, part 2).
 *
 * @throws InvalidProperty for one that is not understood, or not offered
 */
export function parseOptions(parameters: ReadonlyMap<string, string>, shape: EntityShape): Options {
  const given = optionsIn(parameters);
  const filter = given.get('$filter');
  return {
    filter: filter === undefined ? undefined : parseFilter(filter, shape),
    select: parseSelect(given.get('$select'), shape),
    orderBy: parseOrder(given.get('$orderby'), shape),
    top: parseNumber('$top', given.get('$top'), Number.MAX_SAFE_INTEGER),
    skip: parseNumber('$skip', given.get('$skip'), MOST_SKIPPED) ?? 0,
    count: parseFlag('$count', given.get('$count')),
  };
}

/**
 * What clients add for themselves or for what stands between has no dollar sign, and is passed over.
 *
 * @throws InvalidProperty for an option of OData that the feed does not offer, or one that is given twice
 */
function optionsIn(parameters: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  for (const [name, value] of parameters) {
    const option = name.startsWith('$') ? name : `$${name}`;
    const isKnown = KNOWN.includes(option);
    if (!isKnown && !/^[$@]/.test(name)) continue;
    if (!isKnown)
      throw invalidProperty(name, value, `options of this feed are ${KNOWN.join(', ')}`);
    if (given.has(option)) throw invalidProperty(name, value, 'it may be given once only');
    given.set(option, value);
  }
  return given;
}

function parseSelect(text: string | undefined, shape: EntityShape): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('*')) return undefined;
  for (const name of names) requireProperty('$select', name, shape);
  return [...new Set(names)];
}

function parseOrder(text: string | undefined, shape: EntityShape): readonly Order[] {
  if (text === undefined) return [];
  const orders = text.split(',').map((item) => {
    const [, property = '', direction = 'asc'] = /^\s*(\S+)(?:\s+(asc|desc))?\s*$/.exec(item) ?? [];
    requireProperty('$orderby', property, shape);
    return { property, descending: direction === 'desc' };
  });
  if (orders.length <= MOST_ORDERS) return orders;
  throw invalidProperty('$orderby', text, `it names at most ${MOST_ORDERS} properties`);
}

function requireProperty(option: string, name: string, shape: EntityShape): void {
  if (findProperty(shape, name) !== undefined) return;
  throw invalidProperty(option, name, `${shape.type} has no property of this name`);
}

function parseNumber(option: string, text: string | undefined, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number.parseInt(text, 10) : -1;
  if (value >= 0 && value <= most) return value;
  throw invalidProperty(option, text, `it is a whole number from 0 to ${most}`);
}

function parseFlag(option: string, text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw invalidProperty(option, text, 'it is true or false');
}

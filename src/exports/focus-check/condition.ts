import { Decimal, isJsonObject } from '../../kernel/index.ts';
import { capabilityOf, factOf } from './facts.ts';
import type { Rule } from './rule-file.ts';
import {
  notApplicable,
  notChecked,
  type Row,
  type Site,
  type Skip,
  type Surroundings,
} from './site.ts';

/** A condition over rows; what is the same for every row is settled beforehand. */
export type Settled = boolean | 'unknown' | ((row: Row) => boolean);

/** Whether any row may have to be looked at: the condition of a rule, or why none has to. */
export function whenOf(rule: Rule, around: Surroundings): ((row: Row) => boolean) | Skip {
  const { capabilities, capability, when } = rule.params;
  for (const name of [...(capabilities ?? []), ...(capability === undefined ? [] : [capability])]) {
    const has = capabilityOf(name, around.known);
    if (has === false) return notApplicable(`${name} does not hold`);
    if (has === undefined) return notChecked(`whether ${name} holds is not known`);
  }
  if (when === undefined) return always;
  const settled = settle(when, around, rule.scope);
  if (settled === 'unknown')
    return notChecked(`it depends on ${factsIn(when, around.site).join(', ')}`);
  if (settled === false) return notApplicable('its condition cannot hold');
  return settled === true ? always : settled;
}

export const always = (): boolean => true;

/** Settles a condition as far as the columns and facts at hand allow. */
export function settle(condition: unknown, around: Surroundings, scope: string): Settled {
  if (!isJsonObject(condition)) throw new TypeError('a condition is an object');
  const { all, any, not, col, fact, capability, same } = condition;
  if (Array.isArray(all)) return every(all.map((one) => settle(one, around, scope)));
  if (Array.isArray(any)) {
    return negated(every(any.map((one) => negated(settle(one, around, scope)))));
  }
  if (not !== undefined) return negated(settle(not, around, scope));
  if (typeof col === 'string') return columnCondition(condition, around.site.indexOf(col));
  if (typeof capability === 'string') return capabilityOf(capability, around.known) ?? 'unknown';
  if (Array.isArray(same)) return sameCondition(same.map(String), around.site);
  if (typeof fact !== 'string')
    throw new TypeError(`unknown condition ${JSON.stringify(condition)}`);
  const known = factOf(fact, around.known, scope);
  return typeof known === 'object' ? settle(known, around, scope) : (known ?? 'unknown');
}

function every(parts: readonly Settled[]): Settled {
  if (parts.includes(false)) return false;
  if (parts.includes('unknown')) return 'unknown';
  const [first, ...rest] = parts.filter((part) => typeof part === 'function');
  if (first === undefined) return true;
  const [second, ...others] = rest;
  if (second === undefined) return first;
  if (others.length === 0) return (row) => first(row) && second(row);
  return (row) => first(row) && second(row) && others.every((part) => part(row));
}

function negated(settled: Settled): Settled {
  if (settled === 'unknown') return 'unknown';
  return typeof settled === 'boolean' ? !settled : (row) => !settled(row);
}

function columnCondition(condition: Readonly<Record<string, unknown>>, index?: number): Settled {
  const { null: isNull, in: values } = condition;
  if (typeof isNull === 'boolean') {
    // A column that is not there says nothing; that it is missing is told by a rule of its own.
    if (index === undefined) return isNull ? 'unknown' : false;
    return isNull ? (row) => row[index] === null : (row) => row[index] !== null;
  }
  if (index === undefined) return false;
  const list: unknown[] = Array.isArray(values) ? values : [];
  const texts = list.filter((value) => typeof value === 'string');
  if (texts.length < list.length) return (row) => isZero(row[index] ?? null);
  const [only] = texts;
  if (texts.length === 1) return (row) => row[index] === only;
  const set = new Set<string | null | undefined>(texts);
  return (row) => set.has(row[index]);
}

/** The one number that conditions name is 0. */
function isZero(value: string | null): boolean {
  return value !== null && Decimal.parse(value)?.isZero() === true;
}

function sameCondition([left = '', right = '']: readonly string[], site: Site): Settled {
  const one = site.indexOf(left);
  const other = site.indexOf(right);
  if (one === undefined || other === undefined) return 'unknown';
  return (row) => row[one] === row[other];
}

/** Names of what a condition would have to know: facts, and columns that were not delivered. */
function factsIn(condition: unknown, site: Site): string[] {
  if (Array.isArray(condition)) {
    return [...new Set(condition.flatMap((part) => factsIn(part, site)))];
  }
  if (!isJsonObject(condition)) return [];
  const { fact, capability, col } = condition;
  const own = [fact, capability].filter((name) => typeof name === 'string');
  if (typeof col === 'string' && site.indexOf(col) === undefined) own.push(col);
  return [...new Set([...own, ...factsIn(Object.values(condition), site)])];
}

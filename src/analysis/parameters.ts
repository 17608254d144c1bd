import type { FastifyRequest } from 'fastify';
import { fail, type StackmeterError } from '../kernel/index.ts';
import { originOf, pathOf } from '../platform/index.ts';

/** Query parameters by name in lower case, all values of each in their order. */
export type ParameterLists = ReadonlyMap<string, readonly string[]>;

/** A parameter may come many times: a filter with each of its values. */
const MOST_VALUES = 200;

/**
 * The parameters of a query whose filters may be repeated. Names match without case; one that is sent empty counts as
 * absent.
 *
 * @throws InvalidProperty when there are too many
 */
export function readParameterLists(request: FastifyRequest): ParameterLists {
  const url = request.raw.url ?? '';
  const from = url.indexOf('?');
  return parameterLists(from === -1 ? '' : url.slice(from + 1));
}

export function parameterLists(query: string): ParameterLists {
  const lists = new Map<string, string[]>();
  let values = 0;
  for (const [name, value] of new URLSearchParams(query)) {
    if (value === '') continue;
    values += 1;
    if (values > MOST_VALUES) {
      throw invalid(name, value, `a query has at most ${MOST_VALUES} parameters in all`);
    }
    const key = name.toLowerCase();
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [value]);
    else list.push(value);
  }
  return lists;
}

/**
 * A parameter that may be given once.
 *
 * @throws InvalidProperty when it is given twice, or has control characters or more than `longest` characters
 */
export function single(
  parameters: ParameterLists,
  name: string,
  longest = 1000,
): string | undefined {
  const [value, ...more] = parameters.get(name.toLowerCase()) ?? [];
  if (more.length > 0) throw invalid(name, value ?? '', 'the parameter may be given once only');
  return value === undefined ? undefined : checkText(name, value, longest);
}

/** @throws InvalidProperty for text that nothing can be called */
export function checkText(name: string, value: string, longest: number): string {
  // The database keeps no zero character, and halves of characters come from broken clients.
  if (value.length <= longest && !value.includes('\0') && value.isWellFormed()) return value;
  throw invalid(name, value.slice(0, 100), `it is a text of at most ${longest} characters`);
}

/** @throws InvalidProperty when it is no whole number from `least` to `most` */
export function wholeNumber(
  parameters: ParameterLists,
  name: string,
  [least, most]: readonly [number, number],
  otherwise: number,
): number {
  const text = single(parameters, name);
  if (text === undefined) return otherwise;
  const value = /^\d{1,9}$/.test(text) ? Number.parseInt(text, 10) : -1;
  if (value >= least && value <= most) return value;
  throw invalid(name, text, `it is a whole number from ${least} to ${most}`);
}

/** @throws InvalidProperty when it is none of the words, in any case */
export function oneOf<Word extends string>(
  parameters: ParameterLists,
  name: string,
  words: readonly Word[],
  otherwise: Word,
): Word {
  const text = single(parameters, name);
  if (text === undefined) return otherwise;
  const found = words.find((word) => word.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw invalid(name, text, `it is one of ${words.join(', ')}`);
}

/**
 * Refuses every parameter that would be left out of account, and the answer taken for filtered.
 *
 * @throws InvalidProperty
 */
export function refuseOthers(parameters: ParameterLists, known: readonly string[]): void {
  const names = new Set(['api-version', ...known.map((name) => name.toLowerCase())]);
  for (const [name, values] of parameters) {
    if (names.has(name)) continue;
    throw invalid(name, values[0] ?? '', 'there is no such parameter here; leave it out');
  }
}

/** The address of the next page: that of the request, with another `$skiptoken`. */
export function nextPageOf(request: FastifyRequest, token: string): string {
  const link = new URLSearchParams();
  for (const [name, values] of readParameterLists(request)) {
    if (name !== '$skiptoken') for (const value of values) link.append(name, value);
  }
  link.set('$skiptoken', token);
  return `${originOf(request)}${pathOf(request)}?${link.toString()}`;
}

export function invalid(parameter: string, value: string, rule: string): StackmeterError {
  return fail('InvalidProperty', { parameter, value, rule });
}

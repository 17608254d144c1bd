import { isDeepStrictEqual } from 'node:util';
import type { Expectation } from './case.ts';
import type { Answer } from './client.ts';

/** The value at a JSON pointer; undefined where there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.entries(found).find(([key]) => key === name)?.[1];
  }
  return found;
}

/** Members of an error where clients know problems (RFC 9457); the envelope is one of them. */
const PROBLEM = 'type,title,status,detail,error';

/** What is wrong with an answer, in words; nothing when it is as expected. */
export function mismatches(expect: Expectation, { status, headers, body }: Answer): string[] {
  const text = body.toString('utf8');
  const shown = text.length > 500 ? `${text.slice(0, 500)}...` : text;
  if (status !== expect.status) {
    return [`the status is ${status}, not ${expect.status}; body: ${shown}`];
  }
  const problems: string[] = [];
  const wrong = (problem: string): void => void problems.push(`${problem}; body: ${shown}`);
  for (const [name, wanted] of Object.entries(expect.headers ?? {})) {
    const problem = headerProblem(headers[name.toLowerCase()], wanted);
    if (problem !== undefined) problems.push(`the header ${name} ${problem}`);
  }
  if (expect.text !== undefined && text !== expect.text) wrong(`the body is not ${expect.text}`);
  for (const piece of expect.contains ?? []) {
    if (!text.includes(piece)) wrong(`the body does not hold ${piece}`);
  }
  const needsJson = [
    expect.code,
    expect.message,
    expect.json,
    expect.absent,
    expect.count,
    expect.matches,
  ];
  if (needsJson.every((part) => part === undefined)) return problems;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return [...problems, `the body is not JSON: ${shown}`];
  }
  if (expect.code !== undefined) codeProblems(expect.code, json, wrong);
  if (expect.message !== undefined) {
    const message = valueAt(json, '/error/message');
    const told = typeof message === 'string' && message.includes(expect.message);
    if (!told) wrong(`the message does not say '${expect.message}'`);
  }
  bodyProblems(expect, json, wrong);
  return problems;
}

function headerProblem(
  value: string | string[] | undefined,
  wanted: string | null,
): string | undefined {
  if (wanted === null) return value === undefined ? undefined : `is there: ${String(value)}`;
  if (value === undefined) return 'is missing';
  const pattern = /^\/(.*)\/$/s.exec(wanted)?.[1];
  const fits = pattern === undefined ? value === wanted : new RegExp(pattern).test(String(value));
  return fits ? undefined : `is ${String(value)}, not ${wanted}`;
}

function codeProblems(code: string, json: unknown, wrong: (problem: string) => void): void {
  if (valueAt(json, '/error/code') !== code) wrong(`the code is not ${code}`);
  if (typeof valueAt(json, '/error/message') !== 'string') wrong('there is no message');
  const outer = Object.keys(Object(json)).join();
  if (outer !== 'error' && outer !== PROBLEM) wrong(`the envelope has other members: ${outer}`);
  if (outer === PROBLEM && valueAt(json, '/detail') !== valueAt(json, '/error/message')) {
    wrong('the problem says something else than the envelope in it');
  }
}

function bodyProblems(expect: Expectation, json: unknown, wrong: (problem: string) => void): void {
  if (expect.json !== undefined) {
    const difference = lacks(json, expect.json, '');
    if (difference !== undefined) wrong(difference);
  }
  for (const pointer of expect.absent ?? []) {
    if (valueAt(json, pointer) !== undefined) wrong(`there is something at ${pointer}`);
  }
  for (const [pointer, wanted] of Object.entries(expect.count ?? {})) {
    const found = valueAt(json, pointer);
    const length = Array.isArray(found) ? found.length : 'no array';
    if (length !== wanted) wrong(`at ${pointer} there are ${length}, not ${wanted}`);
  }
  for (const [pointer, pattern] of Object.entries(expect.matches ?? {})) {
    const found = valueAt(json, pointer);
    if (typeof found !== 'string' || !new RegExp(pattern).test(found)) {
      wrong(`at ${pointer} there is ${JSON.stringify(found)}, not /${pattern}/`);
    }
  }
}

/** What of the wanted value is missing or different. */
function lacks(value: unknown, wanted: unknown, at: string): string | undefined {
  if (typeof wanted !== 'object' || wanted === null) {
    if (isDeepStrictEqual(value, wanted)) return undefined;
    return `at ${at || 'the top'} there is ${JSON.stringify(value)}, not ${JSON.stringify(wanted)}`;
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) !== Array.isArray(wanted)
  ) {
    return `at ${at || 'the top'} there is no ${Array.isArray(wanted) ? 'array' : 'object'}`;
  }
  const members = new Map(Object.entries(value));
  if (Array.isArray(wanted) && members.size !== wanted.length) {
    return `at ${at || 'the top'} there are ${members.size} elements, not ${wanted.length}`;
  }
  for (const [key, part] of Object.entries(wanted)) {
    const difference = lacks(members.get(key), part, `${at}/${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

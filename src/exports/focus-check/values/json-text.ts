import { isJsonObject } from '../../../kernel/index.ts';
import { notOfType, remembering, type Verdict } from './verdict.ts';

/** A JSON object as a value of a column has it. */
export interface JsonLook {
  /** undefined when the text is no JSON object */
  readonly object: Readonly<Record<string, unknown>> | undefined;
  readonly keyValue: Verdict;
  readonly jsonObject: Verdict;
}

/** Deeper than this is advised against. */
const ADVISED_DEPTH = 3;
/** Nobody means it who nests deeper; what looks into objects calls itself for each level. */
const DEEPEST = 100;

/** Reads a JSON object and says what the two formats of FOCUS have against it. */
export const lookAtJson: (text: string) => JsonLook = remembering((text) => {
  const value = parsed(text);
  if (!isJsonObject(value)) {
    const no = notOfType('object');
    return { object: undefined, keyValue: no, jsonObject: no };
  }
  const unique = hasRepeatedKey(text) ? ['unique'] : [];
  const nested = Object.values(value).some((one) => typeof one === 'object' && one !== null)
    ? ['nested']
    : [];
  const advised = depthOf(value) > ADVISED_DEPTH ? ['depth'] : [];
  return {
    object: value,
    keyValue: { isOfType: true, broken: [...unique, ...nested], advised: [] },
    jsonObject: { isOfType: true, broken: [...unique, ...arrayFaults(value)], advised },
  };
});

function parsed(text: string): unknown {
  // Shorter texts have no room for more.
  if (text.length > 2 * DEEPEST && nestingOf(text) > DEEPEST) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The most objects and lists that are open at once. */
function nestingOf(text: string): number {
  let open = 0;
  let most = 0;
  const token = /"(?:[^"\\]|\\.)*"|[[\]{}]/g;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [piece] = match;
    if (piece === '{' || piece === '[') most = Math.max(most, ++open);
    else if (piece === '}' || piece === ']') open--;
  }
  return most;
}

/** Parsers keep one of two members with the same name, so the text itself has to be looked at. */
function hasRepeatedKey(text: string): boolean {
  const token = /"(?:[^"\\]|\\.)*"|[{}]/g;
  const open: Set<string>[] = [];
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [piece] = match;
    if (piece === '{') open.push(new Set());
    else if (piece === '}') open.pop();
    else if (/^\s*:/.test(text.slice(token.lastIndex, token.lastIndex + 20))) {
      const name = String(JSON.parse(piece));
      const names = open.at(-1);
      if (names?.has(name) === true) return true;
      names?.add(name);
    }
  }
  return false;
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const one of Object.values(value)) deepest = Math.max(deepest, depthOf(one));
  // A list is no level of its own: the schemas of FOCUS hold objects in lists.
  return Array.isArray(value) ? deepest : deepest + 1;
}

function arrayFaults(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(arrayFaults);
  if (!Array.isArray(value)) return [...new Set(inside)];
  const kinds = new Set(value.map((one) => (Array.isArray(one) ? 'array' : typeof one)));
  const items = value.map((one) => JSON.stringify(one));
  const own = value.includes(null) ? ['arrayNull'] : kinds.size > 1 ? ['arrayTypes'] : [];
  if (new Set(items).size < items.length) own.push('arrayRepeat');
  return [...new Set([...inside, ...own])];
}

const elementsOf = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);

/** The values at a path such as `Elements[*].ContractId`; lists are walked through. */
export function valuesAt(value: unknown, path: string): unknown[] {
  let found: unknown[] = [value];
  for (const step of path.split('.')) {
    const name = step.replace('[*]', '');
    found = found.flatMap((one) => (isJsonObject(one) && name in one ? [one[name]] : []));
    if (step.endsWith('[*]')) found = found.flatMap(elementsOf);
  }
  return found;
}

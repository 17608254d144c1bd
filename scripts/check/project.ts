import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, type ParseResult } from 'oxc-parser';

/** What the checks look at: file texts by path from the project folder, with `/`. */
export type Project = ReadonlyMap<string, string>;

/** Something a check objects to. The message says what to do instead. */
export interface Fault {
  /** Name of the rule, as in allowances.json. */
  readonly rule: string;
  readonly path: string;
  /** Counted from 1; 0 when the whole file is meant. */
  readonly line: number;
  readonly message: string;
}

/** What git does not hold: see .gitignore. */
const notOurs = ['node_modules', '.git', '.artifacts', '.stackmeter'];

/** Endings of the files whose text is looked at. */
const text = /\.(?:tsx?|mjs|js|json|jsonc|md|sql|yml|yaml|html|css|sh)$|^[^.]*$|\/[^./]*$/;

/** Reads every text file of the project below `root`. */
export function readProject(root: string): Project {
  const found = globSync('**/*', {
    cwd: root,
    withFileTypes: true,
    exclude: (entry) => notOurs.includes(entry.name),
  });
  const project = new Map<string, string>();
  for (const entry of found) {
    const absolute = join(entry.parentPath, entry.name);
    const path = absolute.slice(root.length).replace(/^\//, '');
    if (entry.isFile() && text.test(path)) project.set(path, readFileSync(absolute, 'utf8'));
  }
  return project;
}

/** The paths of `project` below `folder` (any when empty) that are TypeScript. */
export function typeScriptFiles(project: Project, folder = ''): string[] {
  return [...project.keys()].filter((path) => path.startsWith(folder) && /\.tsx?$/.test(path));
}

/** Whether a file is a test, or (`test-stamp.ts`, `test-clock.ts`) helps the tests beside it. */
export function isForTests(path: string): boolean {
  return path.endsWith('.test.ts') || /(?:^|\/)test-[^/]*\.ts$/.test(path);
}

/** Whether a file is part of what is run in production. */
export function isProduct(path: string): boolean {
  return path.startsWith('src/') && path.endsWith('.ts') && !isForTests(path);
}

const parsed = new Map<string, ParseResult>();

/** Syntax of one file. Kept, since several rules ask for the same. */
export function parse(path: string, source: string): ParseResult {
  const key = `${path}\0${source}`;
  let result = parsed.get(key);
  if (result === undefined) {
    result = parseSync(path, source);
    parsed.set(key, result);
  }
  return result;
}

/** Line number, from 1, of a position in `source`. */
export function lineAt(source: string, position: number): number {
  let line = 1;
  for (
    let at = source.indexOf('\n');
    at !== -1 && at < position;
    at = source.indexOf('\n', at + 1)
  ) {
    line++;
  }
  return line;
}

/** One line per fault, as editors and terminals make it a link. */
export function describeFaults(faults: readonly Fault[]): string {
  return faults
    .map(
      ({ rule, path, line, message }) =>
        `${path}${line > 0 ? `:${line}` : ''}  ${rule}: ${message}`,
    )
    .join('\n');
}

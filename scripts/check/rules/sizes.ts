/** How long things may be. STYLE.md gives the reasons; these are the limits where reading suffers. */
import { Visitor, type Argument, type Expression } from 'oxc-parser';
import { lineAt, parse, typeScriptFiles, type Fault, type Project } from '../project.ts';

export const longestFile = 350;
export const longestFunction = 80;
export const longestReadme = 80;

/** Finds files and functions that are too long. */
export function sizes(project: Project): Fault[] {
  return typeScriptFiles(project).flatMap((path) => {
    const source = project.get(path) ?? '';
    const lines = source.split('\n').length - 1;
    const message = `${lines} lines; the limit is ${longestFile}. Split it where it changes its subject.`;
    const tooLong = lines > longestFile ? [{ rule: 'file-length', path, line: 0, message }] : [];
    return [...tooLong, ...longFunctions(path, source)];
  });
}

interface Span {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly id?: { readonly name: string } | null;
}

function longFunctions(path: string, source: string): Fault[] {
  const faults: Fault[] = [];
  const groups = new Set<number>();
  const measure = (node: Span): void => {
    const line = lineAt(source, node.start);
    const lines = lineAt(source, node.end) - line + 1;
    if (lines <= longestFunction || groups.has(node.start)) return;
    const who = node.id?.name ?? 'this function';
    const message = `${who} has ${lines} lines; the limit is ${longestFunction}. Take a step out of it and name it.`;
    faults.push({ rule: 'function-length', path, line, message });
  };
  const visitor = new Visitor({
    // A group of tests is a heading, not a piece of logic.
    CallExpression: ({ callee, arguments: given }) => {
      if (isGroup(callee)) for (const argument of given) groups.add(argument.start);
    },
    FunctionDeclaration: measure,
    FunctionExpression: measure,
    ArrowFunctionExpression: measure,
  });
  visitor.visit(parse(path, source).program);
  return faults;
}

function isGroup(callee: Expression | Argument): boolean {
  return callee.type === 'Identifier' && ['describe', 'suite'].includes(callee.name);
}

/** Calls that have one right place or a replacement. The message names the replacement. */
import { Visitor, type Argument, type Expression, type MemberExpression } from 'oxc-parser';
import { isProduct, lineAt, parse, typeScriptFiles, type Fault, type Project } from '../project.ts';

interface Ban {
  /** `Object.property`, `new Object()` without arguments, or `name(` for a plain call. */
  readonly what: string;
  readonly instead: string;
  /** Where the rule holds. */
  readonly holds: (path: string) => boolean;
}

const anywhereBut =
  (...places: string[]) =>
  (path: string): boolean =>
    !places.some((place) => path.startsWith(place));
const inSource = (path: string): boolean => path.startsWith('src/');
const clocks = ['src/platform/clock.ts', 'portal/src/app/clock.ts'];
const useClock = 'take a Clock (src/platform/clock.ts) as a parameter; tests pass fixedClock';
const useText = 'parse with Decimal.parse: binary floating point cannot hold these amounts exactly';

const bans: readonly Ban[] = [
  { what: 'Date.now', instead: useClock, holds: anywhereBut(...clocks) },
  { what: 'new Date()', instead: useClock, holds: anywhereBut(...clocks) },
  { what: 'Date(', instead: useClock, holds: anywhereBut(...clocks) },
  { what: 'Temporal.Now', instead: useClock, holds: anywhereBut(...clocks) },
  { what: 'parseFloat(', instead: useText, holds: inSource },
  { what: 'Number.parseFloat', instead: useText, holds: inSource },
  {
    what: 'Math.random',
    instead: 'use the seeded generator (random.ts): the same seed must give the same history',
    holds: (path) => path.startsWith('src/stamp/sources/simulator/'),
  },
  {
    what: 'process.env',
    instead: 'read the Config (src/platform/config), or take the value as a parameter',
    holds: (path) => isProduct(path) && !path.startsWith('src/platform/config/'),
  },
  ...['log', 'info', 'warn', 'error', 'debug', 'table', 'dir', 'trace', 'time'].map((method) => ({
    what: `console.${method}`,
    instead:
      'write to the log (src/platform/telemetry), or return text that the command line prints',
    holds: anywhereBut('src/main.ts', 'src/cli/', 'scripts/', 'bench/', 'bin/'),
  })),
];

/** Words in an expression that say it is a quantity or money. */
const exactAmount = /quantit|amount|price|money|charge|invoice|decimal|\bcost\b|\bsum\b/i;

/** Finds the banned calls in every TypeScript file. */
export function bannedCalls(project: Project): Fault[] {
  return typeScriptFiles(project).flatMap((path) => faultsOf(path, project.get(path) ?? ''));
}

function faultsOf(path: string, source: string): Fault[] {
  const faults: Fault[] = [];
  const fault = (rule: string, at: number, message: string): void => {
    faults.push({ rule, path, line: lineAt(source, at), message });
  };
  const seen = (what: string, at: number): void => {
    const ban = bans.find((one) => one.what === what && one.holds(path));
    if (ban !== undefined) fault('banned-call', at, `${what.replace('(', '')}: ${ban.instead}.`);
  };
  const toNumber = (how: string, at: number, argument: Argument | undefined): void => {
    if (argument === undefined || !inSource(path)) return;
    const text = source.slice(argument.start, argument.end);
    if (exactAmount.test(text)) fault('exact', at, `${how} of ${text}: ${useText}.`);
  };
  const visitor = new Visitor({
    MemberExpression: (node) => seen(memberName(node), node.start),
    NewExpression: (node) => {
      if (node.arguments.length === 0) seen(`new ${name(node.callee)}()`, node.start);
    },
    CallExpression: (node) => {
      const callee =
        node.callee.type === 'MemberExpression' ? memberName(node.callee) : name(node.callee);
      seen(`${callee}(`, node.start);
      const converts = ['Number', 'Number.parseInt', 'parseInt'];
      if (converts.includes(callee)) toNumber(callee, node.start, node.arguments[0]);
    },
    UnaryExpression: (node) => {
      if (node.operator === '+') toNumber('unary +', node.start, node.argument);
    },
    ExportDefaultDeclaration: (node) => {
      if (inSource(path))
        fault('named-export', node.start, 'export it by name, not as the default.');
    },
  });
  visitor.visit(parse(path, source).program);
  return faults;
}

function memberName({ object, property, computed }: MemberExpression): string {
  if (!computed) return `${name(object)}.${property.name}`;
  return property.type === 'Literal' ? `${name(object)}.${String(property.value)}` : '';
}

function name(expression: Expression): string {
  return expression.type === 'Identifier' ? expression.name : '';
}

/**
 * The check `boundaries`: imports run along the arrows of architecture.ts, a room is entered through
 * its index.ts, nothing imports in a circle, and the product does not import test code or tools.
 *
 * Our own rather than dependency-cruiser: that reads TypeScript through the compiler's API, which
 * TypeScript 7 does not have; it then sees no file of ours, and reports that all is well.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { Visitor, type Program } from 'oxc-parser';
import { areaOf, mayImport, rooms } from './architecture.ts';
import { circles } from './circles.ts';
import {
  describeFaults,
  isProduct,
  lineAt,
  parse,
  readProject,
  typeScriptFiles,
  type Fault,
  type Project,
} from './project.ts';

/** One import or re-export, types included: a type is an arrow as well. */
interface Arrow {
  readonly from: string;
  /** Path of the imported file, or the bare name of a package or builtin. */
  readonly to: string;
  readonly isFile: boolean;
  readonly line: number;
}

export interface BoundaryReport {
  readonly faults: readonly Fault[];
  readonly modules: number;
  readonly arrows: number;
}

/** Checks every TypeScript file of the project. */
export function checkBoundaries(project: Project): BoundaryReport {
  const files = typeScriptFiles(project);
  const faults: Fault[] = [];
  const arrows: Arrow[] = [];
  for (const path of files) {
    const source = project.get(path) ?? '';
    const { errors } = parse(path, source);
    if (errors.length > 0) faults.push(fault('parsed', path, 0, errors[0]?.message ?? 'no syntax'));
    arrows.push(...arrowsOf(path, source));
  }
  const dependencies = productDependencies(project);
  for (const arrow of arrows) {
    const said = objection(arrow, project, dependencies);
    if (said !== undefined) faults.push(fault(said[0], arrow.from, arrow.line, said[1]));
  }
  for (const path of files) {
    if (areaOf(path) === undefined) faults.push(fault('on-the-map', path, 0, notOnTheMap));
  }
  faults.push(...circularFaults(files, arrows));
  faults.push(...emptiness(project, files, arrows));
  return { faults, modules: files.length, arrows: arrows.length };
}

const notOnTheMap = 'this folder has no line in scripts/check/architecture.ts; give it one.';

function fault(rule: string, path: string, line: number, message: string): Fault {
  return { rule, path, line, message };
}

function arrowsOf(from: string, source: string): Arrow[] {
  const { module, program } = parse(from, source);
  const requests = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest),
    ...module.staticExports
      .flatMap(({ entries }) => entries.map(({ moduleRequest }) => moduleRequest))
      .filter((request) => request !== null),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      start,
      value: source.slice(start, end).replace(/^['"`]|['"`]$/g, ''),
    })),
    ...typeImports(program),
  ];
  return requests.map(({ value, start }) => {
    const isFile = value.startsWith('.');
    const to = isFile ? posix.join(posix.dirname(from), value) : value;
    return { from, to, isFile, line: lineAt(source, start) };
  });
}

/** `import('./x.ts').Type` in a type is not among a module's imports. */
function typeImports(program: Program): { start: number; value: string }[] {
  const found: { start: number; value: string }[] = [];
  new Visitor({ TSImportType: ({ source }) => void found.push(source) }).visit(program);
  return found;
}

type Objection = readonly [rule: string, message: string] | undefined;

function objection(arrow: Arrow, project: Project, dependencies: Dependencies): Objection {
  return arrow.isFile ? fileObjection(arrow, project) : packageObjection(arrow, dependencies);
}

function fileObjection({ from, to }: Arrow, project: Project): Objection {
  const [own, other] = [areaOf(from), areaOf(to)];
  if (own === undefined) return undefined;
  if (!project.has(to)) {
    const isModule = /\.(?:ts|js|mjs)$/.test(to) || !/\.[a-z]+$/.test(to);
    return isModule ? ['exists', `imports ${to}, which is not there.`] : undefined;
  }
  if (isProduct(from) && to.startsWith('src/') && !isProduct(to)) {
    return ['product-only', `the product must not import ${to}, which serves tests.`];
  }
  if (own === other) return undefined;
  if (other === undefined) return ['on-the-map', `imports ${to}: ${notOnTheMap}`];
  if (own === '(scripts)' || own === '(test)' || own === '(bench)') return door(other, to);
  if (other.startsWith('(')) {
    if (!isProduct(from) && other === '(test)') return undefined;
    return ['product-only', `the product must not import ${to}.`];
  }
  if (mayImport[own]?.includes(other) !== true) {
    return ['arrow', `${own} must not import ${other} (${to}); the arrows run the other way.`];
  }
  return door(other, to);
}

function door(area: string, to: string): Objection {
  if (!rooms.has(area) || to === `src/${area}/index.ts`) return undefined;
  return ['door', `import src/${area}/index.ts, not ${to}: a room has one door.`];
}

interface Dependencies {
  /** Packages that are installed for the product; undefined when package.json is not at hand. */
  readonly product: ReadonlySet<string> | undefined;
}

function productDependencies(project: Project): Dependencies {
  const text = project.get('package.json');
  if (text === undefined) return { product: undefined };
  const manifest: unknown = JSON.parse(text);
  const names = ['dependencies', 'optionalDependencies'].flatMap((kind) => keysAt(manifest, kind));
  return { product: new Set(names) };
}

function keysAt(value: unknown, key: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === 'object' && found !== null ? Object.keys(found) : [];
}

const builtins = new Set(builtinModules);

function packageObjection({ from, to }: Arrow, { product }: Dependencies): Objection {
  if (!isProduct(from)) return undefined;
  const isBuiltin = to.startsWith('node:') || builtins.has(to);
  if (areaOf(from) === 'kernel') {
    return ['arrow', `the kernel imports nothing but itself, not ${to}.`];
  }
  const name = to.split('/', to.startsWith('@') ? 2 : 1).join('/');
  if (isBuiltin || product === undefined || product.has(name)) return undefined;
  const isName = /^[@a-z]/.test(name); // else an expression: import(path)
  return isName ? ['product-only', `${name} is not among the dependencies.`] : undefined;
}

function circularFaults(files: readonly string[], arrows: readonly Arrow[]): Fault[] {
  const graph = new Map<string, string[]>(files.map((path) => [path, []]));
  for (const { from, to, isFile } of arrows) if (isFile) graph.get(from)?.push(to);
  return circles(graph).map((circle) => {
    const round = [...circle, circle[0]].join(' -> ');
    return fault('circle', circle[0] ?? '', 0, `imports run in a circle: ${round}.`);
  });
}

/** A check that looked at nothing has found nothing: that must not pass. */
function emptiness(project: Project, files: readonly string[], arrows: readonly Arrow[]): Fault[] {
  const inside = files.filter((path) => path.startsWith('src/'));
  const internal = arrows.filter(({ isFile, to }) => isFile && project.has(to));
  const others = [...project.keys()].filter((path) =>
    /^src\/.*\.(?:[cm]ts|tsx?|[cm]?js)$/.test(path),
  );
  const unread = others.filter((path) => !inside.includes(path));
  return [
    ...unread.map((path) => fault('looked-at-all', path, 0, 'code in src is in files named *.ts.')),
    ...(inside.length === 0 ? [fault('looked-at-all', 'src', 0, 'no TypeScript file found.')] : []),
    ...(internal.length < inside.length / 4
      ? [fault('looked-at-all', 'src', 0, `only ${internal.length} imports were seen in all.`)]
      : []),
  ];
}

if (import.meta.main) {
  const { faults, modules, arrows } = checkBoundaries(readProject(process.cwd()));
  process.stdout.write(`${describeFaults(faults)}\n${modules} modules, ${arrows} imports\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

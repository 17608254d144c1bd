/**
 * The check `house rules`: what STYLE.md asks for and no other tool looks at. What has a good reason
 * to be otherwise stands in allowances.json with that reason; one that excuses nothing is a fault.
 */
import { describeFaults, readProject, type Fault, type Project } from './project.ts';
import { bannedCalls } from './rules/banned-calls.ts';
import { manifests } from './rules/manifests.ts';
import { roomFiles } from './rules/rooms.ts';
import { sizes } from './rules/sizes.ts';
import { texts } from './rules/texts.ts';

interface Allowance {
  readonly rule: string;
  readonly path: string;
  readonly reason: string;
}

const allowancesPath = 'scripts/check/allowances.json';

/** Checks a project against every house rule, less what its allowances excuse. */
export function checkHouseRules(project: Project): Fault[] {
  const allowances = readAllowances(project.get(allowancesPath) ?? '[]');
  const rules = [bannedCalls, sizes, roomFiles, texts, manifests];
  const faults = rules.flatMap((rule) => rule(project));
  const excuses = (fault: Fault) => (allowance: Allowance) =>
    allowance.rule === fault.rule && allowance.path === fault.path;
  const idle = allowances.filter((allowance) => !faults.some((one) => excuses(one)(allowance)));
  const code = [...project.keys()].filter(
    (path) => path.startsWith('src/') && path.endsWith('.ts'),
  );
  return [
    ...faults.filter((fault) => !allowances.some(excuses(fault))),
    ...idle.map(({ rule, path }) => allowanceFault(`nothing to excuse: ${rule} in ${path}.`)),
    ...(code.length === 0 ? [allowanceFault('no code was looked at.')] : []),
  ];
}

function allowanceFault(message: string): Fault {
  return { rule: 'allowance', path: allowancesPath, line: 0, message };
}

function readAllowances(text: string): Allowance[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list) || !list.every(isAllowance)) {
    throw new Error(
      `${allowancesPath}: a list of {rule, path, reason} is wanted, each with a reason.`,
    );
  }
  return list;
}

function isAllowance(value: unknown): value is Allowance {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  const isText = (key: string): boolean =>
    entries.some(([name, one]) => name === key && typeof one === 'string' && one !== '');
  return entries.length === 3 && ['rule', 'path', 'reason'].every(isText);
}

if (import.meta.main) {
  const project = readProject(process.cwd());
  const faults = checkHouseRules(project);
  process.stdout.write(`${describeFaults(faults)}\n${project.size} files\n`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

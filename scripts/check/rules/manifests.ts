/** JSON that reads, and a lock file with which a bare clone can be installed. */
import { isDeepStrictEqual } from 'node:util';
import { absentPlatformPackages, parseLock } from '../lock-file.ts';
import type { Fault, Project } from '../project.ts';

/** Finds JSON files that cannot be read, dependencies without one exact version, and a stale lock. */
export function manifests(project: Project): Fault[] {
  return [...unreadable(project), ...lockFaults(project)];
}

function unreadable(project: Project): Fault[] {
  const faults: Fault[] = [];
  for (const [path, text] of project) {
    if (!path.endsWith('.json')) continue;
    const said = readingError(text);
    if (said !== undefined) faults.push({ rule: 'json', path, line: 0, message: said });
  }
  return faults;
}

function readingError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;

function lockFaults(project: Project): Fault[] {
  const [manifest, lockText] = [project.get('package.json'), project.get('package-lock.json')];
  if (manifest === undefined || lockText === undefined) return [];
  const fault = (rule: string, message: string): Fault => {
    return { rule, path: 'package-lock.json', line: 0, message };
  };
  const faults: Fault[] = [];
  const lock = parseLock(lockText);
  const wanted = parseLock(`{"lockfileVersion": 3, "packages": {"": ${manifest}}}`).packages[''];
  const own = lock.packages[''];
  for (const kind of kinds) {
    if (!isDeepStrictEqual(own?.[kind] ?? {}, wanted?.[kind] ?? {})) {
      faults.push(fault('lock', `${kind} differ from package.json; run npm install.`));
    }
    for (const [name, version] of Object.entries(wanted?.[kind] ?? {})) {
      if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) {
        faults.push(fault('pinned', `${name} ${version}: give package.json one exact version.`));
      }
    }
  }
  for (const { name } of absentPlatformPackages(lock)) {
    const remedy = 'npm ci would refuse the lock file; run bin/run scripts/complete-lock.ts.';
    faults.push(fault('lock', `${name} is missing: ${remedy}`));
  }
  for (const [path, { resolved, link }] of Object.entries(lock.packages)) {
    // A link leads to a package of this very project.
    if (
      link !== true &&
      resolved !== undefined &&
      !resolved.startsWith('https://registry.npmjs.org/')
    ) {
      faults.push(fault('lock', `${path} comes from ${resolved}, which others may not reach.`));
    }
  }
  return faults;
}

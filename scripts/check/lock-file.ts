/** What the checks need to know of package-lock.json (format 3). */

/** One package of the lock file; other fields are kept as they are when the file is written again. */
export interface LockedPackage {
  version?: string;
  resolved?: string;
  /** Whether it leads to a package of the project itself. */
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  engines?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface LockFile {
  name?: string;
  version?: string;
  lockfileVersion: number;
  packages: Record<string, LockedPackage>;
}

/** Reads the text of a lock file; throws when it is not one of format 3. */
export function parseLock(text: string): LockFile {
  const value: unknown = JSON.parse(text);
  if (!isLockFile(value)) throw new Error('package-lock.json is not a lock file of format 3.');
  return value;
}

function isLockFile(value: unknown): value is LockFile {
  return (
    typeof value === 'object' &&
    value !== null &&
    'lockfileVersion' in value &&
    value.lockfileVersion === 3 &&
    'packages' in value &&
    typeof value.packages === 'object' &&
    value.packages !== null
  );
}

/**
 * Optional dependencies that a locked package names and the lock file does not hold. `npm ci` refuses
 * a lock file with such a gap, on every machine.
 */
export function absentPlatformPackages(
  lock: LockFile,
): { owner: string; name: string; version: string }[] {
  const absent = new Map<string, { owner: string; name: string; version: string }>();
  for (const [owner, locked] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
      const held =
        `node_modules/${name}` in lock.packages || `${owner}/node_modules/${name}` in lock.packages;
      if (!held) absent.set(name, { owner, name, version });
    }
  }
  return [...absent.values()];
}

/**
 * Adds to package-lock.json the entries that npm left out: `bin/run scripts/complete-lock.ts`.
 *
 * Tools with one binary package per platform list them as optional dependencies. When the registry at
 * hand (a mirror, mostly) does not carry some of them, `npm install` drops these from the lock file
 * without a word, and `npm ci` then refuses the lock file as out of step: a bare clone no longer
 * starts. An entry with version and platform is all npm needs to skip it on other machines. The check
 * `house rules` of `npm test` says when this is to be run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { absentPlatformPackages, parseLock } from './check/lock-file.ts';

const file = new URL('../package-lock.json', import.meta.url);
const lock = parseLock(readFileSync(file, 'utf8'));

const operatingSystems = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32';
const processors = 'arm64 arm ia32 loong64 mips64el ppc64 riscv64 s390x x64';

/** Platform fields as npm keeps them, read from a name such as `@oxlint/binding-linux-x64-musl`. */
function platformOf(name: string): { os: string[]; cpu: string[]; libc: string[] | undefined } {
  const words = name.slice(name.indexOf('/') + 1).split('-');
  const os = operatingSystems.split(' ').find((known) => words.includes(known));
  const cpu = processors.split(' ').find((known) => words.includes(known));
  if (os === undefined || cpu === undefined) {
    throw new Error(`${name}: the name does not tell its platform; add its entry by hand.`);
  }
  const libc = words.includes('musl') ? 'musl' : words.includes('gnu') ? 'glibc' : undefined;
  return { os: [os], cpu: [cpu], libc: libc === undefined ? undefined : [libc] };
}

const added: string[] = [];
for (const { owner, name, version } of absentPlatformPackages(lock)) {
  const { dev, engines } = lock.packages[owner] ?? {};
  const { os, cpu, libc } = platformOf(name);
  // In npm's own order of keys, so that the next `npm install` leaves the file as it is.
  lock.packages[`node_modules/${name}`] = {
    version,
    cpu,
    ...(dev === undefined ? {} : { dev }),
    ...(libc === undefined ? {} : { libc }),
    optional: true,
    os,
    ...(engines === undefined ? {} : { engines }),
  };
  added.push(`${name}@${version}`);
}

const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
writeFileSync(
  file,
  `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`,
);
process.stdout.write(added.length === 0 ? 'nothing was missing\n' : `${added.join('\n')}\n`);

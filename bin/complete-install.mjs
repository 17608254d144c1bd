// The rest of an installation, after `npm ci --ignore-scripts`. Plain JavaScript that imports nothing
// but Node, since bin/install runs it before anything else is known to be there.
//
// npm leaves out an optional package without a word when it could not be fetched, or when the Node that
// runs npm is older than the package's own `engines`. Whoever starts the product later would meet that
// as a strange error, so it is looked for here. Exit code 3: run npm once more (under this Node); with
// the argument --last, 4: the product cannot run without what is missing.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [root, last] = process.argv.slice(2);
const absent = packagesForThisMachine().filter(({ path }) => !existsSync(join(root, path)));
if (absent.length > 0 && last === undefined) process.exit(3);
for (const { path, dev } of absent) {
  const use = dev ? 'npm test will not be complete' : 'Stackmeter cannot run without it';
  console.error(`stackmeter: npm did not install ${path.replace('node_modules/', '')}; ${use}.`);
}
if (absent.some(({ dev }) => !dev)) process.exit(4);

/** Packages that package-lock.json holds for this operating system, processor and C library alone. */
function packagesForThisMachine() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  process.report.excludeNetwork = true; // else it looks up names for each open connection
  const glibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
  const libc = process.platform !== 'linux' ? undefined : glibc ? 'glibc' : 'musl';
  return Object.entries(packages)
    .filter(([, { os, cpu, libc: wanted }]) => {
      if (os === undefined && cpu === undefined) return false;
      return fits(os, process.platform) && fits(cpu, process.arch) && fits(wanted, libc);
    })
    .map(([path, { dev = false }]) => ({ path, dev }));
}

/** Whether `value` is among what a package asks for: nothing, one name, or a list (`!name`: any but). */
function fits(wanted, value) {
  if (wanted === undefined) return true;
  const list = [wanted].flat();
  if (list.some((name) => name === `!${value}`)) return false;
  return list.includes(value) || list.every((name) => name.startsWith('!'));
}

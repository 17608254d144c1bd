import { run } from './process.ts';

const PACKAGES = ['azure-cli', 'python3-azure'];
/** Debian's own interpreter: another one that comes first in the path does not see its packages. */
export const PYTHON = '/usr/bin/python3';

/** @returns why the clients cannot be run here, or undefined when they can */
export async function ensurePackages(): Promise<string | undefined> {
  if (await areThere()) return undefined;
  const root = process.getuid?.() === 0;
  const apt = await run('apt-get', ['--version']);
  if (!root || apt.code !== 0) {
    return `install the Debian packages ${PACKAGES.join(' and ')} first (apt-get install, as root).`;
  }
  process.stderr.write(
    `installing ${PACKAGES.join(', ')} with apt-get, which takes some minutes\n`,
  );
  await run('apt-get', ['update']);
  const options = { DEBIAN_FRONTEND: 'noninteractive' };
  const done = await run('apt-get', ['install', '--yes', ...PACKAGES], options);
  return done.code === 0 && (await areThere()) ? undefined : `apt-get: ${done.err.slice(-500)}`;
}

async function areThere(): Promise<boolean> {
  const az = await run('az', ['version']);
  const python = await run(PYTHON, ['-c', 'import azure.identity, azure.mgmt.commerce']);
  return az.code === 0 && python.code === 0;
}

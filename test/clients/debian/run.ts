/**
 * Drives Debian's own packages of the cloud's clients, the Azure CLI and the Python SDK, against a
 * whole server: sh bin/run test/clients/debian/run.ts
 *
 * Installs what it needs with apt-get where that is possible, and says so loudly where it is not.
 * Exit code 1 when something fails, 2 when the packages are not to be had.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asWritten } from './as-written.ts';
import { azureCli } from './azure-cli.ts';
import { ensurePackages } from './packages.ts';
import { pythonSdk } from './python-sdk.ts';
import { startStamp } from './stamp.ts';
import { Steps } from './steps.ts';

const missing = await ensurePackages();
if (missing !== undefined) {
  process.stderr.write(`NOT RUN: ${missing}\n`);
  process.exit(2);
}
const folder = await mkdtemp(join(tmpdir(), 'stackmeter-clients-'));
const steps = new Steps();
const stamp = await startStamp(folder);
try {
  for (const profile of ['latest', '2020-09-01-hybrid']) await azureCli(steps, stamp, profile);
  await pythonSdk(steps, stamp);
  await asWritten(steps, stamp);
} finally {
  await stamp.close();
  await rm(folder, { recursive: true });
}
process.exitCode = steps.summary();

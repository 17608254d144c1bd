import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { projectFolder } from '../../../src/platform/config/index.ts';
import { BIG_ROWS } from '../../conformance/fixture.ts';
import { documentedBlock, documentedConnect } from '../documented.ts';
import { PYTHON } from './packages.ts';
import { run } from './process.ts';
import type { ClientStamp } from './stamp.ts';
import type { Steps } from './steps.ts';

/** Runs the commands of docs/operating/connect.md for these clients, to the letter. */
export async function asWritten(steps: Steps, stamp: ClientStamp): Promise<void> {
  const shell = async (lines: string): Promise<string> => {
    const script = `cd '${projectFolder}'\n${documentedConnect()}\n${lines}`;
    const done = await run('bash', ['-euo', 'pipefail', '-c', script], {
      HOME: stamp.folder,
      AZURE_CONFIG_DIR: join(stamp.folder, 'az-as-written'),
      AZURE_CORE_COLLECT_TELEMETRY: 'no',
      STACKMETER_DATA: dirname(dirname(stamp.caFile)),
    });
    assert.equal(done.code, 0, done.err);
    return done.out;
  };
  await steps.step('docs/operating/connect.md: Azure CLI', async () => {
    const out = await shell(documentedBlock('az'));
    assert.match(out, /Default Provider Subscription/);
    assert.equal(out.match(/"value": \[/g)?.length, 2);
  });
  await steps.step('docs/operating/connect.md: Python', async () => {
    const file = join(stamp.folder, 'usage.py');
    await writeFile(file, documentedBlock('usage.py'));
    const set = `SUBSCRIPTION_ID=${stamp.subscriptionId} REQUESTS_CA_BUNDLE=$CA_FILE`;
    assert.equal(await shell(`${set} ${PYTHON} '${file}'`), `${BIG_ROWS} rows\n`);
  });
}

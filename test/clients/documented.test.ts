import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { projectFolder } from '../../src/platform/config/index.ts';
import { BIG_ROWS, SUBSCRIPTIONS, writeFixture } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { documentedBlock, documentedConnect } from './documented.ts';

describe('docs/operating/connect.md, as written', () => {
  const test = withTestDatabase();
  describe('beside a server that runs', () => {
    const started = withServer(test);
    let folder = '';

    before(async () => {
      await writeFixture(started.server);
      // Below the project, where its packages are found as after the npm install of the page.
      folder = await mkdtemp(join(projectFolder, '.artifacts', 'documented-'));
    });
    after(() => rm(folder, { recursive: true }));

    /** Runs lines in the project folder, after those with which the page begins. */
    async function shell(lines: string): Promise<{ code: number; out: string; err: string }> {
      const { caFile } = started.server;
      const child = spawn('bash', ['-euo', 'pipefail', '-c', `${documentedConnect()}\n${lines}`], {
        cwd: projectFolder,
        env: {
          PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`,
          STACKMETER_DATA: dirname(dirname(caFile)),
          DATABASE_URL: test.url,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [out, err, [code]] = await Promise.all([
        buffer(child.stdout),
        buffer(child.stderr),
        once(child, 'exit'),
      ]);
      return { code: Number(code), out: out.toString(), err: err.toString() };
    }

    it('curl signs in, lists subscriptions and reads both usage interfaces', async () => {
      const { code, out, err } = await shell(documentedBlock('curl'));
      assert.equal(code, 0, err + out);
      assert.match(out, /"displayName":"tenantSubscription"/);
      assert.equal(out.match(/\{"value":\[/g)?.length, 3);
      assert.match(out, /"nextLink":"https:/);
    });

    it('JavaScript lists subscriptions and counts the rows of all pages', async () => {
      await writeFile(join(folder, 'usage.mjs'), documentedBlock('usage.mjs'));
      const { code, out, err } = await shell(
        `SUBSCRIPTION_ID=${SUBSCRIPTIONS.bigSubscription} NODE_EXTRA_CA_CERTS=$CA_FILE node '${folder}/usage.mjs'`,
      );
      assert.equal(code, 0, err + out);
      assert.match(out, new RegExp(`${SUBSCRIPTIONS.tenantSubscription} tenantSubscription`));
      assert.match(out, new RegExp(`^${BIG_ROWS} rows$`, 'm'));
    });
  });
});

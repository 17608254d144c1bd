import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import { readAccountTree } from '../../src/commerce/accounts/index.ts';
import { issueInvoice } from '../../src/commerce/invoicing/index.ts';
import { askForRun, listRuns, putExport } from '../../src/exports/deliveries/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import { addBilledMonths } from '../support/billed-months.ts';
import { withTestDatabase } from '../support/database.ts';
import { withTestStore } from '../support/s3-store.ts';
import { startTestedServer } from '../support/server.ts';

describe('exports of a server', () => {
  const test = withTestDatabase();
  const store = withTestStore();
  const data = mkdtempSync(join(tmpdir(), 'stackmeter-served-'));
  after(() => rmSync(data, { recursive: true, force: true }));

  it('are done beside one another, and end with the server though a store says nothing', async () => {
    const { database, url } = test;
    const { pool } = database;
    const clock = systemClock;
    const changing = { clock, actor: SYSTEM };
    const month = { count: 2, meters: 1, subscriptions: 1, resources: 2 };
    for (const period of await addBilledMonths(database, clock, month)) {
      await issueInvoice({ database, clock }, period, changing, { early: true });
    }
    const { root } = await readAccountTree(pool);
    const add = async (destination: Parameters<typeof putExport>[3]['destination']) => {
      const named = { exportId: randomUUID(), accountId: root.accountId };
      const change = { dataset: 'focus-1.4', view: 'selling', destination } as const;
      const operator = { ...changing, mayChooseFolder: true };
      await database.transaction((tx) => putExport(tx, named, undefined, change, operator));
      await askForRun(pool, named.exportId, undefined, clock.now());
      return async () => (await listRuns(pool, named.exportId, { limit: 1 }))[0]?.state;
    };
    const held: unknown[] = [];
    store.answer = (_request, response) => held.push(response) > 0;
    const slow = await add({ kind: 's3', ...store.target });
    const quick = await add({ kind: 'folder', path: 'quick' });
    const server = await startTestedServer({ data, databaseUrl: url });
    const until = clock.monotonicMs() + 60_000;
    const isReady = async (): Promise<boolean> =>
      held.length > 0 && (await quick()) === 'Succeeded';
    while (!(await isReady()) && clock.monotonicMs() < until) await clock.sleep(100);
    assert.deepEqual([await quick(), held.length > 0], ['Succeeded', true]);
    const stopping = clock.monotonicMs();
    await server.close();
    assert.ok(clock.monotonicMs() - stopping < 30_000);
    assert.equal(await slow(), 'Running');
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { withServer } from '../../test/support/server.ts';
import { hourNumber } from '../kernel/index.ts';
import { systemClock } from '../platform/index.ts';
import { SYSTEM } from '../audit/index.ts';
import { addClient } from '../identity/index.ts';
import { readStampState, verifyWindows } from '../stamp/aggregation/index.ts';
import { emitEvents, recordsReportedIn, toCloudEvent } from '../stamp/sources/index.ts';
import { firstLook } from './first-look.ts';
import { importDemoHistory } from './history.ts';
import { prepareDemo, type DemoStamp, type DemoTools } from './stamp.ts';
import { readDemoState, writeDemoState } from './state.ts';

/** Enough to hold one whole UTC day, whatever the time of day. */
const HISTORY_HOURS = 48;

describe('the demo', () => {
  const test = withTestDatabase();
  describe('on a server', () => {
    const running = withServer(test);
    let data: string;
    let tools: DemoTools;
    let demo: DemoStamp;

    before(async () => {
      const { server } = running;
      data = await mkdtemp(join(tmpdir(), 'stackmeter-demo-'));
      tools = { server, clock: systemClock, data, region: 'local' };
      const { firstHour } = (await readStampState(server.database.pool))!;
      const emitter = await addClient(
        server.database.pool,
        { name: 'emitters', role: 'Emitter', scope: '/' },
        { clock: systemClock, homeTenantId: server.stamp.homeTenantId, actor: SYSTEM },
      );
      await writeDemoState(data, {
        seed: 'test',
        startHour: firstHour - HISTORY_HOURS,
        historyDone: false,
        emittedThrough: firstHour - 1,
        people: [],
        emitter,
      });
      ({ demo } = await prepareDemo(tools));
    });
    after(() => rm(data, { recursive: true }));

    it('has eight customers under the provider of this stamp', () => {
      assert.equal(demo.customers.length, 8);
    });

    it('makes its history once; made again it changes nothing', async () => {
      const shares: number[] = [];
      const records = await importDemoHistory(tools, demo, (share) => shares.push(share));
      assert.ok(records > 10_000);
      assert.ok(shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share <= 1));
      assert.equal(await importDemoHistory(tools, demo, () => undefined), records);
      for (const granularity of ['hour', 'day'] as const) {
        const range = { from: 0, through: 1_000_000 };
        for await (const verdict of verifyWindows(test.database, granularity, range)) {
          assert.equal(verdict.verdict, 'equal');
        }
      }
    });

    it('emits through the public intake; sent again it counts once', async () => {
      const { server } = running;
      const { baseUrl, caFile } = server;
      const target = {
        baseUrl,
        ca: await readFile(caFile, 'utf8'),
        ...(await readDemoState(data))!.emitter,
      };
      const events = recordsReportedIn(demo.simulated, hourNumber(demo.firstHour - 1))
        .map((record) => demo.adopt({ ...record, source: `${record.source}/live` }))
        .map(toCloudEvent);
      const { signal } = new AbortController();
      const first = await emitEvents(target, events, systemClock, signal);
      assert.deepEqual(first, { sent: events.length, duplicates: 0, quarantined: 0 });
      const second = await emitEvents(target, events, systemClock, signal);
      assert.deepEqual(second, { sent: events.length, duplicates: events.length, quarantined: 0 });
    });

    it('shows the first rows of the last closed day', async () => {
      const look = await firstLook(running.server);
      assert.equal(look?.rows.length, 3);
      assert.match(look.url, /^https:.*subscriberUsageAggregates/);
    });
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import { replayDeadLetters } from '../../src/exports/adapters/index.ts';
import { files, sideOf, START, withUsage, type Kind, type Side } from './conformance.ts';
import { withService, type Fault, type TestService } from './services.ts';

/** What every adapter has to keep. */
function conformance(kind: Kind, side: Side): void {
  describe(`what every adapter keeps: ${kind}`, () => {
    const usage = withUsage();

    it('sends what is billed, exactly, and each event once', async () => {
      for (const window of [START, START + 1, START + 30]) await usage.report(window);
      const { adapterId } = await usage.put(kind, await side.settings(usage));
      await usage.send(2);
      assert.equal((await usage.state(adapterId)).problem, null);
      const billed = await usage.billed();
      assert.equal(Object.keys(billed).length, 4);
      assert.deepEqual(side.sums(usage), billed);
      const ids = side.ids(usage);
      assert.equal(new Set(ids).size, ids.length);
      // Two stamps, two customers, two meters that are paid, three windows.
      assert.equal(ids.length, 24);
      assert.deepEqual(await usage.left(adapterId), {});
    });

    it('goes on with what is reported later, and not with what was before its start', async () => {
      const before = side.ids(usage).length;
      await usage.report(START + 31);
      await usage.put(kind, { ...(await side.settings(usage)), startHour: START + 31 });
      await usage.send(1);
      assert.equal(side.ids(usage).length - before, 8);
      await usage.report(START + 33);
      await usage.send(1);
      assert.equal(side.ids(usage).length - before, 16);
    });

    it('keeps its ids when it is told the same again', async () => {
      const id = randomUUID();
      await usage.put(kind, await side.settings(usage), id);
      await usage.send(1);
      const ids = new Set(side.ids(usage));
      const { pool } = usage.test.database;
      await pool.query('delete from billing_adapter where adapter_id = $1', [id]);
      await usage.put(kind, await side.settings(usage), id);
      await usage.send(1);
      assert.deepEqual(new Set(side.ids(usage)), ids);
    });
  });
}

/** What adapters keep that call somebody. */
function conformanceOfCalls(kind: Kind, service: TestService): void {
  const side = sideOf(service);
  describe(`what every adapter keeps that calls a service: ${kind}`, () => {
    const usage = withUsage();

    it('counts nothing twice and loses nothing, whatever happens to calls', async () => {
      service.forget();
      const faults: (Fault | undefined)[] = [
        { status: 500 },
        'cut after the body',
        { status: 429, retryAfter: '30' },
        undefined,
        'cut after the body',
        { status: 503 },
        undefined,
        undefined,
        'cut after the body',
      ];
      service.faults.push(...faults, ...faults);
      for (let at = 0; at < 12; at++) await usage.report(START + at);
      const { adapterId } = await usage.put(kind, await side.settings(usage));
      await usage.send();
      assert.deepEqual(service.faults, []);
      assert.deepEqual(service.contradictions, []);
      assert.deepEqual(side.sums(usage), await usage.billed());
      assert.equal(service.taken.size, 96);
      assert.deepEqual(await usage.left(adapterId), {});
      assert.equal((await usage.state(adapterId)).problem, null);
    });

    it('waits as long as it is asked to', async () => {
      service.faults.length = 0;
      service.faults.push(
        ...Array.from({ length: 4 }, () => ({ status: 429, retryAfter: '7200' })),
      );
      const { adapterId } = await usage.put(kind, await side.settings(usage));
      await usage.send(1);
      const { calls } = service;
      await usage.send(10);
      assert.equal(service.calls, calls);
      assert.match((await usage.state(adapterId)).problem ?? '', /429/);
      service.faults.length = 0;
      await usage.send(4);
      assert.ok(service.calls > calls);
      assert.equal((await usage.state(adapterId)).problem, null);
    });
  });
}

/** What adapters keep that are told no. */
function conformanceOfRefusals(kind: Kind, service: TestService): void {
  const side = sideOf(service);
  describe(`what every adapter keeps that is refused something: ${kind}`, () => {
    const usage = withUsage();

    it('puts aside what is refused, with the answer, and sends it when it is told to', async () => {
      service.forget();
      for (let at = 0; at < 12; at++) await usage.report(START + at);
      const { customers } = usage;
      service.refuse = (_, content) =>
        decodeURIComponent(content).includes(`c_${customers[0]}`) ? 'nobody knows it' : undefined;
      const adapter = await usage.put(kind, await side.settings(usage));
      const { adapterId } = adapter;
      await usage.send(1);
      assert.deepEqual(await usage.left(adapterId), { Dead: 48 });
      const { rows } = await usage.test.database.pool.query<{ status: number; answer: string }>(
        'select status, answer from adapter_event where adapter_id = $1 limit 1',
        [adapterId],
      );
      assert.ok(rows[0]!.status === 400 || rows[0]!.status === 422);
      assert.match(rows[0]!.answer, /nobody knows it/);
      service.refuse = () => undefined;
      const replayed = await usage.test.database.transaction((tx) =>
        replayDeadLetters(tx, adapter, undefined, { clock: usage.clock, actor: SYSTEM }),
      );
      assert.equal(replayed, 48);
      await usage.send(1);
      assert.deepEqual(side.sums(usage), await usage.billed());
    });

    it('parks where it is not let in, never shows the key, and goes on when it is told to', async () => {
      service.forget();
      const settings = await side.settings(usage);
      const wrong = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
      const { adapterId } = await usage.put(kind, { ...settings, secret: wrong });
      await usage.send(1);
      const parked = await usage.state(adapterId);
      assert.equal(parked.state, 'Parked');
      assert.match(parked.problem ?? '', /401/);
      assert.doesNotMatch(parked.problem ?? '', /whsec_/);
      const { calls } = service;
      await usage.send(3);
      assert.equal(service.calls, calls);
      await usage.put(kind, { ...settings, state: 'Enabled' }, adapterId);
      await usage.send(1);
      assert.deepEqual(side.sums(usage), await usage.billed());
    });
  });
}

const webhook = withService('webhook');
const stripe = withService('stripe');
const lago = withService('lago');
conformance('webhook', sideOf(webhook));
conformance('csv', files);
conformance('stripe', sideOf(stripe));
conformance('lago', sideOf(lago));
conformanceOfCalls('webhook', webhook);
conformanceOfCalls('stripe', stripe);
conformanceOfCalls('lago', lago);
conformanceOfRefusals('webhook', webhook);
conformanceOfRefusals('stripe', stripe);
conformanceOfRefusals('lago', lago);

describe('names of the other side', () => {
  for (const [kind, service] of [
    ['stripe', stripe],
    ['lago', lago],
  ] as const) {
    const usage = withUsage();

    it(`are waited for, and nothing is dropped meanwhile: ${kind}`, async () => {
      service.forget();
      for (let at = 0; at < 3; at++) await usage.report(START + at);
      const side = sideOf(service);
      const settings = await side.settings(usage);
      const { meters, ...unnamed } = settings;
      const { adapterId } = await usage.put(kind, unnamed);
      await usage.send(1);
      assert.deepEqual(await usage.left(adapterId), { Held: 24 });
      assert.equal(service.taken.size, 0);
      await usage.put(kind, { meters }, adapterId);
      await usage.send(1);
      assert.deepEqual(side.sums(usage), await usage.billed());
    });
  }
});

describe('limits of the other side', () => {
  const usage = withUsage();

  it('what may have arrived a day ago is not sent to Stripe by itself', async () => {
    stripe.forget();
    stripe.now = () => usage.clock.now();
    await usage.report(START);
    const side = sideOf(stripe);
    stripe.faults.push(...Array.from({ length: 4 }, () => 'cut after the body' as const));
    const { adapterId } = await usage.put('stripe', await side.settings(usage));
    await usage.send(1);
    assert.equal(stripe.taken.size, 4);
    usage.clock.advance(25 * 3_600_000);
    // It would count them again by now.
    stripe.forget();
    await usage.send(2);
    // Those of the other stamp, which had not been sent before.
    assert.equal(stripe.taken.size, 4);
    assert.deepEqual(await usage.left(adapterId), { Dead: 4 });
  });

  it('what is older than 35 days is put aside before Stripe drops it', async () => {
    stripe.forget();
    stripe.now = () => usage.clock.now();
    const { calls } = stripe;
    const settings = await sideOf(stripe).settings(usage);
    const before = usage.clock.now();
    usage.clock.set(before.add({ hours: 24 * 35 + 2 }));
    const { adapterId } = await usage.put('stripe', settings);
    await usage.send(1);
    usage.clock.set(before);
    assert.equal(stripe.calls, calls);
    assert.deepEqual(await usage.left(adapterId), { Dead: 8 });
    const { rows } = await usage.test.database.pool.query<{ answer: string }>(
      'select distinct answer from adapter_event where adapter_id = $1',
      [adapterId],
    );
    assert.deepEqual(rows, [{ answer: 'not sent: Stripe takes events of the last 35 days' }]);
  });

  it('a fraction is not told to Stripe as another number, and what its numbers mean stays', async () => {
    stripe.forget();
    const { decimals, ...settings } = await sideOf(stripe).settings(usage);
    const { adapterId } = await usage.put('stripe', settings);
    await usage.send(1);
    assert.equal(stripe.taken.size, 0);
    assert.deepEqual(await usage.left(adapterId), { Dead: 8 });
    const adapter = await usage.put('stripe', { decimals: decimals! }, adapterId);
    await usage.test.database.transaction((tx) =>
      replayDeadLetters(tx, adapter, undefined, { clock: usage.clock, actor: SYSTEM }),
    );
    await usage.send(1);
    assert.deepEqual(sideOf(stripe).sums(usage), await usage.billed());
    await assert.rejects(usage.put('stripe', { decimals: 0 }, adapterId), /it stays once/);
    await assert.rejects(usage.put('csv', { decimals: 1 }), /others take decimals/);
  });

  it('an event that was refused is sent to Stripe anew when its names are others', async () => {
    stripe.forget();
    const [customer] = usage.customers;
    const settings = await sideOf(stripe).settings(usage);
    const wrong = { ...settings.customers, [customer!]: 'cus_wrong' };
    stripe.refuse = (_, content) =>
      content.includes('cus_wrong') ? 'No such customer' : undefined;
    const { adapterId } = await usage.put('stripe', { ...settings, customers: wrong });
    await usage.send(1);
    assert.deepEqual(await usage.left(adapterId), { Dead: 4 });
    const adapter = await usage.put('stripe', { customers: settings.customers }, adapterId);
    await usage.test.database.transaction((tx) =>
      replayDeadLetters(tx, adapter, undefined, { clock: usage.clock, actor: SYSTEM }),
    );
    await usage.send(1);
    stripe.refuse = () => undefined;
    assert.deepEqual(await usage.left(adapterId), {});
    assert.deepEqual(sideOf(stripe).sums(usage), await usage.billed());
  });

  it('a folder that cannot be written is waited for', async () => {
    rmSync(usage.folder, { recursive: true });
    writeFileSync(usage.folder, 'in the way');
    const { adapterId } = await usage.put('csv', await files.settings(usage));
    await usage.send(1);
    assert.match((await usage.state(adapterId)).problem ?? '', /cannot be written/);
    rmSync(usage.folder);
    await usage.send(2);
    assert.ok(existsSync(usage.folder));
    assert.deepEqual(files.sums(usage), await usage.billed());
  });

  it('what fails in here is told with the adapter, which goes on afterwards', async () => {
    const { pool } = usage.test.database;
    lago.taken.clear();
    const side = sideOf(lago);
    const { adapterId } = await usage.put('lago', await side.settings(usage));
    await pool.query('alter table commerce_meter rename to commerce_meter_gone');
    try {
      await assert.rejects(usage.send(1), /commerce_meter/);
    } finally {
      await pool.query('alter table commerce_meter_gone rename to commerce_meter');
    }
    const { state, problem } = await usage.state(adapterId);
    assert.equal(state, 'Enabled');
    assert.match(problem ?? '', /the log/);
    await usage.send(2);
    assert.deepEqual(side.sums(usage), await usage.billed());
    assert.equal((await usage.state(adapterId)).problem, null);
  });
});

/**
 * A month of a service provider, told day by day.
 *
 * The provider runs two stamps, North and South, each registered under its own base subscription's name in commerce. Three
 * customers use them, each with one virtual machine of 2 cores where it is a customer: 48 core hours a day, emitted at
 * half past ten in one record.
 *
 *   Harbour   uses North and South. Mapped on 16 September at noon, on North, shared with the provider's other stamps.
 *   Clinic    uses North and South. Mapped on North before the month began; the mapping is removed on 21 September.
 *   Library   uses South. Never mapped.
 *
 * Commerce books by its own clock, by which all of this takes seconds: what counts is in which order things happen.
 * A day is reported after its midnight. So Harbour's usage of 1 to 15 September goes to the base subscription and that of
 * 16 to 30 to Harbour; Clinic's of 1 to 20 September on North goes to Clinic, the rest to the base subscription.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  findCustomerMapping,
  putCustomerMapping,
  removeCustomerMapping,
  type Registration,
} from '../../src/commerce/registration/index.ts';
import { makeStatement } from '../../src/commerce/reported-usage/index.ts';
import {
  fixedClock,
  loadConfig,
  silentLog,
  systemClock,
  type Database,
} from '../../src/platform/index.ts';
import { verifyStatement } from '../../src/reporting/index.ts';
import { startServer, type Server } from '../../src/server/index.ts';
import { closeWindows, openPresentHour } from '../../src/stamp/aggregation/index.ts';
import { disconnect, sendDueWindows } from '../../src/stamp/bridge/index.ts';
import { IntakeEngine, type UsageEvent } from '../../src/stamp/intake/index.ts';
import {
  openReceivedTotals,
  readReconciliationRequest,
  reconcile,
} from '../../src/stamp/reconciliation/index.ts';
import { withTestDatabase, type TestDatabase } from '../support/database.ts';
import { assertReceivedEqualsClosed } from '../reporting/compare.ts';
import {
  addCustomers,
  addPartner,
  changingAt,
  directoryOf,
  registerStamp,
  subscriptionOf,
} from '../reporting/wings.ts';

const at = (day: number, time: string): Temporal.Instant =>
  Temporal.Instant.from(`2026-09-01T${time}:00Z`).add({ hours: 24 * (day - 1) });

const CORE_HOURS = 48n;
const CORE_METER = '9cd92d4c-bafd-4492-b278-bedc2de8232a';
const DAYS = 30;

const BASE = subscriptionOf(10, 1);
const HARBOUR = subscriptionOf(20, 1);
const CLINIC = subscriptionOf(20, 2);
const DIRECTORY = { harbour: directoryOf(1), clinic: directoryOf(2), library: directoryOf(3) };
const SUBSCRIPTIONS = {
  north: { harbour: subscriptionOf(30, 1), clinic: subscriptionOf(30, 2) },
  south: {
    harbour: subscriptionOf(40, 1),
    clinic: subscriptionOf(40, 2),
    library: subscriptionOf(40, 3),
  },
} as const;

type StampName = keyof typeof SUBSCRIPTIONS;
type CustomerName = keyof typeof DIRECTORY;

describe('two stamps, one partner, three customers', () => {
  const clock = fixedClock(at(0, '23:00'));
  const stamps: Readonly<Record<StampName, TestDatabase>> = {
    north: withTestDatabase(),
    south: withTestDatabase(),
  };
  const commerceDatabase = withTestDatabase();
  describe('a month', () => {
    const data = mkdtempSync(join(tmpdir(), 'stackmeter-two-stamps-'));
    const registrations = new Map<StampName, Registration>();
    let server: Server;
    let commerce: Database;

    /** One record of one machine's day. */
    const usage = (
      stamp: StampName,
      customer: CustomerName,
      subscriptionId: string,
      day: number,
    ): UsageEvent => {
      const start = at(day, '09:00');
      return {
        source: `/providers/Microsoft.Compute/${stamp}`,
        id: `${customer}-${day}`,
        subscriptionId,
        resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/${customer}`,
        meterId: CORE_METER,
        quantity: String(CORE_HOURS),
        usageStartTime: start.toString(),
        usageEndTime: start.add({ hours: 1 }).toString(),
        location: stamp,
        tags: 'null',
        additionalInfo: '',
      };
    };

    async function emitDay(stamp: StampName, day: number): Promise<void> {
      const { database } = stamps[stamp];
      const engine = new IntakeEngine({
        database,
        clock,
        connections: 1,
        batchRecords: 100,
        queueBytes: 2 ** 20,
      });
      await openPresentHour({ database, clock });
      const events = Object.entries(SUBSCRIPTIONS[stamp]).map(([customer, id]) =>
        usage(stamp, customer as CustomerName, id, day),
      );
      const outcome = await engine.submit({
        caller: undefined,
        events,
        sourceOf: (index) => Buffer.from(JSON.stringify(events[index])),
      });
      assert.equal(outcome.accepted, events.length);
    }

    async function reportDay(stamp: StampName): Promise<void> {
      const { database } = stamps[stamp];
      await openPresentHour({ database, clock });
      await closeWindows({ database, clock }, clock.now());
      const outcome = await sendDueWindows({ database, clock });
      assert.equal(outcome.kind, 'done', JSON.stringify(outcome));
    }

    before(async () => {
      const config = loadConfig({
        flags: { data, port: '0', databaseUrl: commerceDatabase.url, roles: 'commerce' },
        env: {},
      });
      server = await startServer({ config, clock: systemClock, log: silentLog });
      commerce = server.database;
      await addPartner(commerce, systemClock, { base: BASE, customers: [HARBOUR, CLINIC] });
      for (const name of ['north', 'south'] as const) {
        const stamp = stamps[name].database;
        await openPresentHour({ database: stamp, clock });
        await addCustomers(
          stamp,
          clock,
          Object.entries(SUBSCRIPTIONS[name]).map(([customer, subscriptionId]) => ({
            subscriptionId,
            directory: DIRECTORY[customer as CustomerName],
          })),
        );
        const wanted = {
          base: BASE,
          name,
          origin: server.baseUrl,
          ca: readFileSync(server.caFile, 'utf8'),
        };
        registrations.set(name, await registerStamp({ stamp, commerce, clock }, wanted));
      }
      await map('north', CLINIC, 'clinic', false);
      for (let day = 1; day <= DAYS; day++) {
        if (day === 16) await happens(16, '12:00', () => map('north', HARBOUR, 'harbour', true));
        if (day === 21) await happens(21, '08:00', () => unmap('north', CLINIC));
        for (const name of ['north', 'south'] as const) {
          await happens(day, '10:30', () => emitDay(name, day));
        }
        for (const name of ['north', 'south'] as const) {
          await happens(day + 1, '00:05', () => reportDay(name));
        }
      }
    });
    after(async () => {
      for (const { database } of Object.values(stamps)) disconnect({ database });
      await server.close();
      rmSync(data, { recursive: true, force: true });
    });

    async function happens(day: number, time: string, what: () => Promise<unknown>): Promise<void> {
      clock.set(at(day, time));
      await what();
    }

    const map = async (
      stamp: StampName,
      customer: typeof HARBOUR,
      directory: CustomerName,
      shared: boolean,
    ) =>
      commerce.transaction((tx) =>
        putCustomerMapping(
          tx,
          registrations.get(stamp)!,
          { customerSubscriptionId: customer, tenantId: DIRECTORY[directory], shared },
          changingAt(systemClock),
        ),
      );
    const unmap = async (stamp: StampName, customer: typeof HARBOUR) =>
      commerce.transaction((tx) =>
        removeCustomerMapping(tx, registrations.get(stamp)!, customer, changingAt(systemClock)),
      );

    /** Core hours booked on an account, by the stamp that reported them and the directory that used them. */
    async function booked(account: string): Promise<Record<string, string>> {
      const { rows } = await commerce.pool.query<{
        name: string;
        directory: string;
        quantity: string;
      }>(
        `select r.name, u.tenant_id::text as directory, trim_scale(sum(u.quantity))::text as quantity
       from reported_usage u join registration r using (registration_number)
       where u.customer_subscription_id = $1 group by 1, 2 order by 1, 2`,
        [account],
      );
      const names = new Map(Object.entries(DIRECTORY).map(([name, id]) => [String(id), name]));
      return Object.fromEntries(
        rows.map(({ name, directory, quantity }) => [
          `${names.get(directory)} on ${name}`,
          quantity,
        ]),
      );
    }

    const days = (count: number): string => String(BigInt(count) * CORE_HOURS);

    it('Harbour pays from the 16th on, on both stamps by one mapping', async () => {
      assert.deepEqual(await booked(HARBOUR), {
        'harbour on north': days(15),
        'harbour on south': days(15),
      });
    });

    it('Clinic pays on North up to the 20th, and never on South, where nobody mapped it', async () => {
      assert.deepEqual(await booked(CLINIC), { 'clinic on north': days(20) });
    });

    it('the provider pays the rest, and all that Library used', async () => {
      assert.deepEqual(await booked(BASE), {
        'clinic on north': days(10),
        'clinic on south': days(30),
        'harbour on north': days(15),
        'harbour on south': days(15),
        'library on south': days(30),
      });
    });

    it('every row says which mapping applied, in which version, and none says so where none did', async () => {
      const { rows } = await commerce.pool.query<{ account: string; versions: string }>(
        `select u.customer_subscription_id::text as account,
              string_agg(distinct coalesce('version ' || m.version, 'base'), ', ') as versions
       from reported_usage u left join customer_mapping m on m.mapping = u.mapping
       group by 1 order by 1`,
      );
      assert.deepEqual(rows, [
        { account: BASE, versions: 'base' },
        { account: HARBOUR, versions: 'version 1' },
        { account: CLINIC, versions: 'version 1' },
      ]);
      const removed = await findCustomerMapping(
        commerce.pool,
        registrations.get('north')!,
        CLINIC,
        systemClock.now(),
      );
      assert.equal(removed, undefined);
    });

    it('totals are conserved: what both stamps closed is what was received, row for row', async () => {
      const { rows } = await commerce.pool.query<{ total: string }>(
        'select trim_scale(sum(quantity))::text as total from reported_usage',
      );
      assert.equal(rows[0]?.total, days(5 * DAYS));
      for (const name of ['north', 'south'] as const) {
        await assertReceivedEqualsClosed(
          stamps[name].database,
          commerce,
          0,
          registrations.get(name)!.number,
        );
      }
    });

    it('each stamp finds everything explained, and holds a statement that verifies', async () => {
      for (const name of ['north', 'south'] as const) {
        const { database } = stamps[name];
        const tools = { database, clock, received: await openReceivedTotals({ database, clock }) };
        const texts = { from: '2026-09-01', to: '2026-10-01', by: undefined };
        const summary = await reconcile(tools, readReconciliationRequest(texts, clock.now(), ''), {
          lines: () => Promise.resolve(),
        });
        assert.equal(summary.verdict, 'explained');
        const range = { from: undefined, to: undefined };
        const statement = await makeStatement(
          { database: commerce, clock: systemClock },
          registrations.get(name)!,
          range,
        );
        const { windows } = verifyStatement(structuredClone(statement));
        assert.ok(windows.length >= DAYS * 24, `${windows.length} windows`);
      }
    });
  });
});

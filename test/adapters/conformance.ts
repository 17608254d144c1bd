import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import {
  ensureBillingAccounts,
  holdOwned,
  readAccountTree,
  type AccountId,
} from '../../src/commerce/accounts/index.ts';
import { billingAdapters, putAdapter, runAdapters } from '../../src/exports/adapters/index.ts';
import type { SubscriptionId } from '../../src/kernel/index.ts';
import { decimalOf, fixedClock, type FixedClock } from '../../src/platform/index.ts';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
} from '../support/billing.ts';
import { withTestDatabase, type TestDatabase } from '../support/database.ts';
import { DECIMALS, SECRET, type TestService } from './services.ts';

export type Kind = 'webhook' | 'csv' | 'stripe' | 'lago';
type Change = Parameters<typeof putAdapter>[3];
type AdapterRoom = Parameters<typeof runAdapters>[0];
type Adapter = Awaited<ReturnType<typeof putAdapter>>['adapter'];

export const START = hourAt('2026-11-20T00:00Z');
/** An account of commerce with an address and others, of which nobody pays. */
const IP_METER = 'f271a8a388c44d93956a063e1d2fa80b';

/** Usage of two stamps by two customers, and a way to have it sent. */
export interface TestUsage {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly folder: string;
  readonly customers: SubscriptionId[];
  readonly root: () => AccountId;
  /** Reports a window of each stamp, with usage of the hours before it too. */
  report(window: number): Promise<void>;
  /** Makes or changes an adapter. */
  put(kind: Kind, change: Change, id?: string): Promise<Adapter>;
  /** Sends, letting time pass, until nothing is due; at most so many rounds. */
  send(rounds?: number, room?: Partial<AdapterRoom>): Promise<void>;
  /** What has to be billed: exact sums by subscription of commerce and meter. */
  billed(): Promise<Record<string, string>>;
  state(id: string): Promise<{ state: string; problem: string | null; next: unknown }>;
  left(id: string): Promise<Record<string, number>>;
}

export function withUsage(): TestUsage {
  const test = withTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-adapting-'));
  const clock = fixedClock(Temporal.Instant.from('2026-11-21T00:05Z'));
  const customers: SubscriptionId[] = [];
  const stamps: ReportingStamp[] = [];
  let root: AccountId | undefined;
  before(async () => {
    const { database } = test;
    customers.push(await addCustomer(database), await addCustomer(database));
    await database.transaction((tx) => ensureBillingAccounts(tx, clock));
    root = (await readAccountTree(database.pool)).root.accountId;
    for (const base of customers) stamps.push(await addStamp(database, base, { from: START }));
  });
  beforeEach(() => test.database.pool.query('delete from billing_adapter'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const put: TestUsage['put'] = async (kind, change, id = randomUUID()) => {
    const named = { adapterId: id, accountId: root! };
    const given = { kind, startHour: START, ...change };
    const changing = { clock, actor: SYSTEM };
    const { adapter } = await test.database.transaction(async (tx) => {
      const held = await holdOwned(tx, billingAdapters, { id, accountId: root! });
      return putAdapter(tx, named, held, given, changing);
    });
    return adapter;
  };
  return {
    test,
    clock,
    folder,
    customers,
    root: () => root!,
    put,
    report: async (window) => {
      for (const [at, stamp] of stamps.entries()) {
        const rows = customers.flatMap((customer, place) =>
          [METERS.baseVm, METERS.windowsVm, IP_METER].flatMap((meterId, meter) =>
            [0, 1, 30].map((late) => ({
              customer,
              meterId,
              usageHour: window - late,
              quantity: `${at + 1}.${place}${meter}${late}${window % 100}7`,
            })),
          ),
        );
        await reportUsage(test.database, stamp, window, rows);
      }
    },
    send: async (rounds = 30, more = {}) => {
      for (let round = 0; round < rounds; round++) {
        await runAdapters({ database: test.database, clock, exportFolder: folder, ...more });
        clock.advance(600_000);
      }
    },
    billed: () => billedIn(test),
    state: async (id) => {
      const { rows } = await test.database.pool.query<{
        state: string;
        problem: string | null;
        next: unknown;
      }>(
        'select state, problem, next_attempt_at as next from billing_adapter where adapter_id = $1',
        [id],
      );
      return rows[0]!;
    },
    left: async (id) => {
      const { rows } = await test.database.pool.query<{ state: string; count: number }>(
        'select state, count(*)::int as count from adapter_event where adapter_id = $1 group by 1',
        [id],
      );
      return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
    },
  };
}

/** Exact sums by subscription of commerce and meter of all that is billed. */
async function billedIn({ database }: TestDatabase): Promise<Record<string, string>> {
  const { rows } = await database.pool.query<{ key: string; sum: string }>(
    `select u.customer_subscription_id || ' ' || lower(m.commerce_meter_id) as key, sum(u.quantity) as sum
     from reported_usage u join commerce_meter m using (meter) where u.billable group by 1 order by 1`,
  );
  return Object.fromEntries(rows.map(({ key, sum }) => [key, decimalOf(sum).toText()]));
}

/** What an adapter under test is told, and what its other side has. */
export interface Side {
  readonly settings: (usage: TestUsage) => Promise<Change>;
  /** Exact sums by subscription of commerce and meter, each id once. */
  readonly sums: (usage: TestUsage) => Record<string, string>;
  readonly ids: (usage: TestUsage) => string[];
}

/** Names that hold what they stand for, so that sums can be told apart on the other side. */
export async function namesOf(usage: TestUsage): Promise<Change> {
  const { rows } = await usage.test.database.pool.query<{ id: string }>(
    'select distinct lower(commerce_meter_id) as id from commerce_meter',
  );
  return {
    meters: Object.fromEntries(rows.map(({ id }) => [id, `m_${id}`])),
    customers: Object.fromEntries(usage.customers.map((id) => [id, `c_${id}`])),
  };
}

export function sideOf(service: TestService): Side {
  return {
    settings: async (usage) => ({
      url: service.url,
      ca: service.ca,
      secret: SECRET,
      ...(service.kind === 'stripe' && { decimals: DECIMALS }),
      ...(await namesOf(usage)),
    }),
    sums: () =>
      sumUp(
        [...service.taken.values()].map(({ content, quantity }) => {
          const text = decodeURIComponent(content);
          return {
            customer: /c_([0-9a-f-]{36})/.exec(text)?.[1],
            meter: /m_([0-9a-z-]+)/.exec(text)?.[1],
            quantity,
          };
        }),
      ),
    ids: () => [...service.taken.keys()],
  };
}

export const files: Side = {
  settings: namesOf,
  sums: (usage) => sumUp(linesOf(usage)),
  ids: (usage) => linesOf(usage).map(({ id }) => id),
};

function linesOf({ folder }: TestUsage) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv'))
    .flatMap((name) => {
      const [header = '', ...lines] = readFileSync(join(folder, name), 'utf8').split('\r\n');
      const at = (column: string): number => header.split(',').indexOf(column);
      return lines
        .filter((line) => line !== '')
        .map((line) => line.split(','))
        .map((line) => ({
          id: line[at('eventId')]!,
          customer: line[at('customerSubscriptionId')],
          meter: line[at('meterId')],
          quantity: line[at('quantity')]!,
        }));
    });
}

function sumUp(
  events: readonly {
    readonly customer?: string | undefined;
    readonly meter?: string | undefined;
    readonly quantity: string;
  }[],
): Record<string, string> {
  const groups = Map.groupBy(events, ({ customer, meter }) => `${customer} ${meter}`);
  const sums = [...groups].map(([key, some]): [string, string] => [
    key,
    some
      .map(({ quantity }) => decimalOf(quantity))
      .reduce((sum, one) => sum.add(one))
      .toText(),
  ]);
  return Object.fromEntries(sums.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

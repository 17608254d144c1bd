import { after, before } from 'node:test';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
  type UsageRow,
} from '../../../test/support/billing.ts';
import { clientWith } from '../../../test/support/callers.ts';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Changing, Principal, Role } from '../../identity/index.ts';
import { hourNumber, isJsonObject, type SubscriptionId } from '../../kernel/index.ts';
import {
  buildApp,
  fixedClock,
  silentLog,
  type Database,
  type FixedClock,
} from '../../platform/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  findPeriod,
  putAccount,
  readAccountTree,
  setPricing,
  type AccountChange,
  type AccountId,
  type BillingPeriod,
} from '../accounts/index.ts';
import { ledgerRoutes } from '../ledger/index.ts';
import { ensureTaxTable, parsePriceList, publishPriceList } from '../pricing/index.ts';
import { rateAcceptedUsage } from '../rating/index.ts';
import { advanceBilling, type BillingReport } from './advance/advance.ts';
import { invoicingRoutes } from './http/routes.ts';
import type { FullInvoice } from './invoice.ts';
import { issueInvoice } from './issue/issue.ts';
import type { BillingRun } from './issue/room.ts';

export { METERS };

export interface Asked {
  readonly status: number;
  readonly code: unknown;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A customer that is invoiced, and its subscription of commerce. */
export interface TestCustomer {
  readonly subscription: SubscriptionId;
  readonly accountId: AccountId;
}

/** Commerce with prices and taxes, a stamp that reports from October 2026 on, and an app. */
export interface TestRoom {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly changing: Changing;
  readonly room: BillingRun;
  /** Below the provider, in France, buying at `prices`, unless a test says otherwise. */
  customer(fields?: Partial<AccountChange>): Promise<TestCustomer>;
  change(account: AccountId, fields: Partial<AccountChange>): Promise<void>;
  /** Usage that is reported in a window and rated. */
  use(window: string, rows: readonly (Partial<UsageRow> & { of: TestCustomer })[]): Promise<void>;
  /** Publishes the price list `prices` anew, for all times. */
  prices(items: readonly object[]): Promise<void>;
  rate(): Promise<void>;
  advance(at: string): Promise<BillingReport>;
  period(of: TestCustomer, name?: string): Promise<BillingPeriod>;
  issue(of: TestCustomer, name?: string): Promise<FullInvoice>;
  /** @param grants an operator's unless given */
  ask(
    method: 'GET' | 'POST',
    path: string,
    options?: { readonly body?: object; readonly grants?: Principal['grants'] },
  ): Promise<Asked>;
}

export function grantOf(role: Role, subscriptionId?: SubscriptionId): Principal['grants'] {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

const BASE_PRICE = { meterId: METERS.baseVm, price: { kind: 'flat', unitPrice: '0.008' } };
const WINDOWS_PRICE = { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.046' } };

/** An app with the routes of invoices and the ledger, where each request says whose roles it has. */
async function openApp(database: Database, clock: FixedClock) {
  let grants: Principal['grants'] = [];
  const app = buildApp({ log: silentLog, clock });
  const api = {
    database,
    clock,
    authenticate: () => Promise.resolve(clientWith(grants)),
  };
  invoicingRoutes(app, api);
  ledgerRoutes(app, api);
  await app.ready();
  const ask: TestRoom['ask'] = async (method, path, options = {}) => {
    grants = options.grants ?? grantOf('Operator');
    const answer = await app.inject({
      method,
      url: `/api/v1/${path}`,
      headers: { host: 'localhost' },
      ...(options.body !== undefined && { payload: options.body }),
    });
    const isJson = String(answer.headers['content-type']).startsWith('application/json');
    const value: unknown = isJson ? JSON.parse(answer.body) : {};
    const body = isJsonObject(value) ? value : {};
    const { error } = body;
    const code = isJsonObject(error) ? error['code'] : undefined;
    return { status: answer.statusCode, code, body, text: answer.body };
  };
  return { ask, close: () => app.close() };
}

/** A version of the price list `prices`, for all times. */
async function publish(
  database: Database,
  items: readonly object[],
  changing: Changing,
): Promise<void> {
  const text = JSON.stringify({ name: 'prices', currency: 'USD', items });
  const { content, problems } = parsePriceList(text);
  if (content === undefined) throw new Error(JSON.stringify(problems));
  const version = { priceListId: 'prices', content, sample: false, note: '' };
  const since = { effectiveFrom: hourNumber(0), ratedUpTo: undefined, correctPast: true };
  await database.transaction((tx) => publishPriceList(tx, { ...version, ...since }, changing));
}

/** Usage is booked on who has a mapping; only then a period waits for the stamp. */
async function mapTo(
  { pool }: Database,
  stamp: ReportingStamp,
  subscription: SubscriptionId,
): Promise<void> {
  await pool.query(
    `insert into customer_mapping (registration_number, tenant_id, customer_subscription_id, version,
                                   effective_from, etag, created_at)
     values ($1, $2, $2, 1, '2026-01-01', $2, '2026-01-01')`,
    [stamp.registration, subscription],
  );
}

async function addTestCustomer(
  { test, clock, changing, change }: Pick<TestRoom, 'test' | 'clock' | 'changing' | 'change'>,
  stamp: ReportingStamp,
  fields: Partial<AccountChange>,
): Promise<TestCustomer> {
  const { database } = test;
  const subscription = await addCustomer(database, { name: fields.name ?? 'Customer' });
  await database.transaction((tx) => ensureBillingAccounts(tx, clock));
  const { accountId } = (await findAccountBySubscription(database.pool, subscription))!;
  await change(accountId, { country: 'FR', ...fields });
  const options = { correctPast: true, ratedUpTo: undefined };
  await database.transaction((tx) =>
    setPricing(tx, accountId, { priceListId: 'prices' }, hourNumber(0), options, changing),
  );
  await mapTo(database, stamp, subscription);
  return { subscription, accountId };
}

/** What the room does once it is open. */
function actionsOf(
  { test, clock, changing }: Pick<TestRoom, 'test' | 'clock' | 'changing'>,
  stampOf: () => ReportingStamp,
): Pick<TestRoom, 'use' | 'rate' | 'period' | 'issue'> {
  const rate = async (): Promise<void> => {
    await rateAcceptedUsage({ database: test.database, clock });
  };
  const period: TestRoom['period'] = async ({ accountId }, name = '202610-1') => {
    const found = await findPeriod(test.database.pool, accountId, name);
    if (found === undefined) throw new Error(`there is no period ${name}`);
    return found;
  };
  return {
    rate,
    period,
    use: async (window, rows) => {
      const reported = rows.map(({ of, ...row }) => ({
        customer: of.subscription,
        meterId: METERS.baseVm,
        usageHour: hourAt(window),
        quantity: '100',
        ...row,
      }));
      await reportUsage(test.database, stampOf(), hourAt(window), reported);
      await rate();
    },
    issue: async (of, name) => {
      const room = { database: test.database, clock };
      const issued = await issueInvoice(room, await period(of, name), changing, { early: true });
      if (issued === undefined) throw new Error('there was nothing to invoice');
      return issued;
    },
  };
}

/** Gives the `describe` in which it is called a room of its own. */
export function withTestRoom(): TestRoom {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-03T10:30:00Z'));
  const changing = { clock, actor: SYSTEM };
  let app: Awaited<ReturnType<typeof openApp>> | undefined;
  let stamp: ReportingStamp | undefined;
  const change: TestRoom['change'] = async (accountId, fields) => {
    await test.database.transaction((tx) => putAccount(tx, { accountId, ...fields }, changing));
  };
  before(async () => {
    const { database } = test;
    await database.transaction(async (tx) => {
      await ensureBillingAccounts(tx, clock);
      await ensureTaxTable(tx, clock);
    });
    await publish(database, [BASE_PRICE, WINDOWS_PRICE], changing);
    const { root } = await readAccountTree(database.pool);
    await change(root.accountId, { name: 'Provider', country: 'FR', seriesPrefix: 'PRO' });
    const base = await addCustomer(database, { name: 'Base' });
    stamp = await addStamp(database, base, { from: hourAt('2026-10-01T00:00Z') });
    app = await openApp(database, clock);
  });
  after(() => app?.close());
  const ground = { test, clock, changing, change };
  return {
    ...ground,
    get room(): BillingRun {
      return { database: test.database, clock, log: silentLog };
    },
    customer: (fields = {}) => addTestCustomer(ground, stamp!, fields),
    ...actionsOf(ground, () => stamp!),
    prices: (items) => publish(test.database, items, changing),
    advance: (at) => {
      clock.set(Temporal.Instant.from(at));
      return advanceBilling({ database: test.database, clock, log: silentLog });
    },
    ask: (method, path, options) => app!.ask(method, path, options),
  };
}

/** The items of a list. */
export function itemsOf({ body }: Asked): Readonly<Record<string, unknown>>[] {
  const { value } = body;
  return Array.isArray(value) ? value.filter((item) => isJsonObject(item)) : [];
}

import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
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
import { buildApp, fixedClock, silentLog, type FixedClock } from '../../platform/index.ts';
import {
  ensureBillingAccounts,
  findAccount,
  findAccountBySubscription,
  putAccount,
  readAccountTree,
  setPricing,
  type AccountChange,
  type AccountId,
} from '../accounts/index.ts';
import { summarizeCosts } from '../cost-analysis/index.ts';
import { parsePriceList, publishPriceList } from '../pricing/index.ts';
import { followPriceChanges, rateAcceptedUsage } from '../rating/index.ts';
import type { BudgetFiring } from './budget.ts';
import { putBudget } from './change.ts';
import { readBudgetChange } from './fields.ts';
import { listFirings } from './firing-store.ts';
import { budgetRoutes } from './routes.ts';
import { findBudget } from './store.ts';
import { watchBudgets, type WatchReport } from './watch.ts';

/** A customer, and its subscription of commerce. */
export interface TestCustomer {
  readonly subscription: SubscriptionId;
  readonly accountId: AccountId;
}

interface Asked {
  readonly status: number;
  readonly etag: unknown;
  readonly code: unknown;
  readonly message: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

/** Commerce with a price of 0.008 USD, a stamp that reports from September 2026 on, and an app. */
export interface TestRoom {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly changing: Changing;
  readonly provider: () => AccountId;
  /** Below the provider unless said otherwise. */
  readonly customer: (fields?: Partial<AccountChange>) => Promise<TestCustomer>;
  /** Usage of so many dollars in an hour, that is reported in a window and rated. */
  readonly spend: (
    of: TestCustomer,
    dollars: number,
    usedAt: string,
    window: string,
    row?: Partial<UsageRow>,
  ) => Promise<void>;
  /** Corrects the price of all usage there is. */
  readonly reprice: (unitPrice: string) => Promise<void>;
  readonly put: (account: AccountId, name: string, fields: object) => Promise<void>;
  readonly watch: (at?: string) => Promise<WatchReport>;
  readonly firings: (account: AccountId, name: string) => Promise<BudgetFiring[]>;
  /** Such as `actual 80`, the oldest first. */
  readonly fired: (account: AccountId, name: string) => Promise<string[]>;
  readonly hearOf: (account: AccountId) => Promise<void>;
  readonly heardOf: (account: AccountId) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  readonly ask: (
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    options?: {
      readonly body?: object;
      readonly grants?: Principal['grants'];
      readonly headers?: Readonly<Record<string, string>>;
    },
  ) => Promise<Asked>;
}

export function grantOf(role: Role, subscriptionId?: SubscriptionId): Principal['grants'] {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

const UNIT_PRICE = '0.008';
/** Of the meter, for a dollar. */
const UNITS = 125;

async function publish({ database }: TestDatabase, unitPrice: string, changing: Changing) {
  const items = [{ meterId: METERS.baseVm, price: { kind: 'flat', unitPrice } }];
  const list = JSON.stringify({ name: 'prices', currency: 'USD', items });
  const { content, problems } = parsePriceList(list);
  if (content === undefined) throw new Error(JSON.stringify(problems));
  const version = { priceListId: 'prices', content, sample: false, note: '' };
  const since = { effectiveFrom: hourNumber(0), ratedUpTo: undefined, correctPast: true };
  await database.transaction((tx) => publishPriceList(tx, { ...version, ...since }, changing));
}

async function addTestCustomer(
  { test, clock, changing }: Pick<TestRoom, 'test' | 'clock' | 'changing'>,
  { registration }: ReportingStamp,
  fields: Partial<AccountChange>,
): Promise<TestCustomer> {
  const { database } = test;
  const subscription = await addCustomer(database, { name: fields.name ?? 'Customer' });
  await database.transaction((tx) => ensureBillingAccounts(tx, clock));
  const { accountId } = (await findAccountBySubscription(database.pool, subscription))!;
  const options = { correctPast: true, ratedUpTo: undefined };
  await database.transaction(async (tx) => {
    await putAccount(tx, { accountId, ...fields }, changing);
    await setPricing(tx, accountId, { priceListId: 'prices' }, hourNumber(0), options, changing);
  });
  await database.pool.query(
    `insert into customer_mapping (registration_number, tenant_id, customer_subscription_id, version,
                                   effective_from, etag, created_at)
     values ($1, $2, $2, 1, '2026-01-01', $2, '2026-01-01')`,
    [registration, subscription],
  );
  return { subscription, accountId };
}

/** An app in which each request says whose roles it has. */
function askerOf(app: FastifyInstance, becomes: (grants: Principal['grants']) => void) {
  const ask: TestRoom['ask'] = async (method, path, { body: payload, grants, headers } = {}) => {
    becomes(grants ?? grantOf('Operator'));
    const answer = await app.inject({
      method,
      url: `/api/v1/accounts/${path}`,
      headers: { host: 'localhost', ...headers },
      ...(payload !== undefined && { payload }),
    });
    const value: unknown = answer.body === '' ? {} : JSON.parse(answer.body);
    const body = isJsonObject(value) ? value : {};
    const error = isJsonObject(body['error']) ? body['error'] : {};
    const items: unknown[] = Array.isArray(body['value']) ? body['value'] : [];
    return {
      status: answer.statusCode,
      etag: answer.headers['etag'],
      code: error['code'],
      message: typeof error['message'] === 'string' ? error['message'] : '',
      body,
      items: items.filter((item) => isJsonObject(item)),
    };
  };
  return ask;
}

/** Gives the `describe` in which it is called a room of its own. */
export function withTestRoom(): TestRoom {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-10T12:30:00Z'));
  const changing = { clock, actor: SYSTEM };
  const ground = { test, clock, changing };
  let stamp: ReportingStamp | undefined;
  let provider: AccountId | undefined;
  let grants: Principal['grants'] = [];
  let app: FastifyInstance | undefined;
  let ask: TestRoom['ask'] | undefined;
  before(async () => {
    const { database } = test;
    await database.transaction((tx) => ensureBillingAccounts(tx, clock));
    await publish(test, UNIT_PRICE, changing);
    const { root } = await readAccountTree(database.pool);
    provider = root.accountId;
    await database.transaction((tx) =>
      putAccount(tx, { accountId: root.accountId, name: 'Provider' }, changing),
    );
    const base = await addCustomer(database, { name: 'Base' });
    stamp = await addStamp(database, base, { from: hourAt('2026-09-01T00:00Z') });
    app = buildApp({ log: silentLog, clock });
    budgetRoutes(app, {
      database,
      clock,
      authenticate: () => Promise.resolve(clientWith(grants)),
    });
    await app.ready();
    ask = askerOf(app, (given) => {
      grants = given;
    });
  });
  after(() => app?.close());
  return {
    ...ground,
    provider: () => provider!,
    customer: (fields = {}) => addTestCustomer(ground, stamp!, fields),
    ask: (...asked) => ask!(...asked),
    ...actionsOf(ground, () => stamp!),
  };
}

type Actions = Omit<TestRoom, 'test' | 'clock' | 'changing' | 'provider' | 'customer' | 'ask'>;

/** What the room does once it is open. */
function actionsOf(
  { test, clock, changing }: Pick<TestRoom, 'test' | 'clock' | 'changing'>,
  stampOf: () => ReportingStamp,
): Actions {
  const firings: TestRoom['firings'] = async (account, name) => {
    const { budget } = (await findBudget(test.database.pool, account, name))!;
    return listFirings(test.database.pool, budget.budgetId, 100);
  };
  return {
    spend: async ({ subscription }, dollars, usedAt, window, row = {}) => {
      const used = {
        customer: subscription,
        meterId: METERS.baseVm,
        usageHour: hourAt(usedAt),
        quantity: String(dollars * UNITS),
        ...row,
      };
      await reportUsage(test.database, stampOf(), hourAt(window), [used]);
      await rateAcceptedUsage({ database: test.database, clock });
      await summarizeCosts({ database: test.database });
    },
    reprice: async (unitPrice) => {
      await publish(test, unitPrice, changing);
      await followPriceChanges({ database: test.database, clock }, changing);
      await summarizeCosts({ database: test.database });
    },
    put: async (accountId, name, fields) => {
      const account = (await findAccount(test.database.pool, accountId))!;
      const change = readBudgetChange({ ...fields });
      await test.database.transaction((tx) => putBudget(tx, account, name, change, changing));
    },
    watch: (at) => {
      if (at !== undefined) clock.set(Temporal.Instant.from(at));
      return watchBudgets({ database: test.database, clock, log: silentLog });
    },
    firings,
    fired: async (account, name) =>
      (await firings(account, name))
        .map(({ of, threshold }) => `${of} ${threshold.toText()}`)
        .toReversed(),
    hearOf: async (accountId) => {
      await test.database.pool.query(
        `insert into webhook_endpoint (endpoint_id, account_id, url, secret, event_types, state, description, created_at)
         values ($1, $2, 'https://localhost/', '\\x00', '{budget.alert}', 'Enabled', '', 'epoch')`,
        [randomUUID(), accountId],
      );
    },
    heardOf: async (accountId) => {
      const { rows } = await test.database.pool.query<{ payload: string }>(
        `select payload from webhook_message join webhook_delivery using (message_id)
         join webhook_endpoint e using (endpoint_id)
         where e.account_id = $1 order by occurred_at`,
        [accountId],
      );
      return rows.map(({ payload }) => {
        const { data }: { data: Readonly<Record<string, unknown>> } = JSON.parse(payload);
        return data;
      });
    },
  };
}

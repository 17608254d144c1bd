import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  newSubscriptionId,
  reportUsage,
  type ReportingStamp,
  type UsageRow,
} from '../../../../test/support/billing.ts';
import { clientWith } from '../../../../test/support/callers.ts';
import { withTestDatabase, type TestDatabase } from '../../../../test/support/database.ts';
import { SYSTEM } from '../../../audit/index.ts';
import type { Changing, Principal, Role } from '../../../identity/index.ts';
import { hourNumber, isJsonObject, type SubscriptionId } from '../../../kernel/index.ts';
import { buildApp, fixedClock, silentLog, type FixedClock } from '../../../platform/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  findPeriod,
  putAccount,
  readAccountTree,
  setPricing,
  type AccountChange,
  type AccountId,
  type PricingBasis,
} from '../../accounts/index.ts';
import { ensureTaxTable, parsePriceList, publishPriceList } from '../../pricing/index.ts';
import { rateAcceptedUsage } from '../../rating/index.ts';
import type { FullInvoice } from '../invoice.ts';
import { issueInvoice } from '../issue/issue.ts';
import type { RecordsOf } from './explanation.ts';
import { explanationRoutes } from './routes.ts';

export const OCTOBER = hourAt('2026-10-01T00:00Z');
/** The price list of the partner and of its customers: the first 100 hours at 0.5, all others at 0.25. */
const PRICES = {
  name: 'tiers',
  currency: 'USD',
  items: [
    {
      meterId: METERS.baseVm,
      scope: 'account',
      price: {
        kind: 'graduated',
        tiers: [{ upTo: '100', unitPrice: '0.5' }, { unitPrice: '0.25' }],
      },
    },
    { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.046' } },
  ],
};

export interface Asked {
  readonly status: number;
  readonly code: unknown;
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** Accounts with usage that is rated and invoiced, in a database of their own. */
export interface TestInvoiced {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly changing: Changing;
  /** What the app is told of records. */
  recordsOf: RecordsOf | undefined;
  accountOf(customer: SubscriptionId): Promise<AccountId>;
  /** A customer that can be invoiced, below the provider or a partner. */
  addCustomer(parent?: AccountId): Promise<SubscriptionId>;
  addPartner(parent?: AccountId): Promise<{ account: AccountId; subscription: SubscriptionId }>;
  price(account: AccountId, basis: PricingBasis): Promise<void>;
  /** A stamp that reports from October on. */
  addStamp(base: SubscriptionId): Promise<ReportingStamp>;
  report(stamp: ReportingStamp, hour: number, rows: readonly UsageRow[]): Promise<void>;
  rate(): Promise<void>;
  issue(account: AccountId, period?: string): Promise<FullInvoice>;
  /** @param grants an operator's unless given */
  ask(path: string, grants?: Principal['grants']): Promise<Asked>;
}

export function grantOf(role: Role, subscriptionId?: SubscriptionId): Principal['grants'] {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

/** The provider, who can issue invoices, a table of taxes and a price list. */
async function beginBilling({ database }: TestDatabase, changing: Changing): Promise<void> {
  await database.transaction(async (tx) => {
    await ensureBillingAccounts(tx, changing.clock);
    await ensureTaxTable(tx, changing.clock);
    const { content } = parsePriceList(JSON.stringify(PRICES));
    if (content === undefined) throw new Error('the price list of the tests is wrong');
    const list = { priceListId: 'tiers', content, sample: false, note: '', correctPast: true };
    const since = { effectiveFrom: hourNumber(0), ratedUpTo: undefined };
    await publishPriceList(tx, { ...list, ...since }, changing);
    const { root } = await readAccountTree(tx);
    await putAccount(
      tx,
      { accountId: root.accountId, name: 'Provider', country: 'FR', registrationId: '1' },
      changing,
    );
  });
}

/** Gives the `describe` in which it is called what invoices need. */
export function withInvoiced(): TestInvoiced {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-03T10:30:00Z'));
  const changing = { clock, actor: SYSTEM };
  let app: FastifyInstance | undefined;
  let grants: Principal['grants'] = [];
  const put = async (change: AccountChange): Promise<void> => {
    await test.database.transaction((tx) => putAccount(tx, change, changing));
  };
  before(async () => {
    await beginBilling(test, changing);
    const authenticate = (): Promise<Principal> => Promise.resolve(clientWith(grants));
    const recordsOf: RecordsOf = async (row) =>
      (await invoiced.recordsOf?.(row)) ?? { state: 'elsewhere' };
    app = buildApp({ log: silentLog, clock });
    explanationRoutes(app, { database: test.database, clock, authenticate, recordsOf });
    await app.ready();
  });
  after(() => app?.close());
  const invoiced: TestInvoiced = {
    test,
    clock,
    changing,
    recordsOf: undefined,
    accountOf: async (customer) =>
      (await findAccountBySubscription(test.database.pool, customer))!.accountId,
    addCustomer: async (parentId) => {
      const customer = await addCustomer(test.database, { name: 'Customer' });
      await test.database.transaction((tx) => ensureBillingAccounts(tx, clock));
      const accountId = await invoiced.accountOf(customer);
      await put({ accountId, country: 'FR', ...(parentId !== undefined && { parentId }) });
      return customer;
    },
    addPartner: async (parentId) => {
      const subscription = await addCustomer(test.database, { name: 'Partner' });
      await test.database.transaction((tx) => ensureBillingAccounts(tx, clock));
      const account = await invoiced.accountOf(subscription);
      const seriesPrefix = `P${subscription.slice(0, 4).toUpperCase()}`;
      await put({
        accountId: account,
        kind: 'partner',
        country: 'FR',
        registrationId: '2',
        seriesPrefix,
        ...(parentId !== undefined && { parentId }),
      });
      return { account, subscription };
    },
    price: async (account, basis) => {
      const options = { correctPast: true, ratedUpTo: undefined };
      await test.database.transaction((tx) =>
        setPricing(tx, account, basis, hourNumber(0), options, changing),
      );
    },
    addStamp: (base) => addStamp(test.database, base, { from: OCTOBER }),
    report: (stamp, hour, rows) => reportUsage(test.database, stamp, hour, rows),
    rate: async () => {
      await rateAcceptedUsage({ database: test.database, clock });
    },
    issue: async (account, name = '202610-1') => {
      const period = await findPeriod(test.database.pool, account, name);
      if (period === undefined) throw new Error(`there is no period ${name}`);
      const room = { database: test.database, clock };
      const issued = await issueInvoice(room, period, changing, { early: true });
      if (issued === undefined) throw new Error('there was nothing to invoice');
      return issued;
    },
    ask: async (path, given = grantOf('Operator')) => {
      grants = given;
      const { statusCode, body: text } = await app!.inject({ url: `/api/v1/invoices/${path}` });
      const value: unknown = JSON.parse(text);
      const body = isJsonObject(value) ? value : {};
      const { error } = body;
      const code = isJsonObject(error) ? error['code'] : undefined;
      return { status: statusCode, code, body, text };
    },
  };
  return invoiced;
}

export { METERS, newSubscriptionId };

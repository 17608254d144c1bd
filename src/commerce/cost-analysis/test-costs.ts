import { randomUUID } from 'node:crypto';
import { before } from 'node:test';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  reportUsage,
  type ReportingStamp,
  type UsageRow,
} from '../../../test/support/billing.ts';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import { Decimal, hourNumber, type SubscriptionId } from '../../kernel/index.ts';
import { fixedClock, type Database, type FixedClock } from '../../platform/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  parseAccountId,
  putAccount,
  readAccountTree,
  setPricing,
  type AccountChange,
  type AccountId,
} from '../accounts/index.ts';
import { parsePriceList, publishPriceList } from '../pricing/index.ts';
import { rateAcceptedUsage, rerate } from '../rating/index.ts';

export { METERS };

/** The first hour of usage. */
export const FIRST = hourAt('2026-09-10T00:00Z');

/** A customer that buys from the partner, or one that buys from the provider. */
export interface TestCustomer {
  readonly accountId: AccountId;
  readonly subscription: SubscriptionId;
}

/** A provider, a partner with two customers, and one customer of the provider's own, with usage that tests make up. */
export interface CostRoom {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly provider: AccountId;
  readonly partner: AccountId;
  readonly customers: readonly TestCustomer[];
  /** Reports so many made-up rows of use, by a seed, in one window that comes next; and rates it. */
  report(rows: number, seed: number): Promise<void>;
  use(rows: readonly Omit<UsageRow, 'customer'>[], customer: TestCustomer): Promise<void>;
  /** Publishes other prices for all times and rates anew. */
  reprice(unitPrice?: string): Promise<void>;
  publish(items: readonly object[], from?: number): Promise<void>;
  rerate(): Promise<void>;
}

export const TIERS = {
  kind: 'graduated',
  tiers: [{ upTo: '37', unitPrice: '0.017' }, { unitPrice: '0.0131' }],
};

/** Prices with tiers, so that amounts do not end, and flat ones. */
export const PRICES = [
  { meterId: METERS.baseVm, scope: 'account', price: TIERS },
  { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.046' } },
];

/** Days over which made-up usage is spread. */
const DAYS = 70;

/** How accounts and prices of a room are made. */
function makersOf(test: TestDatabase, clock: FixedClock) {
  const changing = { clock, actor: SYSTEM };
  const change = async (fields: AccountChange): Promise<void> => {
    await test.database.transaction((tx) => putAccount(tx, fields, changing));
  };
  const price = async (
    account: AccountId,
    basis: Parameters<typeof setPricing>[2],
  ): Promise<void> => {
    const options = { correctPast: true, ratedUpTo: undefined };
    await test.database.transaction((tx) =>
      setPricing(tx, account, basis, hourNumber(0), options, changing),
    );
  };
  const publish: CostRoom['publish'] = async (items, from = 0) => {
    const text = JSON.stringify({ name: 'prices', currency: 'USD', items });
    const { content, problems } = parsePriceList(text);
    if (content === undefined) throw new Error(JSON.stringify(problems));
    const since = { effectiveFrom: hourNumber(from), ratedUpTo: undefined, correctPast: true };
    const version = { priceListId: 'prices', content, sample: false, note: '' };
    await test.database.transaction((tx) =>
      publishPriceList(tx, { ...version, ...since }, changing),
    );
  };
  const addOne = async (
    fields: Partial<AccountChange>,
    basis: Parameters<typeof setPricing>[2],
  ): Promise<TestCustomer> => {
    const { database } = test;
    const subscription = await addCustomer(database);
    await database.transaction((tx) => ensureBillingAccounts(tx, clock));
    const { accountId } = (await findAccountBySubscription(database.pool, subscription))!;
    await change({ ...fields, accountId });
    await price(accountId, basis);
    return { accountId, subscription };
  };
  return { change, price, publish, addOne };
}

/** What a partner's customers pay on top. */
const MARKUP = { markupPercent: Decimal.parse('12.5')! };
const LIST = { priceListId: 'prices' };

/** A room of the `describe` in which it is called. */
export function withCostRoom(): CostRoom {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-23T11:05:00Z'));
  const { change, price, publish, addOne } = makersOf(test, clock);
  const customers: TestCustomer[] = [];
  let stamp: ReportingStamp | undefined;
  let provider: AccountId | undefined;
  let window = FIRST + DAYS * 24;
  const partner = parseAccountId(randomUUID())!;
  before(async () => {
    const { database } = test;
    await database.transaction((tx) => ensureBillingAccounts(tx, clock));
    await publish(PRICES);
    await change({ accountId: partner, kind: 'partner', name: 'Partner', seriesPrefix: 'PAR' });
    await price(partner, LIST);
    customers.push(await addOne({ parentId: partner }, MARKUP));
    // Whose periods begin within a UTC day.
    const paris = { parentId: partner, timeZone: 'Europe/Paris', billingDay: 15 };
    customers.push(await addOne(paris, MARKUP));
    customers.push(await addOne({}, LIST));
    provider = (await readAccountTree(database.pool)).root.accountId;
    const base = await addCustomer(database, { name: 'base' });
    stamp = await addStamp(database, base, { from: FIRST });
  });
  const rate = async (): Promise<void> => {
    await rateAcceptedUsage({ database: test.database, clock });
  };
  const use = async (rows: readonly UsageRow[]): Promise<void> => {
    await reportUsage(test.database, stamp!, (window += 1), rows);
    await scatter(test.database);
    await rate();
  };
  return {
    test,
    clock,
    get provider(): AccountId {
      return provider!;
    },
    partner,
    customers,
    report: (count, seed) => use(madeUp(count, seed, customers)),
    use: (rows, { subscription }) => use(rows.map((row) => ({ ...row, customer: subscription }))),
    publish,
    reprice: async (unitPrice = '0.0555') => {
      const windows = { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice } };
      await publish([PRICES[0]!, windows]);
      await rate();
    },
    rerate: async () => {
      const range = { from: hourNumber(FIRST - 24), to: hourNumber(FIRST + 100 * 24) };
      const changing = { clock, actor: SYSTEM };
      await rerate({ database: test.database, clock }, { ...range, reason: 'test' }, changing);
    },
  };
}

/** Puts resources into groups and locations, and tags them: by the number in their name. */
async function scatter({ pool }: Database): Promise<void> {
  await pool.query(
    `update reported_resource set
       resource_uri = replace(resource_uri, '/rg/', case right(resource_uri, 1) when '0' then '/Front/' when '1' then '/front/' else '/back/' end),
       location = case right(resource_uri, 1) when '2' then 'West' else 'local' end,
       tags = case right(resource_uri, 1) when '0' then '{"Team":"blue","cost center":"4711"}' when '1' then '{"team":"red"}'
                when '2' then '{"team":' else '{"team":7,"Team":"other","nul":"a\\u0000b"}' end
     where resource_uri like '%/rg/%'`,
  );
}

/** Rows by a seed: the same each time. */
function madeUp(count: number, seed: number, customers: readonly TestCustomer[]): UsageRow[] {
  let state = seed * 7919 + 17;
  const next = (below: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
  const rows = new Map<string, UsageRow>();
  for (let at = 0; at < count; at++) {
    const usageHour = FIRST + next(DAYS * 24);
    const meterId = next(2) === 0 ? METERS.baseVm : METERS.windowsVm;
    const name = `vm${next(4)}`;
    const customer = customers[next(customers.length)]!.subscription;
    const quantity = Decimal.fromBigInt(BigInt(1 + next(99_999)), 4);
    const row = { usageHour, meterId, name, customer, quantity };
    rows.set(`${usageHour}${meterId}${name}${customer}`, row);
  }
  return [...rows.values()];
}

import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import { addCustomer } from '../../../test/support/billing.ts';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Changing, Principal, Role } from '../../identity/index.ts';
import {
  fail,
  isJsonObject,
  parseDirectoryTenantId,
  parsePrincipalId,
  type HourNumber,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { buildApp, fixedClock, silentLog, type FixedClock } from '../../platform/index.ts';
import { listPriceChanges, removePriceChanges, type PriceChange } from '../pricing/index.ts';
import type { AccountId, BillingAccount } from './account.ts';
import { putAccount, type AccountChange } from './change.ts';
import { ensureBillingAccounts } from './ensure.ts';
import { accountRoutes } from './routes.ts';
import { findAccountBySubscription } from './store.ts';
import { newAccountId } from './test-accounts.ts';
import { readAccountTree } from './tree.ts';

const HOME = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;
export const NOW = Temporal.Instant.from('2026-11-23T11:05:00Z');

/** What an answer had. */
export interface Asked {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly code: unknown;
  readonly etag: unknown;
  readonly raw: Buffer;
}

export interface TestAccounts {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly changing: Changing;
  /** Set by tests that need it. */
  ratedUpTo: HourNumber | undefined;
  /** That were queued, as rating takes them. */
  readonly changes: PriceChange[];
  /** The account of a new subscription. */
  readonly addCustomer: () => Promise<BillingAccount>;
  readonly put: (change: Partial<AccountChange>) => Promise<BillingAccount>;
  readonly provider: () => Promise<BillingAccount>;
  /** As an operator unless somebody else is named. */
  readonly ask: (
    method: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE',
    path: string,
    options?: {
      readonly body?: object;
      readonly bytes?: Buffer;
      readonly headers?: Record<string, string>;
      readonly as?: Principal;
    },
  ) => Promise<Asked>;
}

/** Somebody with one role, on a subscription or on everything. */
export function somebody(role?: Role, subscriptionId?: SubscriptionId): Principal {
  const grants =
    role === undefined
      ? []
      : [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
  const principalId = parsePrincipalId(randomUUID())!;
  return { kind: 'client', principalId, tenantId: HOME, name: 'test', grants };
}

/** Gives the `describe` in which it is called billing accounts in a database of their own. */
export function withTestAccounts(): TestAccounts {
  const test = withTestDatabase();
  const clock = fixedClock(NOW);
  const changing = { clock, actor: SYSTEM };
  const callers = new Map<string, Principal>();
  let app: FastifyInstance | undefined;
  before(async () => {
    app = buildApp({ log: silentLog, clock });
    accountRoutes(app, {
      database: test.database,
      clock,
      authenticate: ({ headers }) => {
        const caller = callers.get(String(headers['x-as']));
        if (caller === undefined) throw fail('AuthenticationFailed', { reason: 'nobody' });
        return Promise.resolve(caller);
      },
      ratedUpTo: () => Promise.resolve(accounts.ratedUpTo),
      followPriceChanges: async () => {
        accounts.changes.push(...(await listPriceChanges(test.database.pool)));
        await removePriceChanges(test.database.pool, accounts.changes);
      },
    });
    await app.ready();
    await test.database.transaction((tx) => ensureBillingAccounts(tx, clock));
  });
  after(() => app?.close());
  const accounts: TestAccounts = {
    test,
    clock,
    changing,
    ratedUpTo: undefined,
    changes: [],
    addCustomer: async () => {
      const id = await addCustomer(test.database);
      await test.database.transaction((tx) => ensureBillingAccounts(tx, clock));
      return (await findAccountBySubscription(test.database.pool, id))!;
    },
    put: async (change) => {
      const wanted = { accountId: newAccountId(), ...change };
      const { account } = await test.database.transaction((tx) => putAccount(tx, wanted, changing));
      return account;
    },
    provider: async () => (await readAccountTree(test.database.pool)).root,
    ask: async (method, path, { body, bytes, headers = {}, as = somebody('Operator') } = {}) => {
      callers.set(as.principalId, as);
      const answer: LightMyRequestResponse = await app!.inject({
        method,
        url: `/api/v1/accounts${path}`,
        headers: { 'x-as': as.principalId, ...headers },
        ...(body && { payload: body }),
        ...(bytes && { payload: bytes }),
      });
      return toAsked(answer);
    },
  };
  return accounts;
}

function toAsked(answer: LightMyRequestResponse): Asked {
  const isJson = String(answer.headers['content-type']).includes('json');
  const value: unknown = isJson && answer.body !== '' ? JSON.parse(answer.body) : {};
  const body = isJsonObject(value) ? value : {};
  const { error } = body;
  return {
    status: answer.statusCode,
    body,
    code: isJsonObject(error) ? error['code'] : undefined,
    etag: answer.headers['etag'],
    raw: answer.rawPayload,
  };
}

/** Usage that somebody was charged for, as rating leaves it. */
export async function charge(
  { test }: TestAccounts,
  buyer: AccountId,
  customer: SubscriptionId,
): Promise<void> {
  await test.database.pool.query(
    `with meter as (
       insert into commerce_meter (local_meter_key, local_meter_id, version, commerce_meter_id, name, category,
                                   sub_category, region, unit, paid, origin, created_at)
       values ($3, $3, 1, $3, $3, '', '', '', '', true, 'operator', now()) returning meter),
     period as (
       insert into billing_period (account_id, name, from_hour, to_hour, time_zone)
       values ($1, $3, 0, 1, 'UTC') returning period),
     plan as (
       insert into price_plan (problem, effective_from, factor, exchange_rate, chain, digest)
       values ('no price list', 0, 1, 1, '[]', decode(md5($3), 'hex')) returning plan)
     insert into charge (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable, quantity)
     select $1, period, plan, $2, $2, meter, true, 1 from meter, period, plan`,
    [buyer, customer, randomUUID()],
  );
}

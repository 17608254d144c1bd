import { randomUUID } from 'node:crypto';
import { after, before } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { clientWith } from '../../../test/support/callers.ts';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Grants, Principal, Role } from '../../identity/index.ts';
import {
  isJsonObject,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { buildApp, fixedClock, silentLog, type FixedClock } from '../../platform/index.ts';
import { addCommerceSubscription } from '../registration/index.ts';
import type { CommerceUsageApi } from './api.ts';
import { commerceUsageRoutes } from './routes.ts';

/** 2026-11-23T00:00Z in hours and days since 1970. */
export const TODAY = 20_780;
export const MIDNIGHT = TODAY * 24;
export const START = Temporal.Instant.from('2026-11-23T10:30:00Z');

export function newId(): SubscriptionId {
  return parseSubscriptionId(randomUUID())!;
}

export function newTenant(): DirectoryTenantId {
  return parseDirectoryTenantId(randomUUID())!;
}

export function grantOf(role: Role, subscriptionId?: SubscriptionId): Grants {
  return [{ role, subscriptionId, resourceGroup: undefined, providers: undefined }];
}

export interface NewAccount {
  readonly partnerId?: string;
  readonly tenantId?: DirectoryTenantId;
  readonly approved?: boolean;
  readonly createdAt?: string;
}

export interface NewRow {
  readonly account: SubscriptionId;
  readonly registration: number;
  /** reported hour */
  readonly hour: number;
  /** hour of usage; the reported one unless given */
  readonly usage?: number;
  /** of the stamp */
  readonly subscriptionId?: SubscriptionId;
  readonly name?: string;
  readonly group?: string;
  readonly tags?: string;
  readonly info?: string;
  readonly meter: number;
  readonly quantity: string;
  readonly tenantId?: DirectoryTenantId;
  readonly billable?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly code: unknown;
  /** `value` or `items` of a list */
  readonly items: readonly Readonly<Record<string, unknown>>[];
}

/** Accounts with usage in a database of their own, and an app that believes who a test says that it is. */
export interface TestAccounts {
  readonly test: TestDatabase;
  readonly clock: FixedClock;
  readonly app: FastifyInstance;
  readonly api: CommerceUsageApi;
  addAccount(account?: NewAccount): Promise<SubscriptionId>;
  /** Registers a stamp that has reported from one window up to another. */
  addRegistration(
    base: SubscriptionId,
    windows: { readonly from: number; readonly next: number; readonly ended?: true },
  ): Promise<number>;
  map(
    registration: number,
    tenantId: DirectoryTenantId,
    customer: SubscriptionId,
    sharedWith?: string,
  ): Promise<void>;
  addMeter(
    localId: string,
    fields?: { readonly id?: string; readonly name?: string; readonly unit?: string },
  ): Promise<number>;
  report(rows: readonly NewRow[]): Promise<void>;
  /** @param grants an operator's unless given */
  ask(path: string, grants?: Grants): Promise<Answered>;
  /** All pages of a list, from the first on. */
  askAll(path: string): Promise<Answered[]>;
}

/** Gives the `describe` in which it is called accounts of its own. */
export function withTestAccounts(): TestAccounts {
  const test = withTestDatabase();
  const clock = fixedClock(START);
  const app = buildApp({ log: silentLog, clock });
  let grants: Grants = [];
  const authenticate = (): Promise<Principal> => Promise.resolve(clientWith(grants));
  const accounts: TestAccounts = {
    test,
    clock,
    app,
    get api() {
      return { database: test.database, clock, authenticate };
    },
    addAccount: (account) => addAccount(test, account),
    addRegistration: (base, windows) => addRegistration(test, base, windows),
    map: async (registration, tenantId, customer, sharedWith) => {
      await test.database.pool.query(
        `insert into customer_mapping (registration_number, shared_with_partner, tenant_id, customer_subscription_id,
           version, effective_from, etag, created_at)
         values ($1, $2, $3, $4, 1, '2026-01-01', gen_random_uuid(), '2026-01-01')`,
        [registration, sharedWith ?? null, tenantId, customer],
      );
    },
    addMeter: async (
      localId,
      { id = localId, name = `${localId} Hours`, unit = '1 Hour' } = {},
    ) => {
      const { rows } = await test.database.pool.query<{ meter: number }>(
        `insert into commerce_meter (local_meter_key, local_meter_id, version, commerce_meter_id, name, category,
           sub_category, region, unit, paid, origin, created_at)
         values (lower($1), $1, 1 + (select count(*) from commerce_meter where local_meter_key = lower($1)), $2, $3,
                 'Azure Stack Hub', '', 'Azure Stack', $4, true, 'operator', now()) returning meter`,
        [localId, id, name, unit],
      );
      return rows[0]!.meter;
    },
    report: (rows) => report(test, rows),
    ask: async (path, given = grantOf('Operator')) => {
      grants = given;
      const { statusCode, body } = await app.inject({
        url: path.replace(/^https:\/\/localhost(?::\d+)?/, ''),
        headers: { host: 'localhost' },
      });
      return toAnswered(statusCode, body);
    },
    askAll: async (path) => {
      const pages = [await accounts.ask(path)];
      for (let next = linkOf(pages[0]!); next !== undefined; next = linkOf(pages.at(-1)!)) {
        pages.push(await accounts.ask(next));
      }
      return pages;
    },
  };
  before(async () => {
    commerceUsageRoutes(app, accounts.api, { usageAggregates: true });
    await app.ready();
  });
  after(() => app.close());
  return accounts;
}

async function addAccount(
  { database }: TestDatabase,
  { partnerId, tenantId, approved, createdAt }: NewAccount = {},
): Promise<SubscriptionId> {
  const subscriptionId = newId();
  const changing = {
    clock: fixedClock(Temporal.Instant.from(createdAt ?? '2026-09-15T12:00Z')),
    actor: SYSTEM,
  };
  const account = {
    subscriptionId,
    displayName: 'account',
    kind: partnerId === undefined ? ('EnterpriseAgreement' as const) : ('CSP' as const),
    partnerId,
    tenantId,
    multitenancyApproved: approved ?? false,
  };
  await database.transaction((tx) => addCommerceSubscription(tx, account, changing));
  return subscriptionId;
}

async function addRegistration(
  { database }: TestDatabase,
  base: SubscriptionId,
  { from, next, ended }: { readonly from: number; readonly next: number; readonly ended?: true },
): Promise<number> {
  const { rows } = await database.pool.query<{ number: number }>(
    `with made as (
       insert into registration (registration_id, subscription_id, resource_group, name, cloud_id, billing_model,
         usage_reporting, marketplace_syndication, principal_id, state, etag, created_at, updated_at)
       values (gen_random_uuid(), $1, 'azurestack', 'stamp' || $2, gen_random_uuid(), 'PayAsYouUse', true, true,
               gen_random_uuid(), 'Active', gen_random_uuid(), now(), now())
       returning registration_number, subscription_id),
     based as (insert into registration_base select registration_number, subscription_id from made),
     period as (
       insert into reporting_period (registration_number, from_window, next_window, started_at, ended_at, end_reason)
       select registration_number, $3, $4, now(), case when $5 then now() end, case when $5 then 'ReportingOff' end
       from made),
     accepted as (
       insert into received_window (registration_number, reported_hour, batches, rows, content, previous_hash, hash,
         accepted_at)
       select registration_number, $4 - 1, 0, 0, '', '', '', now() from made where $4 > $3)
     select registration_number as number from made`,
    [base, randomUUID().slice(0, 8), from, next, ended === true],
  );
  return rows[0]!.number;
}

async function report({ database }: TestDatabase, rows: readonly NewRow[]): Promise<void> {
  await database.transaction(async (tx) => {
    for (const row of rows) {
      const subscriptionId = row.subscriptionId ?? row.account;
      const uri = `/subscriptions/${subscriptionId}/resourceGroups/${row.group ?? 'g'}/providers/Microsoft.Compute/virtualMachines/${row.name ?? 'a'}`;
      const texts = [uri, 'local', row.tags ?? '', row.info ?? ''];
      await tx.query('select ensure_reported_partition($1)', [row.hour]);
      await tx.query(
        `insert into reported_batch values ($1, $2, 1, 1, '', now()) on conflict do nothing`,
        [row.registration, row.hour],
      );
      await tx.query(
        `with named as (select md5($1 || '|' || $2 || $3 || $4 || $5)::uuid as key),
              texts as (insert into reported_resource select $6, key, $7, $2, $3, $4, $5 from named on conflict do nothing)
         insert into reported_usage (registration_number, reported_hour, subscription_id, usage_hour, resource_key, meter,
           sequence, quantity, tenant_id, customer_subscription_id, billable)
         select $8, $9, $7, $10, key, $11, 1, $12, $13, $6, $14 from named`,
        [
          String(subscriptionId),
          ...texts,
          row.account,
          subscriptionId,
          row.registration,
          row.hour,
          row.usage ?? row.hour,
          row.meter,
          row.quantity,
          row.tenantId ?? newTenant(),
          row.billable ?? true,
        ],
      );
    }
  });
}

function toAnswered(status: number, text: string): Answered {
  const value: unknown = text === '' ? {} : JSON.parse(text);
  const body = isJsonObject(value) ? value : {};
  const { error } = body;
  const list: unknown = body['value'] ?? body['items'];
  return {
    status,
    text,
    body,
    code: isJsonObject(error) ? error['code'] : undefined,
    items: Array.isArray(list) ? list.filter((item) => isJsonObject(item)) : [],
  };
}

/** The address of the next page, in whichever of the two forms. */
export function linkOf({ body }: Answered): string | undefined {
  const { nextLink, links } = body;
  if (typeof nextLink === 'string') return nextLink;
  const next = isJsonObject(links) ? links['next'] : undefined;
  const uri = isJsonObject(next) ? next['uri'] : undefined;
  return typeof uri === 'string' ? uri : undefined;
}

/** A property of each row, of `properties` where it has such. */
export function column(items: Answered['items'], name: string): unknown[] {
  return items.map((item) => {
    const { properties } = item;
    return isJsonObject(properties) && name in properties ? properties[name] : item[name];
  });
}

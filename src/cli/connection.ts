import { join } from 'node:path';
import { dayNumber, dayStart, fail, type SubscriptionId } from '../kernel/index.ts';
import { listRegistrations, resourceIdOf } from '../commerce/registration/index.ts';
import type { Database } from '../platform/index.ts';
import { ensureOperatorClient, findServer } from '../server/index.ts';
import type { Context, OpenStamp } from './context.ts';

/** What a client needs to reach the server: the keys of `connect --json`, which others rely on. */
export interface Connection {
  readonly baseUrl: string;
  readonly caFile: string;
  /** to be followed by a slash and the tenant id, as clients do with an authority */
  readonly authorityUrl: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** the default provider subscription */
  readonly operatorSubscription: string;
  /** an enabled tenant subscription, with usage if there is one */
  readonly subscriptionId: string | null;
  /** start of the first closed reported day, like 2018-08-23T00:00:00Z */
  readonly start: string | null;
  /** start of the last closed reported day */
  readonly end: string | null;
  /** a subscription of commerce, one on which usage was booked if there is one */
  readonly commerceSubscriptionId: string | null;
  /** the registration of a stamp as a resource */
  readonly registrationResourceId: string | null;
}

/** @throws ServerNotRunning when no server runs on the data folder */
export async function requireServer({ config }: Context): Promise<{
  readonly baseUrl: string;
  readonly publicUrl: string | undefined;
}> {
  const server = await findServer(config.data);
  if (server !== undefined) return server;
  throw fail('ServerNotRunning', { folder: config.data });
}

/** @returns the connection, and a day that an example may ask for */
export async function readConnection(
  { config }: Context,
  baseUrl: string,
  { database, clock, stamp }: OpenStamp,
): Promise<{ readonly connection: Connection; readonly exampleDay: string | null }> {
  const operator = await ensureOperatorClient({ data: config.data, database, clock }, stamp);
  const days = await closedDays(database);
  const connection: Connection = {
    baseUrl,
    caFile: join(config.data, 'tls', 'ca.pem'),
    authorityUrl: `${baseUrl}/adfs/stackmeter`,
    tenantId: operator.tenantId,
    clientId: operator.clientId,
    clientSecret: operator.clientSecret,
    operatorSubscription: stamp.defaultProviderSubscriptionId,
    subscriptionId: (await sampleSubscription(database)) ?? null,
    start: dayText(days.first),
    end: dayText(days.last),
    commerceSubscriptionId: (await sampleCommerceSubscription(database)) ?? null,
    registrationResourceId: await sampleRegistration(database),
  };
  return { connection, exampleDay: dayText(days.used ?? days.last) };
}

function dayText(day: number | null): string | null {
  return day === null ? null : dayStart(dayNumber(day)).toString();
}

interface ClosedDays {
  readonly first: number | null;
  readonly last: number | null;
  /** the last one that has usage */
  readonly used: number | null;
}

async function closedDays(database: Database): Promise<ClosedDays> {
  const { rows } = await database.pool.query<ClosedDays>(
    `select min(number) as first, max(number) as last, max(number) filter (where rows > 0) as used
     from reported_window where granularity = 'day' and state = 'closed'`,
  );
  return rows[0]!;
}

async function sampleSubscription(database: Database): Promise<SubscriptionId | undefined> {
  const { rows } = await database.pool.query<{ id: SubscriptionId }>(
    `select s.subscription_id as id from subscription s
     where s.state = 'Enabled' and s.delegated_provider_subscription_id is not null
     order by exists (select from usage_daily d where d.subscription_id = s.subscription_id) desc, s.subscription_id
     limit 1`,
  );
  return rows[0]?.id;
}

/** Customers before those under which stamps are registered. */
async function sampleCommerceSubscription(database: Database): Promise<SubscriptionId | undefined> {
  const { rows } = await database.pool.query<{ id: SubscriptionId }>(
    `select s.subscription_id as id from commerce_subscription s where s.state = 'Enabled'
     order by exists (select from reported_usage u where u.customer_subscription_id = s.subscription_id) desc,
              exists (select from registration r where r.subscription_id = s.subscription_id), s.subscription_id
     limit 1`,
  );
  return rows[0]?.id;
}

async function sampleRegistration({ pool }: Database): Promise<string | null> {
  const [first] = await listRegistrations(pool);
  return first === undefined ? null : resourceIdOf(first);
}

import pg from 'pg';
import { isGuid, type SubscriptionId } from '../../kernel/index.ts';
import type { Database, Queryable, Tx } from '../../platform/index.ts';
import type { Granularity } from '../aggregation/index.ts';
import type { RowPosition } from './continuation-token.ts';

/** An aggregated row with the texts of its resource. */
export interface UsageRow extends RowPosition {
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
  /** in the case in which it was emitted */
  readonly meterId: string;
  /** decimal text, no digit lost, none added */
  readonly quantity: string;
}

/** For whom rows are read. The database itself shows a reader no others. */
export type Reader =
  | { readonly kind: 'tenant'; readonly subscriptionId: SubscriptionId }
  | {
      readonly kind: 'group';
      readonly subscriptionId: SubscriptionId;
      /** name of a resource group, in lower case */
      readonly resourceGroup: string;
    }
  | {
      readonly kind: 'provider';
      readonly providerId: SubscriptionId;
      readonly includeIndirect: boolean;
    };

/**
 * Runs `work` in a read-only transaction under the reader's own database role.
 * Settings are local to the transaction, so a pooled connection carries nothing over to the next caller.
 */
export async function readAs<T>(
  database: Database,
  reader: Reader,
  work: (tx: Tx) => Promise<T>,
): Promise<T> {
  return database.transaction(
    async (tx) => {
      await becomeReader(tx, reader);
      return work(tx);
    },
    { readOnly: true, retry: true },
  );
}

/** Gives a transaction a reader's own role, to its end unless it is reset. */
export async function becomeReader(tx: Tx, reader: Reader): Promise<void> {
  await tx.query(`set local role ${ROLES[reader.kind]}; ${settingsOf(reader)}; ${PLAN_SETTINGS}`);
}

/**
 * A page looks a thousand resources up by key. The planner does not know that from the statement, which it plans once
 * for all pages, and would rather read all resources there are, for each page.
 */
const PLAN_SETTINGS = 'set local enable_hashjoin = off; set local enable_mergejoin = off';

const ROLES = {
  tenant: 'stackmeter_tenant_reader',
  group: 'stackmeter_group_reader',
  provider: 'stackmeter_provider_reader',
} as const satisfies Record<Reader['kind'], string>;

function settingsOf(reader: Reader): string {
  switch (reader.kind) {
    case 'tenant':
      return `set local stackmeter.subscription = '${quotable(reader.subscriptionId)}'`;
    case 'group':
      return (
        `set local stackmeter.subscription = '${quotable(reader.subscriptionId)}'; ` +
        `set local stackmeter.resource_group = ${pg.escapeLiteral(reader.resourceGroup)}`
      );
    case 'provider':
      return (
        `set local stackmeter.provider = '${quotable(reader.providerId)}'; ` +
        `set local stackmeter.indirect = '${reader.includeIndirect ? 'on' : 'off'}'`
      );
    default:
      return reader satisfies never;
  }
}

/** SET takes no parameters; nothing but a GUID gets past here. */
function quotable(id: SubscriptionId): string {
  if (!isGuid(id)) throw new TypeError('a reader is named by the GUID of a subscription');
  return id;
}

export interface PageRequest {
  readonly granularity: Granularity;
  readonly from: number;
  readonly to: number;
  readonly subscriptionId: SubscriptionId | undefined;
  readonly after: RowPosition | undefined;
  readonly limit: number;
}

const LEAST_UUID = '00000000-0000-0000-0000-000000000000';

/**
 * One page of rows, in the order of their keys: reported window, subscription, usage window, resource, meter.
 *
 * The page is cut from the index first and the texts are looked up for its rows alone. With a subscription the index
 * that starts with it serves, without one the primary key; both run on from the last row of the page before,
 * so the hundredth page costs what the first did.
 */
export async function readPage(tx: Tx, request: PageRequest): Promise<UsageRow[]> {
  const { granularity, subscriptionId, after } = request;
  const values: unknown[] = [
    // Windows before the last row's are done with; said outright, so that their partitions are left out.
    after?.reported ?? request.from,
    request.to,
    after?.usage ?? -1,
    after?.resourceKey ?? LEAST_UUID,
    after?.meter ?? -1,
    request.limit,
    subscriptionId ?? after?.subscriptionId ?? LEAST_UUID,
  ];
  const { rows } = await tx.query<UsageRow>({
    name: `usage-page-${granularity}-${subscriptionId === undefined ? 'all' : 'one'}`,
    text: subscriptionId === undefined ? PAGES[granularity].all : PAGES[granularity].one,
    values,
  });
  return rows;
}

const PAGES = {
  hour: pageStatements('usage_hourly', 'reported_hour', 'usage_hour'),
  day: pageStatements('usage_daily', 'reported_day', 'usage_day'),
} as const;

function pageStatements(
  table: string,
  reported: string,
  usage: string,
): { one: string; all: string } {
  const statement = (condition: string, order: string): string => `
    select page.${reported} as reported, page.subscription_id as "subscriptionId", page.${usage} as usage,
           page.resource_key as "resourceKey", page.meter, spelling.spelled as "meterId",
           page.quantity::text as quantity, resource.resource_uri as "resourceUri", resource.location,
           resource.tags, resource.additional_info as "additionalInfo"
    from (
      select ${reported}, subscription_id, ${usage}, resource_key, meter, spelling, quantity
      from ${table}
      where ${reported} >= $1::int and ${reported} < $2::int and ${condition}
      order by ${order} limit $6::int
    ) as page
    join resource on resource.subscription_id = page.subscription_id
                 and resource.resource_key = page.resource_key
    join meter_spelling as spelling on spelling.spelling = page.spelling
    order by page.${reported}, page.subscription_id, page.${usage}, page.resource_key, page.meter`;
  return {
    one: statement(
      `subscription_id = $7::uuid
       and (${reported}, ${usage}, resource_key, meter) > ($1::int, $3::int, $4::uuid, $5::smallint)`,
      `${reported}, ${usage}, resource_key, meter`,
    ),
    all: statement(
      `(${reported}, subscription_id, ${usage}, resource_key, meter)
         > ($1::int, $7::uuid, $3::int, $4::uuid, $5::smallint)`,
      `${reported}, subscription_id, ${usage}, resource_key, meter`,
    ),
  };
}

/** What stands in the way of answering for a range of reported windows. */
export type Obstacle =
  | { readonly kind: 'open'; readonly window: number }
  | { readonly kind: 'expired'; readonly keptFrom: number };

/**
 * Whether all windows from..to (exclusive) are closed and kept. Windows before this stamp's history have nothing in
 * them and stand in nobody's way.
 */
export async function findObstacle(
  db: Queryable,
  granularity: Granularity,
  from: number,
  to: number,
): Promise<Obstacle | undefined> {
  const { rows } = await db.query<{
    open: number | null;
    present: number | null;
    expired: number | null;
  }>({
    name: 'usage-obstacle',
    text: `select
             (select min(number) from reported_window
              where granularity = $1 and number >= $2 and number < $3 and state <> 'closed') as open,
             (select case when $1 = 'hour' then open_hour else open_hour / 24 end from stamp_state) as present,
             (select max(number) from reported_window
              where granularity = $1 and number >= $2 and number < $3 and expired_at is not null) as expired`,
    values: [granularity, from, to],
  });
  const { open, present, expired } = rows[0]!;
  if (open !== null) return { kind: 'open', window: open };
  // An hour that has passed but was not opened yet, because nobody ran, is not closed either.
  const firstMissing = present === null ? from : Math.max(present, from);
  if (firstMissing < to) return { kind: 'open', window: firstMissing };
  return expired === null ? undefined : { kind: 'expired', keptFrom: expired + 1 };
}

import {
  parseMeterId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type HourNumber,
} from '../../kernel/index.ts';
import type { Database, Queryable } from '../../platform/index.ts';
import {
  BATCH_ROWS,
  type Batch,
  type ReportedResource,
  type ReportedRow,
} from '../../reporting/index.ts';
import { readPage, type UsageRow } from '../usage-api/index.ts';
import { unfit } from './trouble.ts';

/**
 * Characters that the resources of a batch may have: far below what commerce takes, also when each of them is written
 * as an escape. A part of the form: with another number a window would be cut otherwise when it is sent once more.
 */
const BATCH_CHARACTERS = 2 * 2 ** 20;

/**
 * The batches of a closed window, in the order of the rows' keys. Which rows are in which batch follows from the rows
 * alone, so that a window that is sent once more is cut the same way. The next page is read while the last one is sent.
 *
 * Read as the owner of the tables, to whom row-level security does not apply: a stamp reports all of its tenants.
 */
export async function* batchesOf(database: Database, window: HourNumber): AsyncGenerator<Batch> {
  const tenants = new Map<string, DirectoryTenantId>();
  let batch = new OpenBatch(window);
  let sequence = 0;
  for await (const page of pagesOf(database, window)) {
    await learnTenants(database.pool, page, tenants);
    for (const row of page) {
      if (!batch.takes(row)) {
        sequence += 1;
        yield batch.close(sequence);
        batch = new OpenBatch(window);
      }
      batch.add(row, tenants);
    }
  }
  if (batch.rows.length > 0) yield batch.close(sequence + 1);
}

async function* pagesOf(
  database: Database,
  window: HourNumber,
): AsyncGenerator<readonly UsageRow[]> {
  const after = (last: UsageRow | undefined): Promise<UsageRow[]> =>
    readRows(database, window, last);
  let next: Promise<UsageRow[]> | undefined = after(undefined);
  try {
    while (next !== undefined) {
      const page: UsageRow[] = await next;
      next = page.length < BATCH_ROWS ? undefined : after(page.at(-1));
      // Told by the await above, not as an unhandled rejection meanwhile.
      next?.catch(() => undefined);
      yield page;
    }
  } finally {
    // Whoever stops in the middle must not leave a statement behind on a connection of the pool.
    await next?.catch(() => undefined);
  }
}

function readRows(
  database: Database,
  window: HourNumber,
  after: UsageRow | undefined,
): Promise<UsageRow[]> {
  return database.transaction(
    async (tx) => {
      // Texts are looked up by key; planned for all pages at once, all texts there are would be read for each.
      await tx.query('set local enable_hashjoin = off; set local enable_mergejoin = off');
      const range = { granularity: 'hour', from: window, to: window + 1 } as const;
      return readPage(tx, { ...range, subscriptionId: undefined, after, limit: BATCH_ROWS });
    },
    { readOnly: true },
  );
}

/** Adds the directories of those subscriptions that are not known yet. */
async function learnTenants(
  db: Queryable,
  page: readonly UsageRow[],
  tenants: Map<string, DirectoryTenantId>,
): Promise<void> {
  const missing = new Set<string>();
  for (const { subscriptionId } of page) {
    if (!tenants.has(subscriptionId)) missing.add(subscriptionId);
  }
  if (missing.size === 0) return;
  const { rows } = await db.query<{ id: string; tenant: DirectoryTenantId }>(
    'select subscription_id as id, tenant_id as tenant from subscription where subscription_id = any($1::uuid[])',
    [[...missing]],
  );
  for (const { id, tenant } of rows) tenants.set(id, tenant);
}

/** A batch that is being filled, with each resource listed once. */
class OpenBatch {
  readonly rows: ReportedRow[] = [];
  private readonly resources: ReportedResource[] = [];
  private readonly places = new Map<string, number>();
  private characters = 0;
  private readonly window: HourNumber;

  constructor(window: HourNumber) {
    this.window = window;
  }

  takes(row: UsageRow): boolean {
    if (this.rows.length === 0) return true;
    if (this.rows.length >= BATCH_ROWS) return false;
    return this.places.has(keyOf(row)) || this.characters + charactersOf(row) <= BATCH_CHARACTERS;
  }

  add(row: UsageRow, tenants: ReadonlyMap<string, DirectoryTenantId>): void {
    const key = keyOf(row);
    let resource = this.places.get(key);
    if (resource === undefined) {
      resource = this.resources.length;
      this.places.set(key, resource);
      this.resources.push(resourceOf(this.window, row, tenants));
      this.characters += charactersOf(row);
    }
    const meterId = parseMeterId(row.meterId);
    if (meterId === undefined) {
      throw unfit(this.window, `the meter id '${row.meterId}' cannot be reported`);
    }
    this.rows.push({ resource, meterId, usageHour: row.usage, quantity: row.quantity });
  }

  close(sequence: number): Batch {
    return { window: this.window, sequence, resources: this.resources, rows: this.rows };
  }
}

function keyOf(row: UsageRow): string {
  return `${row.subscriptionId}${row.resourceKey}`;
}

function charactersOf(row: UsageRow): number {
  const { resourceUri, location, tags, additionalInfo } = row;
  return resourceUri.length + location.length + tags.length + additionalInfo.length;
}

function resourceOf(
  window: HourNumber,
  row: UsageRow,
  tenants: ReadonlyMap<string, DirectoryTenantId>,
): ReportedResource {
  const { resourceUri, location, tags, additionalInfo } = row;
  const subscriptionId = parseSubscriptionId(row.subscriptionId);
  const tenantId = tenants.get(row.subscriptionId);
  if (subscriptionId === undefined || tenantId === undefined) {
    throw unfit(window, `the subscription ${row.subscriptionId} of a row is not known`);
  }
  return { subscriptionId, tenantId, resourceUri, location, tags, additionalInfo };
}

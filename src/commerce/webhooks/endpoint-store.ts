import { isGuid, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { WebhookEndpoint } from './endpoint.ts';

interface EndpointRow {
  readonly endpoint_id: string;
  readonly account_id: AccountId;
  readonly url: string;
  readonly ca: string | null;
  readonly secret: Buffer;
  readonly previous_secret: Buffer | null;
  readonly previous_until: Instant | null;
  readonly event_types: string[];
  readonly state: WebhookEndpoint['state'];
  readonly description: string;
  readonly created_at: Instant;
}

function fromRow(row: EndpointRow): WebhookEndpoint {
  return {
    endpointId: row.endpoint_id,
    accountId: row.account_id,
    url: row.url,
    ca: row.ca ?? undefined,
    secret: row.secret,
    previousSecret: row.previous_secret ?? undefined,
    previousUntil: row.previous_until ?? undefined,
    eventTypes: row.event_types,
    state: row.state,
    description: row.description,
    createdAt: row.created_at,
  };
}

/** @param lock holds the row until the transaction ends */
export async function findEndpoint(
  db: Queryable,
  endpointId: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<WebhookEndpoint | undefined> {
  if (!isGuid(endpointId)) return undefined;
  const { rows } = await db.query<EndpointRow>(
    `select * from webhook_endpoint where endpoint_id = $1${lock ? ' for update' : ''}`,
    [endpointId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Endpoints in the order in which they were made; of these accounts, or of all. */
export async function listEndpoints(
  db: Queryable,
  accountIds?: readonly AccountId[],
): Promise<WebhookEndpoint[]> {
  const { rows } = await db.query<EndpointRow>(
    `select * from webhook_endpoint where $1::uuid[] is null or account_id = any($1)
     order by created_at, endpoint_id`,
    [accountIds ?? null],
  );
  return rows.map(fromRow);
}

export async function writeEndpoint(tx: Queryable, one: WebhookEndpoint): Promise<void> {
  await tx.query(
    `insert into webhook_endpoint (endpoint_id, account_id, url, ca, secret, previous_secret, previous_until,
       event_types, state, description, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (endpoint_id) do update set url = excluded.url, ca = excluded.ca, secret = excluded.secret,
       previous_secret = excluded.previous_secret, previous_until = excluded.previous_until,
       event_types = excluded.event_types, state = excluded.state, description = excluded.description`,
    [
      one.endpointId,
      one.accountId,
      one.url,
      one.ca ?? null,
      one.secret,
      one.previousSecret ?? null,
      one.previousUntil?.toString() ?? null,
      one.eventTypes,
      one.state,
      one.description,
      one.createdAt.toString(),
    ],
  );
}

/** Forgets an endpoint and what waits for it. */
export async function deleteEndpoint(tx: Queryable, endpointId: string): Promise<void> {
  await tx.query('delete from webhook_endpoint where endpoint_id = $1', [endpointId]);
}

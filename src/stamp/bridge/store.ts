import { hourNumber, type HourNumber, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { parseBillingModel, readPublicJwk } from '../../reporting/index.ts';
import type { Activation } from './activation.ts';
import type { BridgeProgress, SentWindow } from './progress.ts';

interface ActivationRow {
  readonly registration_id: string;
  readonly registration_resource_id: string;
  readonly commerce_url: string;
  readonly ca: string;
  readonly token_endpoint: string;
  readonly client_id: string;
  readonly statement_jwk: string;
  readonly billing_model: string;
  readonly usage_reporting: boolean;
  readonly marketplace_syndication: boolean;
  readonly expires_at: Instant | null;
  readonly state: Activation['state'];
  readonly etag: string;
  readonly activated_at: Instant;
}

function activationFrom(row: ActivationRow): Activation {
  const statementJwk = readPublicJwk(JSON.parse(row.statement_jwk));
  const billingModel = parseBillingModel(row.billing_model);
  if (statementJwk === undefined || billingModel === undefined) {
    throw new TypeError('the activation is not as it was written');
  }
  return {
    registrationId: row.registration_id,
    registrationResourceId: row.registration_resource_id,
    commerceUrl: row.commerce_url,
    ca: row.ca,
    tokenEndpoint: row.token_endpoint,
    clientId: row.client_id,
    statementJwk,
    billingModel,
    usageReporting: row.usage_reporting,
    marketplaceSyndication: row.marketplace_syndication,
    expiresAt: row.expires_at ?? undefined,
    state: row.state,
    etag: row.etag,
    activatedAt: row.activated_at,
  };
}

/** The activation of this stamp; undefined while it has none. */
export async function findActivation(
  db: Queryable,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<Activation | undefined> {
  const { rows } = await db.query<ActivationRow>(
    `select * from activation${lock ? ' for update' : ''}`,
  );
  return rows[0] && activationFrom(rows[0]);
}

/** Writes the activation in place of the one that there may be. */
export async function writeActivation(db: Queryable, activation: Activation): Promise<void> {
  await db.query(
    `insert into activation (registration_id, registration_resource_id, commerce_url, ca, token_endpoint, client_id,
       statement_jwk, billing_model, usage_reporting, marketplace_syndication, expires_at, state, etag, activated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (singleton) do update set
       registration_id = excluded.registration_id,
       registration_resource_id = excluded.registration_resource_id, commerce_url = excluded.commerce_url,
       ca = excluded.ca, token_endpoint = excluded.token_endpoint, client_id = excluded.client_id,
       statement_jwk = excluded.statement_jwk, billing_model = excluded.billing_model,
       usage_reporting = excluded.usage_reporting, marketplace_syndication = excluded.marketplace_syndication,
       expires_at = excluded.expires_at, state = excluded.state, etag = excluded.etag,
       activated_at = excluded.activated_at`,
    [
      activation.registrationId,
      activation.registrationResourceId,
      activation.commerceUrl,
      activation.ca,
      activation.tokenEndpoint,
      activation.clientId,
      JSON.stringify(activation.statementJwk),
      activation.billingModel,
      activation.usageReporting,
      activation.marketplaceSyndication,
      activation.expiresAt?.toString() ?? null,
      activation.state,
      activation.etag,
      activation.activatedAt.toString(),
    ],
  );
}

export async function deleteActivation(db: Queryable): Promise<void> {
  await db.query('delete from activation');
}

interface ProgressRow {
  readonly registration_id: string;
  readonly first_window: number;
  readonly next_window: number;
  readonly last_sent_at: Instant | null;
  readonly failures: number;
  readonly failing_since: Instant | null;
  readonly retry_at: Instant | null;
  readonly refused: boolean;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

function progressFrom(row: ProgressRow): BridgeProgress {
  return {
    registrationId: row.registration_id,
    firstWindow: hourNumber(row.first_window),
    nextWindow: hourNumber(row.next_window),
    lastSentAt: row.last_sent_at ?? undefined,
    failures: row.failures,
    failingSince: row.failing_since ?? undefined,
    retryAt: row.retry_at ?? undefined,
    refused: row.refused,
    error:
      row.error_code === null
        ? undefined
        : { code: row.error_code, message: row.error_message ?? '' },
  };
}

/** How far the present registration is; undefined while the stamp is not activated. */
export async function readProgress(db: Queryable): Promise<BridgeProgress | undefined> {
  const { rows } = await db.query<ProgressRow>(
    'select p.* from bridge_progress p join activation using (registration_id)',
  );
  return rows[0] && progressFrom(rows[0]);
}

/** Makes the progress of a registration that begins with this window; one that is there stays, and is free to try. */
export async function beginProgress(
  db: Queryable,
  registrationId: string,
  firstWindow: HourNumber,
): Promise<void> {
  await db.query(
    `insert into bridge_progress (registration_id, first_window, next_window) values ($1, $2, $2)
     on conflict (registration_id) do update set failures = 0, failing_since = null, retry_at = null,
       refused = false, error_code = null, error_message = null`,
    [registrationId, firstWindow],
  );
}

/** Moves to the window that commerce wants next. */
export async function setNextWindow(
  db: Queryable,
  registrationId: string,
  nextWindow: HourNumber,
  isFirst: boolean,
): Promise<void> {
  await db.query(
    `update bridge_progress set next_window = $2,
       first_window = case when $3 then $2 else least(first_window, $2) end
     where registration_id = $1`,
    [registrationId, nextWindow, isFirst],
  );
}

/** What an attempt came to. */
export type AttemptNote = Pick<
  BridgeProgress,
  'failures' | 'failingSince' | 'retryAt' | 'refused' | 'error'
>;

export async function noteAttempt(
  db: Queryable,
  registrationId: string,
  note: AttemptNote,
): Promise<void> {
  await db.query(
    `update bridge_progress set failures = $2, failing_since = $3, retry_at = $4, refused = $5,
       error_code = $6, error_message = $7
     where registration_id = $1`,
    [
      registrationId,
      note.failures,
      note.failingSince?.toString() ?? null,
      note.retryAt?.toString() ?? null,
      note.refused,
      note.error?.code ?? null,
      note.error?.message ?? null,
    ],
  );
}

/**
 * Notes a window as reported, with all that stood in its way gone.
 * @returns false when another window is next by now, and nothing was noted
 */
export async function noteSent(
  db: Queryable,
  registrationId: string,
  sent: SentWindow,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update bridge_progress set next_window = $2::int + 1, last_sent_at = $3, failures = 0, failing_since = null,
       retry_at = null, refused = false, error_code = null, error_message = null
     where registration_id = $1 and next_window = $2::int`,
    [registrationId, sent.window, sent.sentAt.toString()],
  );
  if (rowCount !== 1) return false;
  // A window is there already when commerce had lost it and got it once more.
  await db.query(
    `insert into bridge_window (registration_id, reported_hour, batches, rows, receipt, sent_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (registration_id, reported_hour) do update set batches = excluded.batches,
       rows = excluded.rows, receipt = excluded.receipt, sent_at = excluded.sent_at`,
    [
      registrationId,
      sent.window,
      sent.batches,
      String(sent.rows),
      sent.receipt,
      sent.sentAt.toString(),
    ],
  );
  return true;
}

/** Windows from..to (exclusive) of the present registration that were reported, in order. */
export async function listSentWindows(
  db: Queryable,
  range: { readonly from: number; readonly to: number; readonly limit: number },
): Promise<SentWindow[]> {
  const { rows } = await db.query<{
    reported_hour: number;
    batches: number;
    rows: bigint;
    receipt: string;
    sent_at: Instant;
  }>(
    `select w.* from bridge_window w join activation using (registration_id)
     where reported_hour >= $1 and reported_hour < $2 order by reported_hour limit $3`,
    [range.from, range.to, range.limit],
  );
  return rows.map((row) => ({
    window: hourNumber(row.reported_hour),
    batches: row.batches,
    rows: row.rows,
    receipt: row.receipt,
    sentAt: row.sent_at,
  }));
}

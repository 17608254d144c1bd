import { hourNumber, type HourNumber, type Instant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import { parseBillingModel, readPublicJwk } from '../../reporting/index.ts';
import type { Activation } from './activation.ts';
import type { BridgeProgress, SentWindow } from './progress.ts';
import { ActivationChanged, type TroubleKind } from './trouble.ts';

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

/** By what an activation is told from those before and after it, also of the same registration. */
export type ActivationRef = Pick<Activation, 'registrationId' | 'activatedAt'>;

const IS_PRESENT = 'select from activation where registration_id = $1 and activated_at = $2';

/** @throws ActivationChanged when this activation is not the present one any more */
export async function requireActivation(
  db: Queryable,
  { registrationId, activatedAt }: ActivationRef,
): Promise<void> {
  const { rowCount } = await db.query(IS_PRESENT, [registrationId, activatedAt.toString()]);
  if (rowCount !== 1) throw new ActivationChanged();
}

/** A lock of its own, since one on the row could be overtaken for ever by a bridge that sends one window after the other. */
const HELD = `hashtext('bridge_activation')`;

/**
 * Makes whoever would change or end the activation wait for the end of this transaction.
 *
 * @throws ActivationChanged when it is not the present one any more
 */
export async function holdActivation(tx: Tx, activation: ActivationRef): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock_shared(${HELD})`);
  await requireActivation(tx, activation);
}

/** Waits for whoever holds the activation; nobody holds it again before this transaction has ended. */
export async function lockActivation(tx: Tx): Promise<void> {
  await tx.query(`select pg_advisory_xact_lock(${HELD})`);
}

export async function deleteActivation(db: Queryable): Promise<void> {
  await db.query('delete from activation');
}

interface ProgressRow {
  readonly registration_id: string;
  readonly first_window: number;
  readonly next_window: number;
  readonly first_activated_at: Instant;
  readonly released_before: number | null;
  readonly without_receipt: number;
  readonly last_sent_at: Instant | null;
  readonly failures: number;
  readonly failing_since: Instant | null;
  readonly retry_at: Instant | null;
  readonly trouble: TroubleKind | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

function progressFrom(row: ProgressRow): BridgeProgress {
  return {
    registrationId: row.registration_id,
    firstWindow: hourNumber(row.first_window),
    nextWindow: hourNumber(row.next_window),
    firstActivatedAt: row.first_activated_at,
    releasedBefore: row.released_before === null ? undefined : hourNumber(row.released_before),
    withoutReceipt: row.without_receipt,
    lastSentAt: row.last_sent_at ?? undefined,
    failures: row.failures,
    failingSince: row.failing_since ?? undefined,
    retryAt: row.retry_at ?? undefined,
    error:
      row.trouble === null
        ? undefined
        : { kind: row.trouble, code: row.error_code ?? '', message: row.error_message ?? '' },
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
  { registrationId, activatedAt }: ActivationRef,
  firstWindow: HourNumber,
): Promise<void> {
  await db.query(
    `insert into bridge_progress (registration_id, first_window, next_window, first_activated_at)
     values ($1, $2, $2, $3)
     on conflict (registration_id) do update set failures = 0, failing_since = null, retry_at = null,
       trouble = null, error_code = null, error_message = null`,
    [registrationId, firstWindow, activatedAt.toString()],
  );
}

/** Lets the hours before this one count as empty where they have no window. */
export async function setReleased(
  db: Queryable,
  registrationId: string,
  before: HourNumber,
): Promise<void> {
  await db.query(
    `update bridge_progress set released_before = greatest(released_before, $2::int) where registration_id = $1`,
    [registrationId, before],
  );
}

/** Goes past an accepted window of which no receipt can be had, and counts it. */
export async function passWithoutReceipt(
  db: Queryable,
  registrationId: string,
  window: HourNumber,
): Promise<void> {
  await db.query(
    `update bridge_progress set next_window = $2::int + 1, without_receipt = without_receipt + 1
     where registration_id = $1 and next_window = $2::int`,
    [registrationId, window],
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
export type AttemptNote = Pick<BridgeProgress, 'failures' | 'failingSince' | 'retryAt' | 'error'>;

/** @throws ActivationChanged when it was made under another activation than the present one; nothing is noted then */
export async function noteAttempt(
  db: Queryable,
  { registrationId, activatedAt }: ActivationRef,
  note: AttemptNote,
): Promise<void> {
  const { rowCount } = await db.query(
    `update bridge_progress set failures = $3, failing_since = $4, retry_at = $5, trouble = $6,
       error_code = $7, error_message = $8
     where registration_id = $1 and exists (${IS_PRESENT})`,
    [
      registrationId,
      activatedAt.toString(),
      note.failures,
      note.failingSince?.toString() ?? null,
      note.retryAt?.toString() ?? null,
      note.error?.kind ?? null,
      note.error?.code ?? null,
      note.error?.message ?? null,
    ],
  );
  if (rowCount !== 1) throw new ActivationChanged();
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
       retry_at = null, trouble = null, error_code = null, error_message = null
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

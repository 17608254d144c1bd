import { isGuid, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId } from '../../commerce/accounts/index.ts';
import type {
  AdapterDefinition,
  AdapterKind,
  AdapterProgress,
  AdapterState,
  Names,
} from './adapter.ts';

interface AdapterRow {
  readonly adapter_id: string;
  readonly name: string;
  readonly kind: AdapterKind;
  readonly account_id: AccountId;
  readonly url: string | null;
  readonly ca: string | null;
  readonly meters: Names;
  readonly customers: Names;
  readonly include_free: boolean;
  readonly decimals: number;
  readonly secret: string | null;
  readonly start_hour: number;
  readonly state: AdapterState;
  readonly problem: string | null;
  readonly failures: number;
  readonly next_attempt_at: Instant | null;
  readonly created_at: Instant;
}

function fromRow(row: AdapterRow): AdapterDefinition {
  return {
    adapterId: row.adapter_id,
    name: row.name,
    kind: row.kind,
    accountId: row.account_id,
    url: row.url ?? undefined,
    ca: row.ca ?? undefined,
    meters: row.meters,
    customers: row.customers,
    includeFree: row.include_free,
    decimals: row.decimals,
    secret: row.secret ?? undefined,
    startHour: row.start_hour,
    state: row.state,
    problem: row.problem ?? undefined,
    failures: row.failures,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    createdAt: row.created_at,
  };
}

/** @param lock holds the row until the transaction ends */
export async function findAdapter(
  db: Queryable,
  adapterId: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<AdapterDefinition | undefined> {
  if (!isGuid(adapterId)) return undefined;
  const { rows } = await db.query<AdapterRow>(
    `select * from billing_adapter where adapter_id = $1${lock ? ' for update' : ''}`,
    [adapterId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Adapters in the order in which they were made; of all accounts unless some are given. */
export async function listAdapters(
  db: Queryable,
  accountIds?: readonly AccountId[],
): Promise<AdapterDefinition[]> {
  const { rows } = await db.query<AdapterRow>(
    `select * from billing_adapter where $1::uuid[] is null or account_id = any($1)
     order by created_at, adapter_id`,
    [accountIds ?? null],
  );
  return rows.map(fromRow);
}

export async function countAdapters(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from billing_adapter',
  );
  return rows[0]?.count ?? 0;
}

export async function writeAdapter(tx: Queryable, one: AdapterDefinition): Promise<void> {
  await tx.query(
    `insert into billing_adapter (adapter_id, name, kind, account_id, url, ca, meters, customers, include_free,
       secret, start_hour, state, problem, failures, next_attempt_at, created_at, decimals)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     on conflict (adapter_id) do update set name = excluded.name, url = excluded.url, ca = excluded.ca,
       meters = excluded.meters, customers = excluded.customers, include_free = excluded.include_free,
       secret = excluded.secret, state = excluded.state, problem = excluded.problem, failures = excluded.failures,
       next_attempt_at = excluded.next_attempt_at, decimals = excluded.decimals`,
    [
      one.adapterId,
      one.name,
      one.kind,
      one.accountId,
      one.url ?? null,
      one.ca ?? null,
      JSON.stringify(one.meters),
      JSON.stringify(one.customers),
      one.includeFree,
      one.secret ?? null,
      one.startHour,
      one.state,
      one.problem ?? null,
      one.failures,
      one.nextAttemptAt?.toString() ?? null,
      one.createdAt.toString(),
      one.decimals,
    ],
  );
}

/** Whether something has been sent for an adapter, or may have been. */
export async function hasSent(tx: Queryable, adapterId: string): Promise<boolean> {
  const { rows } = await tx.query<{ sent: boolean }>(
    `select exists (select from adapter_window where adapter_id = $1 and delivered > 0)
         or exists (select from adapter_event where adapter_id = $1 and attempted_at is not null) as sent`,
    [adapterId],
  );
  return rows[0]?.sent === true;
}

/** Forgets an adapter and what waits for it. */
export async function deleteAdapter(tx: Queryable, adapterId: string): Promise<void> {
  await tx.query('delete from billing_adapter where adapter_id = $1', [adapterId]);
}

/** Adapters for which there may be something to do, those that have not failed first. */
export async function dueAdapters(
  db: Queryable,
  now: Instant,
): Promise<{ readonly adapterId: string; readonly isFailing: boolean }[]> {
  const { rows } = await db.query<{ adapterId: string; isFailing: boolean }>(
    `select adapter_id as "adapterId", failures > 0 as "isFailing" from billing_adapter
     where state = 'Enabled' and (next_attempt_at is null or next_attempt_at <= $1)
     order by failures > 0, next_attempt_at, adapter_id`,
    [now.toString()],
  );
  return rows;
}

/** How an attempt ended, where somebody has not changed the adapter's state meanwhile. */
export async function noteAttempt(
  tx: Queryable,
  adapterId: string,
  end: Pick<AdapterDefinition, 'state' | 'problem' | 'failures' | 'nextAttemptAt'>,
): Promise<void> {
  await tx.query(
    `update billing_adapter set state = $2, problem = $3, failures = $4, next_attempt_at = $5
     where adapter_id = $1 and state = 'Enabled'`,
    [
      adapterId,
      end.state,
      end.problem ?? null,
      end.failures,
      end.nextAttemptAt?.toString() ?? null,
    ],
  );
}

/** How far adapters are. For each registration the end of a primary key is looked at. */
export async function readProgress(
  db: Queryable,
  adapterIds: readonly string[],
): Promise<ReadonlyMap<string, AdapterProgress>> {
  const { rows } = await db.query<{
    id: string;
    lag: number;
    held: number;
    dead: number;
    delivered_to: number | null;
  }>(
    `select a.adapter_id as id, coalesce(stamps.lag, 0) as lag,
            (select count(*)::int from adapter_event e where e.adapter_id = a.adapter_id and e.state = 'Held') as held,
            (select count(*)::int from adapter_event e where e.adapter_id = a.adapter_id and e.state = 'Dead') as dead,
            coalesce((select min(w.reported_hour) from adapter_window w
                      where w.adapter_id = a.adapter_id and w.state = 'Sending'), stamps.through + 1) as delivered_to
     from billing_adapter a
     cross join lateral (
       select max(greatest(0, last.hour - coalesce(sending.hour - 1, p.last_window, a.start_hour - 1))) as lag,
              max(p.last_window) as through
       from registration r
       cross join lateral (select max(reported_hour) as hour from received_window w
                           where w.registration_number = r.registration_number) last
       left join adapter_progress p on p.adapter_id = a.adapter_id and p.registration_number = r.registration_number
       left join lateral (select min(w.reported_hour) as hour from adapter_window w
                          where w.adapter_id = a.adapter_id and w.registration_number = r.registration_number
                            and w.state = 'Sending') sending on true
     ) stamps
     where a.adapter_id = any($1)`,
    [adapterIds],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        lagHours: row.lag,
        held: row.held,
        deadLetters: row.dead,
        deliveredTo: row.delivered_to ?? undefined,
      },
    ]),
  );
}

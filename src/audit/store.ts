import type { Instant } from '../kernel/index.ts';
import type { Clock, Queryable } from '../platform/index.ts';
import { contentOfEvent, type Actor, type AuditEvent, type NewAuditEvent } from './event.ts';

/** The end of the chain: noted elsewhere, it shows later whether the trail was cut short. */
export interface AuditHead {
  readonly number: bigint;
  /** SHA-256 of the last event; zeros while there is none. */
  readonly hash: Buffer;
}

/**
 * Adds an event to the trail. To be called in the transaction of the change that it tells of, so
 * that neither is there without the other. Events wait for each other until their transactions end.
 */
export async function appendAudit(
  tx: Queryable,
  clock: Clock,
  { actor, action, target, detail = {} }: NewAuditEvent,
): Promise<void> {
  const event = {
    // What the database keeps of a time, so that the same text is hashed and read back.
    at: clock.now().round({ smallestUnit: 'millisecond', roundingMode: 'floor' }),
    actorKind: actor.kind,
    actorId: actor.kind === 'principal' ? actor.principalId : undefined,
    actorTenantId: actor.kind === 'principal' ? actor.tenantId : undefined,
    // As the database will give it back: half of a pair of surrogates is nothing that it can keep.
    actorName: nameOf(actor).toWellFormed(),
    action: action.toWellFormed(),
    target: target.toWellFormed(),
    detail: JSON.stringify(detail),
  };
  await tx.query('select append_audit_event($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    event.at.toString(),
    event.actorKind,
    event.actorId ?? null,
    event.actorTenantId ?? null,
    event.actorName,
    event.action,
    event.target,
    event.detail,
    contentOfEvent(event),
  ]);
}

function nameOf(actor: Actor): string {
  return actor.kind === 'system' ? 'stackmeter' : actor.name;
}

interface EventRow {
  readonly number: bigint;
  readonly at: Instant;
  readonly actor_kind: Actor['kind'];
  readonly actor_id: string | null;
  readonly actor_tenant_id: string | null;
  readonly actor_name: string;
  readonly action: string;
  readonly target: string;
  readonly detail: string;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

function fromRow(row: EventRow): AuditEvent {
  return {
    number: row.number,
    at: row.at,
    actorKind: row.actor_kind,
    actorId: row.actor_id ?? undefined,
    actorTenantId: row.actor_tenant_id ?? undefined,
    actorName: row.actor_name,
    action: row.action,
    target: row.target,
    detail: row.detail,
    previousHash: row.previous_hash,
    hash: row.hash,
  };
}

/**
 * Events in the order in which they were written, or the newest first.
 *
 * @param page.after the number after which to begin, in the order asked for; undefined for all
 * @param page.target only those about this target
 */
export async function listAudit(
  db: Queryable,
  page: {
    readonly after?: bigint | undefined;
    readonly limit: number;
    readonly target?: string | undefined;
    readonly newestFirst?: boolean;
  },
): Promise<AuditEvent[]> {
  const isDown = page.newestFirst === true;
  const { rows } = await db.query<EventRow>(
    `select * from audit_event
     where ($1::bigint is null or number ${isDown ? '<' : '>'} $1) and ($3::text is null or target = $3)
     order by number ${isDown ? 'desc' : 'asc'} limit $2`,
    [page.after ?? null, page.limit, page.target ?? null],
  );
  return rows.map(fromRow);
}

/** The end of the chain as the database has it now. */
export async function readAuditHead(db: Queryable): Promise<AuditHead> {
  const { rows } = await db.query<AuditHead>('select number, hash from audit_head');
  const [head] = rows;
  if (head === undefined) throw new Error('the head of the audit trail is missing');
  return head;
}

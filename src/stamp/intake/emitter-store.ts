import type { DirectoryTenantId, Instant, PrincipalId } from '../../kernel/index.ts';
import type { PrincipalRef } from '../../identity/index.ts';
import type { Queryable } from '../../platform/index.ts';

/** Records of one caller that were counted in one reported hour under one spelling of a meter. */
export interface Heard {
  readonly caller: PrincipalRef;
  readonly spelling: number;
  readonly reportedHour: number;
  readonly records: number;
  readonly lastAt: Instant;
}

/** Adds to what was heard of emitters; in key order, so that two processes that do it at once never deadlock. */
export async function addActivity(db: Queryable, heard: readonly Heard[]): Promise<void> {
  await db.query(
    `insert into emitter_activity as known
       (principal_id, principal_tenant_id, provider, reported_hour, records, last_at)
     select h.principal_id, h.tenant_id, m.resource_provider, h.reported_hour, sum(h.records), max(h.last_at)
     from unnest($1::uuid[], $2::uuid[], $3::int[], $4::int[], $5::bigint[], $6::timestamptz[])
          as h (principal_id, tenant_id, spelling, reported_hour, records, last_at)
     join meter_spelling s on s.spelling = h.spelling
     join meter m on m.meter = s.meter
     group by 1, 2, 3, 4 order by 1, 2, 3, 4
     on conflict (principal_id, principal_tenant_id, provider, reported_hour) do update
     set records = known.records + excluded.records, last_at = greatest(known.last_at, excluded.last_at)`,
    [
      heard.map(({ caller }) => caller.principalId),
      heard.map(({ caller }) => caller.tenantId),
      heard.map(({ spelling }) => spelling),
      heard.map(({ reportedHour }) => reportedHour),
      heard.map(({ records }) => records),
      heard.map(({ lastAt }) => lastAt.toString()),
    ],
  );
}

/** Forgets hours before this one, but for the last in which an emitter was heard. */
export async function forgetActivity(db: Queryable, before: number): Promise<void> {
  await db.query(
    `delete from emitter_activity old
     where old.reported_hour < $1 and exists (
       select from emitter_activity newer
       where newer.principal_id = old.principal_id and newer.provider = old.provider
         and newer.principal_tenant_id = old.principal_tenant_id
         and newer.reported_hour > old.reported_hour)`,
    [before],
  );
}

/** An emitter of one resource provider: what was heard of it, or that nothing ever was. */
export interface Emitter {
  readonly principalId: PrincipalId;
  readonly tenantId: DirectoryTenantId;
  /** undefined for a principal of another directory */
  readonly name: string | undefined;
  readonly isDisabled: boolean;
  /** Namespace; undefined for one that may emit for any and never did. */
  readonly provider: string | undefined;
  /** undefined: never */
  readonly lastAt: Instant | undefined;
  /** Since when it may emit, for one that never did. */
  readonly permittedSince: Instant | undefined;
  /** counted in the hours asked for */
  readonly records: bigint;
}

export interface EmitterQuery {
  /** reported hours whose records are added up, the end exclusive */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/**
 * Emitters by when they were heard last, those never heard of first: the principals that sent something, and those
 * that have the role of an emitter and never sent anything for the provider that it names.
 */
export async function listEmitters(db: Queryable, query: EmitterQuery): Promise<Emitter[]> {
  const { rows } = await db.query<{
    principal_id: PrincipalId;
    tenant_id: DirectoryTenantId;
    name: string | null;
    is_disabled: boolean;
    provider: string | null;
    last_at: Instant | null;
    permitted_since: Instant | null;
    records: bigint;
  }>(
    `with heard as (
       select principal_id, principal_tenant_id as tenant_id, provider, max(last_at) as last_at,
              coalesce(sum(records) filter (where reported_hour >= $1 and reported_hour < $2), 0)::bigint as records
       from emitter_activity group by 1, 2, 3
     ), permitted as (
       select r.principal_id, r.principal_tenant_id as tenant_id, named.provider, min(r.created_at) as since
       from role_assignment r
       left join lateral unnest(r.providers) as named (provider) on true
       where r.role = 'Emitter' group by 1, 2, 3
     ), known as (
       select principal_id, tenant_id, provider, last_at, null::timestamptz as permitted_since, records from heard
       union all
       select p.principal_id, p.tenant_id, p.provider, null, p.since, 0 from permitted p
       where not exists (
         select from heard h
         where h.principal_id = p.principal_id and h.tenant_id = p.tenant_id
           and (p.provider is null or lower(p.provider) = lower(h.provider)))
     )
     select k.principal_id, k.tenant_id, p.name, p.disabled_at is not null as is_disabled, k.provider,
            k.last_at, k.permitted_since, k.records
     from known k
     left join principal p on p.principal_id = k.principal_id and p.tenant_id = k.tenant_id
     order by k.last_at nulls first, k.principal_id, k.provider limit $3`,
    [query.from, query.to, query.limit],
  );
  return rows.map((row) => ({
    principalId: row.principal_id,
    tenantId: row.tenant_id,
    name: row.name ?? undefined,
    isDisabled: row.is_disabled,
    provider: row.provider ?? undefined,
    lastAt: row.last_at ?? undefined,
    permittedSince: row.permitted_since ?? undefined,
    records: row.records,
  }));
}

/** The hour that takes records now; undefined before the first start. */
export async function readPresentHour(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ open_hour: number | null }>(
    'select open_hour from stamp_state',
  );
  return rows[0]?.open_hour ?? undefined;
}

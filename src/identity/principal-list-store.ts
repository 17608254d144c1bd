import type { DirectoryTenantId, Instant, PrincipalId } from '../kernel/index.ts';
import type { Queryable } from '../platform/index.ts';

/** A principal as lists show it. */
export interface ListedPrincipal {
  readonly principalId: PrincipalId;
  readonly kind: 'client' | 'user';
  readonly name: string;
  /** With which a user signs in. */
  readonly userName: string | undefined;
  readonly tenantId: DirectoryTenantId;
  readonly createdAt: Instant;
  readonly disabledAt: Instant | undefined;
  readonly roles: readonly object[];
  /** How many it has that have not expired. */
  readonly credentials: number;
  /** When the first of them expires. */
  readonly nextExpiry: Instant | undefined;
}

interface Row {
  readonly principalId: PrincipalId;
  readonly kind: 'client' | 'user';
  readonly name: string;
  readonly userName: string | null;
  readonly tenantId: DirectoryTenantId;
  readonly createdAt: Instant;
  readonly disabledAt: Instant | null;
  readonly roles: readonly object[];
  readonly credentials: number;
  readonly nextExpiry: Instant | null;
}

function fromRow(row: Row): ListedPrincipal {
  return {
    ...row,
    userName: row.userName ?? undefined,
    disabledAt: row.disabledAt ?? undefined,
    nextExpiry: row.nextExpiry ?? undefined,
  };
}

/** $1 is the present. */
const COLUMNS = `
  p.principal_id as "principalId", p.kind, p.name, a.user_name as "userName", p.tenant_id as "tenantId",
  p.created_at as "createdAt", p.disabled_at as "disabledAt",
  coalesce((
    select json_agg(json_strip_nulls(json_build_object('role', r.role, 'scope', r.scope, 'providers', r.providers))
                    order by r.role, r.scope)
    from role_assignment r
    where r.principal_id = p.principal_id and r.principal_tenant_id = p.tenant_id), '[]') as roles,
  (select count(*)::int from client_credential c
   where c.principal_id = p.principal_id and (c.expires_at is null or c.expires_at > $1::timestamptz)) as credentials,
  (select min(c.expires_at) from client_credential c
   where c.principal_id = p.principal_id and c.expires_at > $1::timestamptz) as "nextExpiry"`;

export interface PrincipalPage {
  readonly kind: 'client' | 'user';
  /** Part of a name, of a sign-in name or of an id, in any case. */
  readonly search: string | undefined;
  readonly after: PrincipalId | undefined;
  readonly limit: number;
  readonly now: Instant;
}

/** Principals of a kind by name, those that come after one. */
export async function listPage(
  db: Queryable,
  { kind, search, after, limit, now }: PrincipalPage,
): Promise<ListedPrincipal[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS}
     from principal p left join user_account a using (principal_id)
     where p.kind = $2
       and ($3::text is null or strpos(lower(p.name), lower($3)) > 0
            or strpos(lower(coalesce(a.user_name, '')), lower($3)) > 0
            or strpos(p.principal_id::text, lower($3)) > 0)
       and ($4::uuid is null or (p.name, p.principal_id) >
            (select last.name, last.principal_id from principal last where last.principal_id = $4))
     order by p.name, p.principal_id limit $5`,
    [now.toString(), kind, search ?? null, after ?? null, limit],
  );
  return rows.map(fromRow);
}

export async function findListed(
  db: Queryable,
  principalId: PrincipalId,
  now: Instant,
): Promise<ListedPrincipal | undefined> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS}
     from principal p left join user_account a using (principal_id)
     where p.principal_id = $2`,
    [now.toString(), principalId],
  );
  return rows[0] && fromRow(rows[0]);
}

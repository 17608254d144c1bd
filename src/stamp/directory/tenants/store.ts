import type { DirectoryTenantId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { DirectoryTenant } from './directory-tenant.ts';

interface TenantRow {
  readonly tenant_id: DirectoryTenantId;
  readonly name: string;
  readonly resource_group: string | null;
  readonly location: string | null;
}

function fromRow(row: TenantRow): DirectoryTenant {
  return {
    tenantId: row.tenant_id,
    name: row.name,
    resourceGroup: row.resource_group ?? undefined,
    location: row.location ?? undefined,
  };
}

/** A name that no other tenant has: two directories can be called the same, and only one of them goes by it. */
const FREE_NAME = `case when exists (select from directory_tenant other
  where lower(other.name) = lower($2::text) and other.tenant_id <> $1::uuid) then $2::text || '-' || $1::uuid else $2::text end`;

/** Makes the directory tenant, or does nothing when its id is known, whatever its name is by now. @returns whether it was made */
export async function ensureDirectoryTenant(
  db: Queryable,
  tenant: DirectoryTenant,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into directory_tenant (tenant_id, name, resource_group, location) values ($1, ${FREE_NAME}, $3, $4)
     on conflict (tenant_id) do nothing`,
    [tenant.tenantId, tenant.name, tenant.resourceGroup ?? null, tenant.location ?? null],
  );
  return rowCount === 1;
}

export async function upsertDirectoryTenant(db: Queryable, tenant: DirectoryTenant): Promise<void> {
  await db.query(
    `insert into directory_tenant (tenant_id, name, resource_group, location) values ($1, ${FREE_NAME}, $3, $4)
     on conflict (tenant_id) do update set name = excluded.name,
       resource_group = excluded.resource_group, location = excluded.location`,
    [tenant.tenantId, tenant.name, tenant.resourceGroup ?? null, tenant.location ?? null],
  );
}

/** Directory tenants by name. */
export async function listDirectoryTenants(db: Queryable): Promise<DirectoryTenant[]> {
  const { rows } = await db.query<TenantRow>('select * from directory_tenant order by lower(name)');
  return rows.map(fromRow);
}

/** A directory tenant by id or by name, the name in any case. */
export async function findDirectoryTenant(
  db: Queryable,
  by: { readonly tenantId: DirectoryTenantId } | { readonly name: string },
): Promise<DirectoryTenant | undefined> {
  const { rows } = await db.query<TenantRow>(
    'select * from directory_tenant where tenant_id = $1::uuid or lower(name) = lower($2::text)',
    'name' in by ? [null, by.name] : [by.tenantId, null],
  );
  return rows[0] && fromRow(rows[0]);
}

export async function deleteDirectoryTenant(
  db: Queryable,
  tenantId: DirectoryTenantId,
): Promise<void> {
  await db.query('delete from directory_tenant where tenant_id = $1', [tenantId]);
}

/** Who is of this directory still: a subscription or a principal; undefined when nobody is. */
export async function findInDirectoryTenant(
  db: Queryable,
  tenantId: DirectoryTenantId,
): Promise<'subscription' | 'principal' | undefined> {
  const { rows } = await db.query<{ kind: 'subscription' | 'principal' }>(
    `(select 'subscription' as kind from subscription where tenant_id = $1 limit 1)
     union all (select 'principal' from principal where tenant_id = $1 limit 1)`,
    [tenantId],
  );
  return rows[0]?.kind;
}

import { randomUUID } from 'node:crypto';
import {
  fail,
  parsePrincipalId,
  type DirectoryTenantId,
  type Instant,
  type PrincipalId,
} from '../kernel/index.ts';
import { appendAudit } from '../audit/index.ts';
import type { Queryable } from '../platform/index.ts';
import type { Changing } from './changing.ts';
import type { PrincipalRef } from './principal.ts';
import {
  removeRolesOf,
  roleFromRow,
  toGrant,
  type RoleOnScope,
  type RoleRow,
} from './role-assignment.ts';
import type { Grants } from './role.ts';
import { forgetSignIns } from './sign-ins.ts';

/** A client (program) or user (person) of the built-in authority. */
export interface StoredPrincipal {
  readonly principalId: PrincipalId;
  readonly kind: 'client' | 'user';
  readonly name: string;
  readonly tenantId: DirectoryTenantId;
  readonly createdAt: Instant;
  /** Since when it is refused; undefined while it is not. */
  readonly disabledAt: Instant | undefined;
  readonly assignments: readonly RoleOnScope[];
}

const LONGEST_NAME = 200;

/** @throws InvalidProperty for a name that is empty, too long or not printable */
export function checkName(name: string): void {
  if (name.trim() !== '' && name.length <= LONGEST_NAME && !/\p{Cc}/u.test(name)) return;
  throw fail('InvalidProperty', {
    value: name,
    parameter: 'name',
    rule: `it has 1 to ${LONGEST_NAME} printable characters`,
  });
}

/** Columns of a role are null for a principal that has none. */
type Joined<Row> = { readonly [Column in keyof Row]: Row[Column] | null };

function rolesFromRow({ role, scope, providers }: Joined<RoleRow>): RoleOnScope[] {
  return role === null || scope === null ? [] : [roleFromRow({ role, scope, providers })];
}

/**
 * What the principal may do as of now; undefined when it is one of ours and was removed or disabled,
 * or is of another kind or tenant than the token says.
 *
 * One of another directory is known by its roles alone: without any it may do nothing. With the id of
 * one of ours, disabled or not, it is nobody, so that no issuer can speak for a client or user of ours.
 */
export async function loadGrants(
  db: Queryable,
  { kind, principalId, tenantId }: PrincipalRef,
): Promise<Grants | undefined> {
  // Read for every request rather than remembered: who is removed is out with the next request.
  const { rows } = await db.query<Joined<RoleRow>>(
    kind === 'external'
      ? {
          name: 'identity-grants-external',
          text: `select r.role, r.scope, r.providers
                   from (select $1::uuid as id) as caller
                   left join role_assignment r
                     on r.principal_id = caller.id and r.principal_tenant_id = $2
                  where not exists (select from principal where principal_id = caller.id)`,
          values: [principalId, tenantId],
        }
      : {
          name: 'identity-grants',
          text: `select r.role, r.scope, r.providers
                   from principal p
                   left join role_assignment r
                     on r.principal_id = p.principal_id and r.principal_tenant_id = p.tenant_id
                  where p.principal_id = $1 and p.tenant_id = $2 and p.kind = $3 and p.disabled_at is null`,
          values: [principalId, tenantId, kind],
        },
  );
  if (rows.length === 0) return undefined;
  return rows.flatMap(rolesFromRow).map(toGrant);
}

/** Adds a principal without roles. @throws InvalidProperty for a name or tenant that cannot be */
export async function insertPrincipal(
  tx: Queryable,
  principal: Pick<StoredPrincipal, 'kind' | 'name' | 'tenantId'>,
  { clock, actor }: Changing,
): Promise<PrincipalId> {
  const { kind, name, tenantId } = principal;
  checkName(name);
  const { rows } = await tx.query<{ id: PrincipalId }>(
    `insert into principal (principal_id, kind, name, tenant_id, created_at)
     select $1, $2, $3, tenant_id, $5 from directory_tenant where tenant_id = $4
     returning principal_id as id`,
    [randomUUID(), kind, name, tenantId, clock.now().toString()],
  );
  const [added] = rows;
  if (added === undefined) {
    throw fail('InvalidProperty', {
      value: tenantId,
      parameter: 'tenantId',
      rule: 'there is no such directory tenant',
    });
  }
  await tell(tx, { clock, actor }, added.id, { change: 'added', kind, name, tenantId });
  return added.id;
}

/** All principals of a kind with their roles, by name. */
export async function listPrincipals(
  db: Queryable,
  kind: StoredPrincipal['kind'],
): Promise<StoredPrincipal[]> {
  const { rows } = await db.query<
    Joined<RoleRow> & {
      principal_id: PrincipalId;
      name: string;
      tenant_id: DirectoryTenantId;
      created_at: Instant;
      disabled_at: Instant | null;
    }
  >(
    `select p.principal_id, p.name, p.tenant_id, p.created_at, p.disabled_at,
            r.role, r.scope, r.providers
       from principal p
       left join role_assignment r
         on r.principal_id = p.principal_id and r.principal_tenant_id = p.tenant_id
      where p.kind = $1
      order by p.name, p.principal_id, r.role, r.scope`,
    [kind],
  );
  const byId = Map.groupBy(rows, (row) => row.principal_id);
  return [...byId.values()].flatMap((group) => {
    const [row] = group;
    if (row === undefined) return [];
    return {
      principalId: row.principal_id,
      kind,
      name: row.name,
      tenantId: row.tenant_id,
      createdAt: row.created_at,
      disabledAt: row.disabled_at ?? undefined,
      assignments: group.flatMap(rolesFromRow),
    };
  });
}

/** Kind, tenant and name of a principal of ours, disabled or not. */
export async function findPrincipal(
  db: Queryable,
  id: string,
): Promise<Omit<StoredPrincipal, 'assignments' | 'createdAt'> | undefined> {
  const principalId = parsePrincipalId(id);
  if (principalId === undefined) return undefined;
  const { rows } = await db.query<{
    kind: StoredPrincipal['kind'];
    tenantId: DirectoryTenantId;
    name: string;
    disabledAt: Instant | null;
  }>(
    `select kind, tenant_id as "tenantId", name, disabled_at as "disabledAt"
     from principal where principal_id = $1`,
    [principalId],
  );
  const [row] = rows;
  return row && { ...row, principalId, disabledAt: row.disabledAt ?? undefined };
}

/**
 * Refuses the principal from now on and ends what it is signed in with, and keeps it on record;
 * whether there was one to refuse.
 */
export async function disablePrincipal(
  tx: Queryable,
  principalId: PrincipalId,
  changing: Changing,
): Promise<boolean> {
  const { rows } = await tx.query(
    `update principal set disabled_at = $2 where principal_id = $1 and disabled_at is null
     returning principal_id`,
    [principalId, changing.clock.now().toString()],
  );
  if (rows.length === 0) return false;
  await forgetSignIns(tx, principalId);
  await tell(tx, changing, principalId, { change: 'disabled' });
  return true;
}

/** Lets a disabled principal in again; whether there was one. */
export async function enablePrincipal(
  tx: Queryable,
  principalId: PrincipalId,
  changing: Changing,
): Promise<boolean> {
  const { rows } = await tx.query(
    `update principal set disabled_at = null where principal_id = $1 and disabled_at is not null
     returning principal_id`,
    [principalId],
  );
  if (rows.length > 0) await tell(tx, changing, principalId, { change: 'enabled' });
  return rows.length > 0;
}

/** Forgets the principal, its credentials, sign-ins and roles; whether there was one. */
export async function removePrincipal(
  tx: Queryable,
  principalId: PrincipalId,
  changing: Changing,
): Promise<boolean> {
  const { rows } = await tx.query<{ kind: string; name: string }>(
    'delete from principal where principal_id = $1 returning kind, name',
    [principalId],
  );
  const [removed] = rows;
  if (removed === undefined) return false;
  await forgetSignIns(tx, principalId);
  await removeRolesOf(tx, principalId, changing);
  await tell(tx, changing, principalId, { change: 'removed', ...removed });
  return true;
}

/** Tells the audit trail of a change of a principal or of what it proves itself with. */
export async function tell(
  tx: Queryable,
  { clock, actor }: Changing,
  principalId: PrincipalId,
  detail: Readonly<Record<string, unknown>>,
): Promise<void> {
  const action = 'Stackmeter.Identity/principals/write';
  await appendAudit(tx, clock, { actor, action, target: `/principals/${principalId}`, detail });
}

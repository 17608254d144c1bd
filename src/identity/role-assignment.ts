import { randomUUID } from 'node:crypto';
import { fail, type DirectoryTenantId, type Instant, type PrincipalId } from '../kernel/index.ts';
import { appendAudit } from '../audit/index.ts';
import type { Queryable } from '../platform/index.ts';
import type { Changing } from './changing.ts';
import { parseRole, roleDefinitions, type Grant, type Role } from './role.ts';
import { parseScope, partsOf, scopeOf, type Scope } from './scope.ts';

/** What kind of principal a role was given to; `Unknown` for one of a directory that is not ours. */
export type PrincipalType = 'ServicePrincipal' | 'User' | 'Unknown';

/** A role on a scope, without whose it is. */
export interface RoleOnScope {
  readonly role: Role;
  readonly scope: Scope;
  /** Namespaces of resource providers as they were given; undefined means all. Emitters only. */
  readonly providers?: readonly string[] | undefined;
}

/** A role of a principal, as assigned. */
export interface RoleAssignment extends RoleOnScope {
  /** A GUID. */
  readonly assignmentId: string;
  readonly principalId: PrincipalId;
  readonly principalTenantId: DirectoryTenantId;
  readonly principalType: PrincipalType;
  readonly createdAt: Instant;
  /** Who assigned it; undefined when that was done at the command line or by the program itself. */
  readonly createdBy: PrincipalId | undefined;
}

/** What a role assignment is made from. */
export interface NewRoleAssignment extends RoleOnScope {
  /** A new GUID unless given. */
  readonly assignmentId?: string | undefined;
  readonly principalId: PrincipalId;
  readonly principalTenantId: DirectoryTenantId;
  readonly principalType: PrincipalType;
}

const NAMESPACE = /^[a-z][a-z0-9]*(\.[a-z][a-z0-9]*)*$/i;

/**
 * @throws InvalidProperty for a scope that the role cannot have, and for providers on another role
 * than Emitter, none at all, or what is no namespace
 */
export function checkRoleOnScope({ role, scope, providers }: RoleOnScope): void {
  const { assignableAt } = roleDefinitions[role];
  const place = scope === '/' ? 'stamp' : 'subscription';
  const group = partsOf(scope).resourceGroup !== undefined;
  if (assignableAt !== 'anywhere' && (assignableAt !== place || group)) {
    const rule = `${role} is assigned on ${assignableAt === 'stamp' ? '/, the whole stamp' : 'a subscription'}`;
    throw fail('InvalidProperty', { value: scope, parameter: 'scope', rule });
  }
  if (providers === undefined) return;
  const invalid = (rule: string): Error =>
    fail('InvalidProperty', { value: providers.join(','), parameter: 'providers', rule });
  if (role !== 'Emitter') throw invalid('only the role Emitter is held to resource providers');
  if (providers.length === 0) throw invalid('leave it out for all resource providers');
  if (!providers.every((provider) => NAMESPACE.test(provider))) {
    throw invalid('each one is a namespace like Microsoft.Compute');
  }
}

/** Columns of a role on a scope as the database has them. */
export interface RoleRow {
  readonly role: string;
  readonly scope: string;
  readonly providers: string[] | null;
}

export function roleFromRow({ role, scope, providers }: RoleRow): RoleOnScope {
  return {
    role: parseRole(role),
    scope: parseScope(scope),
    ...(providers !== null && { providers }),
  };
}

export function toGrant({ role, scope, providers }: RoleOnScope): Grant {
  return {
    role,
    ...partsOf(scope),
    providers: providers && new Set(providers.map((provider) => provider.toLowerCase())),
  };
}

interface AssignmentRow extends RoleRow {
  readonly assignment_id: string;
  readonly principal_id: PrincipalId;
  readonly principal_tenant_id: DirectoryTenantId;
  readonly principal_type: PrincipalType;
  readonly created_at: Instant;
  readonly created_by: PrincipalId | null;
}

function fromRow(row: AssignmentRow): RoleAssignment {
  return {
    ...roleFromRow(row),
    assignmentId: row.assignment_id,
    principalId: row.principal_id,
    principalTenantId: row.principal_tenant_id,
    principalType: row.principal_type,
    createdAt: row.created_at,
    createdBy: row.created_by ?? undefined,
  };
}

/** Which assignments are listed; a filter that is left out holds nothing back. */
export interface RoleAssignmentFilter {
  /** On exactly this scope. */
  readonly scope?: Scope | undefined;
  /** On this scope, above it or below it. */
  readonly around?: Scope | undefined;
  readonly principalId?: PrincipalId | undefined;
}

/** Role assignments by scope, principal and role. */
export async function listRoleAssignments(
  db: Queryable,
  { scope, around, principalId }: RoleAssignmentFilter = {},
): Promise<RoleAssignment[]> {
  const { rows } = await db.query<AssignmentRow>(
    `select * from role_assignment
     where ($1::text is null or scope = $1) and ($2::uuid is null or principal_id = $2)
       and ($3::text[] is null or scope = any($3) or starts_with(scope, $4))
     order by scope, principal_id, role`,
    [
      scope ?? null,
      principalId ?? null,
      around === undefined ? null : fromStampTo(around),
      around === '/' ? around : `${around}/`,
    ],
  );
  return rows.map(fromRow);
}

/** The scope and those that it lies in. */
function fromStampTo(scope: Scope): Scope[] {
  const { subscriptionId } = partsOf(scope);
  return subscriptionId === undefined ? ['/'] : ['/', scopeOf(subscriptionId), scope];
}

/** @param assignmentId a GUID */
export async function findRoleAssignment(
  db: Queryable,
  assignmentId: string,
): Promise<RoleAssignment | undefined> {
  const { rows } = await db.query<AssignmentRow>(
    'select * from role_assignment where assignment_id = $1',
    [assignmentId],
  );
  return rows[0] && fromRow(rows[0]);
}

/**
 * Assigns a role, or replaces the resource providers of the same role assigned on the same scope
 * before; whatever was there before is told in the audit trail.
 *
 * @throws InvalidProperty for providers or a scope that cannot be
 */
export async function addRoleAssignment(
  tx: Queryable,
  assignment: NewRoleAssignment,
  { clock, actor }: Changing,
): Promise<RoleAssignment> {
  checkRoleOnScope(assignment);
  const before = await findSame(tx, assignment);
  const { rows } = await tx.query<AssignmentRow>(
    `insert into role_assignment (assignment_id, principal_id, principal_tenant_id, principal_type, role, scope,
       providers, created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (principal_id, principal_tenant_id, role, scope) do update set providers = excluded.providers
     returning *`,
    [
      assignment.assignmentId ?? randomUUID(),
      assignment.principalId,
      assignment.principalTenantId,
      assignment.principalType,
      assignment.role,
      assignment.scope,
      assignment.providers ?? null,
      clock.now().toString(),
      actor.kind === 'principal' ? actor.principalId : null,
    ],
  );
  const stored = fromRow(rows[0]!);
  await appendAudit(tx, clock, {
    actor,
    action: 'Microsoft.Authorization/roleAssignments/write',
    target: targetOf(stored),
    detail: {
      ...detailOf(stored),
      ...(before && { before: { providers: before.providers ?? [] } }),
    },
  });
  return stored;
}

/** The assignment of the same role to the same principal on the same scope, held until the transaction ends. */
async function findSame(
  tx: Queryable,
  { principalId, principalTenantId, role, scope }: NewRoleAssignment,
): Promise<RoleAssignment | undefined> {
  const { rows } = await tx.query<AssignmentRow>(
    `select * from role_assignment
     where principal_id = $1 and principal_tenant_id = $2 and role = $3 and scope = $4 for update`,
    [principalId, principalTenantId, role, scope],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Takes a role away; the assignment that was there, if there was one. */
export async function removeRoleAssignment(
  tx: Queryable,
  assignmentId: string,
  { clock, actor }: Changing,
): Promise<RoleAssignment | undefined> {
  const { rows } = await tx.query<AssignmentRow>(
    'delete from role_assignment where assignment_id = $1 returning *',
    [assignmentId],
  );
  const removed = rows[0] && fromRow(rows[0]);
  if (removed !== undefined) await tellRemoved(tx, [removed], { clock, actor });
  return removed;
}

/** Takes all roles of a principal away. */
export async function removeRolesOf(
  tx: Queryable,
  principalId: PrincipalId,
  changing: Changing,
): Promise<void> {
  const { rows } = await tx.query<AssignmentRow>(
    'delete from role_assignment where principal_id = $1 returning *',
    [principalId],
  );
  await tellRemoved(tx, rows.map(fromRow), changing);
}

/** Takes away all roles on a scope and on what is within it; those that reach it from above stay. */
export async function removeRolesOnScope(
  tx: Queryable,
  scope: Scope,
  changing: Changing,
): Promise<void> {
  const { rows } = await tx.query<AssignmentRow>(
    `delete from role_assignment where scope = $1 or starts_with(scope, $1 || '/') returning *`,
    [scope],
  );
  await tellRemoved(tx, rows.map(fromRow), changing);
}

async function tellRemoved(
  tx: Queryable,
  removed: readonly RoleAssignment[],
  { clock, actor }: Changing,
): Promise<void> {
  for (const assignment of removed) {
    await appendAudit(tx, clock, {
      actor,
      action: 'Microsoft.Authorization/roleAssignments/delete',
      target: targetOf(assignment),
      detail: detailOf(assignment),
    });
  }
}

/** The address of an assignment, as the resource manager writes it. */
export function targetOf({ scope, assignmentId }: RoleAssignment): string {
  const base = scope === '/' ? '' : scope;
  return `${base}/providers/Microsoft.Authorization/roleAssignments/${assignmentId}`;
}

function detailOf(assignment: RoleAssignment): Readonly<Record<string, unknown>> {
  const { role, scope, providers, principalId, principalTenantId } = assignment;
  return { role, scope, principalId, principalTenantId, ...(providers && { providers }) };
}

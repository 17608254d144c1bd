import { fail, isGuid, type DirectoryTenantId } from '../../kernel/index.ts';
import type { Clock, Database, Tx } from '../../platform/index.ts';
import { actorOf, type Principal } from '../principal.ts';
import { findPrincipal } from '../principal-store.ts';
import {
  addRoleAssignment,
  findRoleAssignment,
  listRoleAssignments,
  removeRoleAssignment,
  type NewRoleAssignment,
  type RoleAssignment,
} from '../role-assignment.ts';
import type { Scope } from '../scope.ts';
import type { WantedAssignment } from './body.ts';
import { allows } from '../role.ts';
import { refuseWithoutOperator, requireMayGive } from './giving.ts';

export interface AssigningTools {
  readonly database: Database;
  readonly clock: Clock;
}

/**
 * Assigns a role under a name.
 *
 * @param at.name a GUID
 * @throws AuthorizationFailed, InvalidProperty, RoleAssignmentExists
 */
export async function assignRole(
  { database, clock }: AssigningTools,
  principal: Principal,
  at: { readonly name: string; readonly scope: Scope },
  wanted: WantedAssignment,
): Promise<{ readonly assignment: RoleAssignment; readonly created: boolean }> {
  const { scope } = at;
  requireMayGive(principal, 'write', { role: wanted.role, scope, providers: wanted.providers });
  const assignmentId = requireName(at.name);
  return database.transaction(async (tx) => {
    // Whoever assigns under this name at the same time waits, and then finds it.
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [assignmentId]);
    const receiver = await knowReceiver(tx, principal, wanted);
    const { role, providers } = wanted;
    const assignment: NewRoleAssignment = { assignmentId, role, scope, ...receiver, providers };
    const there = await findRoleAssignment(tx, assignmentId);
    if (there !== undefined) {
      if (isSame(there, assignment)) return { assignment: there, created: false };
      throw exists(`the name ${assignmentId} belongs to another one`);
    }
    const stored = await addRoleAssignment(tx, assignment, { clock, actor: actorOf(principal) });
    if (stored.assignmentId === assignmentId) return { assignment: stored, created: true };
    // Takes back what was written, its entry in the audit trail included.
    throw exists(`the principal has the role there under the name ${stored.assignmentId}`);
  });
}

/** @throws InvalidProperty */
function requireName(text: string): string {
  if (isGuid(text)) return text.toLowerCase();
  throw fail('InvalidProperty', {
    parameter: 'the name of the role assignment',
    value: text,
    rule: 'it has to be a GUID',
  });
}

function exists(reason: string): Error {
  return fail('RoleAssignmentExists', { reason });
}

type Receiver = Pick<NewRoleAssignment, 'principalId' | 'principalTenantId' | 'principalType'>;

/**
 * Fills in what the caller did not say of whom the role is for: one of ours is known, any other taken on trust. So
 * are those of other directories, unless the caller may see all: it would learn whom they have.
 */
async function knowReceiver(
  tx: Tx,
  caller: Principal,
  { principalId, principalType, principalTenantId }: WantedAssignment,
): Promise<Receiver> {
  // Held until the role is there: who is removed meanwhile takes it along.
  await tx.query('select from principal where principal_id = $1 for share', [principalId]);
  const found = await findPrincipal(tx, principalId);
  const known = found && maySee(caller, found.tenantId) ? found : undefined;
  if (known === undefined || (principalTenantId ?? known.tenantId) !== known.tenantId) {
    return {
      principalId,
      principalTenantId: principalTenantId ?? caller.tenantId,
      principalType: principalType ?? 'Unknown',
    };
  }
  const type = known.kind === 'client' ? 'ServicePrincipal' : 'User';
  if (principalType !== undefined && principalType !== type) {
    throw fail('InvalidProperty', {
      parameter: 'properties.principalType',
      value: principalType,
      rule: `the principal ${principalId} is a ${type}`,
    });
  }
  return { principalId, principalTenantId: known.tenantId, principalType: type };
}

function maySee(caller: Principal, tenantId: DirectoryTenantId): boolean {
  if (caller.tenantId === tenantId) return true;
  return allows(caller.grants, 'Stackmeter.Identity/principals/read');
}

function isSame(there: RoleAssignment, wanted: NewRoleAssignment): boolean {
  const providersOf = (of: NewRoleAssignment): string =>
    (of.providers ?? ['*'])
      .map((name) => name.toLowerCase())
      .toSorted()
      .join();
  return (
    there.role === wanted.role &&
    there.scope === wanted.scope &&
    there.principalId === wanted.principalId &&
    there.principalTenantId === wanted.principalTenantId &&
    providersOf(there) === providersOf(wanted)
  );
}

const OPERATORS_LOCK = 7304;

/**
 * Takes a role away.
 *
 * @returns what was there on exactly this scope, if anything was
 * @throws AuthorizationFailed, Conflict for the last operator
 */
export async function unassignRole(
  { database, clock }: AssigningTools,
  principal: Principal,
  at: { readonly name: string; readonly scope: Scope },
): Promise<RoleAssignment | undefined> {
  if (!isGuid(at.name)) return undefined;
  return database.transaction(async (tx) => {
    // Two who remove the last two operators at once would each see the other's.
    await tx.query('select pg_advisory_xact_lock($1, 0)', [OPERATORS_LOCK]);
    const there = await findRoleAssignment(tx, at.name);
    if (there === undefined || there.scope !== at.scope) return undefined;
    requireMayGive(principal, 'delete', there);
    if (there.role === 'Operator') await requireAnotherOperator(tx, there);
    return removeRoleAssignment(tx, there.assignmentId, { clock, actor: actorOf(principal) });
  });
}

async function requireAnotherOperator(tx: Tx, { assignmentId }: RoleAssignment): Promise<void> {
  const all = await listRoleAssignments(tx, { scope: '/' });
  for (const each of all) {
    if (each.role !== 'Operator' || each.assignmentId === assignmentId) continue;
    // One that nobody can act as is none.
    const known = await findPrincipal(tx, each.principalId);
    if (known !== undefined && known.disabledAt === undefined) return;
  }
  refuseWithoutOperator();
}

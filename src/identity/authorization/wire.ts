import type { RoleAssignment } from '../role-assignment.ts';
import { targetOf } from '../role-assignment.ts';
import { roleDefinitions, roles, type Role, type RoleDefinition } from '../role.ts';
import { partsOf, type Scope } from '../scope.ts';

const DEFINITIONS = 'providers/Microsoft.Authorization/roleDefinitions';

/** The address of a role definition as seen from a scope: clients compare it as text. */
function definitionId(role: Role, seenFrom: Scope): string {
  const { subscriptionId } = partsOf(seenFrom);
  const base = subscriptionId === undefined ? '' : `/subscriptions/${subscriptionId}`;
  return `${base}/${DEFINITIONS}/${roleDefinitions[role].id}`;
}

/** The role that a definition's id names: a GUID, alone or at the end of an address; undefined for none. */
export function findRoleByDefinition(text: string): Role | undefined {
  const name = text.slice(text.lastIndexOf('/') + 1).toLowerCase();
  return roles.find((role) => roleDefinitions[role].id === name);
}

/** Whether a role can be assigned on a scope at all. */
export function isAssignable(role: Role, scope: Scope): boolean {
  const { assignableAt }: RoleDefinition = roleDefinitions[role];
  const { subscriptionId, resourceGroup } = partsOf(scope);
  if (assignableAt === 'anywhere') return true;
  if (assignableAt === 'stamp') return subscriptionId === undefined;
  return subscriptionId !== undefined && resourceGroup === undefined;
}

/** A role as clients of the resource manager know it. */
export function toWireDefinition(role: Role, seenFrom: Scope): object {
  const { id, title, description, actions, notActions, assignableAt }: RoleDefinition =
    roleDefinitions[role];
  const here = assignableAt === 'subscription' && isAssignable(role, seenFrom) ? seenFrom : '/';
  return {
    id: definitionId(role, seenFrom),
    name: id,
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      roleName: title,
      type: 'BuiltInRole',
      description,
      assignableScopes: [here],
      permissions: [{ actions, notActions, dataActions: [], notDataActions: [] }],
    },
  };
}

/** A role assignment as clients of the resource manager know it. */
export function toWireAssignment(assignment: RoleAssignment, seenFrom: Scope): object {
  const { assignmentId, role, scope, principalId, principalTenantId, principalType } = assignment;
  const { createdAt, createdBy, providers } = assignment;
  return {
    id: targetOf(assignment),
    name: assignmentId,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: definitionId(role, seenFrom),
      principalId,
      principalType,
      principalTenantId,
      scope,
      ...(providers && { providers }),
      createdOn: createdAt.toString(),
      updatedOn: createdAt.toString(),
      ...(createdBy !== undefined && { createdBy, updatedBy: createdBy }),
    },
  };
}

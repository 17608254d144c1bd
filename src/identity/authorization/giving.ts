import { fail } from '../../kernel/index.ts';
import { authorize, type Principal } from '../principal.ts';
import type { RoleOnScope } from '../role-assignment.ts';
import { actionsOfRole, allows, type Target } from '../role.ts';
import { partsOf } from '../scope.ts';

/**
 * Lets the principal give the role on the scope, or take it away there: that takes the right to do so, and every
 * action that the role allows. So nobody comes to more by giving roles than they have, through others or themselves.
 *
 * @throws AuthorizationFailed naming the first action that is missing
 */
export function requireMayGive(
  principal: Principal,
  verb: 'write' | 'delete',
  given: RoleOnScope,
): void {
  const scope: Target = partsOf(given.scope);
  authorize(principal, `Microsoft.Authorization/roleAssignments/${verb}`, scope);
  for (const action of actionsOfRole(given.role)) {
    // None at all is no restriction either.
    const providers = given.providers?.length ? given.providers : [undefined];
    for (const provider of providers) {
      authorize(principal, action, { ...scope, provider });
    }
  }
}

/** Whether the principal may know of an assignment: it may read those of the assignment's own scope. */
export function mayKnowOf({ grants }: Principal, { scope }: RoleOnScope): boolean {
  return allows(grants, 'Microsoft.Authorization/roleAssignments/read', partsOf(scope));
}

/** @throws Conflict */
export function refuseWithoutOperator(): never {
  const reason =
    'it is the last one of Operator to a client or user here that is not disabled, and somebody has to run the stamp';
  throw fail('Conflict', { reason });
}

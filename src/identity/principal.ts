import { fail, type DirectoryTenantId, type PrincipalId } from '../kernel/index.ts';
import type { Actor } from '../audit/index.ts';
import type { Action } from './action.ts';
import { allows, type Grants, type Target } from './role.ts';
import type { CheckedToken } from './checked-token.ts';

/** Whom a token names. The id alone is not enough: two directories may use the same one. */
export type PrincipalRef = Pick<CheckedToken, 'kind' | 'principalId' | 'tenantId'>;

/** Who is calling. */
export interface Principal extends PrincipalRef {
  readonly principalId: PrincipalId;
  readonly tenantId: DirectoryTenantId;
  /** What people call the caller. */
  readonly name: string;
  /** As of this request. */
  readonly grants: Grants;
}

/** The caller as the audit trail names it. */
export function actorOf({ principalId, tenantId, name }: Principal): Actor {
  return { kind: 'principal', principalId, tenantId, name };
}

/**
 * Lets the principal pass if its roles allow the action.
 *
 * @throws AuthorizationFailed otherwise
 */
export function authorize(principal: Principal, action: Action, target: Target = {}): void {
  if (allows(principal.grants, action, target)) return;
  const { subscriptionId, resourceGroup } = target;
  const group = resourceGroup === undefined ? '' : `/resourceGroups/${resourceGroup}`;
  const scope = subscriptionId === undefined ? '/' : `/subscriptions/${subscriptionId}${group}`;
  throw fail('AuthorizationFailed', { client: principal.principalId, action, scope });
}

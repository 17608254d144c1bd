import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  parseDirectoryTenantId,
  parsePrincipalId,
  parseSubscriptionId,
  StackmeterError,
} from '../../kernel/index.ts';
import { allActions } from '../action.ts';
import type { Principal } from '../principal.ts';
import { checkRoleOnScope, toGrant, type RoleOnScope } from '../role-assignment.ts';
import { allows, roles, type Grants, type Target } from '../role.ts';
import { scopeOf } from '../scope.ts';
import { mayKnowOf, requireMayGive } from './giving.ts';

const A = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!;
const B = parseSubscriptionId('bbbbbbbb-0000-4000-8000-000000000001')!;
const ID = parsePrincipalId('11111111-0000-4000-8000-000000000001')!;
const TENANT = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;

function principalWith(grants: Grants): Principal {
  return { principalId: ID, tenantId: TENANT, kind: 'client', name: 'somebody', grants };
}

function mayGive(held: readonly RoleOnScope[], given: RoleOnScope): boolean {
  try {
    requireMayGive(principalWith(held.map(toGrant)), 'write', given);
    return true;
  } catch (error) {
    assert.ok(error instanceof StackmeterError && error.code === 'AuthorizationFailed');
    return false;
  }
}

const scope = fc.constantFrom('/' as const, scopeOf(A), scopeOf(B), scopeOf(A, 'group'));
const providers = fc.constantFrom(
  undefined,
  ['Microsoft.Compute'],
  ['Microsoft.Compute', 'Example.Backup'],
);
const roleOnScope: fc.Arbitrary<RoleOnScope> = fc
  .record({ role: fc.constantFrom(...roles), scope, providers })
  .map((each) => (each.role === 'Emitter' ? each : { ...each, providers: undefined }))
  .filter((each) => {
    try {
      checkRoleOnScope(each);
      return true;
    } catch {
      return false;
    }
  });

const TARGETS: Target[] = [undefined, A, B].flatMap((subscriptionId) =>
  [undefined, 'group', 'other'].flatMap((resourceGroup) =>
    [undefined, 'Microsoft.Compute', 'Example.Backup'].map((provider) => ({
      subscriptionId,
      resourceGroup: subscriptionId && resourceGroup,
      provider,
    })),
  ),
);

describe('giving roles', () => {
  it('never gives anybody more than the giver has, the giver included', () => {
    fc.assert(
      fc.property(fc.array(roleOnScope, { maxLength: 3 }), roleOnScope, (held, given) => {
        if (!mayGive(held, given)) return;
        const before = held.map(toGrant);
        const gained = [toGrant(given)];
        for (const action of allActions) {
          for (const target of TARGETS) {
            if (allows(gained, action, target)) assert.ok(allows(before, action, target), action);
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is for operators and owners, each on their own scope', () => {
    const operator = [{ role: 'Operator', scope: '/' }] as const;
    const owner = [{ role: 'Owner', scope: scopeOf(A) }] as const;
    for (const role of roles) {
      const place = role === 'Operator' ? '/' : scopeOf(A);
      assert.ok(mayGive(operator, { role, scope: place }), role);
    }
    for (const role of ['Owner', 'Contributor', 'Reader', 'BillingReader', 'Auditor'] as const) {
      assert.ok(mayGive(owner, { role, scope: scopeOf(A) }), role);
      assert.ok(mayGive(owner, { role, scope: scopeOf(A, 'group') }), role);
      assert.ok(!mayGive(owner, { role, scope: scopeOf(B) }), role);
      assert.ok(!mayGive(owner, { role, scope: '/' }), role);
    }
    assert.ok(!mayGive(owner, { role: 'Operator', scope: '/' }));
    assert.ok(!mayGive(owner, { role: 'Emitter', scope: scopeOf(A) }), 'who pays does not count');
    assert.ok(!mayGive([{ role: 'Owner', scope: '/' }], { role: 'Operator', scope: '/' }));
    for (const role of ['Contributor', 'Reader', 'Auditor', 'Emitter'] as const) {
      assert.ok(!mayGive([{ role, scope: '/' }], { role: 'Reader', scope: scopeOf(A) }), role);
    }
  });

  it('shows an assignment only to who may read those of its scope', () => {
    const owner = principalWith([toGrant({ role: 'Owner', scope: scopeOf(A) })]);
    assert.ok(mayKnowOf(owner, { role: 'Reader', scope: scopeOf(A, 'group') }));
    assert.ok(!mayKnowOf(owner, { role: 'Operator', scope: '/' }));
  });
});

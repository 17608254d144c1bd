import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSubscriptionId } from '../kernel/index.ts';
import {
  allows,
  parseRole,
  parseScope,
  roles,
  subscriptionOf,
  type Action,
  type Grant,
  type Role,
} from './role.ts';

const A = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001');
const B = parseSubscriptionId('bbbbbbbb-0000-4000-8000-000000000002');
const ACTIONS: readonly Action[] = ['usage/read', 'usage/emit', 'stamp/read', 'stamp/manage'];

function grant(role: Role, subscriptionId?: Grant['subscriptionId'], providers?: string[]): Grant {
  return { role, subscriptionId, providers: providers && new Set(providers) };
}

describe('roles', () => {
  it('deny by default', () => {
    for (const action of ACTIONS) assert.equal(allows([], action, { subscriptionId: A }), false);
  });

  // Per role: what it allows on the whole stamp, and what when assigned on subscription A.
  const table: Record<Role, { readonly stamp: Action[]; readonly own: Action[] }> = {
    Owner: {
      stamp: ['usage/read', 'usage/emit', 'stamp/read', 'stamp/manage'],
      own: ['usage/read'],
    },
    Contributor: {
      stamp: ['usage/read', 'usage/emit', 'stamp/read', 'stamp/manage'],
      own: ['usage/read'],
    },
    Reader: { stamp: ['usage/read', 'stamp/read'], own: ['usage/read'] },
    Emitter: { stamp: ['usage/emit'], own: ['usage/emit'] },
  };
  for (const role of roles) {
    it(`${role} allows exactly what the table says`, () => {
      for (const action of ACTIONS) {
        const ask = (scope: Grant['subscriptionId'], subscriptionId: string | undefined) =>
          allows([grant(role, scope)], action, { subscriptionId, provider: 'Microsoft.Compute' });
        assert.equal(ask(undefined, A), table[role].stamp.includes(action), `${action} stamp`);
        assert.equal(ask(A, A?.toUpperCase()), table[role].own.includes(action), `${action} own`);
        assert.equal(ask(A, B), false, `${action} other`);
        assert.equal(ask(A, undefined), false, `${action} none`);
      }
    });
  }

  it('an emitter held to providers emits for those only, in any case', () => {
    const grants = [grant('Emitter', A, ['microsoft.compute'])];
    const ask = (provider?: string) =>
      allows(grants, 'usage/emit', { subscriptionId: A, provider });
    assert.equal(ask('Microsoft.Compute'), true);
    assert.equal(ask('Microsoft.Storage'), false);
    assert.equal(ask('Microsoft.Compute.Admin'), false);
    assert.equal(ask(undefined), false);
  });

  it('a further grant never takes anything away', () => {
    const grants = fc.array(
      fc.record({
        role: fc.constantFrom(...roles),
        subscriptionId: fc.constantFrom(undefined, A, B),
        providers: fc.constantFrom(undefined, new Set(['microsoft.compute'])),
      }),
    );
    const target = fc.record({
      subscriptionId: fc.constantFrom(undefined, A, B),
      provider: fc.constantFrom(undefined, 'Microsoft.Compute', 'Microsoft.Storage'),
    });
    fc.assert(
      fc.property(grants, grants, fc.constantFrom(...ACTIONS), target, (some, more, action, on) => {
        const both = allows([...some, ...more], action, on);
        assert.equal(both, allows(some, action, on) || allows(more, action, on));
      }),
    );
  });

  it('and scopes are read in any case, and refused otherwise', () => {
    assert.equal(parseRole('emitter'), 'Emitter');
    assert.throws(() => parseRole('Admin'), { code: 'InvalidProperty' });
    assert.equal(parseScope('/'), '/');
    const scope = parseScope('/Subscriptions/AAAAAAAA-0000-4000-8000-000000000001/');
    assert.equal(scope, `/subscriptions/${A}`);
    assert.equal(subscriptionOf(scope), A);
    assert.equal(subscriptionOf('/'), undefined);
    for (const bad of ['', '//', '/subscriptions/x', `/subscriptions/${A}/resourceGroups/g`]) {
      assert.throws(() => parseScope(bad), { code: 'InvalidProperty' });
    }
  });
});

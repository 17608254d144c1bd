import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAssignmentFilter, readDefinitionFilter } from './filter.ts';

const ID = '0E2F1A3B-0000-4000-8000-0123456789ab';

describe('the filter of role assignments', () => {
  it('has the forms that clients write', () => {
    const principalId = ID.toLowerCase();
    assert.deepEqual(readAssignmentFilter(undefined), { atScope: false, principalId: undefined });
    assert.deepEqual(readAssignmentFilter('atScope()'), { atScope: true, principalId: undefined });
    for (const text of [`principalId eq '${ID}'`, `assignedTo('${ID}')`]) {
      assert.deepEqual(readAssignmentFilter(text), { atScope: false, principalId });
      assert.deepEqual(readAssignmentFilter(`atScope() AND ${text}`), {
        atScope: true,
        principalId,
      });
    }
  });

  it('is refused in any other', () => {
    for (const text of [
      'x',
      "principalId eq 'x'",
      `principalId eq ${ID}`,
      'atScope() or atScope()',
      `principalId eq '${ID}' and assignedTo('${ID}')`,
      `principalId eq '${ID}' or 1 eq 1`,
    ]) {
      assert.throws(() => readAssignmentFilter(text), /\$filter is not valid/, text);
    }
  });
});

describe('the filter of role definitions', () => {
  it('has the forms that clients write', () => {
    assert.deepEqual(readDefinitionFilter(undefined), { title: undefined, builtIn: true });
    assert.equal(readDefinitionFilter("roleName eq 'Billing Reader'").title, 'billing reader');
    assert.equal(readDefinitionFilter("roleName eq 'It''s'").title, "it's");
    assert.equal(readDefinitionFilter("atScopeAndBelow() and type eq 'CustomRole'").builtIn, false);
    assert.throws(() => readDefinitionFilter('roleName eq x'), /\$filter is not valid/);
  });
});

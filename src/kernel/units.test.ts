import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isUnitKind, parseUnitKind, unitKinds, unitOf } from './units.ts';

describe('units', () => {
  it('reads every kind by its name, and describes it', () => {
    assert.equal(unitKinds.length, 18);
    for (const kind of unitKinds) {
      assert.equal(parseUnitKind(kind), kind);
      assert.equal(unitOf(kind).kind, kind);
      assert.notEqual(unitOf(kind).description, '');
    }
  });

  it('tells what grows with time from what grows with use', () => {
    assert.equal(unitOf('vcpu-hours').per, 'hour');
    assert.equal(unitOf('disk-months').per, 'month');
    assert.equal(unitOf('10k-requests').per, 'use');
  });

  it('has no other kinds, nor those of another spelling', () => {
    for (const text of ['', 'gb-hours', 'GB hours', 'toString', '__proto__', 'constructor']) {
      assert.equal(isUnitKind(text), false);
      assert.equal(parseUnitKind(text), undefined);
    }
  });
});

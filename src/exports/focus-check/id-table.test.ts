import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { IdTable } from './id-table.ts';

describe('the table of ids', () => {
  it('answers as a map of whole texts would', () => {
    const entry = fc.tuple(fc.string({ maxLength: 3 }), fc.constantFrom('', 'a', 'b'));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 200 }), (entries) => {
        const table = new IdTable(1000);
        const map = new Map<string, string>();
        for (const [id, value] of entries) {
          const known = map.get(id);
          const expected = known === undefined ? 'new' : known === value ? 'same' : 'other';
          assert.equal(table.claim(id, value), expected);
          if (known === undefined) map.set(id, value);
          assert.equal(table.has(id), true);
        }
        assert.equal(table.size, map.size);
      }),
    );
  });

  it('tells a hundred thousand ids apart that differ in a digit', () => {
    const table = new IdTable(100_000);
    for (let at = 0; at < 100_000; at++) {
      const id = `/subscriptions/one/virtualMachines/vm-${at}`;
      assert.equal(table.claim(id, `${at % 7}`), 'new');
    }
    for (let at = 0; at < 100_000; at += 17) {
      const id = `/subscriptions/one/virtualMachines/vm-${at}`;
      assert.equal(table.claim(id, `${at % 7}`), 'same');
      assert.equal(table.claim(id, 'other'), 'other');
      assert.equal(table.has(`${id}x`), false);
    }
  });

  it('takes no more than it was told to', () => {
    const table = new IdTable(2);
    assert.equal(table.claim('a', ''), 'new');
    assert.equal(table.claim('b', ''), 'new');
    assert.equal(table.claim('c', ''), 'full');
    assert.equal(table.claim('a', 'x'), 'other');
  });
});

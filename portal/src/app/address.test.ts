/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dayOf, parseSearch, stringifySearch, textOf, textsOf, wordOf } from './address.ts';

const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text !== '__proto__');
const value = fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 2, maxLength: 4 }));

describe('the address', () => {
  it('gives back what was put into it', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value), (search) => {
        assert.deepEqual(parseSearch(stringifySearch(search)), { ...search });
      }),
    );
  });

  it('leaves out what is not there', () => {
    assert.equal(stringifySearch({ from: undefined, tag: [], state: 'open' }), '?state=open');
    assert.equal(stringifySearch({}), '');
  });

  it('is read by what is understood of it', () => {
    const search = parseSearch('?state=open&day=2026-11-23&bad=2026-13-01&tag=a&tag=b&none=');
    assert.equal(wordOf(search, 'state', ['open', 'settled']), 'open');
    assert.equal(wordOf(search, 'state', ['paid']), undefined);
    assert.equal(dayOf(search, 'day'), '2026-11-23');
    assert.equal(dayOf(search, 'bad'), undefined);
    for (const day of ['2026-02-30', '2026-02-29', '2026-04-31', '2026-00-10']) {
      assert.equal(dayOf({ day }, 'day'), undefined, day);
    }
    assert.equal(dayOf({ day: '2028-02-29' }, 'day'), '2028-02-29');
    assert.deepEqual(textsOf(search, 'tag'), ['a', 'b']);
    assert.deepEqual(textsOf(search, 'state'), ['open']);
    assert.equal(textOf(search, 'tag'), 'a');
    assert.equal(textOf(search, 'none'), undefined);
  });
});

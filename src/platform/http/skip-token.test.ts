import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSubscriptionId } from '../../kernel/index.ts';
import { makeSkipToken, readSkipToken } from './skip-token.ts';

const KEY = Buffer.alloc(32, 1);
const LIST = 'subscriptions of somebody';
const LAST = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!;

describe('the token that continues a list', () => {
  it('comes back as what it was made of', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.string(), (id, list) => {
        const last = parseSubscriptionId(id)!;
        assert.equal(readSkipToken(KEY, list, makeSkipToken(KEY, list, last)), last);
      }),
    );
  });

  it('is refused when it is of another list or key, or altered', () => {
    const token = makeSkipToken(KEY, LIST, LAST);
    const refused = { code: 'InvalidProperty' };
    assert.throws(() => readSkipToken(KEY, 'subscriptions of another', token), refused);
    assert.throws(() => readSkipToken(Buffer.alloc(32, 2), LIST, token), refused);
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === 'A' ? 'B' : 'A';
      const altered = token.slice(0, at) + other + token.slice(at + 1);
      if (Buffer.from(altered, 'base64url').equals(Buffer.from(token, 'base64url'))) continue;
      assert.throws(() => readSkipToken(KEY, LIST, altered), refused);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        assert.throws(() => readSkipToken(KEY, LIST, text), refused);
      }),
    );
  });
});

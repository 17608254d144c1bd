import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hashSecret, newSecret, secretMatches } from './secret.ts';

describe('client secrets', () => {
  it('have 256 bits in base64url, each another', () => {
    const secrets = Array.from({ length: 50 }, newSecret);
    assert.equal(new Set(secrets).size, 50);
    for (const secret of secrets) assert.match(secret, /^[\w-]{43}$/);
  });

  it('match their own hash, among others too, and nothing else', () => {
    const [secret, other] = [newSecret(), newSecret()];
    assert.equal(secretMatches(secret, [hashSecret(secret)]), true);
    assert.equal(secretMatches(secret, [hashSecret(other), hashSecret(secret)]), true);
    assert.equal(secretMatches(secret, [hashSecret(secret), hashSecret(other)]), true);
    assert.equal(secretMatches(`${secret}x`, [hashSecret(secret)]), false);
    assert.equal(secretMatches('', [hashSecret(secret)]), false);
    assert.equal(secretMatches(secret, []), false);
    assert.equal(secretMatches(secret, [Buffer.alloc(0)]), false);
    assert.equal(secretMatches(secret, [Buffer.alloc(32)]), false);
  });
});

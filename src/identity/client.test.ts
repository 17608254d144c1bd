import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkAssignment, checkName, hashSecret, newSecret, secretMatches } from './client.ts';

describe('client secrets', () => {
  it('have 256 bits in base64url, each another', () => {
    const secrets = Array.from({ length: 50 }, newSecret);
    assert.equal(new Set(secrets).size, 50);
    for (const secret of secrets) assert.match(secret, /^[\w-]{43}$/);
  });

  it('match their own hash and nothing else', () => {
    const secret = newSecret();
    assert.equal(secretMatches(secret, hashSecret(secret)), true);
    assert.equal(secretMatches(`${secret}x`, hashSecret(secret)), false);
    assert.equal(secretMatches('', hashSecret(secret)), false);
    assert.equal(secretMatches(secret, undefined), false);
    assert.equal(secretMatches(secret, Buffer.alloc(0)), false);
  });
});

describe('new clients', () => {
  it('need a printable name', () => {
    checkName('Resource provider of the laboratory');
    for (const bad of ['', '  ', 'a\nb', 'x'.repeat(201)]) {
      assert.throws(() => checkName(bad), { code: 'InvalidProperty' });
    }
  });

  it('name resource providers as emitters only, by namespace', () => {
    const check = (role: 'Emitter' | 'Reader', providers?: string[]) =>
      checkAssignment({ role, scope: '/', providers });
    check('Emitter', ['Microsoft.Compute', 'Contoso']);
    check('Reader');
    assert.throws(() => check('Reader', ['Microsoft.Compute']), { code: 'InvalidProperty' });
    assert.throws(() => check('Emitter', []), { code: 'InvalidProperty' });
    assert.throws(() => check('Emitter', ['Microsoft Compute']), { code: 'InvalidProperty' });
  });
});

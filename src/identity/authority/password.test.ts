import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkPassword, hashPassword, newPassword, passwordMatches } from './password.ts';

describe('passwords', () => {
  it('match their own hash, which tells its parameters and differs each time', async () => {
    const one = await hashPassword('correct horse battery');
    const other = await hashPassword('correct horse battery');
    assert.match(one, /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    assert.notEqual(one, other);
    assert.equal(await passwordMatches('correct horse battery', one), true);
    assert.equal(await passwordMatches('correct horse batterY', one), false);
    assert.equal(await passwordMatches('', one), false);
  });

  it('match nobody without a hash, nor one that is damaged, after the same work', async () => {
    for (const hash of [undefined, '', 'scrypt$1$1$1', 'md5$65536$8$1$AAAA$AAAA']) {
      assert.equal(await passwordMatches('', hash), false, hash ?? 'none');
    }
  });

  it('are hashed two at a time, and refused when a hundred wait', async () => {
    const asked = Array.from({ length: 105 }, () =>
      passwordMatches('x', 'scrypt$2$1$1$$' + 'A'.repeat(43)),
    );
    const done = await Promise.allSettled(asked);
    const refused = done.filter(({ status }) => status === 'rejected');
    assert.equal(refused.length, 3);
    assert.equal(await passwordMatches('x', undefined), false);
  });

  it('of one caller are ten in line at most, so that others get their turn', async () => {
    const ask = (caller: string) => passwordMatches('x', 'scrypt$2$1$1$$' + 'A'.repeat(43), caller);
    const asked = Array.from({ length: 60 }, () => ask('one'));
    const other = ask('other');
    const done = await Promise.allSettled(asked);
    assert.equal(done.filter(({ status }) => status === 'fulfilled').length, 10);
    assert.equal(await other, false);
    assert.equal(await ask('one'), false);
  });

  it('may be written with either form of an accent', async () => {
    const hash = await hashPassword('caf\u00e9 au lait noir');
    assert.equal(await passwordMatches('cafe\u0301 au lait noir', hash), true);
  });

  it('that are made have no characters that look alike, and each is another', () => {
    const made = Array.from({ length: 100 }, newPassword);
    assert.equal(new Set(made).size, 100);
    for (const password of made) {
      assert.match(password, /^[a-km-zA-HJ-NP-Z2-9]{5}(?:-[a-km-zA-HJ-NP-Z2-9]{5}){3}$/);
      checkPassword(password);
    }
  });

  it('are refused when short, long or unprintable, without repeating them', () => {
    for (const bad of ['short', 'x'.repeat(257), 'with a\nline break']) {
      assert.throws(
        () => checkPassword(bad),
        (error: Error) => !error.message.includes(bad) && /12 to 256/.test(error.message),
      );
    }
  });
});

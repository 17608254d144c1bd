import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseMailAddress } from './address.ts';

describe('the address of an e-mail', () => {
  it('is read as it is written, the domain as servers have it', () => {
    for (const [text, expected] of [
      ['pay@acme.example', 'pay@acme.example'],
      [' Pay.Me+invoices@ACME.Example ', 'Pay.Me+invoices@acme.example'],
      ["o'neil@acme.example", "o'neil@acme.example"],
      ['a@münchen.example', 'a@xn--mnchen-3ya.example'],
      ['root@localhost', 'root@localhost'],
    ] as const) {
      assert.equal(parseMailAddress(text), expected, text);
    }
  });

  it('is nothing else', () => {
    for (const text of [
      '',
      'acme.example',
      '@acme.example',
      'a@',
      'a@b@c.example',
      'a,b@acme.example',
      'a@acme.example,b@acme.example',
      'a@acme.example\r\nBcc: b@acme.example',
      'a\nb@acme.example',
      'A <a@acme.example>',
      '"a b"@acme.example',
      'a..b@acme.example',
      '.a@acme.example',
      'a@-acme.example',
      'a@acme..example',
      'a@[127.0.0.1]',
      'a@acme.example/x',
      'a@acme%2eexample',
      'a@acme.example:25',
      'é@acme.example',
      `${'a'.repeat(65)}@acme.example`,
      `a@${'a.'.repeat(130)}example`,
    ]) {
      assert.equal(parseMailAddress(text), undefined, JSON.stringify(text));
    }
  });

  it('never has what could end a header or begin another recipient', () => {
    const unit = fc.constantFrom(...Array.from('ab.é-+@,;:<>()[]"\\ \r\n\t\0%'));
    const part = fc.oneof(
      fc.stringMatching(/^[a-z0-9.+-]{1,8}$/),
      fc.string({ unit, maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    let taken = 0;
    fc.assert(
      fc.property(part, part, (local, domain) => {
        const read = parseMailAddress(`${local}@${domain}.example`);
        if (read === undefined) return;
        taken += 1;
        assert.match(read, /^[!-~]+$/);
        assert.doesNotMatch(read, /[\s,;:<>()[\]\\"]/);
        assert.equal(parseMailAddress(read), read);
        assert.equal(read.split('@').length, 2);
      }),
      { numRuns: 2000 },
    );
    assert.ok(taken > 5, `${taken} were addresses`);
  });
});

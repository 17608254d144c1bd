import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StackmeterError } from './errors.ts';
import { NumberText, parseExactJson } from './json.ts';

describe('parseExactJson', () => {
  it('keeps every number as it was written', () => {
    const text =
      '{"a":1.0,"b":[1e400,-0,0.10000000000000000000000001,12345678901234567890],"c":"2.50"}';
    assert.deepEqual(parseExactJson(text), {
      a: new NumberText('1.0'),
      b: ['1e400', '-0', '0.10000000000000000000000001', '12345678901234567890'].map(
        (number) => new NumberText(number),
      ),
      c: '2.50',
    });
    assert.equal(JSON.stringify(parseExactJson(text)), text);
  });

  it('keeps everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const withNumbers: unknown = JSON.parse(JSON.stringify(parseExactJson(text)));
        assert.deepEqual(withNumbers, JSON.parse(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('reads a value that is a number alone, and the last of two members with one name', () => {
    assert.deepEqual(parseExactJson(' 1.50 '), new NumberText('1.50'));
    assert.deepEqual(parseExactJson('{"a":1.0,"a":2.0}'), { a: new NumberText('2.0') });
  });

  it('keeps a member named __proto__ as a member', () => {
    const value = parseExactJson('{"__proto__":{"a":1}}');
    assert.ok(value !== null && typeof value === 'object');
    assert.deepEqual(Object.keys(value), ['__proto__']);
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
  });

  for (const text of ['', '{', '{"a":}', '[1,]', '01', 'NaN', '{} {}', '['.repeat(1_000_000)]) {
    it(`refuses ${JSON.stringify(text.slice(0, 20))} of length ${text.length}`, () => {
      assert.throws(
        () => parseExactJson(text),
        (error) => error instanceof StackmeterError && error.code === 'InvalidRequestContent',
      );
    });
  }

  it('refuses what is nested too deeply', () => {
    const deep = `${'['.repeat(200_000)}1${']'.repeat(200_000)}`;
    assert.throws(() => parseExactJson(deep), /nested too deeply/);
  });

  it('does not write a text that is no number', () => {
    assert.throws(() => JSON.stringify(new NumberText('1,5')), SyntaxError);
  });
});

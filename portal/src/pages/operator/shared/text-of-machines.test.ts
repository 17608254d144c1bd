import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { editable, indented, visible } from './text-of-machines.ts';

describe('texts of machines', () => {
  it('say the same when they are indented or made fit to be edited', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.deepEqual(JSON.parse(indented(text)), JSON.parse(text));
        assert.deepEqual(JSON.parse(editable(text)), JSON.parse(text));
      }),
    );
  });

  it('keep every digit, and what stands in texts', () => {
    const text = '{"q": 1.2300000000000000000001,"t":"{ }, [  ] : \\" ","e":[ ],"o":{},"l":[1,2]}';
    assert.equal(
      indented(text),
      [
        '{',
        '  "q": 1.2300000000000000000001,',
        '  "t": "{ }, [  ] : \\" ",',
        '  "e": [],',
        '  "o": {},',
        '  "l": [',
        '    1,',
        '    2',
        '  ]',
        '}',
      ].join('\n'),
    );
  });

  it('are left alone where they are no JSON', () => {
    assert.equal(indented('{"a":'), '{"a":');
  });

  it('hide nothing: signs that turn the direction or have no width are written out', () => {
    assert.equal(visible('a\u202eb\u0000\u200bc\n\td'), 'a\\u{202E}b\\u{0000}\\u{200B}c\n\td');
    assert.equal(editable('"a\u202eb"'), '"a\\u202eb"');
    assert.equal(JSON.parse(editable('"\u{e0001}"')), '\u{e0001}');
  });
});

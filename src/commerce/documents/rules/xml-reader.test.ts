import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeXml } from '../xml-text.ts';
import { elementAt, elementsAt, readXml, textAt } from './xml-reader.ts';

describe('readXml', () => {
  it('reads elements, attributes, text and what stands for characters', () => {
    const root = readXml(
      '<?xml version="1.0"?>\n<!-- a > b --><p:a xmlns:p="urn:x" b=\'1 &amp; 2\'>\n <p:c>x &#65;&#x42;<![CDATA[<&>]]></p:c><p:c/></p:a>\n',
    );
    assert.ok(root !== undefined);
    assert.equal(root.name, 'a');
    assert.equal(root.namespace, 'urn:x');
    assert.equal(root.attributes.get('b'), '1 & 2');
    assert.equal(textAt(root, 'c'), 'x AB<&>');
    assert.equal(elementsAt(root, 'c').length, 2);
    assert.equal(elementAt(root, 'c/d'), undefined);
  });

  it('reads back every text that was escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const spoken = escapeXml(text);
        const root = readXml(`<a b="${spoken}">x${spoken}x</a>`);
        const expected = text.toWellFormed().replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, ' ');
        assert.equal(root?.text, `x${expected}x`);
        assert.equal(root.attributes.get('b'), expected);
      }),
      { numRuns: 1000 },
    );
  });

  it('takes no XML that is not well formed, and no document type', () => {
    for (const text of [
      '',
      'a',
      '<a>',
      '</a>',
      '<a></b>',
      '<a/><b/>',
      '<a>&b;</a>',
      '<a>&</a>',
      '<a>1 < 2</a>',
      '<a/>x',
      '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    ]) {
      assert.equal(readXml(text), undefined, text);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openPaper, widthOf } from './paper.ts';
import { fitted, shorten, wrap } from './wrap.ts';

const paper = openPaper({});
const style = { size: 8 };
const words = fc
  .array(fc.stringMatching(/^[a-zA-Zéß€.,-]{1,40}$/), { maxLength: 20 })
  .map((all) => all.join(' '));

describe('text on paper', () => {
  it('is never wider than its column, and loses nothing', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 30, max: 300 }), (text, width) => {
        const lines = wrap(paper, text, style, { width, most: 1000 });
        for (const line of lines) assert.ok(widthOf(paper, line, style) <= width, line);
        assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
      }),
      { numRuns: 1000 },
    );
  });

  it('ends with an ellipsis where it is too long, within its width', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 30, max: 300 }), (text, width) => {
        const lines = wrap(paper, text, style, { width, most: 2 });
        const isWhole = wrap(paper, text, style, { width, most: 1000 }).length <= 2;
        assert.ok(lines.length <= 2);
        assert.equal(lines.at(-1)?.endsWith('\u2026') ?? false, !isWhole);
        for (const line of lines) assert.ok(widthOf(paper, line, style) <= width, line);
        assert.ok(widthOf(paper, shorten(paper, text, style, width), style) <= width);
      }),
      { numRuns: 1000 },
    );
  });

  it('sets a figure smaller until it fits, and no smaller', () => {
    const figure = '123,456,789,012,345,678.90';
    assert.equal(fitted(paper, figure, style, 1000), style);
    const smaller = fitted(paper, figure, style, 40);
    assert.ok(Math.abs(widthOf(paper, figure, smaller) - 40) < 0.001);
  });
});
